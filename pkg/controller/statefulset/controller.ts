// statefulset-controller: pods with stable names and claims, created, updated and deleted in order
// (upstream: pkg/controller/statefulset). Stable names make creations idempotent, so that it needs
// no expectations. Not implemented: `whenScaled: Delete` of claims.
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { StatefulSet } from '../../apis/apps/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import {
  CONTROLLER_REVISIONS,
  PERSISTENT_VOLUME_CLAIMS,
  STATEFUL_SETS,
} from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { terminalPhase } from '../../component-helpers/pods.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import {
  excessRevisions,
  keepHistory,
  removeRevisions,
  templateOf,
  type History,
} from '../runtime/history.js';
import { ownershipIndexers } from '../runtime/ownership.js';
import { PodControl, type PodMessages } from '../runtime/pod-control.js';
import { updateStatus } from '../../client/requests.js';
import { claimsOf, ordinalOf, revisionOfPod, statefulPod } from './identity.js';
import {
  planStatefulSet,
  planStatefulStatus,
  type StatefulInput,
  type StatefulPlan,
} from './plan.js';

const about = (set: StatefulSet, pod: string): string =>
  `Pod ${pod} in StatefulSet ${set.metadata.name}`;

const MESSAGES: PodMessages<StatefulSet> = {
  created: (set, pod) => `create ${about(set, pod)} successful`,
  createFailed: (set, pod, error) => `create ${about(set, pod)} failed error: ${error}`,
  deleted: (set, pod) => `delete ${about(set, pod)} successful`,
  deleteFailed: (set, pod, error) => `delete ${about(set, pod)} failed error: ${error}`,
};

export function createStatefulSetController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const control = new PodControl(context, {
    type: STATEFUL_SETS,
    component: 'statefulset-controller',
    selector: ({ spec }) => selectorFromLabelSelector(spec.selector),
    // Only pods whose name belongs to the set are adopted.
    eligible: (set, pod) => controllerOf(pod) !== undefined || ordinalOf(set, pod) !== undefined,
    messages: MESSAGES,
  });
  const claims = informers.informer(PERSISTENT_VOLUME_CLAIMS);
  const revisions = informers.informer(CONTROLLER_REVISIONS);
  revisions.addIndexers(ownershipIndexers());

  /** Returns the first error. */
  async function changePods(
    set: StatefulSet,
    plan: StatefulPlan,
    history: History,
  ): Promise<Error | undefined> {
    for (const { pod, why } of plan.remove) if (why === 'finished') reportFinished(set, pod);
    const excess = plan.remove.map(({ pod }) => pod);
    const removed = await control.remove(set, excess);
    const pods = plan.create.map(({ ordinal, revision }) => {
      const source = history.all.find(({ metadata }) => metadata.name === revision);
      return statefulPod(set, templateOf(source ?? history.update), revision, ordinal);
    });
    const created = await control.create(set, pods, (pod) => ensureClaims(set, pod));
    return removed ?? created;
  }

  function reportFinished(set: StatefulSet, pod: Pod): void {
    const failed = terminalPhase(pod) === 'Failed';
    const message = `StatefulSet ${keyOf(set)} is recreating ${failed ? 'failed' : 'terminated'} Pod ${pod.metadata.name}`;
    if (failed) control.events.event(set, 'Warning', 'RecreatingFailedPod', message);
    else control.events.event(set, 'Normal', 'RecreatingTerminatedPod', message);
  }

  async function ensureClaims(set: StatefulSet, pod: NewObject<Pod>): Promise<void> {
    for (const claim of claimsOf(set, ordinalOf(set, pod) ?? 0)) {
      const { name } = claim.metadata;
      const known = claims.store.get(`${set.metadata.namespace}/${name}`);
      if (known?.metadata.deletionTimestamp) throw new Error(`pvc ${name} is being deleted`);
      if (known) continue;
      const created = await client
        .create(PERSISTENT_VOLUME_CLAIMS, claim)
        .catch(ignoring('AlreadyExists'));
      const message = `create Claim ${name} ${about(set, pod.metadata.name!)} success`;
      if (created) control.events.event(set, 'Normal', 'SuccessfulCreate', message);
    }
  }

  return {
    watches: [
      watch(control.owners),
      watch(control.pods, (pod, old, change) => control.keysOfPod(pod, old, change)),
      // Only their caches are used.
      watch(claims, () => []),
      watch(revisions, () => []),
    ],
    async reconcile(key) {
      const set = control.owners.store.get(key);
      if (!set || selectorFromLabelSelector(set.spec.selector).empty) return;
      const pods = await control.ownedPods(set);
      if (set.metadata.deletionTimestamp) return;
      const history = await keepHistory(client, STATEFUL_SETS, set, revisions.store);
      const updateRevision = history.update.metadata.name;
      const current = history.all.find(
        ({ metadata }) => metadata.name === set.status?.currentRevision,
      );
      const input: StatefulInput = {
        set,
        pods,
        updateRevision,
        currentRevision: current?.metadata.name ?? updateRevision,
        now: env.clock.now(),
      };
      const plan = planStatefulSet(input);
      const error = await changePods(set, plan, history);
      const { changed, status } = planStatefulStatus(input);
      if (changed) await updateStatus(client, STATEFUL_SETS, set, status);
      if (error) throw error;
      const live = new Set([input.currentRevision, ...pods.map(revisionOfPod)]);
      await removeRevisions(client, excessRevisions(history, set, live));
      if (plan.checkAgainInMs !== undefined && plan.checkAgainInMs !== Infinity)
        return { requeueAfterMs: Math.max(1, plan.checkAgainInMs) };
    },
  };
}
