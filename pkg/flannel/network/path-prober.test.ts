import assert from 'node:assert/strict';
import type { EchoSocket } from '../../system/icmp/echo.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { PathProber } from './path-prober.js';

/** An echo socket that answers packets up to the MTU of the path; MTU 0 is a dead path. */
function network(paths: Record<string, number>) {
  const counts = { opened: 0, open: 0, asked: 0 };
  const echo: EchoSocket['echo'] = (address, bytes) => {
    counts.asked++;
    return Promise.resolve(bytes <= (paths[address] ?? 0) ? 2 : undefined);
  };
  const open = () => {
    counts.opened++;
    counts.open++;
    return Promise.resolve({ echo, close: () => void counts.open-- });
  };
  return { counts, open };
}

describe('path prober', () => {
  it('finds reachable peers and the largest packet that passes', async () => {
    const env = virtualEnv();
    const { open, counts } = network({ a: 1500, b: 1420, c: 0 });
    const prober = new PathProber(env, open, 1500);
    const stop = new AbortController();
    const running = prober.run(stop.signal);
    prober.setPeers(['a', 'b', 'c']);
    await env.clock.advance(5000);
    assert.deepEqual(Object.fromEntries(prober.health), {
      a: { reachable: true, rttSeconds: 0.002, mtu: 1500 },
      b: { reachable: true, rttSeconds: 0.002, mtu: 1420 },
      c: { reachable: false },
    });
    assert.equal(counts.open, 0, 'no socket between rounds');
    prober.setPeers(['a']);
    assert.deepEqual([...prober.health.keys()], ['a']);
    stop.abort();
    await running;
  });

  it('probes IPv6 peers with no less than the minimum MTU of IPv6', async () => {
    const env = virtualEnv();
    const { open, counts } = network({ 'fd00::1': 64 });
    const prober = new PathProber(env, open, 1500);
    const stop = new AbortController();
    const running = prober.run(stop.signal);
    prober.setPeers(['fd00::1']);
    await env.clock.advance(5000);
    assert.deepEqual(Object.fromEntries(prober.health), {
      'fd00::1': { reachable: true, rttSeconds: 0.002 },
    });
    assert.equal(counts.asked, 1 + [1500, 1492, 1476, 1460, 1450, 1420, 1400, 1280].length);
    stop.abort();
    await running;
  });

  it('opens no socket without peers, and probes about twice a minute with peers', async () => {
    const env = virtualEnv();
    const { open, counts } = network({ a: 1500 });
    const prober = new PathProber(env, open, 1500);
    const stop = new AbortController();
    const running = prober.run(stop.signal);
    await env.clock.advance(300_000);
    assert.equal(counts.opened, 0);
    prober.setPeers(['a']);
    await env.clock.advance(300_000);
    assert.ok(counts.opened >= 8 && counts.opened <= 13, `${counts.opened} rounds`);
    assert.equal(counts.asked, counts.opened * 2);
    stop.abort();
    await running;
  });

  it('logs once why it cannot work, and ends', async () => {
    const env = virtualEnv();
    const prober = new PathProber(
      env,
      () => Promise.reject(new Error('Cannot find package')),
      1500,
    );
    prober.setPeers(['a']);
    const running = prober.run(new AbortController().signal);
    await env.clock.advance(120_000);
    await running;
    assert.equal(env.log.lines.filter((line) => line.event.includes('raw-socket')).length, 1);
  });
});
