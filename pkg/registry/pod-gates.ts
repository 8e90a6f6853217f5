// Fields of pods that belong to feature gates which are off in v1.32. The API drops them, so that
// nobody relies on a field that nothing obeys (upstream DropDisabledPodFields and
// DropDisabledTemplateFields in pkg/api/pod/util.go).
import type { Container, PodSpec } from '../apis/core/v1/types.js';
import { allContainers } from '../component-helpers/pods.js';

type Path = readonly string[];

/**
 * Paths in the pod spec by gate. Lists on the way are walked through; '*' stands for the three
 * lists of containers. The first field of a gate in the stored object keeps all its fields.
 */
const GATES: readonly (readonly [Path, ...Path[]])[] = Object.values({
  UserNamespacesSupport: ['hostUsers'],
  SupplementalGroupsPolicy: ['securityContext.supplementalGroupsPolicy'],
  SELinuxChangePolicy: ['securityContext.seLinuxChangePolicy'],
  PodLevelResources: ['resources'],
  DynamicResourceAllocation: ['resourceClaims', '*.resources.claims'],
  InPlacePodVerticalScaling: ['*.resizePolicy'],
  ClusterTrustBundleProjection: ['volumes.projected.sources.clusterTrustBundle'],
  ImageVolume: ['volumes.image'],
} satisfies Record<string, readonly [string, ...string[]]>).map(([first, ...rest]) => [
  first.split('.'),
  ...rest.map((path) => path.split('.')),
]);

const LISTS = ['containers', 'initContainers', 'ephemeralContainers'];

type Holder = Record<string, unknown>;

/** Calls `at` with every object that has the field of `path`; `depth` elements are behind. */
function visit(
  node: unknown,
  path: Path,
  depth: number,
  at: (holder: Holder, key: string) => void,
): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) visit(item, path, depth, at);
    return;
  }
  const key = path[depth]!;
  const holder = node as Holder;
  if (key === '*') for (const list of LISTS) visit(holder[list], path, depth + 1, at);
  else if (depth + 1 < path.length) visit(holder[key], path, depth + 1, at);
  else if (holder[key] !== undefined) at(holder, key);
}

const drop = (holder: Holder, key: string): void => {
  delete holder[key];
};

function isUsed(spec: PodSpec | undefined, path: Path): boolean {
  let used = false;
  visit(spec, path, 0, () => (used = true));
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
  for (const paths of GATES) {
    // Most specs use no gated field: their stored specs need no look.
    if (!paths.some((path) => isUsed(spec, path)) || isUsed(old, paths[0])) continue;
    for (const path of paths) visit(spec, path, 0, drop);
  }
  resetProcMounts(spec, old);
}
