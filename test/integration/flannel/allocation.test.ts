// Daemons race for too few subnets while they crash and a real etcd is killed and paused. No two of
// them may ever hold one subnet of either family at the same time.
import assert from 'node:assert/strict';
import { parseNetworkConfig, type NetworkConfig } from '../../../pkg/flannel/config.js';
import { subnetsOverlap, describeSubnets, type Lease } from '../../../pkg/flannel/subnet/lease.js';
import { SubnetManager } from '../../../pkg/flannel/subnet/manager.js';
import { openEtcdStorage } from '../../../pkg/storage/etcd/etcd-storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { startEtcd, type EtcdProcess } from '../../support/etcd-process.js';
import { eventually } from '../../support/control-plane.js';
import { seeded } from '../reliability/faults.js';
import { openLink } from '../reliability/link.js';

const PREFIX = '/coreos.com/network';
const NODES = 10;
const FAULTS = 6;
const TTL_SECONDS = 5;
/** 11 IPv4 and 11 IPv6 subnets without equal numbers: ten nodes always collide. */
const DUAL = parseNetworkConfig(
  '{"Network":"10.5.0.0/20","SubnetMax":"10.5.11.0","EnableIPv6":true,"IPv6Network":"fd00:5::/56","IPv6SubnetMin":"fd00:5:0:80::","IPv6SubnetMax":"fd00:5:0:8a::"}',
);
const V4 = parseNetworkConfig('{"Network":"10.5.0.0/20","SubnetMax":"10.5.11.0"}');

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** The subnets that the daemons believe they hold. */
class Holders {
  private readonly held = new Map<number, Lease>();
  readonly doubles: string[] = [];
  taken = 0;

  take(node: number, lease: Lease): void {
    this.taken++;
    for (const [other, theirs] of this.held)
      if (other !== node && subnetsOverlap(lease, theirs))
        this.doubles.push(
          `${node} took ${describeSubnets(lease)} while ${other} held ${describeSubnets(theirs)}`,
        );
    this.held.set(node, lease);
  }

  leave(node: number): void {
    this.held.delete(node);
  }
}

/**
 * The life of one node: acquire a subnet, hold it, crash and restart, at times with another config.
 */
async function live(
  node: number,
  etcd: EtcdProcess,
  holders: Holders,
  random: () => number,
  over: AbortSignal,
): Promise<void> {
  const publicIP = `192.0.2.${node + 1}`;
  while (!over.aborted) {
    const env = realEnv('flanneld', 'error');
    const storage = openEtcdStorage({
      endpoints: [etcd.endpoint],
      env: { ...env, log: { ...env.log, warn: () => {}, error: () => {} } },
    });
    const crash = new AbortController();
    const signal = AbortSignal.any([over, crash.signal]);
    try {
      const config: NetworkConfig = random() < 0.25 ? V4 : DUAL;
      const attrs = {
        publicIP,
        ...(config.ipv6 ? { publicIPv6: `fd77::${node + 1}` } : {}),
        backendType: 'host-gw',
      };
      const manager = new SubnetManager(
        { ...env, log: { ...env.log, info: () => {}, warn: () => {}, error: () => {} } },
        storage,
        { prefix: PREFIX, leaseTtlSeconds: TTL_SECONDS, renewMarginMs: 3000 },
      );
      const timer = setTimeout(() => crash.abort(new Error('crash')), 50 + random() * 1500);
      const own = await manager.acquire(config, attrs, undefined, signal);
      if (signal.aborted) throw signal.reason as Error;
      holders.take(node, own);
      await manager.run(own, () => {}, signal);
      clearTimeout(timer);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      holders.leave(node);
      await storage.close();
    }
  }
}

describe('flannel subnets among crashes', function () {
  this.timeout(60_000);
  let etcd: EtcdProcess;
  before(async () => {
    etcd = await startEtcd();
  });
  after(() => etcd?.stop());

  it('never have two owners', async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = seeded(seed);
    const holders = new Holders();
    const over = new AbortController();
    const lives = Array.from({ length: NODES }, (_, node) =>
      live(node, etcd, holders, random, over.signal),
    );
    const failed = Promise.race(lives);
    for (let n = 0; n < FAULTS; n++) {
      await Promise.race([failed, pause(400 + random() * 900)]);
      if (random() < 0.7) {
        await etcd.kill();
        await pause(random() * 500);
        await etcd.start();
      } else {
        etcd.pause();
        await pause(random() * 800);
        etcd.resume();
      }
    }
    await Promise.race([failed, pause(1500)]);
    over.abort(new Error('over'));
    await Promise.all(lives);
    assert.deepEqual(holders.doubles, [], `seed ${seed}`);
    assert.ok(holders.taken > NODES, `only ${holders.taken} subnets were taken`);
  });

  it('go to another node when their owner is cut off for longer than its lease, and never have two owners', async () => {
    const quiet = realEnv('flanneld', 'error');
    const env = {
      ...quiet,
      log: { ...quiet.log, info: () => {}, warn: () => {}, error: () => {} },
    };
    const link = await openLink(Number(new URL(etcd.endpoint).port));
    const near = openEtcdStorage({ endpoints: [`http://127.0.0.1:${link.port}`], env });
    const direct = openEtcdStorage({ endpoints: [etcd.endpoint], env });
    const over = new AbortController();
    const prefix = '/cut/network';
    const manager = (storage: typeof near) =>
      new SubnetManager(env, storage, { prefix, leaseTtlSeconds: 3, renewMarginMs: 2000 });
    const keys = async () =>
      (await direct.list(`${prefix}/subnets/`)).kvs.map((kv) => kv.key.split('/').at(-1));
    // Both have the same IPv4 subnet, under two forms of key.
    const one = parseNetworkConfig(
      '{"Network":"10.5.0.0/20","SubnetMin":"10.5.1.0","SubnetMax":"10.5.1.0"}',
    );
    const oneDual = parseNetworkConfig(
      '{"Network":"10.5.0.0/20","SubnetMin":"10.5.1.0","SubnetMax":"10.5.1.0","EnableIPv6":true,"IPv6Network":"fd00:5::/56"}',
    );
    try {
      const first = await manager(near).acquire(
        one,
        { publicIP: '192.0.2.1', backendType: 'host-gw' },
        undefined,
        over.signal,
      );
      let lost = false;
      const running = manager(near)
        .run(first, () => {}, over.signal)
        .then(
          () => (lost = true),
          () => {},
        );
      link.cut();
      const second = await manager(direct).acquire(
        oneDual,
        { publicIP: '192.0.2.2', publicIPv6: 'fd77::2', backendType: 'host-gw' },
        undefined,
        over.signal,
      );
      assert.equal(describeSubnets(second), '10.5.1.0/24, fd00:5:0:1::/64');
      const alsoRunning = manager(direct)
        .run(second, () => {}, over.signal)
        .catch(() => {});
      assert.equal(lost, false, 'the first node cannot know yet');
      link.mend();
      await eventually('the first to give it up', async () => lost);
      const third = await manager(near).acquire(
        V4,
        { publicIP: '192.0.2.1', backendType: 'host-gw' },
        first,
        over.signal,
      );
      assert.ok(!subnetsOverlap(second, third));
      assert.deepEqual(
        new Set(await keys()),
        new Set(['10.5.1.0-24&fd00:5:0:1::-64', third.key.split('/').at(-1)]),
      );
      over.abort(new Error('over'));
      await Promise.all([running, alsoRunning]);
    } finally {
      over.abort(new Error('over'));
      await Promise.all([near.close(), direct.close()]);
      await link.close();
    }
  });
});
