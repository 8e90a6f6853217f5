// One call of one webhook, and the question whether a webhook is asked (upstream
// apiserver/pkg/admission/plugin/webhook/{generic,mutating,validating}).
import { stringifyJson } from '../../apimachinery/codec/json.js';
import {
  badRequest,
  internalError,
  StatusError,
  statusError,
} from '../../apimachinery/errors/status-error.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type {
  MutatingWebhook,
  ValidatingWebhook,
} from '../../apis/admissionregistration/v1/types.js';
import { attributesOf } from '../../apiserver/admission/attributes.js';
import { withAnswers } from '../../apiserver/auth/authorizer.js';
import { matchRequest } from '../../apiserver/admission/matching/match.js';
import type { AdmissionPluginContext, AdmissionRequest } from '../../apiserver/admission/plugin.js';
import type { ResourceDefinition } from '../../apiserver/resource/definition.js';
import { WebhookError, WebhookSetupError } from '../../apiserver/webhook/answer.js';
import { errorText } from '../../util/errors/error-text.js';
import { refusal } from '../refuse.js';
import type { Hook } from './hooks.js';
import type { HookMetrics } from './metrics.js';
import { rejection, reviewText, reviewVersion, verify, type Verdict } from './review.js';
import { EXEMPT } from './facts.generated.js';

type AnyHook = Hook<ValidatingWebhook | MutatingWebhook>;

export interface Shaped {
  readonly object?: ApiObject;
  readonly oldObject?: ApiObject;
}

/** The objects of a request in the shapes that webhooks ask for, each made once. */
export interface ShapeCache {
  of(matched: ResourceDefinition): Promise<Shaped>;
  /** The same as JSON; 'null' for an absent object. */
  text(matched: ResourceDefinition): Promise<readonly [object: string, oldObject: string]>;
}

const textOf = (object: ApiObject | undefined): string => (object ? stringifyJson(object) : 'null');

export function shapesOf(
  { object, oldObject, resource }: AdmissionRequest,
  { shapes }: AdmissionPluginContext,
): ShapeCache {
  const made = new Map<ResourceDefinition, Promise<Shaped>>();
  const texts = new Map<ResourceDefinition, Promise<readonly [string, string]>>();
  const shape = async (matched: ResourceDefinition): Promise<Shaped> => {
    if (matched === resource) return { ...(object && { object }), ...(oldObject && { oldObject }) };
    return {
      ...(object && { object: await shapes.convert(object, resource, matched) }),
      ...(oldObject && { oldObject: await shapes.convert(oldObject, resource, matched) }),
    };
  };
  const once = <T>(kept: Map<ResourceDefinition, T>, key: ResourceDefinition, make: () => T): T => {
    let value = kept.get(key);
    if (value === undefined) kept.set(key, (value = make()));
    return value;
  };
  const of = (matched: ResourceDefinition) => once(made, matched, () => shape(matched));
  return {
    of,
    text: (matched) =>
      once(texts, matched, async () => {
        const shaped = await of(matched);
        return [textOf(shaped.object), textOf(shaped.oldObject)] as const;
      }),
  };
}

export const isExempt = ({ resource }: AdmissionRequest): boolean =>
  resource.facts.group === 'admissionregistration.k8s.io' && EXEMPT.has(resource.facts.resource);

/** A request on its way through the webhooks of one type. */
export interface Round {
  readonly request: AdmissionRequest;
  readonly cache: ShapeCache;
  readonly context: AdmissionPluginContext;
  readonly metrics: HookMetrics;
  readonly isMutating: boolean;
}

/**
 * The resource as which the webhook sees the request; undefined when the webhook is not asked.
 * @throws StatusError Forbidden for match conditions that fail.
 */
export async function shouldCall(
  { criteria, conditions, webhook: { name, failurePolicy } }: AnyHook,
  { request, cache, context, metrics }: Round,
): Promise<ResourceDefinition | undefined> {
  const { authorize } = context;
  const matched = matchRequest(criteria, request, context);
  if (!matched || !conditions) return matched;
  const evaluate = await conditions();
  const shaped = { ...request, ...(await cache.of(matched)) };
  const answer = await withAnswers({ request: shaped, matched, authorize }, evaluate);
  if (answer.matches) return matched;
  if ('error' in answer) {
    metrics.conditionFailed(name, request.operation);
    if (failurePolicy !== 'Ignore') throw refusal(request, answer.error);
  }
  metrics.excluded(name, request.operation);
  return undefined;
}

/** A webhook could not be asked, or its answer was none; the failure policy decides. */
export class CallError extends Error {
  override name = 'CallError';
  constructor(
    webhook: string,
    why: string,
    readonly code: number,
  ) {
    super(`failed calling webhook ${JSON.stringify(webhook)}: ${why}`);
  }
}

class Denial extends Error {
  override name = 'Denial';
  constructor(readonly status: StatusError) {
    super(status.message);
  }
}

/** Milliseconds for a call: the webhook's timeout, at most until the request's own. */
function timeoutOf(hook: AnyHook, request: AdmissionRequest, now: number): number {
  const own = (hook.webhook.timeoutSeconds ?? 10) * 1000;
  return request.deadline === undefined ? own : Math.min(own, request.deadline - now);
}

async function ask(
  hook: AnyHook,
  matched: ResourceDefinition,
  { request, cache, context, isMutating }: Round,
): Promise<Verdict> {
  const { webhook } = hook;
  const fail = (why: string, code: number) => new CallError(webhook.name, why, code);
  if (request.context.dryRun) {
    if (!webhook.sideEffects) throw fail('Webhook SideEffects is nil', 400);
    if (!['None', 'NoneOnDryRun'].includes(webhook.sideEffects))
      throw badRequest(
        `admission webhook ${JSON.stringify(webhook.name)} does not support dry run`,
      );
  }
  const version = reviewVersion(webhook.admissionReviewVersions);
  if (!version)
    throw fail(
      'could not create admission objects: webhook does not accept known AdmissionReview versions (v1, v1beta1)',
      400,
    );
  const uid = context.env.random.uuid();
  const text = reviewText(
    version,
    uid,
    attributesOf(request, matched),
    ...(await cache.text(matched)),
  );
  const timeoutMs = timeoutOf(hook, request, context.env.clock.monotonic());
  if (timeoutMs <= 0)
    throw statusError('Timeout', 'Timeout: request did not complete within requested timeout', {});
  request.leaveFlow?.();
  try {
    const answer = await context.askWebhook(webhook.clientConfig, version, text, timeoutMs);
    return verify(answer, version, uid, isMutating);
  } catch (error) {
    if (error instanceof StatusError) throw error;
    if (error instanceof WebhookSetupError)
      throw fail(`could not get REST client: ${error.message}`, error.code);
    if (error instanceof WebhookError)
      throw fail(`failed to call webhook: ${error.message}`, error.code);
    throw fail(`received invalid webhook response: ${errorText(error)}`, 503);
  }
}

/**
 * Asks a webhook and counts the call; `use` takes the verdict of a webhook that allows the request.
 * A call that failed passes where the failure policy is Ignore, with the annotation `failedOpen`.
 * @throws StatusError when the request is refused.
 */
export async function callHook(
  hook: AnyHook,
  matched: ResourceDefinition,
  round: Round,
  failedOpen: string,
  use?: (verdict: Verdict) => Promise<void>,
): Promise<void> {
  const { request, metrics } = round;
  const { clock, log } = round.context.env;
  const { name, failurePolicy } = hook.webhook;
  const started = clock.monotonic();
  const count = (code: number, error?: Parameters<HookMetrics['called']>[4]): void =>
    metrics.called(name, request.operation, (clock.monotonic() - started) / 1000, code, error);
  try {
    const verdict = await ask(hook, matched, round);
    for (const [key, value] of Object.entries(verdict.auditAnnotations))
      request.annotate(`${name}/${key}`, value);
    for (const warning of verdict.warnings) request.warn(warning);
    if (!verdict.allowed) throw new Denial(rejection(name, verdict.status));
    await use?.(verdict);
    count(200);
  } catch (error) {
    if (error instanceof Denial) {
      count(error.status.code, 'no_error');
      throw error.status;
    }
    if (!(error instanceof CallError)) {
      count(0, 'apiserver_internal_error');
      throw error;
    }
    const isIgnored = failurePolicy === 'Ignore';
    count(error.code, isIgnored ? undefined : 'calling_webhook_error');
    if (!isIgnored) throw internalError(error);
    log.warn('failed calling webhook, failing open', { webhook: name, error });
    metrics.failedOpen(name);
    request.annotate(failedOpen, name);
  }
}
