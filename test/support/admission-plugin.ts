// Asks one admission plugin without a server: the request is data, the caches are in memory.
import { strict as assert } from 'node:assert';
import type { StatusError } from '../../pkg/apimachinery/errors/status-error.js';
import { RESOURCES } from '../../pkg/apis/facts/resources.js';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import type {
  AdmissionOperation,
  AdmissionPluginContext,
  AdmissionPluginFactory,
  AdmissionRequest,
} from '../../pkg/apiserver/admission/plugin.js';
import { ADMISSION_PLUGINS } from '../../pkg/admission/plugins.js';
import type { Env } from '../../pkg/util/env/env.js';
import { virtualEnv } from './virtual-env.js';
import { MemoryReader } from './memory-reader.js';
import { NO_SHAPES } from './no-shapes.js';

export interface Question {
  operation?: AdmissionOperation;
  resource?: string;
  group?: string;
  namespaced?: boolean;
  subresource?: string;
  namespace?: string;
  name?: string;
  object?: object;
  oldObject?: object;
  user?: { name: string; groups: string[] };
}

/** No such plugin asks the authorizer or reads certificates. */
export const contextOf = (env: Env, reader: MemoryReader): AdmissionPluginContext => ({
  env,
  reader,
  authorize: () => assert.fail('the authorizer is not asked'),
  askWebhook: () => assert.fail('no webhook is asked'),
  shapes: NO_SHAPES,
  parseCertificateRequest: () => assert.fail('no certificate is read'),
});

/** `admit` runs both phases and gives the object as the plugin left it. */
export function setup(name: string) {
  const env = virtualEnv();
  const reader = new MemoryReader();
  const plugin = (ADMISSION_PLUGINS[name] as AdmissionPluginFactory)(contextOf(env, reader));
  const warnings: string[] = [];
  const admit = async (question: Question): Promise<never> => {
    const {
      operation = 'CREATE',
      resource = 'pods',
      group = '',
      namespaced = true,
      subresource = '',
      namespace = 'shop',
      object,
      user = { name: 'u', groups: [] },
    } = question;
    const facts = RESOURCES.find(
      (other) => other.group === group && other.resource === resource,
    ) ?? { group, resource, namespaced, kind: '', verbs: [] };
    const request = {
      operation,
      resource: { facts },
      subresource,
      namespace,
      name: question.name ?? (object as Pod | undefined)?.metadata?.name ?? '',
      object,
      oldObject: question.oldObject,
      context: { now: env.clock.now(), user, dryRun: false, random: env.random },
      warn: (text: string) => warnings.push(text),
      annotate: () => {},
    } as unknown as AdmissionRequest;
    const key = group ? `${resource}.${group}` : resource;
    if (
      !plugin.operations.includes(operation) ||
      (plugin.resources && !plugin.resources.includes(key))
    )
      return object as never;
    await plugin.mutate?.(request);
    await plugin.validate?.(request);
    return object as never;
  };
  return { env, reader, admit, warnings };
}

export const pod = (spec: object = {}, metadata: object = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', namespace: 'shop', ...metadata },
    spec: { containers: [{ name: 'c' }], ...spec },
  }) as Pod;

/** For `assert.rejects`. */
export const refused = (code: number, message: string | RegExp) => (error: StatusError) => {
  assert.equal(error.code, code);
  if (typeof message === 'string') assert.equal(error.message, message);
  else assert.match(error.message, message);
  return true;
};
