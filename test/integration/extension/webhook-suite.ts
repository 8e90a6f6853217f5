// A server and a webhook for the suites of this folder.
import assert from 'node:assert/strict';
import type { StartOptions } from '../../../cmd/kube-apiserver/start.js';
import {
  startWebhookServer,
  type ReceivedCall,
  type WebhookServer,
} from '../../support/webhook-server.js';
import type { Api, Json } from '../apiserver/harness.js';
import { namespace } from '../apiserver/harness.js';
import { serve } from '../apiserver/serve.js';

const ROOT = '/apis/admissionregistration.k8s.io/v1';

export type Behaviour = (request: Json, call: ReceivedCall) => object | undefined;

export interface HookSuite {
  api: Api;
  hook: WebhookServer;
  /** Path of the namespace that the current test has for itself. */
  ns: string;
  /** Its name. */
  name: string;
  /** The requests that webhooks got in the current test, with the hook's name. */
  asked: { hook: string; request: Json; query: string }[];
  /**
   * Adds a webhook for this test's namespace, at /NAME, that answers with fields of
   * AdmissionResponse; without an answer the behaviour sends one itself, or none.
   */
  add(
    kind: 'validating' | 'mutating',
    name: string,
    behaviour: Behaviour,
    more?: object,
  ): Promise<void>;
}

/** A JSON patch as fields of AdmissionResponse. */
export const patchOf = (operations: unknown): object => ({
  patchType: 'JSONPatch',
  patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
});

export function hookSuite(options: StartOptions = {}): HookSuite {
  const behaviours = new Map<string, Behaviour>();
  const made: string[] = [];
  let count = 0;
  const suite = { asked: [] as HookSuite['asked'] } as HookSuite;
  serve((_server, api) => (suite.api = api), 'memory', options);
  before(async () => {
    suite.hook = await startWebhookServer((call) => {
      const [, name = '', query = ''] = /^\/([^?]*)(.*)$/.exec(call.url) ?? [];
      const { apiVersion, request } = call.review as unknown as Json;
      suite.asked.push({ hook: name, request, query });
      const response = behaviours.get(name)?.(request, call);
      if (!response) return;
      call.answer.setHeader('content-type', 'application/json');
      call.answer.end(
        JSON.stringify({
          apiVersion,
          kind: 'AdmissionReview',
          response: { uid: request.uid, allowed: true, ...response },
        }),
      );
    });
  });
  after(() => suite.hook.stop());
  beforeEach(async () => {
    suite.name = `hooks-${++count}`;
    suite.ns = await namespace(suite.api, suite.name);
    suite.asked.length = 0;
  });
  afterEach(async () => {
    for (const path of made.splice(0)) await suite.api.delete(path);
    behaviours.clear();
  });
  suite.add = async (kind, name, behaviour, more = {}) => {
    behaviours.set(name, behaviour);
    const webhook = {
      name: `${name}.example.com`,
      clientConfig: { url: `${suite.hook.url}/${name}`, caBundle: suite.hook.caBundle },
      rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': suite.name } },
      sideEffects: 'None',
      admissionReviewVersions: ['v1'],
      timeoutSeconds: 5,
      ...more,
    };
    const path = `${ROOT}/${kind}webhookconfigurations`;
    const object = `${suite.name}-${name}`;
    await suite.api.ok(
      suite.api.post(path, { metadata: { name: object }, webhooks: [webhook] }),
      201,
    );
    made.push(`${path}/${object}`);
  };
  return suite;
}

/** The message of a refusal with that code. */
export async function refusal(
  answer: Promise<{ status: number; json: Json }>,
  code: number,
): Promise<string> {
  const { status, json } = await answer;
  assert.equal(status, code, JSON.stringify(json));
  return json.message as string;
}
