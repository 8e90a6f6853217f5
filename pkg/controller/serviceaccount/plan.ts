// The missing service accounts of a namespace. Pure.
import type { Namespace, ServiceAccount } from '../../apis/core/v1/types.js';

const EVERYWHERE = ['default'] as const;

export function missingServiceAccounts(
  namespace: Namespace | undefined,
  present: readonly ServiceAccount[],
): string[] {
  if (
    !namespace ||
    namespace.metadata.deletionTimestamp ||
    namespace.status?.phase === 'Terminating'
  )
    return [];
  return EVERYWHERE.filter((name) => !present.some((account) => account.metadata.name === name));
}
