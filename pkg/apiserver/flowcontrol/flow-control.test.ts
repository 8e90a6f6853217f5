import assert from 'node:assert/strict';
import {
  DEFAULT_FLOW_SCHEMAS,
  DEFAULT_PRIORITY_LEVELS,
  MANDATORY_FLOWS,
} from '../../registry/flowcontrol/default-flows.js';
import type { Env } from '../../util/env/env.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { Arrival } from './limiter.js';
import { parseRequestInfo } from '../request/request-info.js';
import type { ObjectReader } from '../resource/reader.js';
import { FlowControl } from './flow-control.js';

const NODE: UserInfo = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] };
const ADMIN: UserInfo = { name: 'admin', groups: ['system:masters', 'system:authenticated'] };
const user = (name: string): UserInfo => ({ name, groups: ['system:authenticated'] });
const LEASE = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n1';

/** A loop in which each request takes `ms` of the event loop. */
function loop(ms: number) {
  let now = 0;
  const env = { clock: { now: () => now, monotonic: () => now, after: () => ({ cancel() {} }) } };
  const reader = { list: () => [], observe: () => () => {} } as unknown as ObjectReader;
  const control = new FlowControl({
    env: env as unknown as Env,
    reader,
    defaults: {
      priorityLevels: DEFAULT_PRIORITY_LEVELS,
      flowSchemas: DEFAULT_FLOW_SCHEMAS,
      mandatory: MANDATORY_FLOWS,
    },
    seats: 600,
    requestTimeoutMs: 60_000,
  });
  const order: string[] = [];
  const send = (who: UserInfo, path = '/api/v1/pods', method = 'GET'): Promise<void> => {
    const query = new URLSearchParams();
    const arrival = {
      exchange: { onClose() {} },
      info: parseRequestInfo(method, path, query),
      user: who,
      query,
      resource: undefined,
      isRead: method === 'GET',
    } as unknown as Arrival;
    return control.admit(arrival, () => {
      now += ms;
      order.push(who.name);
      return Promise.resolve();
    });
  };
  return { control, order, send };
}

const settled = async (all: Promise<void>[]): Promise<number> =>
  (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected').length;

describe('priority and fairness', () => {
  it('serves a node before the rest of a flood that came earlier', async () => {
    const { order, send } = loop(10);
    const mallory = user('mallory');
    const all = Array.from({ length: 40 }, () => send(mallory));
    all.push(send(NODE, LEASE, 'PUT'));
    assert.equal(await settled(all), 0);
    assert.equal(order.length, 41);
    assert.ok(order.indexOf(NODE.name) <= 2, String(order.indexOf(NODE.name)));
  });

  it('takes turns between the users of one level', async () => {
    const { order, send } = loop(10);
    const [mallory, alice] = [user('mallory'), user('alice')];
    const all = Array.from({ length: 40 }, () => send(mallory));
    all.push(...Array.from({ length: 4 }, () => send(alice)));
    assert.equal(await settled(all), 0);
    const last = order.lastIndexOf('alice');
    assert.ok(last < 15, `the last request of alice was number ${last}`);
  });

  it('refuses what does not fit into the queues of one user, and serves the others', async () => {
    const { control, order, send } = loop(10);
    const mallory = user('mallory');
    const flood = Array.from({ length: 1_000 }, () => send(mallory));
    const alice = send(user('alice'));
    const refused = await settled(flood);
    // A hand of six queues holds 50 each.
    assert.equal(refused, 1_000 - order.filter((name) => name === 'mallory').length);
    assert.ok(refused >= 1_000 - 6 * 50 - 2, String(refused));
    await alice;
    const { rejected, waiting } = control.levels.get('global-default')!.countsOf('global-default');
    assert.deepEqual([rejected, waiting], [{ 'queue-full': refused }, 0]);
  });

  it('never lets an exempt request wait', async () => {
    const { order, send } = loop(10);
    const mallory = user('mallory');
    const all = Array.from({ length: 20 }, () => send(mallory));
    const admin = send(ADMIN);
    assert.equal(order.at(-1), 'admin');
    await admin;
    assert.equal(await settled(all), 0);
  });

  it('runs requests at once while the loop has time', async () => {
    const { control, order, send } = loop(0);
    const all = Array.from({ length: 40 }, () => send(user('joe')));
    assert.equal(order.length, 40);
    await settled(all);
    const { set } = control.levels.get('global-default')!;
    assert.deepEqual([set.executing, set.seatsInUse, set.active], [0, 0, 0]);
  });

  it('lends idle seats to a level that needs them', () => {
    const { control } = loop(0);
    const { set } = control.levels.get('workload-low')!;
    const { set: own } = control.levels.get('global-default')!;
    assert.equal(set.limit, 245);
    control.adjust();
    // Nobody needs much: all seats are still given out.
    const total = [...control.levels.values()].reduce((sum, level) => sum + level.set.limit, 0);
    assert.ok(total >= 595 && total <= 605, String(total));
    assert.ok(own.limit > 0);
  });
});

describe('a flood that waits for the event loop', () => {
  it('has one turn due, however many requests wait', async () => {
    const { send } = loop(10);
    const real = globalThis.setImmediate;
    let due = 0;
    let most = 0;
    const counted = ((run: () => void) => {
      most = Math.max(most, ++due);
      return real(() => {
        due--;
        run();
      });
    }) as typeof setImmediate;
    globalThis.setImmediate = counted;
    try {
      await settled(Array.from({ length: 200 }, () => send(user('mallory'))));
    } finally {
      globalThis.setImmediate = real;
    }
    // One resets the turn, one serves the queues.
    assert.ok(most <= 3, String(most));
  });
});
