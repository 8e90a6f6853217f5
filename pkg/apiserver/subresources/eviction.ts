// pods/eviction: a deletion that first checks the pod's disruption budget (upstream
// registry/core/pod/storage/eviction.go).
import {
  badRequest,
  internalError,
  isReason,
  statusError,
} from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type { DeleteOptions } from '../../apimachinery/meta/types.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Pod, PodCondition } from '../../apis/core/v1/types.js';
import { MESSAGES } from '../../apis/facts/messages.js';
import type { PodDisruptionBudget } from '../../apis/policy/v1/types.js';
import { disruptionTarget, withCondition } from '../../component-helpers/conditions.js';
import { isPodActive, isPodReady } from '../../component-helpers/pods.js';
import { timestamp } from '../../util/env/env.js';
import { readObject } from '../codec/body.js';
import { admissionRequest } from '../verbs/admission-request.js';
import { sendSuccess } from '../verbs/answer.js';
import { checkPreconditions, deleteObject } from '../verbs/delete.js';
import { fitNamespace } from '../verbs/object-meta.js';
import { isDryRun, type ApiRequest } from '../verbs/request.js';
import { updateObject } from '../verbs/update.js';

const EVICTION = {
  group: 'policy',
  version: 'v1',
  kind: 'Eviction',
  schema: 'io.k8s.api.policy.v1.Eviction',
};
/** Most disruptions that wait for the deletion of their pod (upstream MaxDisruptedPodSize). */
const MAX_DISRUPTED_PODS = 2_000;

interface Eviction extends ApiObject {
  deleteOptions?: DeleteOptions;
}

function budgetsOf(request: ApiRequest, pod: Pod): PodDisruptionBudget[] {
  const budgets = request.core.resources.find('policy', 'v1', 'poddisruptionbudgets');
  if (!budgets) return [];
  return budgets.cache.index
    .view()
    .collect(`${request.info.namespace}/`)
    .map((entry) => budgets.object(entry) as unknown as PodDisruptionBudget)
    .filter((budget) =>
      selectorFromLabelSelector(budget.spec?.selector).matches(pod.metadata.labels),
    );
}

const needsNoBudget = (pod: Pod): boolean => !isPodActive(pod) || pod.status?.phase === 'Pending';

function refusal(
  { metadata }: PodDisruptionBudget,
  why: string,
  wait?: { retryAfterSeconds: number },
): Error {
  const message = `The disruption budget ${metadata.name} ${why}`;
  return statusError(
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { ...wait, causes: [{ reason: 'DisruptionBudget', message }] },
  );
}

/**
 * Takes one disruption from the budget (a dry run only asks for one), so that concurrent evictions
 * cannot exceed the budget.
 * Throws 429.
 */
async function spend(
  request: ApiRequest,
  pod: Pod,
  budget: PodDisruptionBudget,
  dryRun: boolean,
): Promise<void> {
  const { core, info, context } = request;
  const resource = core.resources.find('policy', 'v1', 'poddisruptionbudgets')!;
  const target: ApiRequest = {
    ...request,
    resource,
    context: { ...context, dryRun },
    info: {
      ...info,
      group: 'policy',
      resource: 'poddisruptionbudgets',
      name: budget.metadata.name,
      subresource: 'status',
    },
  };
  await updateObject(target, {
    subresource: 'status',
    checkPreconditions: false,
    edit(_old, copy) {
      const now = copy() as ApiObject & PodDisruptionBudget;
      const status = now.status;
      if (!status || (status.observedGeneration ?? 0) < (now.metadata.generation ?? 0))
        throw refusal(now, 'is still being processed by the server.', { retryAfterSeconds: 10 });
      const { disruptionsAllowed, disruptedPods = {}, desiredHealthy, currentHealthy } = status;
      if (disruptionsAllowed <= 0 || Object.keys(disruptedPods).length > MAX_DISRUPTED_PODS)
        throw refusal(
          now,
          `needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
        );
      status.disruptionsAllowed--;
      status.disruptedPods = {
        ...status.disruptedPods,
        [pod.metadata.name]: timestamp(request.context.now),
      };
      return now;
    },
  });
}

/** Marks the pod that the options mean, and gives the options for the marked one. */
async function markDisrupted(request: ApiRequest, options: DeleteOptions): Promise<DeleteOptions> {
  const target: ApiRequest = { ...request, info: { ...request.info, subresource: 'status' } };
  await updateObject(target, {
    subresource: 'status',
    checkPreconditions: false,
    admits: 'nothing',
    edit(_old, copy) {
      const pod = copy() as Pod;
      checkPreconditions(request, pod, options);
      const { now } = request.context;
      const target = disruptionTarget('EvictionByEvictionAPI', 'Eviction API: evicting', now);
      const conditions = withCondition<PodCondition>(pod.status?.conditions, target, now);
      pod.status = { ...pod.status, conditions };
      delete pod.metadata.resourceVersion;
      return pod;
    },
  });
  const { resourceVersion: _checked, ...preconditions } = options.preconditions ?? {};
  return { ...options, preconditions };
}

/** Throws 404, 429, and 500 when several budgets select the pod. */
export async function createEviction(request: ApiRequest): Promise<void> {
  const { exchange, query, resource, info, core } = request;
  const sent = await readObject<Eviction>(request, { ...EVICTION, anyVersion: true }, MESSAGES);
  fitNamespace(resource, sent, info.namespace);
  const admission = admissionRequest(request, 'CREATE', { name: info.name, object: sent });
  await core.admission.mutate(admission);
  const eviction = admission.object as Eviction;
  const { name, namespace } = eviction.metadata;
  if (namespace && namespace !== info.namespace)
    throw badRequest(
      'the namespace of the provided object does not match the namespace sent on the request',
    );
  if (name !== info.name) throw badRequest('name in URL does not match name in Eviction object');
  await core.admission.validate(admission);
  const options = eviction.deleteOptions ?? {};
  await core.cacher.fresh();
  const entry = resource.cache.index.get(resource.keyOf(info.namespace, info.name));
  if (!entry) throw resource.notFound(info.name);
  const pod = resource.object(entry) as unknown as Pod;
  const dryRun = isDryRun(query, options);
  if (!needsNoBudget(pod)) {
    const budgets = budgetsOf(request, pod);
    if (budgets.length > 1)
      throw internalError(
        new Error(
          'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
        ),
      );
    const [budget] = budgets;
    const spares =
      budget &&
      (isPodReady(pod) ||
        (budget.spec?.unhealthyPodEvictionPolicy !== 'AlwaysAllow' &&
          (budget.status?.currentHealthy ?? 0) < (budget.status?.desiredHealthy ?? 0)));
    if (budget && spares) await spend(request, pod, budget, dryRun);
  }
  const deletion = dryRun
    ? options
    : await markDisrupted(request, options).catch((error: unknown) => {
        if (isReason(error, 'NotFound')) return options;
        throw error;
      });
  await deleteObject(
    { ...request, context: { ...request.context, dryRun }, info: { ...info, subresource: '' } },
    info.name,
    deletion,
    'nothing',
  );
  await sendSuccess(exchange, 201, { code: 201 });
}
