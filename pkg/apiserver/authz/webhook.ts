// Authorization by a webhook that answers SubjectAccessReviews (upstream
// apiserver/plugin/pkg/authorizer/webhook). A cached answer costs no promise.
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { parseFieldSelector } from '../../apimachinery/fields/selector.js';
import type { LabelOperator } from '../../apimachinery/labels/requirement.js';
import { parseSelector } from '../../apimachinery/labels/selector.js';
import type { LabelSelectorRequirement } from '../../apimachinery/meta/types.js';
import type {
  SubjectAccessReviewSpec,
  SubjectAccessReviewStatus,
} from '../../apis/authorization/v1/types.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import type { Env } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { registered } from '../../util/metrics/registered.js';
import { warnOnce } from '../../util/wait/retry.js';
import type { Attributes, Authorizer, Decision } from '../auth/authorizer.js';
import { decodeReview, WebhookError } from '../webhook/answer.js';
import { withRetries, type Callout } from '../webhook/callout.js';
import { MAX_CACHED_REVIEW_LENGTH, MAX_WAITING_REVIEWS, REVIEW_CACHE_ENTRIES } from './limits.js';
import { AUTHORIZATION_METRICS } from './metrics.generated.js';

/** Whether a webhook is asked; `error` is set when a condition failed and none was false. */
export type Conditions = (spec: SubjectAccessReviewSpec) => { matches: boolean; error?: string };

export interface WebhookRules {
  readonly name: string;
  /** Of authorization.k8s.io. */
  readonly version: string;
  /** How long answers are kept, in milliseconds. */
  readonly authorizedMs: number;
  readonly unauthorizedMs: number;
  /** Of one call. */
  readonly timeoutMs: number;
  /** Whether a request is refused when the webhook cannot be asked; else the next one decides. */
  readonly denies: boolean;
  readonly conditions?: Conditions;
}

const LABEL_OPERATORS: Readonly<Partial<Record<LabelOperator, string>>> = {
  '=': 'In',
  '==': 'In',
  in: 'In',
  '!=': 'NotIn',
  notin: 'NotIn',
  exists: 'Exists',
  '!': 'DoesNotExist',
};

/** A malformed selector is left out; the verb refuses it later. So are comparisons of numbers. */
function requirementsOf(list: () => LabelSelectorRequirement[]) {
  try {
    const requirements = list();
    return requirements.length ? { requirements } : undefined;
  } catch {
    return undefined;
  }
}

const fieldsOf = (text: string) =>
  requirementsOf(() =>
    parseFieldSelector(text).requirements.map(({ field, operator, value }) => ({
      key: field,
      operator: operator === '=' ? 'In' : 'NotIn',
      values: [value],
    })),
  );

const labelsOf = (text: string) =>
  requirementsOf(() =>
    parseSelector(text).requirements.flatMap(({ key, operator, values }) => {
      const known = LABEL_OPERATORS[operator];
      return known ? [{ key, operator: known, ...(values.length && { values: [...values] }) }] : [];
    }),
  );

/** Members without a value are left out, as Go does. */
const present = <T extends object>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };

function specOf({ user, ...asked }: Attributes): SubjectAccessReviewSpec {
  const { path, verb, group, version, resource, subresource, namespace, name } = asked;
  const { fieldSelector = '', labelSelector = '' } = asked;
  return {
    ...(path === undefined
      ? {
          resourceAttributes: present({
            namespace,
            verb,
            group,
            version,
            resource,
            subresource,
            name,
            fieldSelector: fieldsOf(fieldSelector),
            labelSelector: labelsOf(labelSelector),
          }),
        }
      : { nonResourceAttributes: present({ path, verb }) }),
    ...(user.name && { user: user.name }),
    ...(user.groups.length && { groups: [...user.groups] }),
    ...(user.extra && { extra: user.extra as Record<string, string[]> }),
    ...(user.uid && { uid: user.uid }),
  };
}

/** The older version calls the groups `group`. */
function reviewText(spec: SubjectAccessReviewSpec, version: string): string {
  const { groups, ...rest } = spec;
  return JSON.stringify({
    kind: 'SubjectAccessReview',
    apiVersion: `authorization.k8s.io/${version}`,
    metadata: { creationTimestamp: null },
    spec: version === 'v1' ? spec : { ...rest, ...(groups && { group: groups }) },
    status: { allowed: false },
  });
}

function statusOf(text: string, version: string): Partial<SubjectAccessReviewStatus> {
  if (!text) throw new WebhookError('0-length response with status code: 200 and content type: ');
  const expected = {
    group: 'authorization.k8s.io',
    version,
    kind: 'SubjectAccessReview',
    schema: 'io.k8s.api.authorization.v1.SubjectAccessReview',
  };
  const { value } = decodeReview<{ status?: SubjectAccessReviewStatus }>(
    Buffer.from(text),
    expected,
    ['v1', 'v1beta1'],
    MESSAGES,
  );
  return value.status ?? {};
}

function decisionOf({ allowed, denied, reason }: Partial<SubjectAccessReviewStatus>): Decision {
  const why = reason ? { reason } : {};
  if (!denied) return { allowed: allowed === true, ...why };
  const error = 'webhook subject access review returned both allow and deny response';
  return { allowed: false, denied, ...why, ...(allowed && { error }) };
}

const resultOf = (error: unknown): string =>
  (error instanceof WebhookError && error.code === 504) ||
  errorText(error).endsWith('context deadline exceeded')
    ? 'timeout'
    : 'error';

/**
 * Callers with the same question share one call. The cache knows a question by its user, groups,
 * extra and attributes together.
 */
export function webhookAuthorizer(
  rules: WebhookRules,
  callout: Pick<Callout, 'post'>,
  env: Pick<Env, 'clock' | 'random' | 'log' | 'metrics'>,
): Authorizer {
  const { name, version, timeoutMs, denies, conditions } = rules;
  const { clock } = env;
  const metrics = registered(env.metrics, AUTHORIZATION_METRICS);
  const warn = warnOnce(env.log, `authorization webhook ${name} gives no answer`);
  const cache = new LRUCache<string, { decision: Decision; until: number }>({
    max: REVIEW_CACHE_ENTRIES,
  });
  const asking = new Map<string, Promise<Decision>>();
  const failed = (error: string): Decision => ({
    allowed: false,
    ...(denies && { denied: true }),
    error,
  });

  async function timed<T>(call: () => Promise<T>): Promise<T> {
    const started = clock.monotonic();
    const record = (result: string) => {
      metrics.evaluations.inc({ name, result });
      metrics.duration.observe((clock.monotonic() - started) / 1000, { name, result });
    };
    try {
      const answer = await call();
      record('success');
      return answer;
    } catch (error) {
      record(resultOf(error));
      throw error;
    }
  }

  async function ask(spec: SubjectAccessReviewSpec, size: number, key: string): Promise<Decision> {
    try {
      const body = reviewText(spec, version);
      const status = await withRetries(env, () =>
        timed(async () => statusOf(await callout.post(body, timeoutMs), version)),
      );
      const decision = decisionOf(status);
      const ttl = status.allowed ? rules.authorizedMs : rules.unauthorizedMs;
      if (ttl && size + (decision.reason?.length ?? 0) < MAX_CACHED_REVIEW_LENGTH)
        cache.set(key, { decision, until: clock.monotonic() + ttl });
      return decision;
    } catch (error) {
      warn(error);
      if (!denies) metrics.failOpen.inc({ name, result: resultOf(error) });
      return failed(errorText(error) || 'the authorization webhook gives no answer');
    } finally {
      asking.delete(key);
    }
  }

  /** Undefined: the webhook is asked. */
  function excluded(spec: SubjectAccessReviewSpec): Decision | undefined {
    if (!conditions) return undefined;
    const labels = { type: 'Webhook', name };
    const started = clock.monotonic();
    const { matches, error } = conditions(spec);
    metrics.conditionSeconds.observe((clock.monotonic() - started) / 1000, labels);
    if (matches) return undefined;
    metrics[error === undefined ? 'exclusions' : 'conditionErrors'].inc(labels);
    return error === undefined ? { allowed: false } : failed(error);
  }

  return (attributes) => {
    const spec = specOf(attributes);
    const skipped = excluded(spec);
    if (skipped) return skipped;
    const text = JSON.stringify(spec);
    const key = hash('sha256', text, 'base64');
    const known = cache.get(key);
    if (known && clock.monotonic() < known.until) return known.decision;
    const pending = asking.get(key);
    if (pending) return pending;
    if (asking.size >= MAX_WAITING_REVIEWS)
      return failed(`too many requests wait for the authorization webhook ${name}`);
    const answer = ask(spec, text.length, key);
    asking.set(key, answer);
    return answer;
  };
}
