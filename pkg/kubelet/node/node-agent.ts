// Registers the node, reports its status and renews its Lease (upstream: kubelet_node_status.go,
// nodelease). The status is written when it changes, when another writer changed it (such as the
// node lifecycle controller after missed heartbeats), and otherwise every five minutes; the Lease
// is renewed every ten seconds. No Node API.
//
// Invariant: labels and taints of other writers stay; only the kubelet's own defaults are restored.
import type { Node, NodeAddress, NodeStatus, Taint } from '../../apis/core/v1/types.js';
import { NODES } from '../../apis/resource-types.js';
import { isReason } from '../../apimachinery/errors/status-error.js';
import { isConditionTrue } from '../../component-helpers/conditions.js';
import type { Client } from '../../client/client.js';
import { createInformer } from '../../client/informer-factory.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { keepLease, type KeptLease } from '../../client/lease-keeper.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { Wakeup } from '../../util/wait/abortable.js';
import { DONE, every } from '../../util/wait/every.js';
import type { Pressure } from '../eviction/thresholds.js';
import {
  LEASE_RENEW_PERIOD,
  LEASE_SECONDS,
  NODE_WRITE_RETRY,
  NODE_STATUS_REPORT_FREQUENCY,
} from '../limits.js';
import type { Runtime, RuntimeCondition } from '../runtime/runtime.js';
import { holdsConditions, nodeStatus, sameStatus, type MachineInfo } from './node-status.js';

export interface NodeAgentDeps {
  env: Env;
  /** Bound to the end of the agent. */
  client: Client;
  runtime: Runtime;
  recorder: EventRecorder;
  name: string;
  hostname: string;
  addresses: NodeAddress[];
  labels: Record<string, string>;
  taints: Taint[];
  register: boolean;
  port: number;
  maxPods: number;
  statusFrequency: number;
  machine(): Promise<MachineInfo>;
  pressure(): Pressure;
  registered(node: Node): void;
  /** Renews the node's lease until abort; default keepLease on this event loop. */
  keepLease?: ((lease: KeptLease, signal: AbortSignal) => Promise<void>) | undefined;
}

const LEASE_NAMESPACE = 'kube-node-lease';
/** Poll period in milliseconds while the runtime or its network is not ready. */
const NOT_READY_POLL = 250;

const revisionOf = ({ metadata }: Node) => BigInt(metadata.resourceVersion ?? 0);

export class NodeAgent {
  private node: Node | undefined;
  private sent: NodeStatus | undefined;
  private sentAt = 0;
  private wasReady: boolean | undefined;
  /** Another writer changed the conditions in the API. */
  private conditionsOverwritten = false;
  private readonly reportNow = new Wakeup();

  constructor(
    private readonly deps: NodeAgentDeps,
    private readonly signal: AbortSignal,
  ) {}

  get ready(): boolean {
    return this.wasReady === true;
  }

  /** The newest Node object that the agent has seen; undefined before the registration. */
  get current(): Node | undefined {
    return this.node;
  }

  /** Reads the Node object, of which the watch may not have shown the newest version yet. */
  async refresh(): Promise<void> {
    const { client, name } = this.deps;
    this.seen(await client.get(NODES, { name }));
  }

  async run(): Promise<void> {
    await this.loop('node not registered, will retry', 0, async () => {
      await this.register();
      return DONE;
    });
    if (this.signal.aborted) return;
    const { client, env, name } = this.deps;
    const own = createInformer(env, client, NODES, { fieldSelector: `metadata.name=${name}` });
    const seen = (node: Node) => this.seen(node);
    own.addHandler({ added: seen, updated: seen });
    await Promise.all([this.keepStatus(), this.keepLease(), own.run(this.signal)]);
  }

  /**
   * Handles a change of the Node object: foreign changes of its conditions are overwritten at once.
   */
  private seen(node: Node): void {
    if (!this.node || revisionOf(node) <= revisionOf(this.node)) return;
    this.node = node;
    if (!this.sent) return;
    this.conditionsOverwritten = !holdsConditions(node.status, this.sent);
    if (this.conditionsOverwritten) this.reportNow.wake();
  }

  private loop(
    event: string,
    periodMs: number | (() => number),
    work: () => Promise<void | typeof DONE>,
    wakeup = new Wakeup(),
  ): Promise<void> {
    const { signal } = this;
    const { env } = this.deps;
    const backoff = new Backoff(NODE_WRITE_RETRY);
    return every({ env, signal, periodMs, backoff, wakeup, failed: event }, work);
  }

  private defaultLabels(info: MachineInfo['info']): Record<string, string> {
    return {
      'beta.kubernetes.io/arch': info.architecture,
      'beta.kubernetes.io/os': info.operatingSystem,
      'kubernetes.io/arch': info.architecture,
      'kubernetes.io/os': info.operatingSystem,
      'kubernetes.io/hostname': this.deps.hostname,
    };
  }

  private async register(): Promise<void> {
    const { client, name, taints } = this.deps;
    const status = await this.status([]);
    const labels = { ...this.defaultLabels(status.nodeInfo!), ...this.deps.labels };
    if (this.deps.register) {
      try {
        const annotations = { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' };
        const node: Node = {
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { name, labels, annotations },
          spec: taints.length ? { taints } : {},
          status,
        };
        this.node = await client.create(NODES, node);
      } catch (error) {
        if (!isReason(error, 'AlreadyExists')) throw error;
      }
    }
    this.node ??= await client.get(NODES, { name });
    const wrong = Object.entries(labels).filter(
      ([key, value]) => this.node!.metadata.labels?.[key] !== value,
    );
    const body = { metadata: { labels: Object.fromEntries(wrong) } };
    if (wrong.length) this.node = await client.patch(NODES, { name }, body, { type: 'strategic' });
    this.deps.env.log.info('node registered', { node: name });
    this.deps.registered(this.node);
    this.event('Normal', 'Starting', 'Starting kubelet.');
  }

  private async conditions(): Promise<RuntimeCondition[] | undefined> {
    try {
      return await this.deps.runtime.conditions();
    } catch (error) {
      this.deps.env.log.warn('container runtime status check failed', { error });
      return undefined;
    }
  }

  private async status(old: NonNullable<NodeStatus['conditions']>): Promise<NodeStatus> {
    const [machine, runtime] = await Promise.all([this.deps.machine(), this.conditions()]);
    const pressure = this.deps.pressure();
    const now = this.deps.env.clock.now();
    return nodeStatus({ ...this.deps, machine, runtime, pressure, old, now });
  }

  private async keepStatus(): Promise<void> {
    const period = () => (this.ready ? this.deps.statusFrequency : NOT_READY_POLL);
    const failed = 'node status not written, will retry';
    await this.loop(failed, period, () => this.report(), this.reportNow);
  }

  private async report(): Promise<void> {
    const { clock } = this.deps.env;
    const old =
      (this.conditionsOverwritten ? undefined : this.sent?.conditions) ??
      this.node?.status?.conditions ??
      [];
    const status = await this.status(old);
    const isReady = isConditionTrue(status.conditions, 'Ready');
    const due = clock.now() - this.sentAt >= NODE_STATUS_REPORT_FREQUENCY;
    if (this.sent && !due && !this.conditionsOverwritten && sameStatus(this.sent, status)) return;
    // A strategic merge patch merges addresses by type, but a dual-stack node has two of type
    // InternalIP, so the patch replaces the whole list (upstream: pkg/util/node).
    const addresses = [...status.addresses!, { $patch: 'replace' }];
    const body = { metadata: { uid: this.node?.metadata.uid }, status: { ...status, addresses } };
    try {
      this.node = await this.deps.client.patch(NODES, { name: this.deps.name }, body, {
        type: 'strategic',
        subresource: 'status',
        deadlineMs: this.deps.statusFrequency,
      });
    } catch (error) {
      // The Node object was deleted or replaced. Upstream registers again only after a restart.
      if (isReason(error, 'NotFound') || isReason(error, 'Conflict')) {
        this.node = undefined;
        this.sent = undefined;
        await this.register();
      }
      throw error;
    }
    this.conditionsOverwritten = false;
    this.sent = status;
    this.sentAt = clock.now();
    const reason = isReady ? 'NodeReady' : 'NodeNotReady';
    if (this.wasReady !== isReady)
      this.event('Normal', reason, `Node ${this.deps.name} status is now: ${reason}`);
    this.wasReady = isReady;
  }

  private keepLease(): Promise<void> {
    const { name, env, client } = this.deps;
    const uid = this.node?.metadata.uid;
    const lease: KeptLease = {
      namespace: LEASE_NAMESPACE,
      name,
      holderIdentity: name,
      leaseDurationSeconds: LEASE_SECONDS,
      periodMs: LEASE_RENEW_PERIOD,
      ...(uid && { owner: { apiVersion: 'v1', kind: 'Node', name, uid } }),
    };
    const keep = this.deps.keepLease ?? ((kept, stop) => keepLease(client, env, kept, stop));
    return keep(lease, this.signal);
  }

  private event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    const { name, recorder } = this.deps;
    recorder.event({ apiVersion: 'v1', kind: 'Node', name, uid: name }, type, reason, message);
  }
}
