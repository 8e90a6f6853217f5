// MutatingAdmissionWebhook: asks the webhooks one after the other; each sees the changes of those
// before (upstream plugin/webhook/mutating/dispatcher.go and reinvocationcontext.go).
import { decodeBase64 } from '../../apimachinery/codec/base64.js';
import { parseJson, stringifyJson } from '../../apimachinery/codec/json.js';
import { internalError, StatusError } from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { applyJsonPatch } from '../../apimachinery/patch/json-patch.js';
import type { MutatingWebhook } from '../../apis/admissionregistration/v1/types.js';
import { MUTATING_WEBHOOK_CONFIGURATIONS } from '../../apis/resource-types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../../apiserver/admission/plugin.js';
import type { ResourceDefinition } from '../../apiserver/resource/definition.js';
import { reinvocationOf, type Reinvocation } from '../reinvocation.js';
import { CallError, callHook, isExempt, shapesOf, shouldCall, type Round } from './call.js';
import { followHooks, type Hook } from './hooks.js';
import { hookMetrics } from './metrics.js';
import type { Verdict } from './review.js';

const NAME = 'MutatingAdmissionWebhook';
const PREFIX = 'mutation.webhook.admission.k8s.io/';

const decoder = new TextDecoder();

/** The patch's operations; undefined for an empty patch. Throws InternalError. */
function operationsOf(patch: string): unknown {
  if (!patch) return undefined;
  let value: unknown;
  try {
    ({ value } = parseJson(decoder.decode(decodeBase64(patch))));
  } catch (error) {
    throw internalError(error);
  }
  return value === null || (Array.isArray(value) && !value.length) ? undefined : value;
}

/** The object with the patch applied. Throws InternalError in the words of upstream's library. */
function patched(object: ApiObject, operations: unknown): unknown {
  try {
    return applyJsonPatch(object, operations);
  } catch (error) {
    throw internalError(error instanceof StatusError ? (error.cause ?? error) : error);
  }
}

async function usePatch(
  matched: ResourceDefinition,
  { request, cache, context: { shapes } }: Round,
  webhook: string,
  verdict: Verdict,
): Promise<{ changed: boolean; operations?: unknown }> {
  const operations = operationsOf(verdict.patch);
  if (operations === undefined) return { changed: false };
  const { object } = await cache.of(matched);
  if (!object)
    throw internalError(
      `admission webhook ${JSON.stringify(webhook)} attempted to modify the object, which is not supported for this operation`,
    );
  if (verdict.patchType !== 'JSONPatch')
    throw new CallError(
      webhook,
      `unsupported patch type ${JSON.stringify(verdict.patchType)}`,
      503,
    );
  const next = patched(object, operations);
  let decoded: ApiObject;
  try {
    decoded = shapes.decode(next, matched);
  } catch (error) {
    throw internalError(error);
  }
  if (decoded.kind !== object.kind || decoded.apiVersion !== object.apiVersion)
    throw internalError(
      `converting (${decoded.apiVersion}.${decoded.kind}) to (${object.apiVersion}.${object.kind}): unknown conversion`,
    );
  const changed = !equalJson(object, decoded);
  request.patched = true;
  request.object =
    matched === request.resource
      ? decoded
      : await shapes.convert(decoded, matched, request.resource);
  return { changed, operations };
}

export const mutatingWebhooks: AdmissionPluginFactory = (context) => {
  const hooks = followHooks(context.reader, MUTATING_WEBHOOK_CONFIGURATIONS);
  const metrics = hookMetrics(context.env.metrics, 'admit');

  /** Asks one webhook; true when the request's object was replaced. */
  async function callOne(
    hook: Hook<MutatingWebhook>,
    index: number,
    matched: ResourceDefinition,
    round: Round,
    reinvocation: Reinvocation,
  ): Promise<boolean> {
    const { request } = round;
    const { name, reinvocationPolicy } = hook.webhook;
    const place = `round_${request.rounds?.round ?? 0}_index_${index}`;
    const about = { configuration: hook.configuration, webhook: name };
    let outcome: Awaited<ReturnType<typeof usePatch>> = { changed: false };
    try {
      await callHook(hook, matched, round, `failed-open.${PREFIX}${place}`, async (verdict) => {
        outcome = await usePatch(matched, round, name, verdict);
        if (outcome.operations !== undefined)
          request.annotate(
            `patch.webhook.admission.k8s.io/${place}`,
            stringifyJson({ ...about, patch: outcome.operations, patchType: 'JSONPatch' }),
            'Request',
          );
      });
    } finally {
      request.annotate(PREFIX + place, JSON.stringify({ ...about, mutated: outcome.changed }));
    }
    if (outcome.changed) reinvocation.changed();
    if (reinvocationPolicy === 'IfNeeded') reinvocation.wasAsked(hook.id);
    return outcome.operations !== undefined;
  }

  async function run(
    list: readonly Hook<MutatingWebhook>[],
    request: AdmissionRequest,
  ): Promise<void> {
    const reinvocation = reinvocationOf(request, NAME);
    const newRound = (): Round => {
      const cache = shapesOf(request, context);
      return { request, cache, context, metrics, isMutating: true };
    };
    let round = newRound();
    for (const [index, hook] of list.entries()) {
      const matched = await shouldCall(hook, round);
      if (!matched || !reinvocation.asks(hook.id)) continue;
      if (await callOne(hook, index, matched, round, reinvocation)) round = newRound();
    }
    reinvocation.end();
  }

  return {
    name: NAME,
    operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
    mutate(request) {
      const list = hooks();
      return list.length && !isExempt(request) ? run(list, request) : undefined;
    },
  };
};
