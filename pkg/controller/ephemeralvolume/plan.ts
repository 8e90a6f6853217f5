// Decides which claims the ephemeral volumes of a pod lack. Pure.
import type { PersistentVolumeClaim, Pod } from '../../apis/core/v1/types.js';
import { PODS } from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { claimNameOf } from '../../component-helpers/pod-references.js';
import { foreignClaim } from '../../component-helpers/volumes.js';

export type EphemeralStep = { volume: string } & (
  | { claim: NewObject<PersistentVolumeClaim>; error?: undefined }
  | { claim?: undefined; error: string }
);

/** The steps in the order of the pod's volumes. */
export function planEphemeral(
  pod: Pod,
  known: (name: string) => PersistentVolumeClaim | undefined,
): EphemeralStep[] {
  if (pod.metadata.deletionTimestamp) return [];
  return (pod.spec.volumes ?? []).flatMap((volume): EphemeralStep[] => {
    const template = volume.ephemeral?.volumeClaimTemplate;
    if (!template) return [];
    const name = claimNameOf(pod, volume)!;
    const found = known(name);
    const error = found && foreignClaim(pod, found);
    if (error !== undefined) return [{ volume: volume.name, error }];
    if (found) return [];
    const { annotations, labels } = template.metadata ?? {};
    const claim: NewObject<PersistentVolumeClaim> = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name,
        namespace: pod.metadata.namespace ?? '',
        ...(annotations && { annotations }),
        ...(labels && { labels }),
        ownerReferences: [controllerReference(PODS, pod)],
      },
      spec: template.spec,
    };
    return [{ volume: volume.name, claim }];
  });
}
