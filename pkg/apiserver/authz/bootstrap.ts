// Creates the default roles and bindings and reconciles them (upstream
// registry/rbac/reconciliation): missing objects and permissions are added, additions of users
// stay, and an object with the annotation rbac.authorization.kubernetes.io/autoupdate=false is not
// changed.
import { ignoring } from '../../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type {
  ClusterRole,
  ClusterRoleBinding,
  Role,
  RoleBinding,
  Subject,
} from '../../apis/rbac/v1/types.js';
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
} from '../../apis/resource-types.js';
import { inParallel } from '../../util/wait/in-parallel.js';
import type { ServerServices } from '../extension/services.js';
import type { PostStartHook } from '../extension/hooks.js';
import { uncovered } from './rules.js';

export interface DefaultPolicy {
  clusterRoles: readonly ClusterRole[];
  clusterRoleBindings: readonly ClusterRoleBinding[];
  roles: readonly Role[];
  roleBindings: readonly RoleBinding[];
}

const AUTOUPDATE = 'rbac.authorization.kubernetes.io/autoupdate';
const MAX_CONFLICTS = 5;
const CONCURRENCY = 8;

const equal = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a ?? null) === JSON.stringify(b ?? null);

/**
 * The present object with the missing labels and annotations of `wanted`; undefined when none is
 * missing.
 */
function mergedMetadata(present: ApiObject, wanted: ApiObject): ApiObject['metadata'] | undefined {
  const labels = { ...wanted.metadata.labels, ...present.metadata.labels };
  const annotations = { ...wanted.metadata.annotations, ...present.metadata.annotations };
  const grew = (now: object, before: object | undefined) =>
    Object.keys(now).length > Object.keys(before ?? {}).length;
  if (!grew(labels, present.metadata.labels) && !grew(annotations, present.metadata.annotations))
    return undefined;
  return { ...present.metadata, labels, annotations };
}

/** The reconciled role; undefined when the present role needs no change. */
export function reconciledRole<T extends Role | ClusterRole>(present: T, wanted: T): T | undefined {
  if (present.metadata.annotations?.[AUTOUPDATE] === 'false') return undefined;
  const metadata = mergedMetadata(present, wanted);
  const aggregation = (wanted as ClusterRole).aggregationRule;
  const missing = aggregation ? [] : uncovered(present.rules ?? [], wanted.rules ?? []);
  const selectors = (present as ClusterRole).aggregationRule?.clusterRoleSelectors ?? [];
  const added = (aggregation?.clusterRoleSelectors ?? []).filter(
    (selector) => !selectors.some((other) => equal(other, selector)),
  );
  if (!metadata && !missing.length && !added.length) return undefined;
  return {
    ...present,
    ...(metadata && { metadata }),
    ...(missing.length && { rules: [...(present.rules ?? []), ...missing] }),
    ...(added.length && { aggregationRule: { clusterRoleSelectors: [...selectors, ...added] } }),
  };
}

const subjectId = (subject: Subject) =>
  `${subject.kind}/${subject.namespace ?? ''}/${subject.name}`;

/** The reconciled binding; 'replace' when the role reference differs, which is immutable. */
export function reconciledBinding<T extends RoleBinding | ClusterRoleBinding>(
  present: T,
  wanted: T,
): T | 'replace' | undefined {
  if (present.metadata.annotations?.[AUTOUPDATE] === 'false') return undefined;
  if (present.roleRef.kind !== wanted.roleRef.kind || present.roleRef.name !== wanted.roleRef.name)
    return 'replace';
  const metadata = mergedMetadata(present, wanted);
  const known = new Set((present.subjects ?? []).map(subjectId));
  const missing = (wanted.subjects ?? []).filter((subject) => !known.has(subjectId(subject)));
  if (!metadata && !missing.length) return undefined;
  return {
    ...present,
    ...(metadata && { metadata }),
    subjects: [...(present.subjects ?? []), ...missing],
  };
}

/** Creates or updates one object, while other servers may do the same. */
async function ensure<T extends ApiObject>(
  { local, reader }: ServerServices,
  type: ResourceType<T>,
  wanted: T,
  reconcile: (present: T, wanted: T) => T | 'replace' | undefined,
): Promise<void> {
  const { namespace = '', name } = wanted.metadata;
  for (let attempt = 1; ; attempt++) {
    try {
      // The cache is as new as the start; a look at the store for each object costs more.
      const present =
        attempt === 1 ? reader.get(type, namespace, name) : await local.get(type, namespace, name);
      const next = present ? reconcile(present, wanted) : 'create';
      if (next === 'replace') await local.delete(type, namespace, name);
      if (next === 'replace' || next === 'create') await local.create(type, wanted);
      else if (next !== undefined) await local.update(type, next);
      return;
    } catch (error) {
      if (attempt >= MAX_CONFLICTS) throw error;
      ignoring('Conflict', 'AlreadyExists', 'NotFound')(error);
    }
  }
}

/** The hook 'rbac/bootstrap-roles'. */
export const rbacBootstrapHook = (policy: DefaultPolicy): PostStartHook => ({
  name: 'rbac/bootstrap-roles',
  async run(services, signal) {
    const { env } = services;
    const started = env.clock.monotonic();
    const ensureAll = <T extends ApiObject>(
      type: ResourceType<T>,
      wanted: readonly T[],
      reconcile: Parameters<typeof ensure<T>>[3],
    ): Promise<void> =>
      inParallel(wanted, CONCURRENCY, async (one) => {
        signal.throwIfAborted();
        await ensure(services, type, one, reconcile);
      });
    await ensureAll(CLUSTER_ROLES, policy.clusterRoles, reconciledRole);
    await ensureAll(CLUSTER_ROLE_BINDINGS, policy.clusterRoleBindings, reconciledBinding);
    await ensureAll(ROLES, policy.roles, reconciledRole);
    await ensureAll(ROLE_BINDINGS, policy.roleBindings, reconciledBinding);
    env.log.info('default policy reconciled', { ms: Math.round(env.clock.monotonic() - started) });
  },
});
