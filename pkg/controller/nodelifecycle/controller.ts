// node-lifecycle-controller: detects silent kubelets and taints their nodes (upstream:
// pkg/controller/nodelifecycle). A node is silent when neither its lease nor its heartbeat changed
// for the grace period by the local clock. Each node has one timer; heartbeats requeue nothing.
// tainteviction deletes pods because of the taints. Pods of a silent node are marked not ready, so
// that services drop them; a kubelet that reports its own node as not ready still reports the
// status of its pods.
import type { Node, Taint } from '../../apis/core/v1/types.js';
import { LEASES, NODES, PODS } from '../../apis/resource-types.js';
import { isNodeReady, nodeCondition } from '../../component-helpers/nodes.js';
import { isPodReady } from '../../component-helpers/pods.js';
import { timestamp } from '../../util/env/env.js';
import { doAll } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
} from '../runtime/controller.js';
import { addressOf, ignoreGone, patchStatus } from '../../client/requests.js';
import {
  areAllDown,
  countZones,
  evictionRate,
  planTaints,
  planUnknownConditions,
  zoneOf,
  type EvictionRates,
} from './plan.js';

export interface NodeLifecycleOptions extends EvictionRates {
  nodeMonitorGracePeriod: number;
  nodeStartupGracePeriod: number;
  /** Milliseconds between two looks at a node that is not ready. */
  nodeMonitorPeriod: number;
}

export const NODE_LEASE_NAMESPACE = 'kube-node-lease';

interface Heartbeat {
  /** Monotonic time of the last heartbeat. */
  at: number;
  renewTime: string;
  heartbeat: string;
}

export function createNodeLifecycleController(
  context: ControllerContext,
  options: NodeLifecycleOptions,
): Controller {
  const { client, env, informers } = context;
  const { clock } = env;
  const nodes = informers.informer(NODES);
  const pods = informers.informer(PODS);
  pods.addIndexers({ node: (pod) => [pod.spec.nodeName ?? ''] });
  const leases = informers.informer(LEASES, { namespace: NODE_LEASE_NAMESPACE });
  const events = context.events('node-controller');
  const heartbeats = new Map<string, Heartbeat>();
  /** By zone: the monotonic time of the next permitted eviction. */
  const evictNotBefore = new Map<string, number>();

  function keysOfNode(node: Node, old: Node | undefined, change: ChangeType): readonly string[] {
    const { name } = node.metadata;
    const report = (reason: string, what: string): void =>
      events.event(node, 'Normal', reason, `Node ${name} event: ${what}`);
    if (change === 'deleted') {
      heartbeats.delete(name);
      report('RemovingNode', `Removing Node ${name} from Controller`);
      return [];
    }
    recordHeartbeat(name, { heartbeat: nodeCondition(node, 'Ready')?.lastHeartbeatTime ?? '' });
    if (change === 'added') report('RegisteredNode', `Registered Node ${name} in Controller`);
    return !old || observedFields(node) !== observedFields(old) ? [name] : [];
  }

  /** Records a heartbeat. A lease or a condition that did not change is not a heartbeat. */
  function recordHeartbeat(name: string, sign: { renewTime?: string; heartbeat?: string }): void {
    const known = heartbeats.get(name) ?? { at: 0, renewTime: '', heartbeat: '' };
    const next = { ...known, ...sign };
    if (known.at && next.renewTime === known.renewTime && next.heartbeat === known.heartbeat)
      return;
    heartbeats.set(name, { ...next, at: clock.monotonic() });
  }

  async function markUnknown(node: Node): Promise<Node> {
    const conditions = planUnknownConditions(node, clock.now());
    if (!conditions.length) return node;
    const { name } = node.metadata;
    env.log.warn('node is silent', { node: name });
    const saved = await patchStatus(client, NODES, node, { conditions });
    events.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    return saved;
  }

  async function saveTaints(node: Node): Promise<void> {
    const zone = zoneOf(node);
    const zones = countZones(nodes.store.list());
    const rate = evictionRate(zones.get(zone) ?? { ready: 0, notReady: 0 }, options);
    const isDue = rate > 0 && clock.monotonic() >= (evictNotBefore.get(zone) ?? 0);
    const eviction = areAllDown(zones) ? 'stopped' : isDue ? 'allowed' : 'held';
    const taints = planTaints(node, eviction, clock.now());
    if (!taints) return;
    const evicts = (list: readonly Taint[] = []) =>
      list.some((taint) => taint.effect === 'NoExecute');
    if (evicts(taints) && !evicts(node.spec.taints))
      evictNotBefore.set(zone, clock.monotonic() + 1000 / rate);
    const { resourceVersion, uid } = node.metadata;
    const body = { metadata: { uid, resourceVersion }, spec: { taints } };
    await client.patch(NODES, addressOf(node), body, { type: 'merge' });
  }

  async function markPodsNotReady(nodeName: string): Promise<void> {
    const ready = pods.store.byIndex('node', nodeName).filter((pod) => isPodReady(pod));
    const lastTransitionTime = timestamp(clock.now());
    const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime }];
    await doAll(ready, async (pod) => {
      const patch = patchStatus(client, PODS, pod, { conditions });
      const saved = await patch.catch(ignoreGone);
      if (saved) events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
    });
  }

  return {
    watches: [
      watch(nodes, keysOfNode),
      watch(leases, ({ metadata, spec }, _old, change) => {
        if (change !== 'deleted')
          recordHeartbeat(metadata.name, { renewTime: spec.renewTime ?? '' });
        return [];
      }),
      watch(pods, () => []), // only its cache is used
    ],
    async reconcile(name) {
      const cached = nodes.store.get(name);
      if (!cached) return;
      const grace = nodeCondition(cached, 'Ready')
        ? options.nodeMonitorGracePeriod
        : options.nodeStartupGracePeriod;
      const left = (heartbeats.get(name)?.at ?? clock.monotonic()) + grace - clock.monotonic();
      const node = left > 0 ? cached : await markUnknown(cached);
      await saveTaints(node);
      if (nodeCondition(node, 'Ready')?.status === 'Unknown') await markPodsNotReady(name);
      // The state of the other nodes decides how a node that is not ready is evicted.
      const look = isNodeReady(node) ? Infinity : options.nodeMonitorPeriod;
      const requeueAfterMs = Math.min(left > 0 ? left : Infinity, look);
      if (requeueAfterMs !== Infinity) return { requeueAfterMs };
    },
  };
}

/** The fields of a node that requeue it; heartbeats do not. */
function observedFields(node: Node): string {
  const conditions = (node.status?.conditions ?? []).map(({ status, type }) => `${type}=${status}`);
  return JSON.stringify([conditions, node.spec.taints, node.spec.unschedulable, zoneOf(node)]);
}
