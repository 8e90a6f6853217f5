// Persistent volumes, their claims and storage classes: which volume serves a claim, and what a
// binding writes (k8s.io/component-helpers/storage/volume/pv_helpers.go and .../ephemeral). Pure.
import { selectorFromLabelSelector } from '../apimachinery/labels/selector.js';
import { annotated, type ApiObject } from '../apimachinery/meta/object.js';
import { parseQuantity, type Quantity } from '../apimachinery/quantity/quantity.js';
import type {
  PersistentVolume,
  PersistentVolumeClaim,
  PersistentVolumeSpec,
  Pod,
  TopologySelectorTerm,
} from '../apis/core/v1/types.js';
import type { StorageClass } from '../apis/storage/v1/types.js';
import { getOrInsert } from '../util/map/get-or-insert.js';
import { compileNodeSelector, type NodeMatcher, type SelectableNode } from './node-selector.js';
import { controllerOf } from './owner-references.js';

/** The binding of a claim is complete: from then on a missing volume is lost data. */
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed';
/** The binding is the controller's, which may undo it; without the annotation it is the user's. */
export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller';
/** The provisioner that made a volume, and that removes its storage. */
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by';
/** The node that the scheduler has chosen for the pod of a claim that waits for it. */
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node';
/** The provisioner that is to make a volume for a claim, under its present and its older name. */
export const PROVISIONER = [
  'volume.kubernetes.io/storage-provisioner',
  'volume.beta.kubernetes.io/storage-provisioner',
];
/** Our provisioner of directories on nodes, and the folder of a node that holds them. */
export const LOCAL_PATH_PROVISIONER = 'wheelhouse.io/local-path';
export const LOCAL_PATH_ROOT = '/var/lib/local-path-provisioner';
const LOCAL_PATH = new RegExp(`^${LOCAL_PATH_ROOT}/(pvc-[^/]+)$`);
const STORAGE_CLASS = 'volume.beta.kubernetes.io/storage-class';
const DEFAULT_STORAGE_CLASS = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** The class of a volume or a claim; undefined when it names none, which differs from ''. */
export const namedStorageClass = ({
  metadata,
  spec,
}: PersistentVolume | PersistentVolumeClaim): string | undefined =>
  metadata.annotations?.[STORAGE_CLASS] ?? spec?.storageClassName;

export const storageClassOf = (object: PersistentVolume | PersistentVolumeClaim): string =>
  namedStorageClass(object) ?? '';

/**
 * Name of the object that is marked as the default: the newest of several, and the first by name of
 * equally old ones.
 */
export function defaultClassOf(
  classes: readonly ApiObject[],
  annotations: readonly string[] = DEFAULT_STORAGE_CLASS,
): string | undefined {
  return classes
    .filter(({ metadata }) =>
      annotations.some((annotation) => metadata.annotations?.[annotation] === 'true'),
    )
    .toSorted((a, b) => {
      const newer = (b.metadata.creationTimestamp ?? '').localeCompare(
        a.metadata.creationTimestamp ?? '',
      );
      return newer || a.metadata.name.localeCompare(b.metadata.name);
    })[0]?.metadata.name;
}

/** True when claims of the class are bound for the node of their first pod. */
export const waitsForConsumer = (storageClass: StorageClass | undefined): boolean =>
  storageClass?.volumeBindingMode === 'WaitForFirstConsumer';

export const isFullyBound = ({ metadata, spec }: PersistentVolumeClaim): boolean =>
  Boolean(spec.volumeName) && metadata.annotations?.[BIND_COMPLETED] !== undefined;

/** True when the volume is bound to the claim, or reserved for a claim of this name. */
export function isReservedFor(
  { spec: { claimRef } }: PersistentVolume,
  { metadata }: PersistentVolumeClaim,
): boolean {
  if (claimRef?.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/** The size of a volume, or the size that a claim asks for. */
export function storageOf({ spec }: PersistentVolume | PersistentVolumeClaim): Quantity {
  const claimed = 'resources' in spec ? spec.resources?.requests : undefined;
  const amounts = claimed ?? (spec as PersistentVolumeSpec).capacity;
  return parseQuantity(amounts?.['storage'] ?? '0');
}

const modeOf = ({ spec }: PersistentVolume | PersistentVolumeClaim): string =>
  spec.volumeMode ?? 'Filesystem';

/** Why the volume cannot serve a claim that names it; undefined when it can. */
export function mismatch(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): string | undefined {
  if (storageOf(volume).compare(storageOf(claim)) < 0) return 'requested PV is too small';
  if (storageClassOf(volume) !== storageClassOf(claim)) return 'storageClassName does not match';
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  return hasModes(volume, claim) ? undefined : 'incompatible accessMode';
}

export const sameVolumeMode = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  modeOf(volume) === modeOf(claim);

const hasModes = (volume: PersistentVolume, claim: PersistentVolumeClaim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => volume.spec.accessModes?.includes(mode));

/**
 * The volumes that can serve the claim, the best first: a reserved volume alone, otherwise those
 * with the fewest further access modes, then the smallest. `onlyReserved`: the scheduler chooses
 * among the others.
 */
export function volumesFor(
  claim: PersistentVolumeClaim,
  volumes: readonly PersistentVolume[],
  onlyReserved = false,
): PersistentVolume[] {
  const wanted = storageOf(claim);
  const large = (volume: PersistentVolume) => storageOf(volume).compare(wanted) >= 0;
  const usable = volumes.filter(
    (volume) =>
      !volume.metadata.deletionTimestamp &&
      sameVolumeMode(volume, claim) &&
      hasModes(volume, claim),
  );
  const reserved = usable.find((volume) => isReservedFor(volume, claim) && large(volume));
  if (reserved) return [reserved];
  if (onlyReserved) return [];
  const selector = claim.spec.selector && selectorFromLabelSelector(claim.spec.selector);
  const name = storageClassOf(claim);
  return usable
    .filter(
      (volume) =>
        volume.status?.phase === 'Available' &&
        !volume.spec.claimRef &&
        storageClassOf(volume) === name &&
        (!selector || selector.matches(volume.metadata.labels)) &&
        large(volume),
    )
    .map((volume) => ({ volume, size: storageOf(volume), modes: volume.spec.accessModes!.length }))
    .toSorted(
      (a, b) =>
        a.modes - b.modes ||
        a.size.compare(b.size) ||
        a.volume.metadata.name.localeCompare(b.volume.metadata.name),
    )
    .map(({ volume }) => volume);
}

/** The name below LOCAL_PATH_ROOT of a volume of our provisioner; undefined for other volumes. */
export const localPathName = ({ metadata, spec }: PersistentVolume): string | undefined =>
  metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH_PROVISIONER
    ? LOCAL_PATH.exec(spec.local?.path ?? '')?.[1]
    : undefined;

const affinities = new WeakMap<PersistentVolume, NodeMatcher>();

/** True when the volume can be reached from the node. */
export function isReachable(volume: PersistentVolume, node: SelectableNode): boolean {
  const required = volume.spec.nodeAffinity?.required;
  if (!required) return true;
  const matches = getOrInsert(affinities, volume, () => compileNodeSelector(required));
  return matches(node);
}

/** True when a class allows volumes for the node (v1helper.MatchTopologySelectorTerms). */
export function isAllowedTopology(
  terms: readonly TopologySelectorTerm[] | null | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (!terms?.length) return true;
  return terms.some(
    ({ matchLabelExpressions }) =>
      matchLabelExpressions?.length &&
      matchLabelExpressions.every(({ key, values }) => values?.includes(labels[key] ?? '')),
  );
}

/** The volume with its binding to the claim; the same object when it has that already. */
export function boundVolume(
  volume: PersistentVolume,
  claim: PersistentVolumeClaim,
): PersistentVolume {
  const reserved = isReservedFor(volume, claim);
  if (reserved && volume.spec.claimRef?.uid) return volume;
  const { name, namespace = '', resourceVersion = '', uid = '' } = claim.metadata;
  const claimRef = {
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    namespace,
    name,
    uid,
    resourceVersion,
  };
  const bound = { ...volume, spec: { ...volume.spec, claimRef } };
  return reserved ? bound : annotated(bound, { [BOUND_BY_CONTROLLER]: 'yes' });
}

/** The claim with its binding to the volume; the same object when it has that already. */
export function boundClaim(
  claim: PersistentVolumeClaim,
  { metadata: { name } }: PersistentVolume,
): PersistentVolumeClaim {
  if (isFullyBound(claim) && claim.spec.volumeName === name) return claim;
  const own = claim.spec.volumeName === name ? {} : { [BOUND_BY_CONTROLLER]: 'yes' };
  const bound = { ...claim, spec: { ...claim.spec, volumeName: name } };
  return annotated(bound, { ...own, [BIND_COMPLETED]: 'yes' });
}

/** Why the claim is not the one of the pod's ephemeral volume; undefined when it is. */
export function foreignClaim(pod: Pod, claim: PersistentVolumeClaim): string | undefined {
  const { name, namespace } = claim.metadata;
  return claim.metadata.namespace === pod.metadata.namespace &&
    controllerOf(claim)?.uid === pod.metadata.uid
    ? undefined
    : `PVC ${namespace}/${name} was not created for pod ${pod.metadata.namespace}/${pod.metadata.name} (pod is not owner)`;
}
