// The controllers of a rolling update. Annotations hold its state, so that the same command goes on
// after an interruption (upstream v1.0: pkg/kubectl/rolling_updater.go). Pure.
import type { ReplicationController } from '../apis/core/v1/types.js';
import { fnv32a } from '../util/hash/fnv.js';

/** On the new controller: `NAME:UID` of the old one. */
export const SOURCE = 'kubectl.kubernetes.io/update-source-id';
/** On the new controller: the replicas that it shall have in the end. */
export const DESIRED = 'kubectl.kubernetes.io/desired-replicas';
/** On the old controller: the name of the new one. */
export const NEXT = 'kubectl.kubernetes.io/next-controller-id';

export const nameOf = ({ metadata }: ReplicationController): string => metadata.name;
export const replicasOf = ({ spec }: ReplicationController): number => spec.replicas ?? 1;
export const sourceOf = ({ metadata }: ReplicationController): string =>
  `${metadata.name}:${metadata.uid}`;
export const noteOf = ({ metadata }: ReplicationController, key: string): string | undefined =>
  metadata.annotations?.[key];
export const selectorOf = ({ spec }: ReplicationController): Record<string, string> =>
  spec.selector ?? spec.template?.metadata?.labels ?? {};

/** Some label that distinguishes two states of one controller. */
export const hashOf = ({ spec }: ReplicationController): string =>
  fnv32a(JSON.stringify(spec.template)).toString(16);

/** A controller to create, with the replicas it shall have in the end. */
export function newController(
  from: ReplicationController,
  name: string,
  annotations: Record<string, string> = {},
): ReplicationController {
  const { metadata, spec, apiVersion, kind } = from;
  const {
    [SOURCE]: _source,
    [DESIRED]: _desired,
    [NEXT]: _next,
    ...kept
  } = metadata.annotations ?? {};
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: metadata.namespace,
      labels: metadata.labels,
      annotations: { ...kept, ...annotations },
    },
    spec,
  } as ReplicationController;
}

/**
 * The old controller with another image. A label of its pods, with a hash as its value, tells them
 * from the old ones.
 */
export function withImage(
  old: ReplicationController,
  name: string | undefined,
  image: string,
  label: string,
): ReplicationController {
  const { template } = old.spec;
  const containers = template?.spec?.containers ?? [];
  if (containers.length !== 1)
    throw new Error('Image update is not supported for multi-container pods');
  if (containers[0]!.image === image)
    throw new Error('Specified --image must be distinct from existing container image');
  const changed = { ...template!.spec!, containers: [{ ...containers[0]!, image }] };
  const hash = hashOf({ ...old, spec: { ...old.spec, template: { ...template!, spec: changed } } });
  const labels = { ...template!.metadata?.labels, [label]: hash };
  const spec = {
    ...old.spec,
    selector: { ...selectorOf(old), [label]: hash },
    template: { metadata: { ...template!.metadata!, labels }, spec: changed },
  };
  return newController({ ...old, spec }, name ?? `${nameOf(old)}-${hash}`);
}

/** True when some label has one value in all pods of the one, and another in those of the other. */
export function areApart(old: ReplicationController, next: ReplicationController): boolean {
  const [a, b] = [selectorOf(old), selectorOf(next)];
  return Object.keys(a).some((key) => b[key] !== undefined && b[key] !== a[key]);
}

/** Scaled and, when `isReady` counts, with every pod ready. */
export function isScaled(controller: ReplicationController, isReady: boolean): boolean {
  const { metadata, status } = controller;
  const wanted = replicasOf(controller);
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    status?.replicas === wanted &&
    (!isReady || (status.readyReplicas ?? 0) === wanted)
  );
}
