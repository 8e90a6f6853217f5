// One user's flood must not starve the nodes and the leaders (priority and fairness). The order of
// service is tested in pkg/apiserver/flowcontrol, where the clock is virtual.
import { strict as assert } from 'node:assert';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api } from '../apiserver/harness.js';

const CONFIG_MAPS = 500;
const FLOOD = 200;
const LEASES = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

describe('a flood of one user', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let flooder: Api;
  let node: Api;

  before(async () => {
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    const admin = new Api(server);
    const text = 'x'.repeat(1_000);
    const made = Array.from({ length: CONFIG_MAPS }, (_, at) =>
      admin.post('/api/v1/namespaces/default/configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `c-${at}` },
        data: { text },
      }),
    );
    await Promise.all(made);
    await admin.post(LEASES, {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name: 'node-1' },
      spec: { holderIdentity: 'node-1' },
    });
    flooder = new Api(server);
    node = new Api(server);
    admin.close();
  });
  after(async () => {
    flooder?.close();
    node?.close();
    await server?.stop();
  });

  const as = (user: string, ...groups: string[]): Record<string, string> => ({
    'impersonate-user': user,
    ...(groups.length ? { 'impersonate-group': groups.join() } : {}),
  });

  it('is answered or refused with 429, and a node is served meanwhile', async () => {
    await flooder.post('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'mallory' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'mallory' }],
    });
    let served = 0;
    let refused = 0;
    const flood = Array.from({ length: FLOOD }, async () => {
      const { status } = await flooder.get('/api/v1/configmaps', as('mallory'));
      if (status === 429) refused++;
      else served++;
    });
    const answer = await node.get(`${LEASES}/node-1`, as('system:node:node-1', 'system:nodes'));
    assert.equal(answer.status, 200);
    await Promise.all(flood);
    assert.equal(served + refused, FLOOD);
  });

  it('names the flow schema and the priority level in every answer', async () => {
    const { headers } = await node.get('/api/v1/namespaces/default', as('mallory'));
    assert.match(String(headers['x-kubernetes-pf-flowschema-uid']), /^[0-9a-f-]{36}$/);
    assert.match(String(headers['x-kubernetes-pf-prioritylevel-uid']), /^[0-9a-f-]{36}$/);
  });

  it('leaves metrics and tables behind', async () => {
    const text = (await node.get('/metrics')).bytes.toString();
    assert.match(
      text,
      /apiserver_flowcontrol_dispatched_requests_total\{priority_level="global-default",flow_schema="global-default"\} [1-9]/,
    );
    assert.match(
      text,
      /apiserver_flowcontrol_nominal_limit_seats\{priority_level="node-high"\} 98/,
    );
    const path = '/debug/api_priority_and_fairness/dump_priority_levels';
    const levels = (await node.get(path)).bytes.toString();
    assert.match(levels, /^PriorityLevelName, +ActiveQueues,/);
    assert.match(levels, /\nworkload-low, +0, +true, +false, +0, +0, +/);
  });
});
