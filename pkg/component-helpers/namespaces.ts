// Questions about namespaces. Pure.
import type { Namespace } from '../apis/core/v1/types.js';

/** True while the namespace is being deleted: nothing new is created there. */
export const isNamespaceGoing = ({ metadata, status }: Namespace): boolean =>
  metadata.deletionTimestamp !== undefined || status?.phase === 'Terminating';
