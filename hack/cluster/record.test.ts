import assert from 'node:assert/strict';
import { checkName, decide, overlaps, type HostUse } from './record.js';

const host = (networks: string[] = [], taken: number[] = [], indexes: number[] = []): HostUse => ({
  indexes: new Set(indexes),
  networks,
  portIsFree: (port) => Promise.resolve(!taken.includes(port)),
});
const wanted = { name: 'local', nodes: 3, backend: 'vxlan', separate: false } as const;

describe('cluster record', () => {
  it('takes the first ranges and the usual ports on an empty machine', async () => {
    const record = await decide(wanted, host());
    assert.equal(record.underlay, '172.31.0.0/24');
    assert.equal(record.podNetwork, '10.244.0.0/16');
    assert.equal(record.serviceRange, '10.100.0.0/16');
    assert.equal(record.dnsAddress, '10.100.0.10');
    assert.equal(record.ports.api, 6443);
    assert.deepEqual(
      record.nodes.map(({ name, address }) => `${name} ${address}`),
      ['node-1 172.31.0.11', 'node-2 172.31.0.12', 'node-3 172.31.0.13'],
    );
  });

  it('avoids the ranges and ports of other clusters and networks', async () => {
    const record = await decide(wanted, host(['10.245.3.0/24'], [6443, 2379, 2380], [0]));
    assert.equal(record.index, 2);
    assert.equal(record.bridge, 'whl2');
    assert.equal(record.ports.api, 6543);
    assert.equal(record.ports.etcd, 2479);
    assert.notEqual(record.ports.etcdPeer, 2380);
  });

  it('numbers both families alike and checks both for conflicts', async () => {
    const dual = { ...wanted, dualStack: true };
    const record = await decide(dual, host(['fd00::/64']));
    assert.deepEqual(record.six, {
      underlay: 'fd00:31:1::/64',
      gateway: 'fd00:31:1::1',
      podNetwork: 'fd00:244::/48',
      serviceRange: 'fd00:100::/112',
      dnsAddress: 'fd00:100::10',
    });
    assert.deepEqual(
      record.nodes.map(({ address6 }) => address6),
      ['fd00:31:1::11', 'fd00:31:1::12', 'fd00:31:1::13'],
    );
    assert.equal((await decide(dual, host(['fd00:244:0:7::/64']))).index, 1);
    assert.equal((await decide(wanted, host(['fd00:244:0:7::/64']))).index, 0);
    assert.equal((await decide(wanted, host())).six, undefined);
  });

  it('uses another underlay where a network covers 172.31', async () => {
    assert.equal((await decide(wanted, host(['172.31.0.0/16']))).underlay, '172.30.0.0/24');
  });

  it('names the ranges when none is free', async () => {
    await assert.rejects(decide(wanted, host(['10.0.0.0/8'])), /no free address ranges/);
  });

  it('detects networks with common addresses', () => {
    assert.ok(overlaps('10.0.0.0/8', '10.244.0.0/16'));
    assert.ok(overlaps('10.244.7.1', '10.244.0.0/16'));
    assert.ok(overlaps('fd00:244::/48', 'fd00:244:0:1::5'));
    assert.ok(!overlaps('fd00:244::/48', 'fd00:245::/48'));
    assert.ok(!overlaps('0.0.0.0/0', 'fd00::/8'));
    assert.ok(!overlaps('10.243.255.255', '10.244.0.0/16'));
  });

  it('takes only names that devices and units can carry', () => {
    checkName('two-b');
    for (const name of ['', 'A', '-a', 'a/b', 'images', 'x'.repeat(31)])
      assert.throws(() => checkName(name), /not a cluster name/);
  });
});
