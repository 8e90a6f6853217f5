// Asks admission webhooks: the client, and the kinds that their answers may have.
import { statusError } from '../../apimachinery/errors/status-error.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import { decodeReview } from '../webhook/answer.js';
import { MAX_WEBHOOK_CALLS_WAITING } from '../limits.js';
import type { WebhookClient, WebhookTarget } from '../extension/webhooks.js';
import type { AdmissionReviewAnswer, AskWebhook, ReviewVersion } from './plugin.js';

const VERSIONS: readonly ReviewVersion[] = ['v1', 'v1beta1'];

/** Throws 429 while too many calls wait: the requests behind them count no longer as in flight. */
export function askWebhooks(client: WebhookClient): AskWebhook {
  let waiting = 0;
  const post = async (target: WebhookTarget, review: string, timeoutMs: number) => {
    if (waiting >= MAX_WEBHOOK_CALLS_WAITING)
      throw statusError(
        'TooManyRequests',
        'Too many requests wait for webhooks, please try again later.',
        { retryAfterSeconds: 1 },
      );
    waiting++;
    try {
      return await client.post(target, review, { timeoutMs });
    } finally {
      waiting--;
    }
  };
  return async (target, version, review, timeoutMs) => {
    const body = await post(target, review, timeoutMs);
    const expected = {
      group: 'admission.k8s.io',
      version,
      kind: 'AdmissionReview',
      // Both versions have the same fields.
      schema: 'io.k8s.api.admission.v1.AdmissionReview',
    };
    return decodeReview<AdmissionReviewAnswer['value']>(body, expected, VERSIONS, MESSAGES);
  };
}
