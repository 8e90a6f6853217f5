// Fields of pods that belong to feature gates which are off in v1.32. The API drops them, so that
// nobody relies on a field that nothing obeys (upstream DropDisabledPodFields and
// DropDisabledTemplateFields in pkg/api/pod/util.go).
import type { Container, PodSpec } from '../apis/core/v1/types.js';
import { allContainers } from '../component-helpers/pods.js';

/**
 * Paths in the pod spec by gate. Lists on the way are walked through; '*' stands for the three
 * lists of containers. The first field of a gate in the stored object keeps all its fields.
 */
const GATES: Readonly<Record<string, readonly [string, ...string[]]>> = {
  UserNamespacesSupport: ['hostUsers'],
  SupplementalGroupsPolicy: ['securityContext.supplementalGroupsPolicy'],
  SELinuxChangePolicy: ['securityContext.seLinuxChangePolicy'],
  PodLevelResources: ['resources'],
  DynamicResourceAllocation: ['resourceClaims', '*.resources.claims'],
  InPlacePodVerticalScaling: ['*.resizePolicy'],
  ClusterTrustBundleProjection: ['volumes.projected.sources.clusterTrustBundle'],
  ImageVolume: ['volumes.image'],
};

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

type Holder = Record<string, unknown>;

/** Calls `at` with every object that has the field of `path`. */
function visit(
  node: unknown,
  path: readonly string[],
  at: (holder: Holder, key: string) => void,
): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, path, at);
    return;
  }
  const [key, ...rest] = path;
  if (typeof node !== 'object' || node === null || key === undefined) return;
  const holder = node as Holder;
  if (key === '*') for (const list of LISTS) visit(holder[list], rest, at);
  else if (rest.length) visit(holder[key], rest, at);
  else if (holder[key] !== undefined) at(holder, key);
}

function isUsed(spec: PodSpec | undefined, field: string): boolean {
  let used = false;
  visit(spec, field.split('.'), () => (used = true));
  return used;
}

/**
 * The field of ProcMountType becomes 'Default' instead of absent, because old servers stored that
 * value in every container.
 */
function resetProcMounts(spec: PodSpec, old: PodSpec | undefined): void {
  const isDefault = ({ securityContext }: Container): boolean =>
    (securityContext?.procMount ?? 'Default') === 'Default';
  if (old && !allContainers(old).every(isDefault)) return;
  for (const { securityContext } of allContainers(spec))
    if (securityContext?.procMount !== undefined) securityContext.procMount = 'Default';
}

/** Drops the gated fields of a spec, in place, that `old`, the stored spec, does not use yet. */
export function dropGatedFields(spec: PodSpec | undefined, old: PodSpec | undefined): void {
  if (!spec) return;
  for (const fields of Object.values(GATES)) {
    if (isUsed(old, fields[0])) continue;
    for (const field of fields) visit(spec, field.split('.'), (holder, key) => delete holder[key]);
  }
  resetProcMounts(spec, old);
}
