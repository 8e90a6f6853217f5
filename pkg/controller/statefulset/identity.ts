// The stable identity of the pods of a stateful set: name, host name, claims (upstream:
// pkg/controller/statefulset/stateful_set_utils.go). Pure.
import type { StatefulSet } from '../../apis/apps/v1/types.js';
import type {
  PersistentVolumeClaim,
  Pod,
  PodTemplateSpec,
  Volume,
} from '../../apis/core/v1/types.js';
import { STATEFUL_SETS } from '../../apis/resource-types.js';
import type { NewObject } from '../../client/client.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { REVISION_HASH_LABEL } from '../runtime/history.js';
import { podFromTemplate } from '../runtime/pod-control.js';

export const POD_NAME_LABEL = 'statefulset.kubernetes.io/pod-name';
export const POD_INDEX_LABEL = 'apps.kubernetes.io/pod-index';

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;
export const replicasOf = ({ spec }: StatefulSet): number => spec.replicas ?? 1;
export const podName = (set: StatefulSet, ordinal: number): string =>
  `${set.metadata.name}-${ordinal}`;
/** The name of the revision that the pod was created from. */
export const revisionOfPod = ({ metadata }: Pod): string =>
  metadata.labels?.[REVISION_HASH_LABEL] ?? '';

/** Undefined for a pod whose name does not belong to the set. */
export function ordinalOf(
  set: StatefulSet,
  { metadata }: { metadata: { name?: string } },
): number | undefined {
  const [, parent, digits] = /^(.*)-(0|[1-9]\d*)$/.exec(metadata.name ?? '') ?? [];
  return parent === set.metadata.name ? Number(digits) : undefined;
}

export function claimsOf(set: StatefulSet, ordinal: number): NewObject<PersistentVolumeClaim>[] {
  const isOwned = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  const reference = controllerReference(STATEFUL_SETS, set);
  const owner = { ...reference, controller: false, blockOwnerDeletion: false };
  return (set.spec.volumeClaimTemplates ?? []).map(({ metadata, spec }) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(set, metadata.name, ordinal),
      namespace: set.metadata.namespace ?? '',
      labels: { ...metadata.labels, ...set.spec.selector.matchLabels },
      ...(metadata.annotations && { annotations: metadata.annotations }),
      ...(isOwned && { ownerReferences: [owner] }),
    },
    ...(spec && { spec }),
  })) as NewObject<PersistentVolumeClaim>[];
}

const claimName = (set: StatefulSet, template: string, ordinal: number): string =>
  `${template}-${podName(set, ordinal)}`;

function volumesOf(set: StatefulSet, template: PodTemplateSpec, ordinal: number): Volume[] {
  const claims = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }): Volume => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: claimName(set, metadata.name, ordinal) },
  }));
  const others = (template.spec?.volumes ?? []).filter(
    ({ name }) => !claims.some((claim) => claim.name === name),
  );
  return [...claims, ...others];
}

/** A pod from the template of a revision, which may be older than the set's own template. */
export function statefulPod(
  set: StatefulSet,
  template: PodTemplateSpec,
  revision: string,
  ordinal: number,
): NewObject<Pod> {
  const { metadata, spec, ...pod } = podFromTemplate(STATEFUL_SETS, set, template);
  const name = podName(set, ordinal);
  const volumes = volumesOf(set, template, ordinal);
  return {
    ...pod,
    metadata: {
      ...metadata,
      name,
      labels: {
        ...metadata.labels,
        [POD_NAME_LABEL]: name,
        [POD_INDEX_LABEL]: String(ordinal),
        [REVISION_HASH_LABEL]: revision,
      },
    },
    spec: {
      ...spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length && { volumes }),
    },
  };
}
