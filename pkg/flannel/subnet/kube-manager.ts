// The Kubernetes subnet manager: Nodes are the leases. The subnet of a node is its spec.podCIDR;
// the other attributes of a lease are annotations in flannel's format. flannel needs no etcd of its
// own.
//
// Invariant: the control plane chooses the subnet; a changed podCIDR means that the lease is lost.
import { readFile } from 'node:fs/promises';
import { NODES } from '../../apis/resource-types.js';
import type { Node } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import type { Informer, InformerFactory } from '../../client/informer.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { timestamp, type Env } from '../../util/env/env.js';
import { aborted } from '../../util/wait/abortable.js';
import { retry, warnOnce } from '../../util/wait/retry.js';
import { ConfigError, parseNetworkConfig, type NetworkConfig } from '../config.js';
import { CONFIG_RETRY_MS, RETRY } from '../limits.js';
import { base, containsNet, formatNet, parseNet } from '../../util/netaddr/net.js';
import { familyOf } from '../../util/netaddr/ip.js';
import { describeSubnets, sameLease, type Lease, type LeaseAttrs, type Subnets } from './lease.js';
import type { LeaseManager, Leases } from './manager.js';
import { setOrDelete } from '../../util/map/count.js';

export interface KubeManagerOptions {
  nodeName: string;
  /** Default 'flannel.alpha.coreos.com'. */
  annotationPrefix: string;
  /** File with the network config. */
  netConfigPath: string;
  /** Set the Node's condition NetworkUnavailable to False once the network is up. */
  setNodeNetworkUnavailable: boolean;
}

/** The lease that a Node represents; undefined while it has no podCIDR or annotations. */
export function leaseOfNode(node: Node, prefix: string): Lease | undefined {
  const annotations = node.metadata.annotations ?? {};
  const publicIP = annotations[`${prefix}/public-ip`];
  const publicIPv6 = annotations[`${prefix}/public-ipv6`];
  const subnets = podSubnets(node);
  const isOurs = annotations[`${prefix}/kube-subnet-manager`] === 'true';
  if (!isOurs || !subnets || familyOf(publicIP ?? '') !== 4) return undefined;
  const backendData = jsonOf(annotations[`${prefix}/backend-data`]);
  const backendV6Data = jsonOf(annotations[`${prefix}/backend-v6-data`]);
  const attrs = {
    publicIP: publicIP!,
    ...(familyOf(publicIPv6 ?? '') === 6 && { publicIPv6: publicIPv6! }),
    backendType: annotations[`${prefix}/backend-type`] ?? '',
    ...(backendData !== null && { backendData }),
    ...(backendV6Data !== null && { backendV6Data }),
  };
  return { key: node.metadata.name, ...subnets, attrs, modRevision: 0 };
}

/** Null for invalid JSON, too. */
function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

/** The first CIDR of each family; undefined while the Node has no IPv4 CIDR. */
export function podSubnets({ spec }: Node): Subnets | undefined {
  const texts = [spec?.podCIDR, ...(spec?.podCIDRs ?? [])].filter((text) => text !== undefined);
  const [v4] = texts.flatMap((text) => parseNet(text, 4) ?? []);
  const [v6] = texts.flatMap((text) => parseNet(text, 6) ?? []);
  return v4 && { subnet: base(v4), ...(v6 && { subnet6: base(v6) }) };
}

/**
 * The part of the node's CIDRs that the config allows, or a message that says why they cannot be
 * used.
 */
function usableSubnets(config: NetworkConfig, subnets: Subnets): Subnets | string {
  const { subnet, subnet6 } = subnets;
  if (!containsNet(config.network, subnet))
    return `subnet ${formatNet(subnet)} specified in the node's podCIDR is outside of the flannel network ${formatNet(config.network)}`;
  if (!config.ipv6) return { subnet };
  if (!subnet6) return 'EnableIPv6: the node has no IPv6 podCIDR';
  if (!containsNet(config.ipv6.network, subnet6))
    return `subnet ${formatNet(subnet6)} specified in the node's podCIDRs is outside of the flannel network ${formatNet(config.ipv6.network)}`;
  return subnets;
}

/** Nodes are large and their heartbeats frequent; the informer keeps only these fields. */
function slimNode({ apiVersion, kind, metadata, spec }: Node): Node {
  const { name, uid, resourceVersion, annotations } = metadata;
  const { podCIDR, podCIDRs } = spec ?? {};
  return {
    apiVersion,
    kind,
    metadata: { name, uid, resourceVersion, annotations },
    spec: { podCIDR, podCIDRs },
  } as Node;
}

export class KubeSubnetManager implements LeaseManager {
  private readonly nodes: Informer<Node>;

  /** The owner of the factory runs the informers. */
  constructor(
    private readonly env: Env,
    private readonly client: Client,
    informers: InformerFactory,
    private readonly options: KubeManagerOptions,
  ) {
    this.nodes = informers.informer(NODES, { transform: slimNode });
  }

  /** Waits until the config file exists and is valid. */
  async config(signal: AbortSignal): Promise<NetworkConfig> {
    const { clock, log } = this.env;
    const warn = warnOnce(log, 'waiting for the network config');
    const again = (error: unknown): void => {
      if (!(error instanceof ConfigError) && (error as NodeJS.ErrnoException).code !== 'ENOENT')
        throw error;
      warn(error);
    };
    return retry({ clock, signal, wait: CONFIG_RETRY_MS, again }, async () =>
      parseNetworkConfig(await readFile(this.options.netConfigPath, 'utf8')),
    );
  }

  /** Waits for the node's podCIDR and publishes `attrs` in its annotations. */
  async acquire(
    config: NetworkConfig,
    attrs: LeaseAttrs,
    _previous: Partial<Subnets> | undefined,
    signal: AbortSignal,
  ): Promise<Lease> {
    await this.nodes.waitForSync(signal);
    const backoff = new Backoff(RETRY, this.env.random);
    const { nodeName, annotationPrefix } = this.options;
    const again = warnOnce(this.env.log, 'cannot acquire a subnet, retrying');
    return retry({ clock: this.env.clock, signal, wait: backoff, again }, async () => {
      const node = this.nodes.store.get(nodeName);
      const assigned = node && podSubnets(node);
      const subnets = assigned && usableSubnets(config, assigned);
      if (!node) throw new ConfigError(`node "${nodeName}" does not exist`);
      if (!subnets) throw new ConfigError(`node "${nodeName}" pod cidr not assigned`);
      if (typeof subnets === 'string') throw new ConfigError(subnets);
      const shown = withOverwrites(attrs, node, annotationPrefix);
      const own = { key: nodeName, ...subnets, attrs: shown, modRevision: 0 };
      await this.publish(own, signal);
      return own;
    });
  }

  private async publish({ attrs }: Lease, signal: AbortSignal): Promise<void> {
    const { annotationPrefix: prefix, nodeName, setNodeNetworkUnavailable } = this.options;
    const annotations = {
      [`${prefix}/backend-type`]: attrs.backendType,
      [`${prefix}/backend-data`]: JSON.stringify(attrs.backendData ?? null),
      [`${prefix}/public-ip`]: attrs.publicIP,
      ...(attrs.publicIPv6 && {
        [`${prefix}/backend-v6-data`]: JSON.stringify(attrs.backendV6Data ?? null),
        [`${prefix}/public-ipv6`]: attrs.publicIPv6,
      }),
      [`${prefix}/kube-subnet-manager`]: 'true',
    };
    const options = { type: 'strategic', subresource: 'status', signal } as const;
    const patch = (body: object) => this.client.patch(NODES, { name: nodeName }, body, options);
    await patch({ metadata: { annotations } });
    if (!setNodeNetworkUnavailable) return;
    const now = timestamp(this.env.clock.now());
    const condition = {
      type: 'NetworkUnavailable',
      status: 'False',
      reason: 'FlannelIsUp',
      message: 'Flannel is running on this node',
      lastTransitionTime: now,
      lastHeartbeatTime: now,
    };
    await patch({ status: { conditions: [condition] } });
  }

  /**
   * Follows all nodes until abort; `onLeases` gets the complete set after each change of a lease.
   * Resolves when the podCIDR of the own node changes: the caller must stop using the subnet.
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
      if (sameLease(leases.get(name), lease)) return; // a heartbeat
      setOrDelete(leases, name, lease);
      tell();
    };
    const changed = (node: Node) => {
      const lease = leaseOfNode(node, this.options.annotationPrefix);
      set(node.metadata.name, lease);
      if (node.metadata.name === own.key)
        this.checkOwnNode(node, lease, own, () => stop.abort(), both);
    };
    const remove = this.nodes.addHandler({
      added: changed,
      updated: changed,
      deleted: (node) => set(node.metadata.name, undefined),
    });
    tell(); // even when no node has a lease yet
    try {
      await aborted(both);
    } finally {
      remove();
    }
    signal.throwIfAborted();
  }

  /**
   * A recreated Node has lost its annotations, so they are written again. Another podCIDR is
   * another lease.
   */
  private checkOwnNode(
    node: Node,
    lease: Lease | undefined,
    own: Lease,
    lost: () => void,
    signal: AbortSignal,
  ): void {
    const now = podSubnets(node);
    if (!now) return;
    // A lease of IPv4 alone ignores the IPv6 podCIDR.
    const { subnet } = now;
    const before = describeSubnets(own);
    if (before !== describeSubnets(own.subnet6 ? now : { subnet })) {
      const known = { before, now: describeSubnets(now) };
      this.env.log.error('the node has another podCIDR now', known);
      lost();
    } else if (!lease) {
      this.env.log.warn('the node lost its flannel annotations; writing them again');
      this.publish(own, signal).catch((error: unknown) => {
        if (!signal.aborted) this.env.log.warn('cannot annotate the node', { error });
      });
    }
  }
}

/** The administrator's overwrite annotations take precedence over detected addresses. */
function withOverwrites(attrs: LeaseAttrs, node: Node, prefix: string): LeaseAttrs {
  const v4 = node.metadata.annotations?.[`${prefix}/public-ip-overwrite`];
  const v6 = node.metadata.annotations?.[`${prefix}/public-ipv6-overwrite`];
  return {
    ...attrs,
    ...(v4 && { publicIP: v4 }),
    ...(v6 && attrs.publicIPv6 && { publicIPv6: v6 }),
  };
}
