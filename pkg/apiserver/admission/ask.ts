// Asks admission webhooks: the client, and the kinds that their answers may have.
import { MESSAGES } from '../../apis/facts/messages.js';
import { decodeReview } from '../webhook/answer.js';
import type { WebhookClient } from '../webhook/client.js';
import type { AdmissionReviewAnswer, AskWebhook, ReviewVersion } from './plugin.js';

const VERSIONS: readonly ReviewVersion[] = ['v1', 'v1beta1'];

export const askWebhooks =
  (client: WebhookClient): AskWebhook =>
  async (target, version, review, timeoutMs) => {
    const body = await client.post(target, review, { timeoutMs });
    const expected = {
      group: 'admission.k8s.io',
      version,
      kind: 'AdmissionReview',
      // Both versions have the same fields.
      schema: 'io.k8s.api.admission.v1.AdmissionReview',
    };
    return decodeReview<AdmissionReviewAnswer['value']>(body, expected, VERSIONS, MESSAGES);
  };
