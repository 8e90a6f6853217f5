// Answers to load balancers about one service, over real sockets.
import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { ServiceHealthServers } from './health-check-node-ports.js';
import type { ServiceModel } from './model.js';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '0.0.0.0', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

const hasIpv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);

describe('health check node ports', () => {
  it('report the local endpoints of one service in both families and count a pod once', async () => {
    const stop = new AbortController();
    const state = { healthy: true };
    const servers = new ServiceHealthServers(virtualEnv(), () => state.healthy, stop.signal);
    const port = await freePort();
    const model = (clusterIP: string, local: readonly string[]): ServiceModel => ({
      key: 'a/web',
      clusterIP,
      externalIPs: [],
      loadBalancerIPs: [],
      sourceRanges: [],
      internalLocal: false,
      externalLocal: true,
      healthCheckNodePort: port,
      ports: [80, 443].map((number) => ({
        name: `p${number}`,
        protocol: 'tcp' as const,
        port: number,
        cluster: [],
        local: local.map((ip) => ({ ip, port: number, local: true })),
        any: true,
      })),
    });
    const ask = async (host: string) => {
      for (let tries = 0; ; tries++) {
        try {
          const response = await fetch(`http://${host}:${port}/`, {
            headers: { connection: 'close' },
          });
          return {
            status: response.status,
            weight: response.headers.get('x-load-balancing-endpoint-weight'),
            body: await response.json(),
          };
        } catch (error) {
          // The server listens from a moment after the update on.
          if (tries > 100) throw error;
          await new Promise((done) => setTimeout(done, 20));
        }
      }
    };
    const body = (localEndpoints: number, serviceProxyHealthy = true) => ({
      service: { namespace: 'a', name: 'web' },
      localEndpoints,
      serviceProxyHealthy,
    });
    try {
      servers.update([model('10.100.0.1', ['10.1.0.1', '10.1.0.2'])]);
      assert.deepEqual(await ask('127.0.0.1'), { status: 200, weight: '2', body: body(2) });
      state.healthy = false;
      assert.deepEqual(await ask('127.0.0.1'), { status: 503, weight: '2', body: body(2, false) });
      state.healthy = true;
      servers.update([model('10.100.0.1', [])]);
      assert.deepEqual(await ask('127.0.0.1'), { status: 503, weight: '0', body: body(0) });
      if (hasIpv6) {
        servers.update([model('10.100.0.1', ['10.1.0.1']), model('fd00:100::1', ['fd00:1::1'])]);
        for (const host of ['[::1]', '127.0.0.1'])
          assert.deepEqual(await ask(host), { status: 200, weight: '1', body: body(1) }, host);
      }
      servers.update([]);
      await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
    } finally {
      stop.abort();
    }
  });
});
