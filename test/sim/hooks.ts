// The webhooks of the simulation: one server for admission and conversion, which comes and goes.
import type { WebhookClient } from '../../pkg/apiserver/extension/webhooks.js';
import { WebhookError } from '../../pkg/apiserver/webhook/answer.js';
import { sleep, type Clock } from '../../pkg/util/env/env.js';
import { DENIED_SIZE } from './custom-objects.js';
import type { Faults } from './faults.js';

interface Reviewed {
  uid: string;
  object?: { spec?: { size?: unknown } };
  oldObject?: { spec?: { size?: unknown } } | null;
  desiredAPIVersion?: string;
  objects?: { apiVersion: string; metadata: { labels?: Record<string, string> } }[];
}

type Answer = (request: Reviewed) => object;

const allowed: Answer = () => ({ allowed: true });

/** By the last part of the URL. An object that is denied now may be older than the webhook. */
const ANSWERS: Record<string, Answer> = {
  mutating: ({ object }) =>
    object?.spec
      ? {
          allowed: true,
          patchType: 'JSONPatch',
          patch: Buffer.from(
            JSON.stringify([{ op: 'add', path: '/spec/stamp', value: 'seen' }]),
          ).toString('base64'),
        }
      : { allowed: true },
  validating: (request) =>
    request.object?.spec?.size === DENIED_SIZE && request.oldObject?.spec?.size !== DENIED_SIZE
      ? { allowed: false, status: { code: 422, message: 'this size is denied' } }
      : allowed(request),
  convert: ({ objects = [], desiredAPIVersion }) => ({
    result: { status: 'Success' },
    convertedObjects: objects.map((object) => ({ ...object, apiVersion: desiredAPIVersion })),
  }),
};

export class Hooks implements WebhookClient {
  up = true;

  constructor(
    private readonly clock: Clock,
    private readonly faults: Faults,
  ) {}

  async post(
    { url = '' }: { url?: string },
    body: string | Uint8Array,
    { timeoutMs }: { timeoutMs: number },
  ): Promise<Buffer> {
    await sleep(this.clock, this.faults.between(1, 20));
    if (!this.up) {
      if (this.faults.between(0, 1)) throw new WebhookError('connect: connection refused');
      await sleep(this.clock, timeoutMs);
      throw new WebhookError('context deadline exceeded');
    }
    const { kind, apiVersion, request } = JSON.parse(String(body)) as {
      kind: string;
      apiVersion: string;
      request: Reviewed;
    };
    const answer = ANSWERS[/[^/]*$/.exec(url)![0]]!;
    const response = { uid: request.uid, ...answer(request) };
    return Buffer.from(JSON.stringify({ kind, apiVersion, response }));
  }

  close(): void {}
}
