import assert from 'node:assert/strict';
import { createMemoryStorage } from '../../storage/memory/memory-storage.js';
import type { Storage } from '../../storage/storage.js';
import { SeededRandom, virtualEnv, type VirtualEnv } from '../../../test/support/virtual-env.js';
import { parseNetworkConfig } from '../config.js';
import { formatNet, parseNet } from '../../util/netaddr/net.js';
import { subnetsOverlap, describeSubnets, type Lease } from './lease.js';
import { SubnetManager, type Leases } from './manager.js';

const TTL = 60;
const config = parseNetworkConfig('{"Network":"10.5.0.0/16","Backend":{"Type":"vxlan"}}');
const attrs = (publicIP: string) => ({
  publicIP,
  backendType: 'vxlan',
  backendData: { VNI: 1, VtepMAC: '02:00:00:00:00:01' },
});
const PREFIX = '/coreos.com/network';

describe('subnet manager', () => {
  let env: VirtualEnv;
  let storage: Storage;
  let stop: AbortController;
  const manager = () =>
    new SubnetManager(env, storage, {
      prefix: PREFIX,
      leaseTtlSeconds: TTL,
      renewMarginMs: 10_000,
    });
  beforeEach(() => {
    env = virtualEnv();
    storage = createMemoryStorage(env);
    stop = new AbortController();
  });
  afterEach(async () => {
    stop.abort(new Error('test over'));
    await env.clock.advance(1);
    await storage.close();
  });
  const text = async (key: string) => {
    const { kv } = await storage.get(key);
    return kv && new TextDecoder().decode(kv.value);
  };
  const bytes = (value: string) => new TextEncoder().encode(value);

  /** Runs a manager in the background; `lost` turns true when it loses its lease. */
  function run(own: Awaited<ReturnType<SubnetManager['acquire']>>, by = manager()) {
    const state = { lost: false, leases: new Map() as Leases };
    by.run(own, (leases) => (state.leases = new Map(leases)), stop.signal).then(
      () => (state.lost = true),
      () => {},
    );
    return state;
  }

  it('waits until the config exists and is valid', async () => {
    const waiting = manager().config(stop.signal);
    await env.clock.advance(1500);
    await storage.put(`${PREFIX}/config`, bytes('{"Network":"nonsense"}'));
    await env.clock.advance(1500);
    await storage.put(`${PREFIX}/config`, bytes('{"Network":"10.7.0.0/16"}'));
    await env.clock.advance(1500);
    assert.equal(formatNet((await waiting).network), '10.7.0.0/16');
  });

  it('writes the key and value of a lease as flannel does', async () => {
    const lease = await manager().acquire(
      config,
      attrs('192.168.77.1'),
      { subnet: parseNet('10.5.34.0/24', 4)! },
      stop.signal,
    );
    assert.equal(lease.key, '/coreos.com/network/subnets/10.5.34.0-24');
    assert.equal(
      await text(lease.key),
      '{"PublicIP":"192.168.77.1","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"02:00:00:00:00:01"}}',
    );
    assert.ok((await storage.get(lease.key)).kv!.lease);
  });

  it('always gives racing nodes different subnets', async () => {
    const small = parseNetworkConfig('{"Network":"10.5.0.0/20","SubnetLen":24}');
    const leases = await Promise.all(
      Array.from({ length: 15 }, (_, at) =>
        manager().acquire(small, attrs(`10.0.0.${at + 1}`), undefined, stop.signal),
      ),
    );
    assert.equal(new Set(leases.map((lease) => formatNet(lease.subnet))).size, 15);
    const all = await storage.list(`${PREFIX}/subnets/`);
    assert.equal(all.kvs.length, 15);
  });

  it('keeps the subnet across a restart, by public IP', async () => {
    const first = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    const second = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    assert.equal(second.key, first.key);
    assert.equal(second.leaseId, first.leaseId, 'the running etcd lease is kept');
  });

  it('keeps the lease alive long after its TTL', async () => {
    const own = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    run(own);
    for (let n = 0; n < 10; n++) await env.clock.advance((TTL * 1000) / 2);
    assert.ok(await text(own.key));
  });

  it('keeps a reservation without expiry', async () => {
    const key = `${PREFIX}/subnets/10.5.99.0-24`;
    await storage.put(key, bytes('{"PublicIP":"1.1.1.1","PublicIPv6":null}'));
    const own = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    assert.equal(own.key, key);
    run(own);
    await env.clock.advance(TTL * 3000);
    assert.equal((await storage.get(key)).kv!.lease, undefined);
    assert.match((await text(key))!, /VtepMAC/);
  });

  it('recreates its own lease when the key is deleted', async () => {
    const own = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    const state = run(own);
    await env.clock.advance(10);
    await storage.delete(own.key);
    await env.clock.advance(10);
    assert.match((await text(own.key))!, /1\.1\.1\.1/);
    assert.equal(state.lost, false);
    await env.clock.advance(TTL * 5000);
    assert.ok(await text(own.key), 'the new lease is renewed');
  });

  it('loses its lease when the key belongs to another node', async () => {
    const own = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    const state = run(own);
    await env.clock.advance(10);
    await storage.transact([], [{ type: 'delete', key: own.key }]);
    await storage.put(own.key, bytes('{"PublicIP":"9.9.9.9","PublicIPv6":null}'));
    await env.clock.advance(1000);
    assert.match((await text(own.key))!, /9\.9\.9\.9|1\.1\.1\.1/);
    const owner = /9\.9\.9\.9/.test((await text(own.key))!);
    assert.equal(state.lost, owner, 'lost exactly when the other node owns it');
  });

  it('reports all leases and changes of peers, also after a compaction', async () => {
    const own = await manager().acquire(config, attrs('1.1.1.1'), undefined, stop.signal);
    const state = run(own);
    await env.clock.advance(10);
    const peer = await manager().acquire(config, attrs('2.2.2.2'), undefined, stop.signal);
    await env.clock.advance(10);
    assert.equal(state.leases.get(peer.key)?.attrs.publicIP, '2.2.2.2');
    await storage.put(
      peer.key,
      bytes(
        '{"PublicIP":"3.3.3.3","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"02:00:00:00:00:09"}}',
      ),
    );
    await storage.compact(await storage.currentRevision());
    await env.clock.advance(10_000);
    assert.equal(state.leases.get(peer.key)?.attrs.publicIP, '3.3.3.3');
    await storage.delete(peer.key);
    await env.clock.advance(10);
    assert.deepEqual([...state.leases.keys()], [own.key]);
  });

  it('survives random store failures and never shares a subnet', async () => {
    const chance = new SeededRandom(3);
    const flaky = new Proxy(storage, {
      get(target, name: keyof Storage) {
        const method = target[name];
        if (typeof method !== 'function' || name === 'close' || name === 'watch') return method;
        return async (...args: unknown[]) => {
          const failing = chance.next() < 0.3;
          // Half of the failures happen after the write succeeded, like a lost response.
          if (failing && chance.next() < 0.5) throw new Error('lost request');
          const result = await (method as (...a: unknown[]) => Promise<unknown>).apply(
            target,
            args,
          );
          if (failing) throw new Error('lost answer');
          return result;
        };
      },
    });
    const taking = Array.from({ length: 12 }, (_, at) =>
      new SubnetManager(env, flaky, {
        prefix: PREFIX,
        leaseTtlSeconds: 86_400,
        renewMarginMs: 10_000,
      }).acquire(config, attrs(`10.0.0.${at + 1}`), undefined, stop.signal),
    );
    for (let n = 0; n < 100; n++) await env.clock.advance(1000);
    const leases = await Promise.all(taking);
    assert.equal(new Set(leases.map((lease) => lease.key)).size, 12);
    for (const lease of leases)
      assert.match((await text(lease.key)) ?? '', new RegExp(`"${lease.attrs.publicIP}"`));
  });

  describe('with IPv6', () => {
    // The IPv6 subnets do not have the numbers of their IPv4 subnets, so keys with one IPv4 subnet
    // differ: the hard case.
    const dual = parseNetworkConfig(
      '{"Network":"10.5.0.0/20","EnableIPv6":true,"IPv6Network":"fd00:5::/56","IPv6SubnetMin":"fd00:5:0:80::","IPv6SubnetMax":"fd00:5:0:8e::"}',
    );
    const v4 = parseNetworkConfig('{"Network":"10.5.0.0/20"}');
    const at = (n: number) => ({
      ...attrs(`10.0.0.${n + 1}`),
      publicIPv6: `fd77::${n + 1}`,
      backendV6Data: { VNI: 1, VtepMAC: '02:00:00:00:00:02' },
    });
    const apart = (leases: readonly Lease[]) => {
      for (const [n, one] of leases.entries())
        for (const other of leases.slice(n + 1))
          assert.ok(
            !subnetsOverlap(one, other),
            `${describeSubnets(one)} and ${describeSubnets(other)}`,
          );
    };

    it('writes a dual-stack key and value as flannel does', async () => {
      const config6 = parseNetworkConfig(
        '{"Network":"10.5.0.0/16","EnableIPv6":true,"IPv6Network":"fd00:5::/48"}',
      );
      const lease = await manager().acquire(
        config6,
        at(0),
        { subnet: parseNet('10.5.34.0/24', 4)! },
        stop.signal,
      );
      assert.equal(lease.key, '/coreos.com/network/subnets/10.5.34.0-24&fd00:5:0:22::-64');
      assert.equal(
        await text(lease.key),
        '{"PublicIP":"10.0.0.1","PublicIPv6":"fd77::1","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"02:00:00:00:00:01"},"BackendV6Data":{"VNI":1,"VtepMAC":"02:00:00:00:00:02"}}',
      );
    });

    it('turns an IPv4 lease into a dual-stack lease and back', async () => {
      const first = await manager().acquire(v4, attrs('10.0.0.1'), undefined, stop.signal);
      const both = await manager().acquire(dual, at(0), undefined, stop.signal);
      assert.equal(formatNet(both.subnet), formatNet(first.subnet));
      assert.equal(await text(first.key), undefined, 'the old key is gone');
      const again = await manager().acquire(v4, attrs('10.0.0.1'), undefined, stop.signal);
      assert.equal(again.key, first.key);
      assert.equal((await storage.list(`${PREFIX}/subnets/`)).kvs.length, 1);
    });

    it('never gives one subnet to racing nodes with both forms of key', async () => {
      const lasting = () =>
        new SubnetManager(env, storage, {
          prefix: PREFIX,
          leaseTtlSeconds: 86_400,
          renewMarginMs: 10_000,
        });
      const taking = Array.from({ length: 15 }, (_, n) =>
        n % 3 === 0
          ? lasting().acquire(v4, attrs(`10.0.0.${n + 1}`), undefined, stop.signal)
          : lasting().acquire(dual, at(n), undefined, stop.signal),
      );
      for (let n = 0; n < 100; n++) await env.clock.advance(1000);
      const leases = await Promise.all(taking);
      apart(leases);
      assert.equal(
        (await storage.list(`${PREFIX}/subnets/`)).kvs.length,
        15,
        'losers left nothing behind',
      );
    });

    it('yields to an older lease with the other form of key', async () => {
      const own = await manager().acquire(dual, at(0), undefined, stop.signal);
      const state = run(own);
      await env.clock.advance(10);
      // One transaction: after a pause, the expiry of our lease and the creation of another look
      // simultaneous.
      const rival = `${PREFIX}/subnets/${own.key.split('/').at(-1)!.split('&')[0]}`;
      await storage.transact(
        [],
        [
          { type: 'delete', key: own.key },
          { type: 'put', key: rival, value: bytes('{"PublicIP":"9.9.9.9","PublicIPv6":null}') },
        ],
      );
      await env.clock.advance(1000);
      assert.equal(state.lost, true);
      const next = await manager().acquire(dual, at(0), own, stop.signal);
      assert.notEqual(formatNet(next.subnet), formatNet(own.subnet));
      assert.equal(await text(own.key), undefined);
    });
  });
});
