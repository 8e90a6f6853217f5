// Mirror pods represent static pods in the API. The kubelet creates them and ignores changes to
// them; a deleted mirror pod is created again. No Node API.
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { PODS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { deleteObject } from '../../client/requests.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Clock, Log } from '../../util/env/env.js';
import { retry, warnOnce } from '../../util/wait/retry.js';
import { MIRROR_RETRY } from '../limits.js';
import { CONFIG_HASH, CONFIG_MIRROR } from '../types/labels.js';

export class MirrorPods {
  /** By namespace/name. */
  private readonly mirrors = new Map<string, Pod>();
  /** Static pods by namespace/name. */
  private wanted: ReadonlyMap<string, Pod> = new Map();
  private readonly busy = new Set<string>();

  constructor(
    private readonly client: Client | undefined,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly nodeName: string,
    private readonly signal: AbortSignal,
  ) {}

  observe(mirror: Pod): void {
    this.mirrors.set(keyOf(mirror), mirror);
  }

  forget(mirror: Pod): void {
    if (this.mirrors.get(keyOf(mirror))?.metadata.uid === mirror.metadata.uid)
      this.mirrors.delete(keyOf(mirror));
  }

  mirrorOf(pod: Pod): Pod | undefined {
    const mirror = this.mirrors.get(keyOf(pod));
    return mirror &&
      mirror.metadata.annotations?.[CONFIG_MIRROR] === pod.metadata.annotations?.[CONFIG_HASH]
      ? mirror
      : undefined;
  }

  originalOf(mirror: Pod, statics: Iterable<Pod>): Pod | undefined {
    return [...statics].find((p) => keyOf(p) === keyOf(mirror) && this.mirrorOf(p) === mirror);
  }

  /** Creates and deletes mirror pods in the API to match the static pods. */
  reconcile(statics: Iterable<Pod>): void {
    this.wanted = new Map([...statics].map((p) => [keyOf(p), p]));
    for (const key of new Set([...this.wanted.keys(), ...this.mirrors.keys()]))
      void this.settle(key);
  }

  /**
   * Takes steps until the API shows what is wanted. An event that arrives meanwhile is not lost,
   * because the state is looked at after each step; a step that failed is tried again.
   */
  private async settle(key: string): Promise<void> {
    const { client, clock, log, signal } = this;
    if (!client || this.busy.has(key)) return;
    this.busy.add(key);
    const again = warnOnce(log, `mirror pod ${key} not reconciled, will retry`);
    await retry({ clock, signal, wait: new Backoff(MIRROR_RETRY), again }, async () => {
      for (let step = this.next(key); step; step = this.next(key)) await step(client);
      this.busy.delete(key);
    }).catch(() => undefined);
  }

  /** The next step towards what is wanted; undefined: nothing is left to do. */
  private next(key: string): ((client: Client) => Promise<void>) | undefined {
    const [pod, mirror] = [this.wanted.get(key), this.mirrors.get(key)];
    if (!mirror) return pod && ((client) => this.create(client, pod));
    const isCurrent = pod && this.mirrorOf(pod) && !mirror.metadata.deletionTimestamp;
    return isCurrent ? undefined : (client) => this.remove(client, mirror);
  }

  private async create(client: Client, pod: Pod): Promise<void> {
    const { uid: _uid, resourceVersion: _version, ...metadata } = pod.metadata;
    const annotations = {
      ...pod.metadata.annotations,
      [CONFIG_MIRROR]: pod.metadata.annotations?.[CONFIG_HASH] ?? '',
    };
    const { nodeName, nodeUid: uid } = this;
    const owner = { apiVersion: 'v1', kind: 'Node', name: nodeName, controller: true };
    const mirror: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { ...metadata, annotations, ...(uid && { ownerReferences: [{ ...owner, uid }] }) },
      spec: { ...pod.spec, nodeName },
    };
    this.observe(await client.create(PODS, mirror));
  }

  /** Uid of the registered node, which owns its mirror pods. */
  nodeUid: string | undefined;

  private async remove(client: Client, mirror: Pod): Promise<void> {
    await deleteObject(client, PODS, mirror, { gracePeriodSeconds: 0 });
    this.forget(mirror);
  }
}
