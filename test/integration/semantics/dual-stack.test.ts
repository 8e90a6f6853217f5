// Services with two ranges over HTTP: addresses are reserved in the store, released, and never
// given twice; and the addresses of two families in pod statuses and node specs.
import assert from 'node:assert/strict';
import { sameFamily } from '../../../cmd/kube-apiserver/join.js';
import { pod, type Json } from '../apiserver/harness.js';
import { MERGE, STRATEGIC, withServer } from './serve.js';

const RANGES = '10.100.0.0/24,fd00:100::/112';
const HELD = '/registry/ranges/serviceips/';
const ports = [{ port: 80 }];
const isDual = ({ spec }: Json): boolean =>
  spec.clusterIPs[0].startsWith('10.100.0.') && spec.clusterIPs[1].startsWith('fd00:100::');

withServer(
  'dual stack',
  (suite) => {
    const held = async (): Promise<string[]> =>
      (await suite.server.storage.list(HELD, { keysOnly: true })).kvs
        .map(({ key }) => key.slice(HELD.length))
        .sort();
    const create = async (name: string, spec: Json): Promise<Json> =>
      suite.api.ok(
        suite.api.post(`${suite.ns}/services`, { metadata: { name }, spec: { ports, ...spec } }),
        201,
      );

    it('holds two addresses from create to delete, and one after SingleStack', async () => {
      const { api, ns } = suite;
      const before = await held();
      const extra = async () => (await held()).filter((ip) => !before.includes(ip));
      const made = await create('a', { ipFamilyPolicy: 'PreferDualStack' });
      assert.ok(isDual(made), JSON.stringify(made.spec));
      assert.deepEqual(await extra(), made.spec.clusterIPs.toSorted());
      const single: Json = await api.ok(
        api.patch(`${ns}/services/a`, MERGE, { spec: { ipFamilyPolicy: 'SingleStack' } }),
      );
      assert.deepEqual(
        [single.spec.clusterIPs, single.spec.ipFamilies],
        [[made.spec.clusterIP], ['IPv4']],
      );
      assert.deepEqual(await extra(), [made.spec.clusterIP]);
      const again: Json = await api.ok(
        api.patch(`${ns}/services/a`, STRATEGIC, { spec: { ipFamilyPolicy: 'RequireDualStack' } }),
      );
      assert.ok(isDual(again) && again.spec.clusterIP === made.spec.clusterIP);
      assert.deepEqual(await extra(), again.spec.clusterIPs.toSorted());
      await api.ok(api.delete(`${ns}/services/a`));
      assert.deepEqual(await extra(), []);
    });

    it('gives no IPv6 address twice, in any spelling', async () => {
      const { api, ns } = suite;
      const made = await Promise.all(
        Array.from({ length: 40 }, (_, at) =>
          create(`s${at}`, { ipFamilyPolicy: 'RequireDualStack' }),
        ),
      );
      assert.equal(new Set(made.flatMap(({ spec }) => spec.clusterIPs)).size, 80);
      const [first] = made;
      const upper = first.spec.clusterIPs[1].toUpperCase();
      const refused = await api.post(`${ns}/services`, {
        metadata: { name: 'copy' },
        spec: { ports, clusterIP: upper },
      });
      assert.deepEqual(
        [refused.status, /provided IP is already allocated/.test(refused.json.message)],
        [422, true],
        refused.json.message,
      );
      await api.ok(api.delete(`${ns}/services/${first.metadata.name}`));
      const taken = await create('copy', { clusterIP: upper });
      assert.deepEqual(
        [taken.spec.ipFamilies, taken.spec.ipFamilyPolicy],
        [['IPv6'], 'SingleStack'],
      );
    });

    it('changes nothing in the store in dry runs and refusals', async () => {
      const { api, ns } = suite;
      const before = await held();
      const dry: Json = await api.ok(
        api.post(`${ns}/services?dryRun=All`, {
          metadata: { name: 'd' },
          spec: { ports, ipFamilyPolicy: 'RequireDualStack' },
        }),
        201,
      );
      assert.ok(isDual(dry));
      const twice = await api.post(`${ns}/services`, {
        metadata: { name: 'e' },
        spec: {
          ports,
          clusterIP: '10.100.0.9',
          clusterIPs: ['10.100.0.9', '10.100.0.10'],
          ipFamilyPolicy: 'RequireDualStack',
        },
      });
      assert.equal(twice.status, 422);
      assert.deepEqual(await held(), before);
    });

    it("keeps the apiserver's own service in the first family", async () => {
      const service: Json = await suite.api.ok(
        suite.api.get('/api/v1/namespaces/default/services/kubernetes'),
      );
      assert.deepEqual(
        [service.spec.clusterIPs, service.spec.ipFamilyPolicy, service.spec.ipFamilies],
        [['10.100.0.1'], 'SingleStack', ['IPv4']],
      );
    });

    it('accepts pods and nodes with one address of each family', async () => {
      const { api, ns, name } = suite;
      await api.ok(api.post(`${ns}/pods`, pod('p')), 201);
      const status = (podIPs: string[]) =>
        api.patch(`${ns}/pods/p/status`, MERGE, {
          status: {
            podIP: podIPs[0],
            podIPs: podIPs.map((ip) => ({ ip })),
            hostIP: '192.0.2.1',
            hostIPs: [{ ip: '192.0.2.1' }, { ip: '2001:db8::1' }],
          },
        });
      const good: Json = await api.ok(status(['10.244.0.2', 'fd00:244::2']));
      assert.deepEqual(
        [good.status.podIPs, good.status.hostIPs[1]],
        [[{ ip: '10.244.0.2' }, { ip: 'fd00:244::2' }], { ip: '2001:db8::1' }],
      );
      const list: Json = await api.ok(
        api.get(`${ns}/pods?fieldSelector=status.podIP%3D10.244.0.2`),
      );
      assert.equal(list.items.length, 1);
      for (const ips of [
        ['10.244.0.2', '10.244.0.3'],
        ['10.244.0.2', 'fd00::1', 'fd00::2'],
      ]) {
        const bad = await status(ips);
        assert.deepEqual(
          [
            bad.status,
            bad.json.details?.causes?.[0]?.field,
            /may specify no more than one IP for each IP family/.test(bad.json.message),
          ],
          [422, 'status.podIPs', true],
          bad.json.message,
        );
      }
      const node = (podCIDRs: string[]) =>
        api.post('/api/v1/nodes', {
          metadata: { name: `n-${name}` },
          spec: { podCIDR: podCIDRs[0], podCIDRs },
        });
      const refused = await node(['10.244.1.0/24', '10.244.2.0/24']);
      assert.match(
        refused.json.message,
        /spec.podCIDRs: Invalid value: \[\]string\{"10.244.1.0\/24", "10.244.2.0\/24"\}: may specify no more than one CIDR for each IP family/,
      );
      await api.ok(node(['10.244.1.0/24', 'fd00:244:0:1::/64']), 201);
      await api.ok(api.delete(`/api/v1/nodes/n-${name}`));
    });
  },
  ['memory', 'etcd'],
  { serviceClusterIPRange: RANGES },
);

withServer(
  'IPv6 as the first family',
  (suite) => {
    it("is the family of services that do not choose, and of the apiserver's own", async () => {
      const { api, ns } = suite;
      const made: Json = await api.ok(
        api.post(`${ns}/services`, {
          metadata: { name: 's' },
          spec: { ports, ipFamilyPolicy: 'PreferDualStack' },
        }),
        201,
      );
      assert.deepEqual(made.spec.ipFamilies, ['IPv6', 'IPv4']);
      const own: Json = await api.ok(api.get('/api/v1/namespaces/default/services/kubernetes'));
      assert.deepEqual([own.spec.clusterIPs, own.spec.ipFamilies], [['fd00:100::1'], ['IPv6']]);
      const slice: Json = await api.ok(
        api.get('/apis/discovery.k8s.io/v1/namespaces/default/endpointslices/kubernetes'),
      );
      assert.deepEqual(
        [slice.addressType, slice.endpoints[0].addresses[0].includes(':')],
        ['IPv6', true],
      );
    });

    it('needs an advertised address of the same family', () => {
      assert.deepEqual(
        ['192.0.2.1', '2001:db8::1'].map((address) =>
          sameFamily('fd00:100::/112,10.100.0.0/24', address),
        ),
        [false, true],
      );
      assert.deepEqual(
        ['192.0.2.1', '2001:db8::1'].map((address) =>
          sameFamily('10.100.0.0/24,fd00:100::/112', address),
        ),
        [true, false],
      );
    });
  },
  ['memory'],
  { serviceClusterIPRange: 'fd00:100::/112,10.100.0.0/24' },
);
