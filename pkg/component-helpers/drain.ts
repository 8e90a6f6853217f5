// Pods of a node that is drained (kubectl pkg/drain/filters.go). Pure.
import type { Pod } from '../apis/core/v1/types.js';
import { MIRROR_ANNOTATION } from '../apis/core/v1/validation/pod-annotations.js';
import { controllerOf } from './owner-references.js';
import { isPodActive } from './pods.js';

/** The pod stays: its kubelet or its daemon set would start it again at once. */
export const outlastsDrain = (pod: Pod): boolean =>
  pod.metadata.annotations?.[MIRROR_ANNOTATION] !== undefined ||
  controllerOf(pod)?.kind === 'DaemonSet';

/** No controller starts the pod again elsewhere. */
export const isLostByDrain = (pod: Pod): boolean => !controllerOf(pod) && isPodActive(pod);
