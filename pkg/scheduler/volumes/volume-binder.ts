// The volumes, claims and classes that the scheduler sees, and what a pod writes to them before it
// is bound (upstream: Reserve and PreBind of plugins/volumebinding).
//
// Invariant: from the decision on, a volume counts as taken and a claim as placed, so that no other
// pod takes the volume. A failure before the write takes that back; after the write the API tells.
import type { PersistentVolume, PersistentVolumeClaim } from '../../apis/core/v1/types.js';
import {
  CSINODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  STORAGE_CLASSES,
} from '../../apis/resource-types.js';
import { annotated, keyOf } from '../../apimachinery/meta/object.js';
import type { Client } from '../../client/client.js';
import type { InformerFactory } from '../../client/informer.js';
import { Newest } from '../../client/newest.js';
import {
  boundVolume,
  isFullyBound,
  isReachable,
  SELECTED_NODE,
  storageClassOf,
} from '../../component-helpers/volumes.js';
import type { Clock } from '../../util/env/env.js';
import { within } from '../../util/wait/abortable.js';
import type { ClusterEvent } from '../framework/framework.js';
import type { NodeInfo } from '../framework/node-info.js';
import type { PodInfo } from '../framework/pod-info.js';
import type { VolumeLister } from '../framework/snapshot.js';
import { BIND_TIMEOUT_MS } from '../limits.js';
import { preparePlacement } from './placement.js';

const CLASS_INDEX = 'class';

/** The writes of a pod, and the keys of the claims that a provisioner then serves. */
export interface Reservation {
  volumes: PersistentVolume[];
  claims: PersistentVolumeClaim[];
  provisioned: ReadonlySet<string>;
}

export class VolumeBinder {
  readonly lister: VolumeLister;
  private readonly volumes: Newest<PersistentVolume>;
  private readonly claims: Newest<PersistentVolumeClaim>;
  /** Volumes and claims as pods that are being bound will write them. */
  private readonly planned = {
    volumes: new Map<string, PersistentVolume>(),
    claims: new Map<string, PersistentVolumeClaim>(),
  };
  /** The checks of waiting pods by the claims that they wait for. */
  private readonly waiting = new Map<string, Set<() => void>>();

  constructor(
    private readonly client: Client,
    informers: InformerFactory,
    changed: (event: ClusterEvent) => void,
  ) {
    const volumes = informers.informer(PERSISTENT_VOLUMES);
    const claims = informers.informer(PERSISTENT_VOLUME_CLAIMS);
    const classes = informers.informer(STORAGE_CLASSES);
    const csiNodes = informers.informer(CSINODES);
    volumes.addIndexers({ [CLASS_INDEX]: (volume) => [storageClassOf(volume)] });
    this.volumes = new Newest(volumes.store);
    this.claims = new Newest(claims.store);
    const volume = (name: string) => this.planned.volumes.get(name) ?? this.volumes.get(name);
    this.lister = {
      claim: (key) => this.planned.claims.get(key) ?? this.claims.get(key),
      volume,
      volumesOf: (name) =>
        volumes.store.byIndex(CLASS_INDEX, name).flatMap((one) => volume(keyOf(one)) ?? []),
      storageClass: (name) => classes.store.get(name),
      csiNode: (name) => csiNodes.store.get(name),
    };
    const tell = <T>(event: ClusterEvent, claimOf: (object: T) => string = () => '') => {
      const on = (object: T) => {
        changed(event);
        this.recheck(claimOf(object));
      };
      return { added: on, updated: on, deleted: on };
    };
    volumes.addHandler(
      tell('VolumeChanged', ({ spec: { claimRef } }) => `${claimRef?.namespace}/${claimRef?.name}`),
    );
    claims.addHandler(tell('ClaimChanged', keyOf));
    classes.addHandler(tell('StorageClassChanged'));
    csiNodes.addHandler(tell('CsiNodeChanged'));
  }

  private recheck(claim: string): void {
    for (const check of this.waiting.get(claim) ?? []) check();
  }

  /** Ends the waits for a node that is gone. */
  nodeDeleted(): void {
    for (const claim of this.waiting.keys()) this.recheck(claim);
  }

  /** Takes what the pod needs on the node that was decided on. */
  reserve(pod: PodInfo, node: NodeInfo): Reservation {
    const judge = preparePlacement(pod, this.lister);
    const found = typeof judge === 'string' ? [judge] : judge(node);
    if (Array.isArray(found)) throw new Error(found.join(', '));
    const volumes = found.bindings
      .map(({ volume, claim }) => boundVolume(volume, claim))
      .filter((next, at) => next !== found.bindings[at]!.volume);
    const claims = found.provisions
      .map((claim) => annotated(claim, { [SELECTED_NODE]: node.name }))
      .filter((next, at) => next !== found.provisions[at]);
    for (const volume of volumes) this.planned.volumes.set(keyOf(volume), volume);
    for (const claim of claims) this.planned.claims.set(keyOf(claim), claim);
    return { volumes, claims, provisioned: new Set(found.provisions.map(keyOf)) };
  }

  /** Ends the plans of the pod. It does not end those that another pod has made since. */
  release({ volumes, claims }: Reservation): void {
    const { planned } = this;
    for (const volume of volumes)
      if (planned.volumes.get(keyOf(volume)) === volume) planned.volumes.delete(keyOf(volume));
    for (const claim of claims)
      if (planned.claims.get(keyOf(claim)) === claim) planned.claims.delete(keyOf(claim));
  }

  /** Writes with the versions that the decision has read: a lost race is a conflict. */
  async write(reservation: Reservation, signal: AbortSignal): Promise<void> {
    for (const volume of reservation.volumes)
      this.volumes.wrote(await this.client.update(PERSISTENT_VOLUMES, volume, { signal }));
    for (const claim of reservation.claims)
      this.claims.wrote(await this.client.update(PERSISTENT_VOLUME_CLAIMS, claim, { signal }));
    this.release(reservation);
  }

  /** Resolves when every claim of the pod is bound to a volume that the node reaches. */
  async wait(
    { claims }: PodInfo,
    { provisioned }: Reservation,
    node: () => NodeInfo | undefined,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<void> {
    let check = () => {};
    const bound = new Promise<void>((resolve, reject) => {
      check = () => {
        try {
          if (claims.every((key) => this.isBound(key, provisioned, node()))) resolve();
        } catch (error) {
          reject(error as Error);
        }
      };
    });
    for (const key of claims)
      this.waiting.set(key, (this.waiting.get(key) ?? new Set()).add(check));
    check();
    try {
      await within(clock, BIND_TIMEOUT_MS, 'context deadline exceeded', bound, signal);
    } finally {
      for (const key of claims) {
        const checks = this.waiting.get(key);
        checks?.delete(check);
        if (!checks?.size) this.waiting.delete(key);
      }
    }
  }

  private isBound(key: string, provisioned: ReadonlySet<string>, at: NodeInfo | undefined) {
    const claim = this.claims.get(key);
    const quoted = JSON.stringify(key.slice(key.indexOf('/') + 1));
    if (!at) throw new Error('the node is gone');
    if (!claim) throw new Error(`persistentvolumeclaim ${quoted} not found`);
    if (!isFullyBound(claim)) {
      // A provisioner that cannot serve the node removes the annotation.
      if (provisioned.has(key) && claim.metadata.annotations?.[SELECTED_NODE] !== at.name)
        throw new Error(`provisioning failed for PVC ${quoted}`);
      return false;
    }
    const volume = this.volumes.get(claim.spec.volumeName!);
    if (volume && !isReachable(volume, at.node))
      throw new Error(`pv ${volume.metadata.name} node affinity doesn't match node ${at.name}`);
    return volume !== undefined;
  }
}
