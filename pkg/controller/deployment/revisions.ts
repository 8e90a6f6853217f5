// The new replica set of a deployment: its name, revision and annotations. Pure
// (upstream: pkg/controller/deployment/util/deployment_util.go).
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import type { PodTemplateSpec } from '../../apis/core/v1/types.js';
import { REPLICA_SETS, DEPLOYMENTS } from '../../apis/resource-types.js';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import { maxInt64, parseInt64 } from '../../util/int64/int64.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { equalIgnoringHash, TEMPLATE_HASH_LABEL, templateHash } from '../runtime/template-hash.js';

export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY_ANNOTATION = 'deployment.kubernetes.io/revision-history';
export const DESIRED_ANNOTATION = 'deployment.kubernetes.io/desired-replicas';
export const MAX_ANNOTATION = 'deployment.kubernetes.io/max-replicas';

/** Annotations that are not copied from a deployment to its replica sets. */
const OWN_ANNOTATIONS: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION_ANNOTATION,
  REVISION_HISTORY_ANNOTATION,
  DESIRED_ANNOTATION,
  MAX_ANNOTATION,
  'deprecated.deployment.rollback.to',
];

export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return a.metadata.name < b.metadata.name ? -1 : 1;
}

/** The oldest set with the deployment's template (FindNewReplicaSet). */
export function findNew(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return sets
    .toSorted(byCreation)
    .find((set) => equalIgnoringHash(set.spec.template, deployment.spec.template));
}

/** 0 without a revision. Other tools number revisions beyond 2^53. */
export const revisionOf = (set: { metadata: ReplicaSet['metadata'] }): bigint =>
  parseInt64(set.metadata.annotations?.[REVISION_ANNOTATION] ?? '') ?? 0n;

/** The annotations of the new set: the deployment's annotations, the revision, and the sizes. */
export function annotationsFor(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: bigint,
  maxReplicas: number,
): Record<string, string> {
  const had = set?.metadata.annotations ?? {};
  const copied = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(
      ([key]) => !OWN_ANNOTATIONS.includes(key),
    ),
  );
  const before = set ? revisionOf(set) : 0n;
  const past = (had[REVISION_HISTORY_ANNOTATION] ?? '').split(',').filter(Boolean);
  const history =
    before && before < revision && !past.includes(String(before))
      ? [...past, String(before)]
      : past;
  return {
    ...had,
    ...copied,
    ...sizeAnnotations(deployment, maxReplicas),
    [REVISION_ANNOTATION]: String(maxInt64(before, revision)),
    ...(history.length && { [REVISION_HISTORY_ANNOTATION]: history.join(',') }),
  };
}

export const sizeAnnotations = (
  deployment: Deployment,
  maxReplicas: number,
): Record<string, string> => ({
  [DESIRED_ANNOTATION]: String(deployment.spec.replicas ?? 1),
  [MAX_ANNOTATION]: String(maxReplicas),
});

export function newReplicaSet(
  deployment: Deployment,
  replicas: number,
  annotations: Record<string, string>,
): ReplicaSet {
  const { collisionCount = 0 } = deployment.status ?? {};
  const { selector, template, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, collisionCount);
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash };
  return {
    apiVersion: apiVersionOf(REPLICA_SETS) as 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace && { namespace: deployment.metadata.namespace }),
      labels,
      annotations,
      ownerReferences: [controllerReference(DEPLOYMENTS, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds && { minReadySeconds }),
      selector: {
        ...selector,
        matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash },
      },
      template: {
        ...template,
        metadata: { ...template.metadata, labels } as NonNullable<PodTemplateSpec['metadata']>,
      },
    },
  };
}
