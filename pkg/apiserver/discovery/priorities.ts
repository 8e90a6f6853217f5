// The order of groups in discovery: the higher priority first (upstream
// pkg/controlplane/apiserver/aggregator.go DefaultGenericAPIServicePriorities). APIServices of
// other servers bring their own.
import { GROUP_PRIORITIES } from './priorities.generated.js';

const VERSION_PRIORITIES: Readonly<Record<string, number>> = { v2: 30, v1beta1: 12 };

/** Groups of custom resources (upstream controlplane/controller/crdregistration). */
const CUSTOM = { group: 1_000, version: 100 };

export interface Priorities {
  group: number;
  version: number;
}

/** The priorities of a version that this server serves itself. */
export function localPriorities(group: string, version: string): Priorities {
  const priority = GROUP_PRIORITIES[group];
  if (priority === undefined) return CUSTOM;
  if (group === '') return { group: priority, version: 1 };
  return { group: priority, version: VERSION_PRIORITIES[version] ?? 15 };
}

export const isBuiltIn = (group: string): boolean => GROUP_PRIORITIES[group] !== undefined;
