// The order of groups in discovery: the higher priority first (upstream
// pkg/controlplane/apiserver/aggregator.go DefaultGenericAPIServicePriorities). APIServices of
// other servers bring their own.

const GROUP_PRIORITIES: Readonly<Record<string, number>> = {
  '': 18_000,
  'apiregistration.k8s.io': 18_000,
  apps: 17_800,
  'events.k8s.io': 17_750,
  'authentication.k8s.io': 17_700,
  'authorization.k8s.io': 17_600,
  autoscaling: 17_500,
  batch: 17_400,
  'certificates.k8s.io': 17_300,
  'networking.k8s.io': 17_200,
  policy: 17_100,
  'rbac.authorization.k8s.io': 17_000,
  'storage.k8s.io': 16_800,
  'admissionregistration.k8s.io': 16_700,
  'apiextensions.k8s.io': 16_700,
  'scheduling.k8s.io': 16_600,
  'coordination.k8s.io': 16_500,
  'node.k8s.io': 16_300,
  'discovery.k8s.io': 16_200,
  'flowcontrol.apiserver.k8s.io': 16_100,
};

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
