// The kube subnet manager: leases are Nodes. A node's subnet is its spec.podCIDR, and what a lease
// says else stands in annotations, as flannel writes them. No etcd of flannel's own is needed.
//
// Invariant: the subnet is the control plane's choice; when podCIDR changes the lease is lost.
import { readFile } from 'node:fs/promises';
import { NODES } from '../../apis/resource-types.js';
import type { Node } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import type { Informer, InformerFactory } from '../../client/informer.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { sleep, type Env } from '../../util/env/env.js';
import { ConfigError, parseNetworkConfig, type NetworkConfig } from '../config.js';
import { CONFIG_RETRY_MS, RETRY_MAX_MS, RETRY_MIN_MS } from '../limits.js';
import { base, containsNet, formatNet, parseCidr, parseIpv4, type Ipv4Net } from './ipv4.js';
import type { Lease, LeaseAttrs } from './lease.js';
import type { LeaseManager, Leases } from './manager.js';

export interface KubeManagerOptions {
  nodeName: string;
  /** Default 'flannel.alpha.coreos.com'. */
  annotationPrefix: string;
  /** File with the network config. */
  netConfigPath: string;
  /** Tell the Node's condition NetworkUnavailable that the network is there. */
  setNodeNetworkUnavailable: boolean;
}

/** The lease that a Node stands for; undefined while it has none. */
export function leaseOfNode(node: Node, prefix: string): Lease | undefined {
  const annotations = node.metadata.annotations ?? {};
  const publicIP = annotations[`${prefix}/public-ip`];
  const subnet = podSubnet(node);
  if (annotations[`${prefix}/kube-subnet-manager`] !== 'true' || !subnet || parseIpv4(publicIP ?? '') === undefined) return undefined;
  let backendData: unknown;
  try {
    backendData = JSON.parse(annotations[`${prefix}/backend-data`] ?? 'null');
  } catch {
    return undefined;
  }
  const attrs = { publicIP: publicIP!, backendType: annotations[`${prefix}/backend-type`] ?? '', ...(backendData === null ? {} : { backendData }) };
  return { key: node.metadata.name, subnet, attrs, modRevision: 0 };
}

function podSubnet(node: Node): Ipv4Net | undefined {
  for (const text of [node.spec?.podCIDR, ...(node.spec?.podCIDRs ?? [])]) {
    const net = text ? parseCidr(text) : undefined;
    if (net) return { ip: base(net), length: net.length };
  }
  return undefined;
}

/** Nodes are large and beat often; this much is read of them. */
function cutDown({ apiVersion, kind, metadata, spec }: Node): Node {
  const { name, uid, resourceVersion, annotations } = metadata;
  const { podCIDR, podCIDRs } = spec ?? {};
  return { apiVersion, kind, metadata: { name, uid, resourceVersion, annotations }, spec: { podCIDR, podCIDRs } } as Node;
}

export class KubeSubnetManager implements LeaseManager {
  private readonly nodes: Informer<Node>;

  /** The informers are run by their owner. */
  constructor(
    private readonly env: Env,
    private readonly client: Client,
    informers: InformerFactory,
    private readonly options: KubeManagerOptions,
  ) {
    this.nodes = informers.informer(NODES, { transform: cutDown });
  }

  /** Waits until the config file exists and is valid. */
  async config(signal: AbortSignal): Promise<NetworkConfig> {
    for (let told = ''; ; ) {
      try {
        return parseNetworkConfig(await readFile(this.options.netConfigPath, 'utf8'));
      } catch (error) {
        if (!(error instanceof ConfigError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        const problem = (error as Error).message;
        if (problem !== told) this.env.log.warn('waiting for the network config', { problem });
        told = problem;
      }
      await sleep(this.env.clock, CONFIG_RETRY_MS, signal);
    }
  }

  /** Waits for the node's podCIDR and publishes `attrs` in its annotations. */
  async acquire(config: NetworkConfig, attrs: LeaseAttrs, _previous: Ipv4Net | undefined, signal: AbortSignal): Promise<Lease> {
    await this.nodes.waitForSync(signal);
    const backoff = new Backoff({ baseMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, jitter: 0.5 }, this.env.random);
    for (let told = ''; ; ) {
      const { nodeName, annotationPrefix } = this.options;
      const node = this.nodes.store.get(nodeName);
      const subnet = node && podSubnet(node);
      let problem = node ? `node "${nodeName}" pod cidr not assigned` : `node "${nodeName}" is not there`;
      if (node && subnet && !containsNet(config.network, subnet)) problem = `subnet ${formatNet(subnet)} specified in the node's podCIDR is outside of the flannel network ${formatNet(config.network)}`;
      else if (node && subnet) {
        const overwrite = node.metadata.annotations?.[`${annotationPrefix}/public-ip-overwrite`];
        const own = { key: nodeName, subnet, attrs: { ...attrs, ...(overwrite ? { publicIP: overwrite } : {}) }, modRevision: 0 };
        try {
          await this.publish(own, signal);
          return own;
        } catch (error) {
          if (signal.aborted) throw error;
          problem = `cannot annotate the node: ${(error as Error).message}`;
        }
      }
      if (problem !== told) this.env.log.warn('cannot acquire a subnet, retrying', { problem });
      told = problem;
      await sleep(this.env.clock, backoff.next(), signal);
    }
  }

  private async publish({ attrs }: Lease, signal: AbortSignal): Promise<void> {
    const { annotationPrefix: prefix, nodeName, setNodeNetworkUnavailable } = this.options;
    const annotations = {
      [`${prefix}/backend-type`]: attrs.backendType,
      [`${prefix}/backend-data`]: JSON.stringify(attrs.backendData ?? null),
      [`${prefix}/public-ip`]: attrs.publicIP,
      [`${prefix}/kube-subnet-manager`]: 'true',
    };
    await this.client.patch(NODES, { name: nodeName }, { metadata: { annotations } }, { type: 'strategic', subresource: 'status', signal });
    if (!setNodeNetworkUnavailable) return;
    const now = new Date(this.env.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const condition = { type: 'NetworkUnavailable', status: 'False', reason: 'FlannelIsUp', message: 'Flannel is running on this node', lastTransitionTime: now, lastHeartbeatTime: now };
    await this.client.patch(NODES, { name: nodeName }, { status: { conditions: [condition] } }, { type: 'strategic', subresource: 'status', signal });
  }

  /**
   * Follows all nodes until abort; `onLeases` gets the whole picture after each change of a lease.
   * Resolves when the own node has another podCIDR: the caller must stop using the subnet.
   */
  async run(own: Lease, onLeases: (leases: Leases) => void, signal: AbortSignal): Promise<void> {
    const leases = new Map<string, Lease>();
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    let due = false;
    const tell = () => {
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        if (!both.aborted) onLeases(leases);
      });
    };
    const set = (name: string, lease: Lease | undefined) => {
      if (JSON.stringify(leases.get(name)) === JSON.stringify(lease)) return; // a heartbeat
      if (lease) leases.set(name, lease);
      else leases.delete(name);
      tell();
    };
    const changed = (node: Node) => {
      const lease = leaseOfNode(node, this.options.annotationPrefix);
      set(node.metadata.name, lease);
      if (node.metadata.name === own.key) this.ownSeen(node, lease, own, () => stop.abort(), both);
    };
    const remove = this.nodes.addHandler({ added: changed, updated: changed, deleted: (node) => set(node.metadata.name, undefined) });
    tell(); // even when nobody has a lease yet
    try {
      if (!both.aborted) await new Promise<void>((resolve) => both.addEventListener('abort', () => resolve(), { once: true }));
    } finally {
      remove();
    }
    signal.throwIfAborted();
  }

  /** A node made anew has lost the annotations; one with another podCIDR is another lease. */
  private ownSeen(node: Node, lease: Lease | undefined, own: Lease, lost: () => void, signal: AbortSignal): void {
    const subnet = podSubnet(node);
    if (subnet && formatNet(subnet) !== formatNet(own.subnet)) {
      this.env.log.error('the node has another podCIDR now', { before: formatNet(own.subnet), now: formatNet(subnet) });
      lost();
    } else if (!lease && subnet) {
      this.env.log.warn('the node lost its flannel annotations; writing them again');
      this.publish(own, signal).catch((error: unknown) => {
        if (!signal.aborted) this.env.log.warn('cannot annotate the node', { error });
      });
    }
  }
}
