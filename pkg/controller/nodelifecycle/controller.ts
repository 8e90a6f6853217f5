// node-lifecycle-controller: notices silent kubelets and taints their nodes (upstream:
// pkg/controller/nodelifecycle). A node is silent when neither its lease nor its heartbeat changed for
// the grace period by our clock; each node has one timer, heartbeats wake nobody. What the taints do to
// pods is tainteviction's business. Pods of a silent node are marked not ready, so that services leave
// them; a kubelet that says itself that its node is not ready still speaks for its pods.
import { isReason } from '../../apimachinery/errors/status-error.js';
import type { Lease } from '../../apis/coordination/v1/types.js';
import type { Node, NodeCondition } from '../../apis/core/v1/types.js';
import { LEASES, NODES, PODS } from '../../apis/resource-types.js';
import { timestamp } from '../../util/env/env.js';
import { runAll } from '../runtime/batches.js';
import { watch, type Controller, type ControllerContext, type ReconcileResult } from '../runtime/controller.js';
import { isPodReady } from '../runtime/pods.js';
import { countZones, evictionRate, nodeCondition, planTaints, planUnknownConditions, zoneOf, type EvictionRates } from './plan.js';

export interface NodeLifecycleOptions extends EvictionRates {
  nodeMonitorGracePeriod: number;
  nodeStartupGracePeriod: number;
  /** Milliseconds after which a held eviction is looked at again. */
  nodeMonitorPeriod: number;
}

export const NODE_LEASE_NAMESPACE = 'kube-node-lease';

interface Heard {
  /** Monotonic time of the last sign of life. */
  at: number;
  renewTime: string;
  heartbeat: string;
}

export function createNodeLifecycleController(context: ControllerContext, options: NodeLifecycleOptions): Controller {
  const { client, env, informers } = context;
  const nodes = informers.informer(NODES);
  const pods = informers.informer(PODS);
  pods.addIndexers({ node: (pod) => [pod.spec.nodeName ?? ''] });
  const leases = informers.informer(LEASES, { namespace: NODE_LEASE_NAMESPACE });
  const events = context.events('node-controller');
  const heard = new Map<string, Heard>();
  const evictNotBefore = new Map<string, number>();

  const hear = (name: string, sign: { renewTime?: string; heartbeat?: string }): void => {
    const known = heard.get(name) ?? { at: 0, renewTime: '', heartbeat: '' };
    const next = { ...known, ...sign };
    if (known.at && next.renewTime === known.renewTime && next.heartbeat === known.heartbeat) return;
    heard.set(name, { ...next, at: env.clock.monotonic() });
  };

  const onNode = (node: Node, old: Node | undefined, change: string): string[] => {
    const { name } = node.metadata;
    if (change === 'deleted') {
      heard.delete(name);
      events.event(node, 'Normal', 'RemovingNode', `Node ${name} event: Removing Node ${name} from Controller`);
      return [];
    }
    hear(name, { heartbeat: nodeCondition(node, 'Ready')?.lastHeartbeatTime ?? '' });
    if (change === 'added') events.event(node, 'Normal', 'RegisteredNode', `Node ${name} event: Registered Node ${name} in Controller`);
    return !old || relevant(node) !== relevant(old) ? [name] : [];
  };

  const onLease = (lease: Lease, _old: Lease | undefined, change: string): string[] => {
    if (change !== 'deleted') hear(lease.metadata.name, { renewTime: lease.spec.renewTime ?? '' });
    return [];
  };

  const reconcile = async (name: string, signal: AbortSignal): Promise<ReconcileResult> => {
    const cached = nodes.store.get(name);
    if (!cached) return;
    const now = env.clock.now();
    const grace = nodeCondition(cached, 'Ready') ? options.nodeMonitorGracePeriod : options.nodeStartupGracePeriod;
    const left = (heard.get(name)?.at ?? env.clock.monotonic()) + grace - env.clock.monotonic();
    let node = cached;
    if (left <= 0) node = await markUnknown(cached, planUnknownConditions(cached, now), signal);
    const held = await saveTaints(node, signal);
    if (nodeCondition(node, 'Ready')?.status === 'Unknown') await markPodsNotReady(name, signal);
    const waits = [left > 0 ? left : Infinity, held ? options.nodeMonitorPeriod : Infinity];
    const requeueAfterMs = Math.min(...waits);
    if (requeueAfterMs !== Infinity) return { requeueAfterMs };
  };

  const markUnknown = async (node: Node, conditions: NodeCondition[], signal: AbortSignal): Promise<Node> => {
    if (!conditions.length) return node;
    const { name, uid } = node.metadata;
    env.log.warn('node is silent', { node: name });
    const saved = await client.patch(NODES, { name }, { metadata: { uid }, status: { conditions } }, { type: 'strategic', subresource: 'status', signal });
    events.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    return saved;
  };

  /** True when an eviction is held back. */
  const saveTaints = async (node: Node, signal: AbortSignal): Promise<boolean> => {
    const zone = zoneOf(node);
    const rate = evictionRate(countZones(nodes.store.list()), zone, options);
    const mayEvict = rate > 0 && env.clock.monotonic() >= (evictNotBefore.get(zone) ?? 0);
    const plan = planTaints(node, mayEvict, env.clock.now());
    if (!plan.taints) return plan.evictionHeld;
    const starts = (taints: Node['spec']['taints']) => taints?.some((taint) => taint.effect === 'NoExecute') ?? false;
    if (starts(plan.taints) && !starts(node.spec.taints)) evictNotBefore.set(zone, env.clock.monotonic() + 1000 / rate);
    const { name, resourceVersion, uid } = node.metadata;
    await client.patch(NODES, { name }, { metadata: { uid, resourceVersion }, spec: { taints: plan.taints } }, { type: 'merge', signal });
    return plan.evictionHeld;
  };

  const markPodsNotReady = async (nodeName: string, signal: AbortSignal): Promise<void> => {
    const ready = pods.store.byIndex('node', nodeName).filter((pod) => isPodReady(pod));
    const [error] = await runAll(ready, async (pod) => {
      const { name, namespace, uid } = pod.metadata;
      const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime: timestamp(env.clock.now()) }];
      try {
        await client.patch(PODS, { namespace: namespace!, name }, { metadata: { uid }, status: { conditions } }, { type: 'strategic', subresource: 'status', signal });
        events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      } catch (cause) {
        if (!isReason(cause, 'NotFound') && !isReason(cause, 'Conflict')) throw cause; // gone, or another pod by now
      }
    });
    if (error) throw error as Error;
  };

  return {
    name: 'node-lifecycle-controller',
    workers: 4,
    watches: [watch(nodes, onNode), watch(leases, onLease), watch(pods, () => [])],
    reconcile,
  };
}

/** The part of a node that this controller decides on; heartbeats are not in it. */
function relevant(node: Node): string {
  const conditions = (node.status?.conditions ?? []).map(({ status, type }) => `${type}=${status}`);
  return JSON.stringify([conditions, node.spec.taints, node.spec.unschedulable, zoneOf(node)]);
}
