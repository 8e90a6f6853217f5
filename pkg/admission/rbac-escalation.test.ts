import { strict as assert } from 'node:assert';
import { MemoryReader } from '../../test/support/memory-reader.js';
import type { StatusError } from '../apimachinery/errors/status-error.js';
import type { ClusterRole, PolicyRule } from '../apis/rbac/v1/types.js';
import { CLUSTER_ROLE_BINDINGS, CLUSTER_ROLES } from '../apis/resource-types.js';
import type { AdmissionPluginContext, AdmissionRequest } from '../apiserver/admission/plugin.js';
import type { UserInfo } from '../apiserver/auth/authenticator.js';
import { createAuthorization, membersOf } from '../apiserver/authz/authorization.js';
import type { ServerServices } from '../apiserver/extension/services.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { rbacEscalation } from './rbac-escalation.js';

const GROUP = 'rbac.authorization.k8s.io';
const pods = (...verbs: string[]): PolicyRule => ({ apiGroups: [''], resources: ['pods'], verbs });
const everything: PolicyRule[] = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
];
const user = (name: string, ...groups: string[]): UserInfo => ({
  name,
  groups: [...groups, 'system:authenticated'],
});

function setup(modes: string[] = ['RBAC']) {
  const reader = new MemoryReader();
  const env = virtualEnv();
  const members = membersOf(modes);
  const authorize = createAuthorization(() => members, []).authorizer({
    env,
    reader,
  } as unknown as ServerServices);
  const plugin = rbacEscalation({ env, reader, authorize } as unknown as AdmissionPluginContext);
  /** A ClusterRole with `rules`, bound to the user of the same name. */
  const grant = (name: string, ...rules: PolicyRule[]) => {
    reader.set(CLUSTER_ROLES, { metadata: { name }, rules });
    reader.set(CLUSTER_ROLE_BINDINGS, {
      metadata: { name },
      roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name },
      subjects: [{ kind: 'User', name }],
    });
  };
  const write = async (who: UserInfo, resource: string, object: object, oldObject?: object) => {
    const kind = resource.endsWith('bindings') ? 'RoleBinding' : 'Role';
    await plugin.validate!({
      operation: oldObject ? 'UPDATE' : 'CREATE',
      resource: { facts: { group: GROUP, resource, kind } },
      subresource: '',
      namespace: resource.startsWith('cluster') ? '' : 'shop',
      name: 'r',
      object,
      oldObject,
      context: { user: who },
    } as unknown as AdmissionRequest);
  };
  return { grant, write };
}

const toClusterRole = (name: string, ...subjects: object[]) => ({
  roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name },
  subjects,
});

describe('RBACEscalation', () => {
  it('lets a user put only permissions that the user holds into a role', async () => {
    const { grant, write } = setup();
    grant('alice', pods('list'));
    await write(user('alice'), 'roles', { rules: [pods('list')] });
    await assert.rejects(
      write(user('alice'), 'roles', { rules: [pods('get')] }),
      (error: StatusError) =>
        error.code === 403 &&
        error.message ===
          'roles.rbac.authorization.k8s.io "r" is forbidden: user "alice" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get"]}',
    );
  });

  it('lets a user bind a role whose permissions the user holds, or with the verb bind', async () => {
    const { grant, write } = setup();
    grant('alice', pods('list'));
    const binding = toClusterRole('alice');
    await write(user('alice'), 'rolebindings', binding);
    await assert.rejects(write(user('bob'), 'rolebindings', binding), /attempting to grant/);
    await write(user('bob', 'system:masters'), 'rolebindings', binding);
    grant('bob', {
      apiGroups: [GROUP],
      resources: ['clusterroles'],
      verbs: ['bind'],
      resourceNames: ['alice'],
    });
    await write(user('bob'), 'rolebindings', binding);
    await assert.rejects(
      write(user('bob'), 'clusterrolebindings', toClusterRole('missing')),
      /clusterroles.rbac.authorization.k8s.io "missing" not found/,
    );
  });

  it('lets the verb escalate write any role', async () => {
    const { grant, write } = setup();
    grant('carol', { apiGroups: [GROUP], resources: ['clusterroles'], verbs: ['escalate'] });
    await write(user('carol'), 'clusterroles', { rules: everything });
    await assert.rejects(
      write(user('carol'), 'roles', { rules: everything }),
      /attempting to grant/,
    );
  });

  it('checks every update but those of owner references and finalizers', async () => {
    const { write } = setup();
    const role = (metadata: object, rules = [pods('get')]) => ({ metadata, rules });
    const old = role({ finalizers: ['f'] });
    await write(user('dave'), 'roles', role({ ownerReferences: [{}] }), old);
    await write(user('dave'), 'roles', role({ managedFields: [{}] }), old);
    for (const next of [
      role({ labels: { a: 'b' } }),
      role({ annotations: { a: 'b' } }),
      role({}, [pods('get'), pods('list')]),
    ])
      await assert.rejects(write(user('dave'), 'roles', next, old), /attempting to grant/);
    const binding = { metadata: {}, ...toClusterRole('x', { kind: 'User', name: 'dave' }) };
    await write(user('dave'), 'rolebindings', binding, structuredClone(binding));
    for (const next of [
      { metadata: {}, ...toClusterRole('x') },
      { ...binding, metadata: { labels: { a: 'b' } } },
    ])
      await assert.rejects(write(user('dave'), 'rolebindings', next, binding), /"x" not found/);
  });

  it('asks for every permission before it takes an aggregation rule', async () => {
    const { grant, write } = setup();
    const role: Partial<ClusterRole> = { rules: [], aggregationRule: {} };
    grant('alice', pods('*'));
    await assert.rejects(
      write(user('alice'), 'clusterroles', role),
      /must have cluster-admin privileges to use the aggregationRule/,
    );
    grant('root', ...everything);
    await write(user('root'), 'clusterroles', role);
  });

  it('follows the authorizer when the server runs without RBAC', async () => {
    const rules = { rules: [pods('get')] };
    await setup(['AlwaysAllow']).write(user('alice'), 'roles', rules);
    await assert.rejects(
      setup(['AlwaysDeny']).write(user('alice'), 'roles', rules),
      /attempting to grant/,
    );
  });
});
