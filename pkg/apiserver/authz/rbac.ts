// Role-based access control over the watch caches. Roles are indexed by name and bindings by
// subject; the rules of an identity are merged once and cached until any role or binding changes. A
// decision is synchronous and reads no object.
//
// A ClusterRole with an aggregationRule allows its own rules and those of every ClusterRole it
// selects, whether or not a controller has copied them yet.
import { LRUCache } from 'lru-cache';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../apis/rbac/v1/types.js';
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  ROLE_BINDINGS,
  ROLES,
} from '../../apis/resource-types.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { ObjectReader, CacheChange } from '../resource/reader.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Authorizer, Decision } from '../auth/authorizer.js';
import { IDENTITY_CACHE_ENTRIES, NAMESPACES_PER_IDENTITY } from './limits.js';
import { ruleAllows } from './rules.js';

interface Grant {
  rule: PolicyRule;
  /** For the decision's reason. */
  binding: Binding;
  subject: Subject;
}

interface Binding {
  kind: 'ClusterRoleBinding' | 'RoleBinding';
  /** '' for a ClusterRoleBinding. */
  namespace: string;
  name: string;
  roleRef: RoleRef;
  subjects: readonly Subject[];
}

interface Identity {
  cluster: Grant[];
  byNamespace: LRUCache<string, Grant[]> | undefined;
}

function subjectKey(subject: Subject, bindingNamespace: string): string | undefined {
  switch (subject.kind) {
    case 'User':
      return `u:${subject.name}`;
    case 'Group':
      return `g:${subject.name}`;
    case 'ServiceAccount': {
      const namespace = subject.namespace || bindingNamespace;
      return namespace ? `u:system:serviceaccount:${namespace}:${subject.name}` : undefined;
    }
    default:
      return undefined;
  }
}

/** The bindings of one scope, indexed by subject. */
class BindingIndex {
  private readonly byName = new Map<string, Binding>();
  private readonly bySubject = new Map<string, Set<Binding>>();

  put(binding: Binding): void {
    this.remove(binding.name);
    this.byName.set(binding.name, binding);
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      if (!key) continue;
      getOrInsert(this.bySubject, key, () => new Set()).add(binding);
    }
  }

  remove(name: string): void {
    const binding = this.byName.get(name);
    if (!binding) return;
    this.byName.delete(name);
    for (const subject of binding.subjects) {
      const key = subjectKey(subject, binding.namespace);
      const set = key ? this.bySubject.get(key) : undefined;
      if (set?.delete(binding) && !set.size) this.bySubject.delete(key!);
    }
  }

  get empty(): boolean {
    return this.byName.size === 0;
  }

  forUser(user: UserInfo): Set<Binding> {
    const found = new Set<Binding>();
    for (const key of [`u:${user.name}`, ...user.groups.map((group) => `g:${group}`)]) {
      for (const binding of this.bySubject.get(key) ?? []) found.add(binding);
    }
    return found;
  }
}

const matchingSubject = (binding: Binding, user: UserInfo): Subject | undefined =>
  binding.subjects.find((subject) => {
    const key = subjectKey(subject, binding.namespace);
    return (
      key === `u:${user.name}` || (key?.startsWith('g:') && user.groups.includes(key.slice(2)))
    );
  });

export class Rbac {
  private readonly clusterRoles = new Map<string, ClusterRole>();
  private readonly roles = new Map<string, Role>();
  private readonly clusterBindings = new BindingIndex();
  private readonly bindings = new Map<string, BindingIndex>();
  private readonly identities = new LRUCache<string, Identity>({ max: IDENTITY_CACHE_ENTRIES });

  constructor(reader: ObjectReader) {
    reader.observe(CLUSTER_ROLES, (change) => this.setRole(this.clusterRoles, change.name, change));
    reader.observe(ROLES, (change) =>
      this.setRole(this.roles, `${change.namespace}/${change.name}`, change),
    );
    reader.observe(CLUSTER_ROLE_BINDINGS, (change) =>
      this.setBinding('ClusterRoleBinding', change),
    );
    reader.observe(ROLE_BINDINGS, (change) => this.setBinding('RoleBinding', change));
  }

  private setRole<T extends Role | ClusterRole>(
    roles: Map<string, T>,
    key: string,
    change: CacheChange<T>,
  ): void {
    if (change.deleted) roles.delete(key);
    else roles.set(key, change.object());
    this.forget();
  }

  private setBinding(
    kind: Binding['kind'],
    change: CacheChange<RoleBinding | ClusterRoleBinding>,
  ): void {
    const namespace = kind === 'RoleBinding' ? change.namespace : '';
    let index = kind === 'RoleBinding' ? this.bindings.get(namespace) : this.clusterBindings;
    if (!index) this.bindings.set(namespace, (index = new BindingIndex()));
    if (change.deleted) index.remove(change.name);
    else {
      const { roleRef, subjects = [] } = change.object();
      index.put({ kind, namespace, name: change.name, roleRef, subjects });
    }
    if (kind === 'RoleBinding' && index.empty) this.bindings.delete(namespace);
    this.forget();
  }

  /** To clear the cache takes the time of its bound, also when it is empty. */
  private forget(): void {
    if (this.identities.size) this.identities.clear();
  }

  /**
   * The rules that a binding in `namespace` grants by this role; undefined when the role does not
   * exist.
   */
  rulesOf(ref: RoleRef, namespace: string): PolicyRule[] | undefined {
    if (ref.kind === 'Role') {
      const role = this.roles.get(`${namespace}/${ref.name}`);
      return role && (role.rules ?? []);
    }
    const role = this.clusterRoles.get(ref.name);
    if (!role) return undefined;
    if (!role.aggregationRule) return role.rules ?? [];
    const rules: PolicyRule[] = [];
    this.gather(role, new Set(), rules);
    return rules;
  }

  /**
   * The rules of a role and, recursively, of the roles that it selects (admin selects edit, edit
   * selects view).
   */
  private gather(role: ClusterRole, seen: Set<ClusterRole>, rules: PolicyRule[]): void {
    if (seen.has(role)) return;
    seen.add(role);
    rules.push(...(role.rules ?? []));
    const selectors = (role.aggregationRule?.clusterRoleSelectors ?? []).map(
      selectorFromLabelSelector,
    );
    if (!selectors.length) return;
    for (const other of this.clusterRoles.values()) {
      if (selectors.some((selector) => selector.matches(other.metadata.labels ?? {})))
        this.gather(other, seen, rules);
    }
  }

  private grants(bindings: Iterable<Binding>, user: UserInfo): Grant[] {
    const grants: Grant[] = [];
    for (const binding of bindings) {
      const subject = matchingSubject(binding, user);
      if (!subject) continue;
      for (const rule of this.rulesOf(binding.roleRef, binding.namespace) ?? [])
        grants.push({ rule, binding, subject });
    }
    return grants;
  }

  private identity(user: UserInfo): Identity {
    const key = `${user.name}\n${user.groups.join('\n')}`;
    return getOrInsert(this.identities, key, () => ({
      cluster: this.grants(this.clusterBindings.forUser(user), user),
      byNamespace: undefined,
    }));
  }

  private namespaced(identity: Identity, user: UserInfo, namespace: string): Grant[] {
    const index = namespace ? this.bindings.get(namespace) : undefined;
    if (!index) return [];
    const known = (identity.byNamespace ??= new LRUCache({ max: NAMESPACES_PER_IDENTITY }));
    return getOrInsert(known, namespace, () => this.grants(index.forUser(user), user));
  }

  readonly authorize: Authorizer = (attributes) => {
    const identity = this.identity(attributes.user);
    for (const grant of identity.cluster)
      if (ruleAllows(grant.rule, attributes)) return allowedBy(grant);
    for (const grant of this.namespaced(identity, attributes.user, attributes.namespace)) {
      if (ruleAllows(grant.rule, attributes)) return allowedBy(grant);
    }
    return { allowed: false };
  };

  /**
   * The rules of a user in a namespace with the cluster-wide ones; '' gives only the cluster-wide
   * rules.
   */
  rulesFor(user: UserInfo, namespace: string): PolicyRule[] {
    const identity = this.identity(user);
    return [...identity.cluster, ...this.namespaced(identity, user, namespace)].map(
      (grant) => grant.rule,
    );
  }
}

/** The reason as text, built only when a review shows it. */
const allowedBy = ({ binding, subject }: Grant): Decision => ({
  allowed: true,
  get reason() {
    const of = binding.namespace ? `${binding.name}/${binding.namespace}` : binding.name;
    const who =
      subject.kind === 'ServiceAccount'
        ? `${subject.name}/${subject.namespace || binding.namespace}`
        : subject.name;
    return `RBAC: allowed by ${binding.kind} ${JSON.stringify(of)} of ${binding.roleRef.kind} ${JSON.stringify(binding.roleRef.name)} to ${subject.kind} ${JSON.stringify(who)}`;
  },
});

const indexes = new WeakMap<ObjectReader, Rbac>();

/** The RBAC index of `reader`, which authorization, reviews and escalation checks share. */
export const rbacFor = (reader: ObjectReader): Rbac =>
  getOrInsert(indexes, reader, () => new Rbac(reader));
