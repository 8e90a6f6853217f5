// The missing service accounts of a namespace. Pure.
import type { Namespace, ServiceAccount } from '../../apis/core/v1/types.js';
import { isNamespaceGoing } from '../../component-helpers/namespaces.js';

const EVERYWHERE = ['default'] as const;

export function missingServiceAccounts(
  namespace: Namespace | undefined,
  present: readonly ServiceAccount[],
): string[] {
  if (!namespace || isNamespaceGoing(namespace)) return [];
  return EVERYWHERE.filter((name) => !present.some((account) => account.metadata.name === name));
}
