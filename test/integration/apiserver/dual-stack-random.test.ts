// Random concurrent creates, changes of policy, family and type, and deletes of services, on
// servers that share a store. Afterwards the reserved values are exactly those of present services,
// without duplicates.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import type { Random } from '../../../pkg/util/env/env.js';
import { SeededRandom } from '../../support/virtual-env.js';
import { Api, type Json } from './harness.js';

const RANGES = '10.100.0.0/27,fd00:100::/123'; // small, so that they meet and run out
const HELD = '/registry/ranges/serviceips/';
const NAMES = 44;
const ROUNDS = 80;
const AT_ONCE = 6;
const ALLOWED = new Set([200, 201, 404, 409, 422]);
const MERGE = 'application/merge-patch+json';

const pick = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random.next() * list.length)]!;

function randomSpec(random: Random): Json {
  const spec: Json = { ports: [{ port: 80 }], selector: { a: 'b' } };
  const policy = pick(random, [undefined, 'SingleStack', 'PreferDualStack', 'RequireDualStack']);
  if (policy) spec.ipFamilyPolicy = policy;
  const families = pick(random, [undefined, undefined, ['IPv4'], ['IPv6'], ['IPv6', 'IPv4']]);
  if (families) spec.ipFamilies = families;
  const ip = pick(random, [
    undefined,
    undefined,
    undefined,
    'None',
    '10.100.0.9',
    'fd00:100::9',
    'FD00:100::0009',
  ]);
  if (ip) spec.clusterIP = ip;
  return spec;
}

const randomPatch = (random: Random): Json =>
  pick(random, [
    { spec: { ipFamilyPolicy: 'SingleStack' } },
    { spec: { ipFamilyPolicy: 'PreferDualStack' } },
    { spec: { ipFamilyPolicy: 'RequireDualStack' } },
    { spec: { type: 'ExternalName', externalName: 'a.b' } },
    { spec: { type: 'ClusterIP', externalName: null } },
    { spec: { type: 'NodePort' } },
    { spec: { ipFamilies: ['IPv4', 'IPv6'] } },
    { spec: { clusterIP: '10.100.0.11' } },
    { metadata: { labels: { touched: 'yes' } } },
  ]);

describe('addresses of two families under random changes', function () {
  this.timeout(60_000);
  let servers: RunningApiServer[];
  let apis: Api[];
  const storage = createMemoryStorage(realEnv('test', 'error'));

  before(async () => {
    servers = await Promise.all(
      [1, 2].map(() => startApiServer({ storage, serviceClusterIPRange: RANGES })),
    );
    await Promise.all(servers.map((server) => server.ready()));
    apis = servers.map((server) => new Api(server));
  });
  after(async () => {
    for (const api of apis) api.close();
    for (const server of servers) await server.stop();
    await storage.close();
  });

  async function check(seed: number): Promise<void> {
    const { items }: Json = await apis[0]!.ok(apis[0]!.get('/api/v1/services'));
    const ips = (items as Json[])
      .flatMap(({ spec }) => (spec.clusterIPs ?? []) as string[])
      .filter((ip) => ip !== 'None');
    const canonical = ips.map((ip) => ip.toLowerCase().replace('::0009', '::9'));
    const held = (await storage.list(HELD, { keysOnly: true })).kvs.map(({ key }) =>
      key.slice(HELD.length),
    );
    assert.deepEqual(held.sort(), canonical.sort(), `seed ${seed}`);
    for (const { metadata, spec } of items as Json[]) {
      const what = `seed ${seed}: ${metadata.name} ${JSON.stringify(spec)}`;
      if (spec.type === 'ExternalName')
        assert.equal(spec.clusterIPs ?? spec.ipFamilies ?? spec.ipFamilyPolicy, undefined, what);
      else {
        assert.equal(spec.clusterIP, spec.clusterIPs[0], what);
        assert.equal(spec.ipFamilies.length, spec.ipFamilyPolicy === 'SingleStack' ? 1 : 2, what);
        if (spec.clusterIP !== 'None')
          assert.deepEqual(
            (spec.clusterIPs as string[]).map((ip) => (ip.includes(':') ? 'IPv6' : 'IPv4')),
            spec.ipFamilies,
            what,
          );
      }
    }
  }

  for (const seed of [1, 2, 3]) {
    it(`reserves exactly the values of services, seed ${seed}`, async () => {
      const random = new SeededRandom(seed);
      const seen = new Map<number, number>();
      const step = async (): Promise<void> => {
        const api = pick(random, apis);
        const path = `/api/v1/namespaces/default/services/s${Math.floor(random.next() * NAMES)}`;
        const kind = random.next();
        const answer =
          kind < 0.35
            ? await api.post('/api/v1/namespaces/default/services', {
                metadata: { name: path.slice(path.lastIndexOf('/') + 1) },
                spec: randomSpec(random),
              })
            : kind < 0.5
              ? await api.delete(path)
              : await api.patch(path, MERGE, randomPatch(random));
        assert.ok(ALLOWED.has(answer.status), `${answer.status}: ${JSON.stringify(answer.json)}`);
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      };
      for (let round = 0; round < ROUNDS; round++)
        await Promise.all(Array.from({ length: AT_ONCE }, step));
      await check(seed);
      for (const status of [200, 201, 404, 422])
        assert.ok(seen.get(status), `no request ended with ${status}`);
      for (let at = 0; at < NAMES; at++)
        await apis[1]!.delete(`/api/v1/namespaces/default/services/s${at}`);
      await check(seed);
    });
  }
});
