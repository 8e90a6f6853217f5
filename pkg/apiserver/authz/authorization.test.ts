import { strict as assert } from 'node:assert';
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  PERSISTENT_VOLUMES,
  PODS,
  ROLE_BINDINGS,
  ROLES,
} from '../../apis/resource-types.js';
import type { ClusterRole, PolicyRule } from '../../apis/rbac/v1/types.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { MemoryReader } from '../../../test/support/memory-reader.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Attributes, ReadyAuthorizer } from '../auth/authorizer.js';
import type { ServerServices } from '../extension/services.js';
import { NODE_RULES } from '../../registry/rbac/default-policy.js';
import { createAuthorization, membersOf } from './authorization.js';
import { reconciledBinding, reconciledRole } from './bootstrap.js';
import { forbiddenError } from '../../apimachinery/errors/forbidden.js';
import { rbacFor } from './rbac.js';
import { compactRules, ruleAllows, showRule, uncovered } from './rules.js';

const always = (modes: string[]) => {
  const members = membersOf(modes);
  return () => members;
};

const user = (name: string, ...groups: string[]): UserInfo => ({
  name,
  groups: [...groups, 'system:authenticated'],
});

/** 'get pods/log shop/web-1', 'list deployments.apps shop/', 'get /metrics' */
function ask(who: UserInfo, question: string): Attributes {
  const [verb = '', what = '', where = ''] = question.split(' ');
  const base = {
    user: who,
    verb,
    group: '',
    version: '',
    resource: '',
    subresource: '',
    namespace: '',
    name: '',
  };
  if (what.startsWith('/')) return { ...base, path: what };
  const [qualified = '', subresource = ''] = what.split('/');
  const dot = qualified.indexOf('.');
  const [namespace, name] = where.includes('/') ? where.split('/') : ['', where];
  return {
    ...base,
    resource: dot < 0 ? qualified : qualified.slice(0, dot),
    group: dot < 0 ? '' : qualified.slice(dot + 1),
    subresource,
    namespace: namespace ?? '',
    name: name ?? '',
  };
}

const pods = (...verbs: string[]): PolicyRule => ({ apiGroups: [''], resources: ['pods'], verbs });

function setup() {
  const reader = new MemoryReader();
  const { authorizer, creators } = createAuthorization(always(['Node', 'RBAC']), NODE_RULES);
  const services = { env: virtualEnv(), reader } as unknown as ServerServices;
  const authorize = authorizer(services) as ReadyAuthorizer;
  const complete = { ...services, authorize };
  const may = (who: UserInfo, question: string) => authorize(ask(who, question)).allowed;
  const clusterRole = (name: string, rules: PolicyRule[], more: object = {}) =>
    reader.set(CLUSTER_ROLES, { metadata: { name }, rules, ...more });
  const bindCluster = (name: string, role: string, ...subjects: object[]) =>
    reader.set(CLUSTER_ROLE_BINDINGS, {
      metadata: { name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
      subjects,
    });
  const bind = (
    namespace: string,
    name: string,
    kind: string,
    role: string,
    ...subjects: object[]
  ) =>
    reader.set(ROLE_BINDINGS, {
      metadata: { namespace, name },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: role },
      subjects,
    });
  return { reader, authorize, may, clusterRole, bindCluster, bind, creators, services: complete };
}

const U = (name: string) => ({ kind: 'User', name });

describe('authorization', () => {
  it('reads rules as upstream does', () => {
    const rule = (more: Partial<PolicyRule>): PolicyRule => ({
      apiGroups: [''],
      resources: ['pods'],
      verbs: ['get'],
      ...more,
    });
    const u = user('u');
    const cases: [PolicyRule, string, boolean][] = [
      [rule({}), 'get pods a/b', true],
      [rule({}), 'list pods a/', false],
      [rule({}), 'get pods/log a/b', false],
      [rule({ resources: ['pods/log'] }), 'get pods/log a/b', true],
      [rule({ resources: ['*/log'] }), 'get pods/log a/b', true],
      [rule({ resources: ['*'] }), 'get pods/log a/b', true],
      [rule({ resourceNames: ['b'] }), 'get pods a/b', true],
      [rule({ resourceNames: ['c'] }), 'get pods a/b', false],
      [rule({ apiGroups: ['apps'] }), 'get pods a/b', false],
      [rule({ apiGroups: ['*'], resources: ['deployments'] }), 'get deployments.apps a/b', true],
      [{ verbs: ['get'], nonResourceURLs: ['/health*'] }, 'get /healthz', true],
      [{ verbs: ['get'], nonResourceURLs: ['/health'] }, 'get /healthz', false],
      [rule({ resources: ['*'], verbs: ['*'] }), 'get /healthz', false],
    ];
    for (const [given, question, expected] of cases)
      assert.equal(ruleAllows(given, ask(u, question)), expected, `${showRule(given)} ${question}`);
  });

  it('follows roles and bindings as they come and go', () => {
    const { reader, may, clusterRole, bindCluster, bind } = setup();
    const alice = user('alice', 'dev');
    assert.equal(may(alice, 'get pods shop/a'), false);
    bind('shop', 'b', 'Role', 'reader', U('alice'));
    assert.equal(may(alice, 'get pods shop/a'), false, 'a binding to nothing');
    reader.set(ROLES, { metadata: { namespace: 'shop', name: 'reader' }, rules: [pods('get')] });
    assert.equal(may(alice, 'get pods shop/a'), true);
    assert.equal(may(alice, 'get pods bank/a'), false);
    clusterRole('lister', [pods('list')]);
    bindCluster('all', 'lister', { kind: 'Group', name: 'dev' });
    assert.equal(may(alice, 'list pods bank/'), true);
    assert.equal(may(user('bob'), 'list pods bank/'), false);
    bind('shop', 'sa', 'ClusterRole', 'lister', { kind: 'ServiceAccount', name: 'web' });
    assert.equal(may(user('system:serviceaccount:shop:web'), 'list pods shop/'), true);
    reader.remove(CLUSTER_ROLE_BINDINGS, '', 'all');
    assert.equal(may(alice, 'list pods bank/'), false);
    reader.remove(ROLES, 'shop', 'reader');
    assert.equal(may(alice, 'get pods shop/a'), false);
  });

  it('aggregates cluster roles by label', () => {
    const { may, clusterRole, bindCluster } = setup();
    clusterRole('view', [], {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'to-view': 'true' } }] },
    });
    bindCluster('b', 'view', U('alice'));
    assert.equal(may(user('alice'), 'get pods a/b'), false);
    clusterRole('part', [pods('get')], {
      metadata: { name: 'part', labels: { 'to-view': 'true' } },
    });
    assert.equal(may(user('alice'), 'get pods a/b'), true);
    clusterRole('admin', [], {
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'to-admin': 'true' } }] },
    });
    clusterRole('edit', [], {
      metadata: { name: 'edit', labels: { 'to-admin': 'true' } },
      aggregationRule: {
        clusterRoleSelectors: [
          { matchLabels: { 'to-edit': 'true' } },
          { matchLabels: { 'to-admin': 'true' } },
        ],
      },
    });
    clusterRole('view', [], {
      metadata: { name: 'view', labels: { 'to-edit': 'true' } },
      aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'to-view': 'true' } }] },
    });
    bindCluster('c', 'admin', U('ada'));
    assert.equal(may(user('ada'), 'get pods a/b'), true, 'through edit and view');
  });

  it("allows everything to system:masters and refuses others in upstream's words", () => {
    const { authorize, may } = setup();
    assert.equal(may(user('root', 'system:masters'), 'delete nodes n1'), true);
    const message = (question: string) => {
      const attributes = ask(user('x'), question);
      const decision = authorize(attributes);
      return forbiddenError(attributes, decision.allowed ? '' : decision.reason).message;
    };
    assert.equal(
      message('list pods y/'),
      'pods is forbidden: User "x" cannot list resource "pods" in API group "" in the namespace "y"',
    );
    assert.equal(
      message('get deployments.apps/scale y/web'),
      'deployments.apps "web" is forbidden: User "x" cannot get resource "deployments/scale" in API group "apps" in the namespace "y"',
    );
    assert.equal(
      message('list nodes'),
      'nodes is forbidden: User "x" cannot list resource "nodes" in API group "" at the cluster scope',
    );
    assert.equal(message('get /metrics'), 'forbidden: User "x" cannot get path "/metrics"');
  });

  it('lets a node read only objects that its own pods refer to', () => {
    const { reader, may, authorize } = setup();
    const n1 = user('system:node:n1', 'system:nodes');
    const pod = (name: string, nodeName: string | undefined, more: object = {}) =>
      reader.set(PODS, {
        metadata: { namespace: 'shop', name, uid: name },
        spec: {
          nodeName,
          serviceAccountName: 'web',
          containers: [{ name: 'c', envFrom: [{ secretRef: { name: `env-${name}` } }] }],
          ...more,
        },
      });
    pod('a', 'n1', {
      volumes: [
        { name: 'v', projected: { sources: [{ configMap: { name: 'ca' } }] } },
        { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
      ],
    });
    pod('b', 'n2');
    pod('c', undefined);
    assert.deepEqual(
      [
        'get secrets shop/env-a',
        'get configmaps shop/ca',
        'watch configmaps shop/ca',
        'create serviceaccounts/token shop/web',
        'get persistentvolumeclaims shop/data',
      ].map((q) => may(n1, q)),
      [true, true, true, true, true],
    );
    assert.deepEqual(
      [
        'get secrets shop/env-b',
        'get secrets shop/env-c',
        'list secrets shop/',
        'get configmaps bank/ca',
        'update secrets shop/env-a',
        'create serviceaccounts/token shop/db',
      ].map((q) => may(n1, q)),
      [false, false, false, false, false, false],
    );
    const refused = authorize(ask(n1, 'get secrets shop/env-b'));
    assert.match(refused.reason ?? '', /no relationship found between node 'n1' and this object/);
    reader.set(PERSISTENT_VOLUMES, {
      metadata: { name: 'pv' },
      spec: { claimRef: { namespace: 'shop', name: 'data' } },
    });
    assert.equal(may(n1, 'get persistentvolumes pv'), true);
    pod('c', 'n1');
    assert.equal(may(n1, 'get secrets shop/env-c'), true, 'once bound');
    reader.remove(PODS, 'shop', 'a');
    assert.equal(may(n1, 'get secrets shop/env-a'), false, 'once gone');
    reader.remove(PODS, 'shop', 'c');
    pod('c', 'n2');
    assert.equal(may(n1, 'get secrets shop/env-c'), false, 'reborn elsewhere');
  });

  it('lets a node write its own Node and Lease', () => {
    const { may, authorize } = setup();
    const n1 = user('system:node:n1', 'system:nodes');
    const yes = [
      'get nodes n1',
      'create nodes',
      'patch nodes/status n1',
      'update leases.coordination.k8s.io kube-node-lease/n1',
      'create leases.coordination.k8s.io kube-node-lease/',
      'list services',
      'list nodes n1',
      'patch pods/status shop/a',
      'create events shop/',
    ];
    const no = [
      'get nodes n2',
      'list nodes',
      'watch pods',
      'get pods shop/other',
      'update leases.coordination.k8s.io kube-node-lease/n2',
      'update leases.coordination.k8s.io kube-system/n1',
      'delete nodes n1',
      'update services shop/a',
      'create pods/exec shop/a',
      'get /metrics',
    ];
    assert.deepEqual(
      yes.filter((q) => !may(n1, q)),
      [],
    );
    assert.deepEqual(
      no.filter((q) => may(n1, q)),
      [],
    );
    assert.equal(may(user('system:node:n1'), 'get nodes n1'), false, 'without the group');
    const watch = (nodeName: string) =>
      authorize({ ...ask(n1, 'watch pods'), fields: { 'spec.nodeName': nodeName } }).allowed;
    assert.deepEqual([watch('n1'), watch('n2')], [true, false]);
  });

  it('joins the verbs of one resource in a refusal', () => {
    const one = (verb: string, more: object = {}) => ({
      apiGroups: [''],
      resources: ['pods'],
      verbs: [verb],
      ...more,
    });
    const url = { nonResourceURLs: ['/a'], verbs: ['get'] };
    const two = { ...one('get'), resources: ['pods', 'nodes'] };
    const rules = [one('get'), url, one('list'), two, one('get', { resourceNames: ['x'] })];
    assert.deepEqual(compactRules(rules).map(showRule), [
      '{NonResourceURLs:["/a"], Verbs:["get"]}',
      '{APIGroups:[""], Resources:["pods" "nodes"], Verbs:["get"]}',
      '{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
      '{APIGroups:[""], Resources:["pods"], ResourceNames:["x"], Verbs:["get"]}',
    ]);
    assert.deepEqual(rules[0], one('get'));
  });

  it('finds the permissions of a grant that the user does not hold', () => {
    assert.deepEqual(uncovered([pods('*')], [pods('get', 'list')]), []);
    assert.deepEqual(uncovered([pods('get')], [pods('get', 'list')]), [pods('list')]);
    assert.deepEqual(uncovered([{ ...pods('get'), resourceNames: ['a'] }], [pods('get')]), [
      pods('get'),
    ]);
    assert.deepEqual(
      uncovered(
        [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
        [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
      ),
      [{ verbs: ['get'], nonResourceURLs: ['/x'] }],
    );
    assert.deepEqual(
      uncovered(
        [{ verbs: ['*'], nonResourceURLs: ['/a*'] }],
        [{ verbs: ['get'], nonResourceURLs: ['/ab'] }],
      ),
      [],
    );
  });

  it('reconciles default roles without removing permissions', () => {
    const role = (rules: PolicyRule[], metadata: object = {}): ClusterRole => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'r', ...metadata },
      rules,
    });
    assert.equal(reconciledRole(role([pods('get', 'list')]), role([pods('get')])), undefined);
    assert.deepEqual(reconciledRole(role([pods('get')]), role([pods('get', 'list')]))?.rules, [
      pods('get'),
      pods('list'),
    ]);
    assert.equal(
      reconciledRole(
        role([], { annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } }),
        role([pods('get')]),
      ),
      undefined,
    );
    const binding = (name: string, ...subjects: string[]) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1' as const,
      kind: 'ClusterRoleBinding' as const,
      metadata: { name: 'b' },
      roleRef: { apiGroup: '', kind: 'ClusterRole', name },
      subjects: subjects.map(U),
    });
    assert.equal(reconciledBinding(binding('r', 'a', 'b'), binding('r', 'a')), undefined);
    assert.equal(reconciledBinding(binding('x', 'a'), binding('r', 'a')), 'replace');
    assert.deepEqual(
      (reconciledBinding(binding('r', 'a'), binding('r', 'b')) as { subjects: object[] }).subjects,
      [U('a'), U('b')],
    );
  });

  it('answers access reviews', async () => {
    const { creators, services, clusterRole, bindCluster } = setup();
    clusterRole('lister', [pods('list'), { verbs: ['get'], nonResourceURLs: ['/version'] }]);
    bindCluster('b', 'lister', U('alice'));
    const review = (resource: string, spec: object, namespace = '') =>
      creators
        .find((c) => c.resource === resource)!
        .create(
          { spec } as never,
          {
            namespace,
            name: '',
            context: { now: 0, user: user('alice'), dryRun: false, random: services.env.random },
          },
          services,
        ) as Promise<{ status: Record<string, unknown> }>;
    const list = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'shop' } };
    assert.deepEqual((await review('selfsubjectaccessreviews', list)).status, {
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "b" of ClusterRole "lister" to User "alice"',
    });
    assert.equal(
      (await review('subjectaccessreviews', { ...list, user: 'bob' })).status['allowed'],
      false,
    );
    await assert.rejects(
      review('subjectaccessreviews', list),
      /spec.user: Invalid value: "": at least one of user or group must be specified/,
    );
    await assert.rejects(
      review('selfsubjectaccessreviews', {}),
      /exactly one of nonResourceAttributes or resourceAttributes must be specified/,
    );
    await assert.rejects(
      review('localsubjectaccessreviews', { ...list, user: 'bob' }, 'bank'),
      /must match metadata.namespace/,
    );
    const rules = (await review('selfsubjectrulesreviews', { namespace: 'shop' })).status;
    assert.deepEqual(
      rules['resourceRules'],
      [pods('list')].map(({ verbs, apiGroups, resources }) => ({ verbs, apiGroups, resources })),
    );
    assert.deepEqual(rules['nonResourceRules'], [
      { verbs: ['get'], nonResourceURLs: ['/version'] },
    ]);
    assert.equal(rfor(services).length, 2);
  });
});

const rfor = (services: ServerServices) => rbacFor(services.reader).rulesFor(user('alice'), '');
