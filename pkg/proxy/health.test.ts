// Answers to load balancers and the kubelet, over real sockets.
import assert from 'node:assert/strict';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { serveProxyHealth } from './health.js';
import { HEALTHY_WITHIN_MS } from './limits.js';

describe('proxy health', () => {
  it('answers as upstream: 503 before the first sync, when a change is overdue, and on /healthz while the node is being deleted', async () => {
    const env = virtualEnv();
    const counted: string[] = [];
    const metrics = {
      ...env.metrics,
      counter: (name: string) => ({
        inc: (labels?: Record<string, string | number>) =>
          void counted.push(`${name} ${labels!['code']}`),
      }),
    };
    const state: { current: boolean; lastSyncAgoMs: number | undefined; nodeEligible: boolean } = {
      current: false,
      lastSyncAgoMs: undefined,
      nodeEligible: true,
    };
    const policies = { overdueMs: 0 };
    const stop = new AbortController();
    const port = await serveProxyHealth(
      { ...env, metrics },
      state,
      policies,
      { address: '127.0.0.1', port: 0 },
      stop.signal,
    );
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`);
      return {
        status: response.status,
        body: response.status === 404 ? {} : ((await response.json()) as Record<string, unknown>),
      };
    };
    const statuses = async () => [(await get('/healthz')).status, (await get('/livez')).status];
    try {
      assert.deepEqual(await statuses(), [503, 503]);
      Object.assign(state, { current: true, lastSyncAgoMs: 1000 });
      assert.deepEqual(await statuses(), [200, 200]);
      const { body } = await get('/healthz');
      assert.deepEqual(Object.keys(body), [
        'lastUpdated',
        'currentTime',
        'nodeEligible',
        'networkPoliciesCurrent',
      ]);
      assert.equal(
        Date.parse(String(body['currentTime'])) - Date.parse(String(body['lastUpdated'])),
        1000,
      );
      state.nodeEligible = false;
      assert.deepEqual(await statuses(), [503, 200]);
      state.nodeEligible = true;
      policies.overdueMs = HEALTHY_WITHIN_MS;
      assert.deepEqual(await statuses(), [503, 503]);
      assert.equal((await get('/livez')).body['networkPoliciesCurrent'], false);
      assert.equal((await get('/other')).status, 404);
      assert.deepEqual(counted.slice(0, 4), [
        'kubeproxy_proxy_healthz_total 503',
        'kubeproxy_proxy_livez_total 503',
        'kubeproxy_proxy_healthz_total 200',
        'kubeproxy_proxy_livez_total 200',
      ]);
    } finally {
      stop.abort();
    }
  });
});
