// A node with the sums of its pods' requests, updated with each pod.
import type { Node } from '../../apis/core/v1/types.js';
import { assert } from '../../util/assert/assert.js';
import { quantitiesOf } from '../../component-helpers/resources.js';
import {
  countResources,
  emptyResources,
  portsConflict,
  resourcesOf,
  type HostPort,
  type Resources,
} from '../../component-helpers/node-fit.js';
import type { PodInfo } from './pod-info.js';

export class NodeInfo {
  allocatable: Resources = emptyResources();
  allowedPods = 0;
  /** Names of the images that the node holds. */
  images: ReadonlySet<string> = new Set();
  readonly requested: Resources = emptyResources();
  readonly nonZero = { milliCpu: 0, memory: 0 };
  readonly pods = new Map<string, PodInfo>();
  private readonly ports = new Map<string, { port: HostPort; users: number }>();

  constructor(public node: Node) {
    this.setNode(node);
  }

  get name(): string {
    return this.node.metadata.name;
  }

  label(key: string): string | undefined {
    return this.node.metadata.labels?.[key];
  }

  setNode(node: Node): void {
    this.node = node;
    const amounts = quantitiesOf(node.status?.allocatable);
    this.allocatable = resourcesOf(amounts);
    this.allowedPods = amounts['pods']?.value() ?? 0;
    this.images = new Set((node.status?.images ?? []).flatMap(({ names }) => names ?? []));
  }

  add(pod: PodInfo): void {
    assert(!this.pods.has(pod.key), `pod ${pod.key} is already on node ${this.name}`);
    this.pods.set(pod.key, pod);
    this.count(pod, 1);
  }

  /** Subtracts what add() has counted for the key, even when the pod has changed since. */
  remove(key: string): PodInfo | undefined {
    const pod = this.pods.get(key);
    if (!pod) return undefined;
    this.pods.delete(key);
    if (this.isExact()) this.count(pod, -1);
    else this.recount();
    return pod;
  }

  /**
   * False when a sum exceeds 2^53: doubles are rounded there, and subtraction does not undo
   * addition.
   */
  private isExact(): boolean {
    const { milliCpu, memory, ephemeralStorage, scalar } = this.requested;
    const sums = [milliCpu, memory, ephemeralStorage, ...Object.values(scalar)];
    return sums.every(Number.isSafeInteger);
  }

  private recount(): void {
    Object.assign(this.requested, emptyResources());
    Object.assign(this.nonZero, { milliCpu: 0, memory: 0 });
    this.ports.clear();
    for (const pod of this.pods.values()) this.count(pod, 1);
  }

  private count(pod: PodInfo, sign: 1 | -1): void {
    const { requested, nonZero } = this;
    countResources(requested, pod.requests, sign);
    nonZero.milliCpu += sign * pod.nonZero.milliCpu;
    nonZero.memory += sign * pod.nonZero.memory;
    for (const port of pod.hostPorts) {
      const key = portKey(port);
      this.ports.set(key, { port, users: (this.ports.get(key)?.users ?? 0) + sign });
    }
  }

  isPortUsed(wanted: HostPort): boolean {
    for (const { port, users } of this.ports.values())
      if (users > 0 && portsConflict(port, wanted)) return true;
    return false;
  }
}

const portKey = (port: HostPort): string => `${port.protocol}|${port.port}|${port.ip}`;
