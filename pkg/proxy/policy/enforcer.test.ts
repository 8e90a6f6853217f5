// The enforcer around the tracker: its watches and its transactions. nft is a list of scripts.
import assert from 'node:assert/strict';
import { MemoryInformers } from '../../../test/support/memory-informers.js';
import { NAMESPACES, NETWORK_POLICIES, PODS } from '../../apis/resource-types.js';
import type { Nft } from '../../system/nftables/nftables.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { PolicyEnforcer } from './enforcer.js';
import { MONITOR_RESTART_MS } from '../limits.js';

const DELETED = 'delete';

class ScriptedNft implements Nft {
  readonly scripts: string[] = [];
  failures = 0;
  monitors: { foreign: () => void; end: () => void }[] = [];

  apply(script: string): Promise<void> {
    if (this.failures-- > 0) return Promise.reject(new Error('no such thing'));
    this.scripts.push(script);
    return Promise.resolve();
  }
  check(): Promise<void> {
    return Promise.resolve();
  }
  listTable(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
  listFrame(): Promise<never[]> {
    return Promise.resolve([]);
  }
  deleteTable(family: string): Promise<void> {
    this.scripts.push(`${DELETED} ${family}`);
    return Promise.resolve();
  }
  watchTable(
    _family: string,
    _table: string,
    foreign: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise((end) => {
      this.monitors.push({ foreign, end });
      signal.addEventListener('abort', () => end(), { once: true });
    });
  }
  /**
   * The kind of each script ('full', 'part' or 'delete'), with its family unless it is IPv4 alone.
   */
  get kinds(): string[] {
    return this.scripts.map((script) =>
      script.startsWith(DELETED)
        ? script
        : `${script.includes('delete table') ? 'full' : 'part'}${script.includes(' ip6 ') ? ' ip6' : ''}`,
    );
  }
}

function setUp() {
  const env = virtualEnv();
  const informers = new MemoryInformers();
  const nft = new ScriptedNft();
  const stop = new AbortController();
  const start = () => {
    const enforcer = new PolicyEnforcer(
      env,
      informers,
      nft,
      { nodeName: 'n1', families: [4, 6], minSyncPeriodMs: 50 },
      stop.signal,
    );
    const run = enforcer.run();
    return { enforcer, end: () => (stop.abort(), env.clock.advance(0), run) };
  };
  const policy = (name: string) =>
    informers
      .of(NETWORK_POLICIES)
      .put({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace: 'a' },
        spec: { podSelector: {} },
      } as never);
  const addPod = (name: string, ip: string) =>
    informers
      .of(PODS)
      .put({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: 'a' },
        spec: { nodeName: 'n1', containers: [] },
        status: { podIP: ip },
      } as never);
  return { env, informers, nft, start, policy, addPod };
}

describe('network policy enforcer', () => {
  it('removes leftovers and watches no pods until a policy exists', async () => {
    const { env, informers, nft, start, policy } = setUp();
    const { enforcer, end } = start();
    await env.clock.advance(10_000);
    assert.deepEqual(nft.kinds, ['delete ip', 'delete ip6']);
    assert.deepEqual(
      [informers.has(PODS), informers.has(NAMESPACES), nft.monitors.length, enforcer.settled],
      [false, false, 0, true],
    );
    policy('deny');
    assert.equal(enforcer.settled, false);
    await env.clock.advance(100);
    assert.deepEqual(
      [informers.has(PODS), informers.has(NAMESPACES), nft.monitors.length, enforcer.settled],
      [true, true, 1, true],
    );
    assert.deepEqual(nft.kinds, ['delete ip', 'delete ip6', 'delete ip6', 'full']);
    await end();
  });

  it('loads the whole state in one script, then writes a burst as one transaction', async () => {
    const { env, nft, start, policy, addPod } = setUp();
    policy('deny');
    addPod('p1', '10.1.0.1');
    const { end } = start();
    await env.clock.advance(100);
    assert.deepEqual(nft.kinds, ['delete ip6', 'full']);
    assert.match(
      nft.scripts[1]!,
      /add element ip wheelhouse-policy pod-ingress \{ 10\.1\.0\.1 : goto pod-i-/,
    );
    for (let n = 2; n < 10; n++) addPod(`p${n}`, `10.1.0.${n}`);
    await env.clock.advance(100);
    assert.deepEqual(nft.kinds, ['delete ip6', 'full', 'part']);
    addPod('p2', '10.1.0.2');
    await env.clock.advance(100);
    assert.deepEqual(nft.kinds, ['delete ip6', 'full', 'part'], 'nothing changed');
    await end();
  });

  it('creates IPv6 rules with the first pod of the node that has an IPv6 address', async () => {
    const { env, informers, nft, start, policy, addPod } = setUp();
    policy('deny');
    addPod('p1', '10.1.0.1');
    const { enforcer, end } = start();
    await env.clock.advance(100);
    assert.equal(nft.monitors.length, 1);
    informers
      .of(PODS)
      .put({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'p2', namespace: 'a' },
        spec: { nodeName: 'n1', containers: [] },
        status: { podIP: '10.1.0.2', podIPs: [{ ip: '10.1.0.2' }, { ip: 'FD00:1::2' }] },
      } as never);
    assert.equal(enforcer.settled, false);
    await env.clock.advance(100);
    assert.deepEqual(
      [nft.kinds.slice(2).sort(), nft.monitors.length, enforcer.settled],
      [['full ip6', 'part'], 2, true],
    );
    assert.match(
      nft.scripts.find((script) => script.includes(' ip6 '))!,
      /add element ip6 wheelhouse-policy pod-ingress \{ fd00:1::2 : goto pod-i-/,
    );
    await end();
  });

  it('reloads everything after a failure, a foreign change and the end of the monitor', async () => {
    const { env, nft, start, policy, addPod } = setUp();
    policy('deny');
    const { enforcer, end } = start();
    await env.clock.advance(100);
    nft.failures = 2;
    addPod('p1', '10.1.0.1');
    await env.clock.advance(50);
    assert.equal(enforcer.settled, false);
    await env.clock.advance(5000);
    assert.deepEqual([nft.kinds.slice(1), enforcer.settled], [['full', 'full'], true]);
    nft.monitors[0]!.foreign();
    await env.clock.advance(100);
    assert.equal(nft.kinds.length, 4);
    nft.monitors[0]!.end();
    await env.clock.advance(MONITOR_RESTART_MS + 100);
    assert.deepEqual(
      [nft.kinds.slice(1), nft.monitors.length],
      [['full', 'full', 'full', 'full'], 2],
    );
    await end();
  });
});
