// persistentvolume-binder-controller: binds claims and volumes to each other (upstream:
// pkg/controller/volume/persistentvolume). One worker: two claims must not choose one volume. Every
// write carries the version that the decision has read, so that a volume is bound once even when
// two controllers decide. Before a claim counts as lost, and before a volume counts as released,
// the API is asked, not only the cache: neither can be taken back.
import { annotated, keyOf } from '../../apimachinery/meta/object.js';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeClaimStatus,
} from '../../apis/core/v1/types.js';
import {
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../../apis/resource-types.js';
import type { Notice } from '../../client/event-recorder.js';
import { Newest } from '../../client/newest.js';
import {
  BIND_COMPLETED,
  boundClaim,
  boundVolume,
  PROVISIONER,
  storageClassOf,
} from '../../component-helpers/volumes.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import {
  watch,
  type Controller,
  type ControllerContext,
  type ReconcileResult,
} from '../runtime/controller.js';
import { ignoreNotFound } from '../../client/requests.js';
import { planClaim, planVolume, reclaimFailure, unboundVolume } from './plan.js';

const FAILED = 'Failed';
const STATUS = { subresource: 'status' };
const CLASS_INDEX = 'pending class';

const claimKey = (name: string): string => `claim:${name}`;
const volumeKey = (name: string): string => `volume:${name}`;

export function createVolumeBinder(
  context: ControllerContext,
  { pvclaimbinderSyncPeriod }: { pvclaimbinderSyncPeriod: number },
): Controller {
  const { informers } = context;
  const claimInformer = informers.informer(PERSISTENT_VOLUME_CLAIMS);
  const volumeInformer = informers.informer(PERSISTENT_VOLUMES);
  const classInformer = informers.informer(STORAGE_CLASSES);
  const pods = informers.informer(PODS);
  claimInformer.addIndexers({
    [CLASS_INDEX]: (claim) =>
      claim.metadata.annotations?.[BIND_COMPLETED] === undefined ? [storageClassOf(claim)] : [],
  });
  const claims = new Newest(claimInformer.store);
  const volumes = new Newest(volumeInformer.store);
  const pending = (name: string) =>
    claimInformer.store.byIndex(CLASS_INDEX, name).map((claim) => claimKey(keyOf(claim)));
  const binder = createWrites(context, claims, volumes);
  const around = (claim: PersistentVolumeClaim) => ({
    volume: (name: string) => volumes.get(name),
    volumes: () => volumes.list(),
    classes: classInformer.store.list(),
    pods: () => pods.store.byIndex('namespace', claim.metadata.namespace ?? ''),
  });
  const later: ReconcileResult = { requeueAfterMs: pvclaimbinderSyncPeriod };

  async function syncClaim(key: string): Promise<ReconcileResult> {
    const claim = claims.get(key);
    if (!claim) return;
    const step = planClaim(claim, around(claim));
    if (step.do === 'fail') throw new Error(step.error);
    if (step.do === 'bind') return binder.bind(claim, step.volume);
    if (step.do === 'choose class') {
      const spec = { ...claim.spec, storageClassName: step.name };
      return void (await binder.writeClaim({ ...claim, spec }));
    }
    if (step.do === 'lose') return binder.lose(claim, step.notice, step.gone);
    if (step.provisioner) await binder.name(claim, step.provisioner);
    if (step.notice) binder.tell(claim, step.notice);
    await binder.claimStatus(claims.get(key) ?? claim, 'Pending');
    return later;
  }

  async function syncVolume(name: string): Promise<ReconcileResult> {
    const volume = volumes.get(name);
    if (!volume) return;
    const { claimRef } = volume.spec;
    const key = `${claimRef?.namespace}/${claimRef?.name}`;
    let claim = claims.get(key);
    if (claimRef?.uid && claim?.metadata.uid !== claimRef.uid) claim = await binder.readClaim(key);
    const step = planVolume(volume, claim);
    if (step.do === 'phase') return void (await binder.phase(volume, step.phase));
    if (step.do === 'leave to claim') return syncClaim(key);
    if (step.do === 'unbind') return binder.unbind(volume);
    if (step.do === 'reclaim') return binder.reclaim(volume);
    binder.tell(volume, step.notice);
    if (claim) binder.tell(claim, step.notice);
    return later;
  }

  return {
    watches: [
      watch(claimInformer, (claim, _old, change) => [
        ...(change === 'deleted' ? [] : [claimKey(keyOf(claim))]),
        // The end of a claim releases its volume.
        ...(claim.spec.volumeName ? [volumeKey(claim.spec.volumeName)] : []),
      ]),
      watch(volumeInformer, (volume, _old, change) => {
        const { claimRef } = volume.spec;
        const owner = claimRef ? [claimKey(`${claimRef.namespace}/${claimRef.name}`)] : [];
        if (change === 'deleted') return owner;
        const free = volume.status?.phase === 'Available' && !claimRef;
        return [
          volumeKey(volume.metadata.name),
          ...owner,
          ...(free ? pending(storageClassOf(volume)) : []),
        ];
      }),
      watch(classInformer, ({ metadata }) => [...pending(metadata.name), ...pending('')]),
      // Only their caches are used.
      watch(pods, () => []),
    ],
    reconcile(key) {
      const at = key.indexOf(':');
      const name = key.slice(at + 1);
      return key.startsWith('claim:') ? syncClaim(name) : syncVolume(name);
    },
  };
}

/** The writes of the controller. Each is left out when the object is right already. */
function createWrites(
  context: ControllerContext,
  claims: Newest<PersistentVolumeClaim>,
  volumes: Newest<PersistentVolume>,
) {
  const { client } = context;
  const recorder = context.events('persistentvolume-controller');
  const tell = (about: PersistentVolume | PersistentVolumeClaim, notice: Notice): void =>
    recorder.event(about, notice.type, notice.reason, notice.message);

  const writeClaim = async (claim: PersistentVolumeClaim) =>
    claims.wrote(await client.update(PERSISTENT_VOLUME_CLAIMS, claim));

  const writeVolume = async (volume: PersistentVolume) =>
    volumes.wrote(await client.update(PERSISTENT_VOLUMES, volume));

  async function phase(
    volume: PersistentVolume,
    wanted: string,
    notice?: Notice,
  ): Promise<PersistentVolume> {
    if (volume.status?.phase === wanted) return volume;
    const { message: _old, ...status } = volume.status ?? {};
    const next = {
      ...volume,
      status: { ...status, phase: wanted, ...(notice && { message: notice.message }) },
    };
    const written = await client.update(PERSISTENT_VOLUMES, next, STATUS);
    if (notice) tell(written, notice);
    return volumes.wrote(written);
  }

  async function claimStatus(
    claim: PersistentVolumeClaim,
    wanted: string,
    volume?: PersistentVolume,
  ): Promise<PersistentVolumeClaim> {
    const { accessModes: _modes, capacity, ...rest } = claim.status ?? {};
    // The size of a bound claim may differ from its volume's: its file system may be smaller.
    const size = claim.status?.phase === wanted ? capacity : volume?.spec.capacity;
    const status: PersistentVolumeClaimStatus = {
      ...rest,
      phase: wanted,
      ...(volume?.spec.accessModes && { accessModes: volume.spec.accessModes }),
      ...(volume && size && { capacity: size }),
    };
    if (equalJson(status, claim.status)) return claim;
    return claims.wrote(
      await client.update(PERSISTENT_VOLUME_CLAIMS, { ...claim, status }, STATUS),
    );
  }

  async function bind(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    const reserved = boundVolume(volume, claim);
    await phase(reserved === volume ? volume : await writeVolume(reserved), 'Bound');
    const next = boundClaim(claim, volume);
    const bound = next === claim ? claim : await writeClaim(next);
    await claimStatus(bound, 'Bound', volume);
  }

  return {
    bind,
    claimStatus,
    phase,
    tell,
    writeClaim,
    readClaim: (key: string) => {
      const [namespace = '', name = ''] = key.split('/');
      return client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name }).catch(ignoreNotFound);
    },
    /** Names the provisioner that is to make a volume for the claim. */
    async name(claim: PersistentVolumeClaim, provisioner: string) {
      const named = PROVISIONER.map((annotation) => [annotation, provisioner]);
      const next = annotated(claim, Object.fromEntries(named));
      if (next !== claim) await writeClaim(next);
    },
    async lose(
      claim: PersistentVolumeClaim,
      notice: Notice,
      gone: string | undefined,
    ): Promise<void> {
      if (claim.status?.phase === 'Lost') return;
      if (gone) {
        const isThere = await client.get(PERSISTENT_VOLUMES, { name: gone }).catch(ignoreNotFound);
        if (isThere) throw new Error(`the cache does not show volume ${gone} yet`);
      }
      tell(await claimStatus(claim, 'Lost'), notice);
    },
    async unbind(volume: PersistentVolume): Promise<void> {
      await phase(await writeVolume(unboundVolume(volume)), 'Available');
    },
    /** A provisioner that removes the storage of released volumes deletes the volume too. */
    async reclaim(volume: PersistentVolume): Promise<void> {
      const isFailed = volume.status?.phase === FAILED;
      const released = isFailed ? volume : await phase(volume, 'Released');
      const failure = reclaimFailure(volume);
      if (failure) await phase(released, FAILED, failure);
    },
  };
}
