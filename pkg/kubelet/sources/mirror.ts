// Mirror pods represent static pods in the API. The kubelet creates them and ignores changes to
// them; a deleted mirror pod is created again. No Node API.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Pod } from '../../apis/core/v1/types.js';
import { PODS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import type { Log } from '../../util/env/env.js';
import { CONFIG_HASH, CONFIG_MIRROR } from '../types/labels.js';

export class MirrorPods {
  /** By namespace/name. */
  private readonly mirrors = new Map<string, Pod>();
  private readonly busy = new Set<string>();

  constructor(
    private readonly client: Client | undefined,
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
    if (!this.client) return;
    const wanted = new Map([...statics].map((p) => [keyOf(p), p]));
    for (const [key, pod] of wanted) {
      const mirror = this.mirrors.get(key);
      if (mirror && this.mirrorOf(pod) && !mirror.metadata.deletionTimestamp) continue;
      this.once(key, async (client) => {
        if (mirror) await this.remove(client, mirror);
        else await this.create(client, pod);
      });
    }
    for (const [key, mirror] of this.mirrors)
      if (!wanted.has(key)) this.once(key, (client) => this.remove(client, mirror));
  }

  private once(key: string, work: (client: Client) => Promise<void>): void {
    if (this.busy.has(key) || this.signal.aborted) return;
    this.busy.add(key);
    work(this.client!)
      .catch((error: unknown) => this.log.warn('mirror pod not reconciled', { pod: key, error }))
      .finally(() => this.busy.delete(key));
  }

  private async create(client: Client, pod: Pod): Promise<void> {
    const { uid: _uid, resourceVersion: _version, ...metadata } = pod.metadata;
    const annotations = {
      ...pod.metadata.annotations,
      [CONFIG_MIRROR]: pod.metadata.annotations?.[CONFIG_HASH] ?? '',
    };
    const owner = this.nodeUid && {
      apiVersion: 'v1',
      kind: 'Node',
      name: this.nodeName,
      uid: this.nodeUid,
      controller: true,
    };
    try {
      const mirror = await client.create(
        PODS,
        {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...metadata, annotations, ...(owner ? { ownerReferences: [owner] } : {}) },
          spec: { ...pod.spec, nodeName: this.nodeName },
        },
        { signal: this.signal },
      );
      this.observe(mirror);
    } catch (error) {
      if (!isReason(error, 'AlreadyExists')) throw error;
    }
  }

  /** Uid of the registered node, which owns its mirror pods. */
  nodeUid: string | undefined;

  private async remove(client: Client, mirror: Pod): Promise<void> {
    const key = { namespace: mirror.metadata.namespace ?? 'default', name: mirror.metadata.name };
    try {
      await client.delete(PODS, key, {
        gracePeriodSeconds: 0,
        preconditions: { uid: mirror.metadata.uid! },
        signal: this.signal,
      });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
    this.forget(mirror);
  }
}
