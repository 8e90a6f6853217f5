// Comparison of pod objects: the updates to which a worker must react. Pure.
import { jsonText } from '../../util/json/json-text.js';
import type { Pod } from '../../apis/core/v1/types.js';

/** Labels and annotations: the fields that downward API volumes show. */
export function sameMetadata(a: Pod, b: Pod): boolean {
  const of = ({ metadata }: Pod) => JSON.stringify([metadata.labels, metadata.annotations]);
  return of(a) === of(b);
}

/** Everything that the kubelet obeys. The status is left out: the kubelet writes it itself. */
export function sameDesiredState(a: Pod, b: Pod): boolean {
  const of = ({ spec, metadata, status }: Pod) =>
    jsonText([
      spec,
      metadata.deletionTimestamp,
      metadata.deletionGracePeriodSeconds,
      spec.readinessGates ? status?.conditions : undefined,
    ]);
  return sameMetadata(a, b) && of(a) === of(b);
}
