// Decides about the finalizers that keep a claim while a pod uses it and a volume while it is bound
// (upstream: pkg/controller/volume/{pvcprotection,pvprotection}). Pure.
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { PersistentVolume, Pod } from '../../apis/core/v1/types.js';
import { claimNames } from '../../component-helpers/pod-references.js';
import { isPodTerminal } from '../../component-helpers/pods.js';

export const PVC_FINALIZER = 'kubernetes.io/pvc-protection';
export const PV_FINALIZER = 'kubernetes.io/pv-protection';

export type ProtectionStep = 'add' | 'remove' | 'none';

export function planProtection(
  object: ApiObject,
  finalizer: string,
  isUsed: () => boolean,
): ProtectionStep {
  const { deletionTimestamp, finalizers } = object.metadata;
  const held = finalizers?.includes(finalizer) ?? false;
  if (deletionTimestamp === undefined) return held ? 'none' : 'add';
  return held && !isUsed() ? 'remove' : 'none';
}

export function protectedObject<T extends ApiObject>(
  object: T,
  finalizer: string,
  step: Exclude<ProtectionStep, 'none'>,
): T {
  const others = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  const finalizers = step === 'add' ? [...others, finalizer] : others;
  return { ...object, metadata: { ...object.metadata, finalizers } };
}

/**
 * A pod without a node does not count: no kubelet will start it with a claim that is being deleted.
 */
export const usesClaim = (pod: Pod, claim: string): boolean =>
  Boolean(pod.spec.nodeName) && !isPodTerminal(pod) && claimNames(pod).includes(claim);

export const isBound = ({ status }: PersistentVolume): boolean => status?.phase === 'Bound';
