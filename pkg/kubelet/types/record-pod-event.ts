import type { Pod } from '../../apis/core/v1/types.js';

/** Records an event about a pod or one of its containers. Reasons and messages are upstream's. */
export type RecordPodEvent = (
  pod: Pod,
  container: string | undefined,
  type: 'Normal' | 'Warning',
  reason: string,
  message: string,
) => void;
