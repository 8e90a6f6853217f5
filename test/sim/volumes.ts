// Volumes and claims: the invariants of every moment, and the conditions at rest.
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../pkg/apis/core/v1/types.js';
import { isFinished, nameOf, type AnyObject, type Change, type Model } from './model.js';

/** Two classes: their volumes go with their claims, or stay until a user deletes them. */
export const LOCAL_CLASSES = ['Delete', 'Retain'].map((reclaimPolicy) => ({
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: reclaimPolicy.toLowerCase() },
  provisioner: 'wheelhouse.io/local-path',
  volumeBindingMode: 'WaitForFirstConsumer',
  reclaimPolicy,
}));

const claimsOf = (pod: Pod): string[] =>
  (pod.spec.volumes ?? []).flatMap((one) => one.persistentVolumeClaim?.claimName ?? []);

const isIn = (namespace: string | undefined) => (one: AnyObject) =>
  one.metadata.namespace === namespace;

/** True when a pod names the claim, wherever the pod is. */
export const isUsed = (model: Model, { metadata }: AnyObject): boolean =>
  model
    .all<Pod>('Pod')
    .filter(isIn(metadata.namespace))
    .some((pod) => claimsOf(pod).includes(metadata.name));

const judges: Record<string, (model: Model, change: Change) => string | undefined> = {
  PersistentVolume(model, { object, previous }) {
    const [now, before] = [object, previous] as (PersistentVolume | undefined)[];
    const uid = before?.spec.claimRef?.uid;
    if (!before || !uid) return undefined;
    const next = now?.spec.claimRef?.uid;
    if (now && next && next !== uid) return `${nameOf(before)} went from one claim to another`;
    const claim = model.uid(uid) as PersistentVolumeClaim | undefined;
    if (claim?.spec.volumeName !== before.metadata.name || next === uid) return undefined;
    return `${nameOf(before)} left ${nameOf(claim)}, which still has it`;
  },
  PersistentVolumeClaim(model, { object, previous }) {
    const [now, before] = [object, previous] as (PersistentVolumeClaim | undefined)[];
    if (!now) return undefined;
    if (now.status?.phase === 'Lost') return `${nameOf(now)} is lost`;
    const name = now.spec.volumeName;
    const isSame = before?.metadata.uid === now.metadata.uid;
    if (before && isSame && (before.spec.volumeName ?? name) !== name)
      return `${nameOf(now)} went from volume ${before.spec.volumeName} to ${name}`;
    const other = model
      .all<PersistentVolumeClaim>('PersistentVolumeClaim')
      .find((one) => name && one.spec.volumeName === name && one.metadata.uid !== now.metadata.uid);
    return other && `${nameOf(now)} and ${nameOf(other)} share ${name}`;
  },
  Pod(model, { object }) {
    const pod = object as Pod | undefined;
    const claims = pod?.spec.nodeName && !isFinished(pod) ? claimsOf(pod) : [];
    if (!claims.length) return undefined;
    const other = model
      .all<Pod>('Pod')
      .filter(isIn(pod!.metadata.namespace))
      .find(
        (one) =>
          (one.spec.nodeName ?? pod!.spec.nodeName) !== pod!.spec.nodeName &&
          !isFinished(one) &&
          claimsOf(one).some((name) => claims.includes(name)),
      );
    return other && `${nameOf(pod!)} and ${nameOf(other)} use one claim on two nodes`;
  },
};

export function judgeVolumes(model: Model, change: Change): string | undefined {
  return judges[(change.object ?? change.previous)!.kind]?.(model, change);
}

/** At rest the claims of pods are bound, and volumes are bound or released. */
export function unfinishedVolumes(model: Model): string[] {
  const waiting = model
    .all<PersistentVolumeClaim>('PersistentVolumeClaim')
    .filter((claim) => claim.status?.phase !== 'Bound' && isUsed(model, claim))
    .map((claim) => `${nameOf(claim)} is ${claim.status?.phase}`);
  const loose = model
    .all<PersistentVolume>('PersistentVolume')
    .filter(({ spec, status }) =>
      spec.persistentVolumeReclaimPolicy === 'Retain'
        ? !['Bound', 'Released'].includes(status?.phase ?? '')
        : status?.phase !== 'Bound',
    )
    .map((volume) => `${nameOf(volume)} is ${volume.status?.phase}`);
  return [...waiting, ...loose];
}
