import assert from 'node:assert/strict';
import type { Lease } from '../apis/coordination/v1/types.js';
import { alreadyExists, conflict, notFound } from '../apimachinery/errors/status-error.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { LEASES } from '../apis/resource-types.js';
import type { Client } from './client.js';
import { runWithLeadership } from './leader-election.js';

/** One lease with optimistic locking; `reachable` cuts a candidate off. */
function oneLease() {
  let lease: Lease | undefined;
  let revision = 0;
  const clientFor = (identity: string): Client =>
    ({
      get: () => (
        guard(identity),
        lease ? Promise.resolve(structuredClone(lease)) : Promise.reject(notFound(LEASES, 'l'))
      ),
      create: (_type: unknown, object: Lease) => (
        guard(identity),
        lease ? Promise.reject(alreadyExists(LEASES, 'l')) : store(object)
      ),
      update(_type: unknown, object: Lease) {
        guard(identity);
        if (object.metadata.resourceVersion !== String(revision))
          return Promise.reject(conflict(LEASES, 'l'));
        return store(object);
      },
    }) as unknown as Client;
  const guard = (identity: string): void => {
    if (world.cutOff.has(identity)) throw new Error('connection refused');
  };
  const store = (object: Lease): Promise<Lease> => {
    lease = {
      ...structuredClone(object),
      metadata: { ...object.metadata, resourceVersion: String(++revision) },
    };
    const answer = structuredClone(lease);
    return world.answersLate ? world.answersLate.then(() => answer) : Promise.resolve(answer);
  };
  const world = {
    clientFor,
    cutOff: new Set<string>(),
    answersLate: undefined as Promise<void> | undefined,
    lease: () => lease,
  };
  return world;
}

function candidate(
  env: ReturnType<typeof virtualEnv>,
  world: ReturnType<typeof oneLease>,
  identity: string,
  retryPeriodMs = 2_000,
) {
  const abort = new AbortController();
  const state = { leading: false, terms: 0 };
  const run = runWithLeadership(
    world.clientFor(identity),
    env,
    { name: 'l', identity, retryPeriodMs },
    async (signal) => {
      state.leading = true;
      state.terms++;
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      state.leading = false;
    },
    abort.signal,
  );
  return { state, stop: () => (abort.abort(new Error('stop')), run) };
}

describe('leader election', () => {
  it('lets one lead and hands over at once on release', async () => {
    const env = virtualEnv();
    const world = oneLease();
    const a = candidate(env, world, 'a');
    await env.clock.advance(100);
    const b = candidate(env, world, 'b');
    await env.clock.advance(60_000);
    assert.deepEqual([a.state.leading, b.state.leading], [true, false]);
    await a.stop();
    assert.equal(world.lease()?.spec.holderIdentity, '');
    await env.clock.advance(5_000);
    assert.equal(b.state.leading, true);
    assert.equal(world.lease()?.spec.leaseTransitions, 1);
    await b.stop();
  });

  it('a leader that cannot renew stops before another starts', async () => {
    const env = virtualEnv();
    const world = oneLease();
    const a = candidate(env, world, 'a');
    const b = candidate(env, world, 'b');
    await env.clock.advance(5_000);
    assert.equal(a.state.leading, true);
    world.cutOff.add('a');
    for (let second = 0; second < 40; second++) {
      await env.clock.advance(1000);
      assert.ok(!(a.state.leading && b.state.leading), `both lead after ${second} s`);
    }
    assert.deepEqual([a.state.leading, b.state.leading], [false, true]);
    world.cutOff.clear();
    await env.clock.advance(30_000);
    assert.deepEqual([a.state.leading, b.state.leading], [false, true]);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('counts its term from before it asked: a late answer does not lengthen it', async () => {
    const env = virtualEnv();
    const world = oneLease();
    const leader = candidate(env, world, 'leader');
    await env.clock.advance(100);
    const eager = candidate(env, world, 'eager', 100);
    await env.clock.advance(1_000);
    // The next renewal is written, but its answer takes 7 s more; then the leader is cut off.
    let answer = () => {};
    world.answersLate = new Promise((resolve) => (answer = resolve));
    await env.clock.advance(8_000);
    world.answersLate = undefined;
    world.cutOff.add('leader');
    answer();
    for (let tenth = 0; tenth < 300; tenth++) {
      await env.clock.advance(100);
      assert.ok(!(leader.state.leading && eager.state.leading), `both lead after ${tenth / 10} s`);
    }
    assert.deepEqual([leader.state.leading, eager.state.leading], [false, true]);
    await Promise.all([leader.stop(), eager.stop()]);
  });

  it('throws what the work throws, and gives the lease back', async () => {
    const env = virtualEnv();
    const world = oneLease();
    const work = () => Promise.reject(new Error('broken'));
    const run = runWithLeadership(
      world.clientFor('a'),
      env,
      { name: 'l', identity: 'a' },
      work,
      new AbortController().signal,
    );
    await assert.rejects(Promise.all([run, env.clock.advance(1000)]), /broken/);
    assert.equal(world.lease()?.spec.holderIdentity, '');
  });
});
