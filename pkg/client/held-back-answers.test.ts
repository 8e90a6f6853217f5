// Writers of leases against a server that takes a request and holds its answer back: the transport
// gives such an attempt up early enough that the lease does not run out.
import assert from 'node:assert/strict';
import { virtualEnv } from '../../test/support/virtual-env.js';
import type { Lease } from '../apis/coordination/v1/types.js';
import { abortable } from '../util/wait/abortable.js';
import { runWithLeadership } from './leader-election.js';
import { keepLease } from './lease-keeper.js';
import { clientOver } from './rest-client.js';
import { transportOver, type Begin, type HttpStream } from './transport.js';

function answerOf(status: number, body: object): HttpStream {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    status,
    headers: {},
    async *chunks() {
      yield await Promise.resolve(bytes);
    },
    cancel() {},
  };
}

/** A server with one lease. The requests of `held`, counted from 1, get no answer. */
function serverOf(env: ReturnType<typeof virtualEnv>, held: readonly number[]) {
  let lease: Lease | undefined;
  let requests = 0;
  const renewals: number[] = [];
  const begin: Begin = ({ method, body }, signal) => {
    if (held.includes(++requests)) return abortable(new Promise<never>(() => {}), signal);
    if (method === 'GET')
      return Promise.resolve(
        lease
          ? answerOf(200, lease)
          : answerOf(404, { kind: 'Status', code: 404, reason: 'NotFound' }),
      );
    if (method === 'POST' && lease)
      return Promise.resolve(answerOf(409, { kind: 'Status', code: 409, reason: 'AlreadyExists' }));
    lease = JSON.parse(Buffer.from(body!).toString()) as Lease;
    renewals.push(env.clock.now());
    return Promise.resolve(answerOf(200, lease));
  };
  return { client: clientOver(transportOver(begin, () => {}, env)), renewals };
}

const longestPause = (times: readonly number[]): number =>
  Math.max(...times.slice(1).map((time, i) => time - times[i]!));

describe('answers that are held back', () => {
  it('cost a kept lease a period, not the lease', async () => {
    const env = virtualEnv();
    const { client, renewals } = serverOf(env, [3, 7]);
    const stop = new AbortController();
    const kept = { namespace: 'kube-node-lease', name: 'n', holderIdentity: 'n' };
    const times = { leaseDurationSeconds: 40, periodMs: 10_000 };
    const done = keepLease(client, env, { ...kept, ...times }, stop.signal);
    for (let second = 0; second < 150; second++) await env.clock.advance(1_000);
    stop.abort(new Error('stop'));
    await done;
    assert.ok(renewals.length > 8, `${renewals.length} renewals`);
    assert.ok(longestPause(renewals) < 25_000, `${longestPause(renewals)} ms without a renewal`);
  });

  it('do not end a term of leadership', async () => {
    const env = virtualEnv();
    const { client } = serverOf(env, [5]);
    const stop = new AbortController();
    let terms = 0;
    const done = runWithLeadership(
      client,
      env,
      { name: 'l', identity: 'a' },
      async (signal) => {
        terms++;
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      stop.signal,
    );
    for (let second = 0; second < 60; second++) await env.clock.advance(1_000);
    assert.equal(terms, 1);
    stop.abort(new Error('stop'));
    await done;
  });
});
