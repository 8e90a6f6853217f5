// daemonset-controller: one pod on every node that the template fits (upstream:
// pkg/controller/daemon). Pods, and changes of the nodes' labels and taints, requeue a set;
// heartbeats of nodes do not.
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { DaemonSet } from '../../apis/apps/v1/types.js';
import type { Node, Pod } from '../../apis/core/v1/types.js';
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES } from '../../apis/resource-types.js';
import { terminalPhase } from '../../component-helpers/pods.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import {
  excessRevisions,
  keepHistory,
  removeRevisions,
  REVISION_HASH_LABEL,
} from '../runtime/history.js';
import { ownershipIndexers } from '../runtime/ownership.js';
import { PodControl } from '../runtime/pod-control.js';
import { updateStatus } from '../../client/requests.js';
import { planDaemons, planDaemonStatus, type DaemonInput } from './plan.js';
import { daemonPod, nodeOf } from './pod.js';

/** Back-off between deletions of finished pods of one node, doubling (upstream: 1 s, 15 min). */
const FINISHED_FIRST_MS = 1_000;
const FINISHED_MAX_MS = 900_000;

export function createDaemonSetController(context: ControllerContext): Controller {
  const { client, env, informers } = context;
  const control = new PodControl(context, {
    type: DAEMON_SETS,
    component: 'daemonset-controller',
    selector: ({ spec }) => selectorFromLabelSelector(spec.selector),
  });
  const nodes = informers.informer(NODES);
  const revisions = informers.informer(CONTROLLER_REVISIONS);
  revisions.addIndexers(ownershipIndexers());
  const { owners, pods } = control;
  /**
   * By set and node: how often the pod finished, and when the next finished pod may be replaced.
   */
  const finished = new Map<string, { times: number; notBefore: number }>();

  function forget(key: string): void {
    control.forget(key);
    for (const name of finished.keys()) if (name.startsWith(`${key}/`)) finished.delete(name);
  }

  /**
   * Returns the milliseconds until the next finished pod may be replaced. Throws the first error.
   */
  async function changePods(key: string, input: DaemonInput): Promise<number> {
    const { hash, now, set } = input;
    const plan = planDaemons(input);
    let wait = Infinity;
    const replace = plan.finished.filter((pod) => {
      const left = finishedWaitMs(`${key}/${nodeOf(pod) ?? ''}`, now);
      if (left > 0) wait = Math.min(wait, left);
      return left <= 0;
    });
    const going = [...plan.remove, ...replace];
    if (!going.length && !plan.create.length) return wait;
    control.expect(set, going);
    for (const pod of replace) reportFinished(set, pod);
    const wanted = plan.create.map((node) => daemonPod(set, node, hash));
    const created = await control.create(set, wanted);
    const removed = await control.remove(set, going);
    const error = created ?? removed;
    if (error) throw error;
    return wait;
  }

  function reportFinished(set: DaemonSet, pod: Pod): void {
    const about = `daemon pod ${keyOf(pod)} on node ${pod.spec.nodeName}`;
    const [type, reason, message] =
      terminalPhase(pod) === 'Failed'
        ? (['Warning', 'FailedDaemonPod', `Found failed ${about}, will try to kill it`] as const)
        : ([
            'Normal',
            'SucceededDaemonPod',
            `Found succeeded ${about}, will try to delete it`,
          ] as const);
    control.events.event(set, type, reason, message);
  }

  function finishedWaitMs(name: string, now: number): number {
    const known = finished.get(name);
    if (known && known.notBefore > now) return known.notBefore - now;
    const times = known && now - known.notBefore < 2 * FINISHED_MAX_MS ? known.times + 1 : 1;
    const pause = Math.min(FINISHED_MAX_MS, FINISHED_FIRST_MS * 2 ** Math.min(times - 1, 30));
    finished.set(name, { times, notBefore: now + pause });
    return 0;
  }

  return {
    watches: [
      watch(owners),
      watch(pods, (pod, old, change) => control.keysOfPod(pod, old, change)),
      watch(nodes, (node, old) =>
        old && sameForDaemons(node, old) ? [] : owners.store.list().map(keyOf),
      ),
      watch(revisions, () => []), // only its cache is used
    ],
    async reconcile(key) {
      const set = control.owners.store.get(key);
      if (!set) return forget(key);
      if (set.metadata.deletionTimestamp || selectorFromLabelSelector(set.spec.selector).empty)
        return;
      const history = await keepHistory(client, DAEMON_SETS, set, revisions.store);
      const settled = control.settled(key);
      const pods = await control.ownedPods(set);
      const hash = history.update.metadata.labels?.[REVISION_HASH_LABEL] ?? '';
      const now = env.clock.now();
      const input: DaemonInput = { set, hash, nodes: nodes.store.list(), pods, now };
      const waits = [settled ? await changePods(key, input) : Infinity, control.expiresInMs(key)];
      const { changed, checkAgainInMs, status } = planDaemonStatus(input);
      if (changed) await updateStatus(client, DAEMON_SETS, set, status);
      const live = new Set(
        pods.map(
          ({ metadata }) => `${set.metadata.name}-${metadata.labels?.[REVISION_HASH_LABEL]}`,
        ),
      );
      await removeRevisions(client, excessRevisions(history, set, live));
      const wait = Math.min(checkAgainInMs ?? Infinity, ...waits);
      if (wait !== Infinity) return { requeueAfterMs: Math.max(1, wait) };
    },
  };
}

const sameForDaemons = (node: Node, old: Node): boolean =>
  equalJson(node.metadata.labels, old.metadata.labels) &&
  equalJson(node.spec?.taints, old.spec?.taints);
