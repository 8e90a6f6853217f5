// node-lifecycle-controller: notices silent kubelets and taints their nodes (upstream:
// pkg/controller/nodelifecycle). A node is silent when neither its lease nor its heartbeat changed for
// the grace period by our clock; each node has one timer, heartbeats wake nobody. What the taints do to
// pods is tainteviction's business. Pods of a silent node are marked not ready, so that services leave
// them; a kubelet that says itself that its node is not ready still speaks for its pods.
import type { Node, Pod, Taint } from '../../apis/core/v1/types.js';
import { LEASES, NODES, PODS } from '../../apis/resource-types.js';
import { nodeCondition } from '../../component-helpers/nodes.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { isPodReady } from '../../component-helpers/pods.js';
import { timestamp } from '../../util/env/env.js';
import { runAll } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
} from '../runtime/controller.js';
import { addressOf, ignoreGone, patchStatus } from '../runtime/requests.js';
import {
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
  /** Milliseconds after which a held eviction is looked at again. */
  nodeMonitorPeriod: number;
}

const WORKERS = 4;
export const NODE_LEASE_NAMESPACE = 'kube-node-lease';

interface Heard {
  /** Monotonic time of the last sign of life. */
  at: number;
  renewTime: string;
  heartbeat: string;
}

interface Parts {
  context: ControllerContext;
  options: NodeLifecycleOptions;
  nodes: Informer<Node>;
  pods: Informer<Pod>;
  events: EventRecorder;
  heard: Map<string, Heard>;
  /** By zone; monotonic. */
  evictNotBefore: Map<string, number>;
}

export function createNodeLifecycleController(
  context: ControllerContext,
  options: NodeLifecycleOptions,
): Controller {
  const { informers } = context;
  const nodes = informers.informer(NODES);
  const pods = informers.informer(PODS);
  pods.addIndexers({ node: (pod) => [pod.spec.nodeName ?? ''] });
  const leases = informers.informer(LEASES, { namespace: NODE_LEASE_NAMESPACE });
  const parts: Parts = {
    context,
    options,
    nodes,
    pods,
    events: context.events('node-controller'),
    heard: new Map(),
    evictNotBefore: new Map(),
  };
  return {
    name: 'node-lifecycle-controller',
    workers: WORKERS,
    watches: [
      watch(nodes, (node, old, change) => keysOfNode(parts, node, old, change)),
      watch(leases, ({ metadata, spec }, _old, change) => {
        if (change !== 'deleted') hear(parts, metadata.name, { renewTime: spec.renewTime ?? '' });
        return [];
      }),
      watch(pods, () => []), // only its cache is used
    ],
    reconcile: (name, signal) => reconcile(parts, name, signal),
  };
}

async function reconcile(
  parts: Parts,
  name: string,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { heard, nodes, options } = parts;
  const { clock } = parts.context.env;
  const cached = nodes.store.get(name);
  if (!cached) return;
  const grace = nodeCondition(cached, 'Ready')
    ? options.nodeMonitorGracePeriod
    : options.nodeStartupGracePeriod;
  const left = (heard.get(name)?.at ?? clock.monotonic()) + grace - clock.monotonic();
  const node = left > 0 ? cached : await markUnknown(parts, cached, signal);
  const held = await saveTaints(parts, node, signal);
  if (nodeCondition(node, 'Ready')?.status === 'Unknown')
    await markPodsNotReady(parts, name, signal);
  const requeueAfterMs = Math.min(
    left > 0 ? left : Infinity,
    held ? options.nodeMonitorPeriod : Infinity,
  );
  if (requeueAfterMs !== Infinity) return { requeueAfterMs };
}

function keysOfNode(
  parts: Parts,
  node: Node,
  old: Node | undefined,
  change: ChangeType,
): readonly string[] {
  const { name } = node.metadata;
  const report = (reason: string, what: string): void =>
    parts.events.event(node, 'Normal', reason, `Node ${name} event: ${what}`);
  if (change === 'deleted') {
    parts.heard.delete(name);
    report('RemovingNode', `Removing Node ${name} from Controller`);
    return [];
  }
  hear(parts, name, { heartbeat: nodeCondition(node, 'Ready')?.lastHeartbeatTime ?? '' });
  if (change === 'added') report('RegisteredNode', `Registered Node ${name} in Controller`);
  return !old || relevant(node) !== relevant(old) ? [name] : [];
}

/** Notes a sign of life; a lease or a heartbeat that did not change is none. */
function hear(
  { context, heard }: Parts,
  name: string,
  sign: { renewTime?: string; heartbeat?: string },
): void {
  const known = heard.get(name) ?? { at: 0, renewTime: '', heartbeat: '' };
  const next = { ...known, ...sign };
  if (known.at && next.renewTime === known.renewTime && next.heartbeat === known.heartbeat) return;
  heard.set(name, { ...next, at: context.env.clock.monotonic() });
}

async function markUnknown(parts: Parts, node: Node, signal: AbortSignal): Promise<Node> {
  const { client, env } = parts.context;
  const conditions = planUnknownConditions(node, env.clock.now());
  if (!conditions.length) return node;
  const { name } = node.metadata;
  env.log.warn('node is silent', { node: name });
  const saved = await patchStatus(client, NODES, node, { conditions }, signal);
  parts.events.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
  return saved;
}

/** True when an eviction is held back. */
async function saveTaints(parts: Parts, node: Node, signal: AbortSignal): Promise<boolean> {
  const { context, evictNotBefore, nodes, options } = parts;
  const { clock } = context.env;
  const zone = zoneOf(node);
  const rate = evictionRate(countZones(nodes.store.list()), zone, options);
  const mayEvict = rate > 0 && clock.monotonic() >= (evictNotBefore.get(zone) ?? 0);
  const plan = planTaints(node, mayEvict, clock.now());
  if (!plan.taints) return plan.evictionHeld;
  const evicts = (taints: readonly Taint[] = []) =>
    taints.some((taint) => taint.effect === 'NoExecute');
  if (evicts(plan.taints) && !evicts(node.spec.taints))
    evictNotBefore.set(zone, clock.monotonic() + 1000 / rate);
  const { resourceVersion, uid } = node.metadata;
  const body = { metadata: { uid, resourceVersion }, spec: { taints: plan.taints } };
  await context.client.patch(NODES, addressOf(node), body, { type: 'merge', signal });
  return plan.evictionHeld;
}

async function markPodsNotReady(
  parts: Parts,
  nodeName: string,
  signal: AbortSignal,
): Promise<void> {
  const { context, events, pods } = parts;
  const ready = pods.store.byIndex('node', nodeName).filter((pod) => isPodReady(pod));
  const lastTransitionTime = timestamp(context.env.clock.now());
  const conditions = [{ type: 'Ready', status: 'False', lastTransitionTime }];
  const [error] = await runAll(ready, async (pod) => {
    const patch = patchStatus(context.client, PODS, pod, { conditions }, signal);
    const saved = await patch.catch(ignoreGone);
    if (saved) events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  });
  if (error) throw error as Error;
}

/** The part of a node that this controller decides on; heartbeats are not in it. */
function relevant(node: Node): string {
  const conditions = (node.status?.conditions ?? []).map(({ status, type }) => `${type}=${status}`);
  return JSON.stringify([conditions, node.spec.taints, node.spec.unschedulable, zoneOf(node)]);
}
