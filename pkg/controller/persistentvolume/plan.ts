// Decides the next step of a claim and of a volume (upstream: syncClaim and syncVolume of
// pkg/controller/volume/persistentvolume/pv_controller.go). A volume is written before its claim;
// after a crash between two writes the same step is decided again and finishes. Pure.
import type { Notice } from '../../client/event-recorder.js';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../apis/core/v1/types.js';
import type { StorageClass } from '../../apis/storage/v1/types.js';
import { claimNames } from '../../component-helpers/pod-references.js';
import { isPodTerminal } from '../../component-helpers/pods.js';
import {
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  defaultClassOf,
  isReservedFor,
  mismatch,
  namedStorageClass,
  PROVISIONED_BY,
  sameVolumeMode,
  SELECTED_NODE,
  storageClassOf,
  volumesFor,
  waitsForConsumer,
} from '../../component-helpers/volumes.js';

export type ClaimStep =
  | { do: 'bind'; volume: PersistentVolume }
  | { do: 'wait'; notice?: Notice; provisioner?: string }
  | { do: 'choose class'; name: string }
  /** The claim has a volume no more; `gone` names a volume that the cache does not show. */
  | { do: 'lose'; notice: Notice; gone?: string }
  | { do: 'fail'; error: string };

export interface ClaimSurroundings {
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  classes: readonly StorageClass[];
  /** Pods of the claim's namespace. */
  pods(): readonly Pod[];
}

const normal = (reason: string, message: string): Notice => ({ type: 'Normal', reason, message });
const warning = (reason: string, message: string): Notice => ({ type: 'Warning', reason, message });
const refOf = ({ spec: { claimRef } }: PersistentVolume): string =>
  `${claimRef?.namespace}/${claimRef?.name}`;

export function planClaim(claim: PersistentVolumeClaim, around: ClaimSurroundings): ClaimStep {
  const { annotations, deletionTimestamp, name, namespace } = claim.metadata;
  const completed = annotations?.[BIND_COMPLETED] !== undefined;
  const wanted = claim.spec.volumeName;
  if (!wanted) {
    if (!completed) return deletionTimestamp ? { do: 'wait' } : planUnbound(claim, around);
    const lost = 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!';
    return { do: 'lose', notice: warning('ClaimLost', lost) };
  }
  const volume = around.volume(wanted);
  if (completed) return planBound(claim, wanted, volume);
  if (!volume) return { do: 'wait' };
  if (isReservedFor(volume, claim)) return { do: 'bind', volume };
  if (volume.spec.claimRef) {
    if (annotations?.[BOUND_BY_CONTROLLER] !== undefined)
      return {
        do: 'fail',
        error: `invalid binding of claim "${namespace}/${name}" to volume "${wanted}": volume already claimed by "${refOf(volume)}"`,
      };
    const taken = `volume "${wanted}" already bound to a different claim.`;
    return { do: 'wait', notice: warning('FailedBinding', taken) };
  }
  const why = mismatch(volume, claim);
  if (!why) return { do: 'bind', volume };
  const message = `Cannot bind to requested volume "${wanted}": ${why}`;
  return { do: 'wait', notice: warning('VolumeMismatch', message) };
}

function planBound(
  claim: PersistentVolumeClaim,
  gone: string,
  volume: PersistentVolume | undefined,
): ClaimStep {
  if (!volume) {
    const lost = 'Bound claim has lost its PersistentVolume. Data on the volume is lost!';
    return { do: 'lose', notice: warning('ClaimLost', lost), gone };
  }
  const { claimRef } = volume.spec;
  if (!claimRef || claimRef.uid === claim.metadata.uid) return { do: 'bind', volume };
  const twice = 'Two claims are bound to the same volume, this one is bound incorrectly';
  return { do: 'lose', notice: warning('ClaimMisbound', twice) };
}

function planUnbound(claim: PersistentVolumeClaim, around: ClaimSurroundings): ClaimStep {
  const name = storageClassOf(claim);
  const storageClass = around.classes.find(({ metadata }) => metadata.name === name);
  const delayed = waitsForConsumer(storageClass);
  const [volume] = volumesFor(claim, around.volumes(), delayed);
  if (volume) return { do: 'bind', volume };
  if (namedStorageClass(claim) === undefined) {
    const byDefault = defaultClassOf(around.classes);
    if (byDefault) return { do: 'choose class', name: byDefault };
  }
  if (delayed && claim.metadata.annotations?.[SELECTED_NODE] === undefined)
    return { do: 'wait', notice: consumerNotice(claim, around.pods()) };
  if (!name) {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    return { do: 'wait', notice: normal('FailedBinding', message) };
  }
  return provision(name, storageClass?.provisioner);
}

function consumerNotice({ metadata }: PersistentVolumeClaim, pods: readonly Pod[]): Notice {
  const uses = (pod: Pod) => claimNames(pod).includes(metadata.name);
  const waiting = pods
    .filter((pod) => !pod.spec.nodeName && !isPodTerminal(pod) && uses(pod))
    .map((pod) => pod.metadata.name);
  const first = 'waiting for first consumer to be created before binding';
  if (!waiting.length) return normal('WaitForFirstConsumer', first);
  const noun = waiting.length > 1 ? 'pods' : 'pod';
  return normal('WaitForPodScheduled', `waiting for ${noun} ${waiting.join(',')} to be scheduled`);
}

function provision(name: string, provisioner: string | undefined): ClaimStep {
  const failed = (message: string): ClaimStep => ({
    do: 'wait',
    notice: warning('ProvisioningFailed', message),
  });
  if (!provisioner) return failed(`storageclass.storage.k8s.io "${name}" not found`);
  // Upstream's own plugins have this prefix; every other provisioner is another program.
  if (provisioner.startsWith('kubernetes.io/'))
    return failed(`no volume plugin matched name: ${provisioner}`);
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`;
  return { do: 'wait', provisioner, notice: normal('ExternalProvisioning', message) };
}

export type VolumeStep =
  | { do: 'phase'; phase: 'Available' | 'Bound' }
  /** The claim's own step finishes the binding. */
  | { do: 'leave to claim' }
  | { do: 'report mismatch'; notice: Notice }
  | { do: 'unbind' }
  | { do: 'reclaim' };

/** `claim` is the one that the volume's reference names, whatever its uid. */
export function planVolume(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim | undefined,
): VolumeStep {
  const { metadata, spec } = volume;
  if (!spec.claimRef?.uid) return { do: 'phase', phase: 'Available' };
  if (claim?.metadata.uid !== spec.claimRef.uid) return { do: 'reclaim' };
  if (!claim.spec.volumeName) {
    if (sameVolumeMode(volume, claim)) return { do: 'leave to claim' };
    const message = `Cannot bind PersistentVolume to requested PersistentVolumeClaim "${claim.metadata.name}" due to incompatible volumeMode.`;
    return { do: 'report mismatch', notice: warning('VolumeMismatch', message) };
  }
  if (claim.spec.volumeName === metadata.name) return { do: 'phase', phase: 'Bound' };
  const provisioned = metadata.annotations?.[PROVISIONED_BY] !== undefined;
  return provisioned && spec.persistentVolumeReclaimPolicy === 'Delete'
    ? { do: 'reclaim' }
    : { do: 'unbind' };
}

/**
 * Why nobody will reclaim a released volume; undefined when its user (Retain) or its provisioner
 * does.
 */
export function reclaimFailure({ metadata, spec }: PersistentVolume): Notice | undefined {
  const { persistentVolumeReclaimPolicy: policy = 'Retain' } = spec;
  if (policy === 'Retain') return undefined;
  if (policy === 'Recycle')
    return warning('VolumeFailedRecycle', 'No recycler plugin found for the volume!');
  const provisioner = metadata.annotations?.[PROVISIONED_BY] ?? '';
  if (provisioner && !provisioner.startsWith('kubernetes.io/')) return undefined;
  const name = JSON.stringify(metadata.name);
  const message = `error getting deleter volume plugin for volume ${name}: no deletable volume plugin matched`;
  return warning('VolumeFailedDelete', message);
}

/** The volume without its claim. A reservation that a user has made stays. */
export function unboundVolume(volume: PersistentVolume): PersistentVolume {
  const { metadata, spec } = volume;
  const { [BOUND_BY_CONTROLLER]: own, ...annotations } = metadata.annotations ?? {};
  const { claimRef, ...rest } = spec;
  if (own !== undefined) return { ...volume, metadata: { ...metadata, annotations }, spec: rest };
  const { uid: _uid, resourceVersion: _version, ...reservation } = claimRef!;
  return { ...volume, spec: { ...rest, claimRef: reservation } };
}
