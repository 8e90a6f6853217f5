// Which replica set of a deployment is the new one, its name, revision and annotations. Pure
// (upstream: pkg/controller/deployment/util/deployment_util.go).
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import type { PodTemplateSpec } from '../../apis/core/v1/types.js';
import { REPLICA_SETS, DEPLOYMENTS } from '../../apis/resource-types.js';
import { apiVersionOf } from '../../apimachinery/meta/object.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import { equalJson } from '../runtime/equal.js';

export const HASH_LABEL = 'pod-template-hash';
export const REVISION_ANNOTATION = 'deployment.kubernetes.io/revision';
export const REVISION_HISTORY_ANNOTATION = 'deployment.kubernetes.io/revision-history';
export const DESIRED_ANNOTATION = 'deployment.kubernetes.io/desired-replicas';
export const MAX_ANNOTATION = 'deployment.kubernetes.io/max-replicas';

/** Not copied from a deployment to its replica sets. */
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

function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec {
  const labels = { ...template?.metadata?.labels };
  delete labels[HASH_LABEL];
  return {
    ...template,
    metadata: { ...template?.metadata, labels } as NonNullable<PodTemplateSpec['metadata']>,
  };
}

export function sameTemplate(
  a: PodTemplateSpec | undefined,
  b: PodTemplateSpec | undefined,
): boolean {
  return equalJson(withoutHash(a), withoutHash(b));
}

/** The oldest set with the deployment's template: of several the first keeps the name. */
export function findNew(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): ReplicaSet | undefined {
  return sets
    .toSorted(byCreation)
    .find((set) => sameTemplate(set.spec.template, deployment.spec.template));
}

export function revisionOf(set: { metadata: ReplicaSet['metadata'] }): number {
  return Number(set.metadata.annotations?.[REVISION_ANNOTATION] ?? 0) || 0;
}

/** FNV-1a over the template's canonical JSON, in the alphabet of generated names. */
export function templateHash(template: PodTemplateSpec, collisionCount: number): string {
  let hash = 0x811c9dc5;
  const text = canonical(withoutHash(template)) + (collisionCount ? `#${collisionCount}` : '');
  for (let i = 0; i < text.length; i++)
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
  return String(hash).replace(/./g, (digit) => alphabet[digit.charCodeAt(0) % alphabet.length]!);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join(',')}}`;
}

/** The annotations the new set should have: the deployment's, its revision, and the sizes. */
export function annotationsFor(
  deployment: Deployment,
  set: ReplicaSet | undefined,
  revision: number,
  maxReplicas: number,
): Record<string, string> {
  const had = set?.metadata.annotations ?? {};
  const copied = Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(
      ([key]) => !OWN_ANNOTATIONS.includes(key),
    ),
  );
  const before = set ? revisionOf(set) : 0;
  const past = (had[REVISION_HISTORY_ANNOTATION] ?? '').split(',').filter(Boolean);
  const history =
    before && before < revision && !past.includes(String(before))
      ? [...past, String(before)]
      : past;
  return {
    ...had,
    ...copied,
    ...sizeAnnotations(deployment, maxReplicas),
    [REVISION_ANNOTATION]: String(Math.max(before, revision)),
    ...(history.length ? { [REVISION_HISTORY_ANNOTATION]: history.join(',') } : {}),
  };
}

export function sizeAnnotations(
  deployment: Deployment,
  maxReplicas: number,
): Record<string, string> {
  return {
    [DESIRED_ANNOTATION]: String(deployment.spec.replicas ?? 1),
    [MAX_ANNOTATION]: String(maxReplicas),
  };
}

export function newReplicaSet(
  deployment: Deployment,
  replicas: number,
  annotations: Record<string, string>,
): ReplicaSet {
  const { collisionCount = 0 } = deployment.status ?? {};
  const { selector, template, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, collisionCount);
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash };
  return {
    apiVersion: apiVersionOf(REPLICA_SETS) as 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      ...(deployment.metadata.namespace ? { namespace: deployment.metadata.namespace } : {}),
      labels,
      annotations,
      ownerReferences: [controllerReference(DEPLOYMENTS, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels } as NonNullable<PodTemplateSpec['metadata']>,
      },
    },
  };
}
