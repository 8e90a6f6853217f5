// node-lifecycle-controller: notices silent kubelets and taints their nodes (upstream:
// pkg/controller/nodelifecycle). A node is silent when neither its lease nor its heartbeat changed for
// the grace period by our clock; each node has one timer, heartbeats wake nobody. What the taints do to
// pods is tainteviction's business. Pods of a silent node are marked not ready, so that services leave
// them; a kubelet that says itself that its node is not ready still speaks for its pods.
import { isReason } from '../../apimachinery/errors/status-error.js';
import type { Node, NodeCondition, Pod, Taint } from '../../apis/core/v1/types.js';
import { LEASES, NODES, PODS } from '../../apis/resource-types.js';
import { nodeCondition } from '../../component-helpers/nodes.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { timestamp } from '../../util/env/env.js';
import { runAll } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
  type Watch,
} from '../runtime/controller.js';
import { isPodReady } from '../../component-helpers/pods.js';
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

export const NODE_LEASE_NAMESPACE = 'kube-node-lease';

interface Heard {
  /** Monotonic time of the last sign of life. */
  at: number;
  renewTime: string;
  heartbeat: string;
}

export function createNodeLifecycleController(
  context: ControllerContext,
  options: NodeLifecycleOptions,
): Controller {
  return new NodeLifecycle(context, options);
}

class NodeLifecycle implements Controller {
  readonly name = 'node-lifecycle-controller';
  readonly workers = 4;
  readonly watches: readonly Watch[];
  private readonly nodes: Informer<Node>;
  private readonly pods: Informer<Pod>;
  private readonly events: EventRecorder;
  private readonly heard = new Map<string, Heard>();
  /** By zone; monotonic. */
  private readonly evictNotBefore = new Map<string, number>();

  constructor(
    private readonly context: ControllerContext,
    private readonly options: NodeLifecycleOptions,
  ) {
    this.nodes = context.informers.informer(NODES);
    this.pods = context.informers.informer(PODS);
    this.pods.addIndexers({ node: (pod) => [pod.spec.nodeName ?? ''] });
    this.events = context.events('node-controller');
    const leases = context.informers.informer(LEASES, { namespace: NODE_LEASE_NAMESPACE });
    this.watches = [
      watch(this.nodes, (node, old, change) => this.onNode(node, old, change)),
      watch(leases, (lease, _old, change) => {
        if (change !== 'deleted')
          this.hear(lease.metadata.name, { renewTime: lease.spec.renewTime ?? '' });
        return [];
      }),
      watch(this.pods, () => []),
    ];
  }

  async reconcile(name: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { clock } = this.context.env;
    const cached = this.nodes.store.get(name);
    if (!cached) return;
    const grace = nodeCondition(cached, 'Ready')
      ? this.options.nodeMonitorGracePeriod
      : this.options.nodeStartupGracePeriod;
    const left = (this.heard.get(name)?.at ?? clock.monotonic()) + grace - clock.monotonic();
    const node =
      left <= 0
        ? await this.markUnknown(cached, planUnknownConditions(cached, clock.now()), signal)
        : cached;
    const held = await this.saveTaints(node, signal);
    if (nodeCondition(node, 'Ready')?.status === 'Unknown')
      await this.markPodsNotReady(name, signal);
    const requeueAfterMs = Math.min(
      left > 0 ? left : Infinity,
      held ? this.options.nodeMonitorPeriod : Infinity,
    );
    if (requeueAfterMs !== Infinity) return { requeueAfterMs };
  }

  private onNode(node: Node, old: Node | undefined, change: ChangeType): string[] {
    const { name } = node.metadata;
    if (change === 'deleted') {
      this.heard.delete(name);
      this.events.event(
        node,
        'Normal',
        'RemovingNode',
        `Node ${name} event: Removing Node ${name} from Controller`,
      );
      return [];
    }
    this.hear(name, { heartbeat: nodeCondition(node, 'Ready')?.lastHeartbeatTime ?? '' });
    if (change === 'added') {
      this.events.event(
        node,
        'Normal',
        'RegisteredNode',
        `Node ${name} event: Registered Node ${name} in Controller`,
      );
    }
    return !old || relevant(node) !== relevant(old) ? [name] : [];
  }

  private hear(name: string, sign: { renewTime?: string; heartbeat?: string }): void {
    const known = this.heard.get(name) ?? { at: 0, renewTime: '', heartbeat: '' };
    const next = { ...known, ...sign };
    if (known.at && next.renewTime === known.renewTime && next.heartbeat === known.heartbeat)
      return;
    this.heard.set(name, { ...next, at: this.context.env.clock.monotonic() });
  }

  private async markUnknown(
    node: Node,
    conditions: NodeCondition[],
    signal: AbortSignal,
  ): Promise<Node> {
    if (!conditions.length) return node;
    const { name, uid } = node.metadata;
    this.context.env.log.warn('node is silent', { node: name });
    const body = { metadata: { uid }, status: { conditions } };
    const saved = await this.context.client.patch(NODES, { name }, body, {
      type: 'strategic',
      subresource: 'status',
      signal,
    });
    this.events.event(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    return saved;
  }

  /** True when an eviction is held back. */
  private async saveTaints(node: Node, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.context.env;
    const zone = zoneOf(node);
    const rate = evictionRate(countZones(this.nodes.store.list()), zone, this.options);
    const mayEvict = rate > 0 && clock.monotonic() >= (this.evictNotBefore.get(zone) ?? 0);
    const plan = planTaints(node, mayEvict, clock.now());
    if (!plan.taints) return plan.evictionHeld;
    const evicts = (taints: readonly Taint[] = []) =>
      taints.some((taint) => taint.effect === 'NoExecute');
    if (evicts(plan.taints) && !evicts(node.spec.taints))
      this.evictNotBefore.set(zone, clock.monotonic() + 1000 / rate);
    const { name, resourceVersion, uid } = node.metadata;
    const body = { metadata: { uid, resourceVersion }, spec: { taints: plan.taints } };
    await this.context.client.patch(NODES, { name }, body, { type: 'merge', signal });
    return plan.evictionHeld;
  }

  private async markPodsNotReady(nodeName: string, signal: AbortSignal): Promise<void> {
    const { client, env } = this.context;
    const ready = this.pods.store.byIndex('node', nodeName).filter((pod) => isPodReady(pod));
    const [error] = await runAll(ready, async (pod) => {
      const { name, namespace, uid } = pod.metadata;
      const conditions = [
        { type: 'Ready', status: 'False', lastTransitionTime: timestamp(env.clock.now()) },
      ];
      const body = { metadata: { uid }, status: { conditions } };
      try {
        await client.patch(PODS, { namespace: namespace!, name }, body, {
          type: 'strategic',
          subresource: 'status',
          signal,
        });
        this.events.event(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
      } catch (cause) {
        if (!isReason(cause, 'NotFound') && !isReason(cause, 'Conflict')) throw cause; // gone, or another pod by now
      }
    });
    if (error) throw error as Error;
  }
}

/** The part of a node that this controller decides on; heartbeats are not in it. */
function relevant(node: Node): string {
  const conditions = (node.status?.conditions ?? []).map(({ status, type }) => `${type}=${status}`);
  return JSON.stringify([conditions, node.spec.taints, node.spec.unschedulable, zoneOf(node)]);
}
