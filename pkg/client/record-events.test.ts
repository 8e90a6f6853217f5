import assert from 'node:assert/strict';
import type { Event } from '../apis/core/v1/types.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import type { Client } from './client.js';
import { EVENT_BURST, EVENT_QUEUE_LENGTH } from './limits.js';
import { createEventRecorder } from './record-events.js';

const pod = { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'ns', uid: 'u' };

function setup(failures = 0) {
  const env = virtualEnv();
  const events = new Map<string, Event>();
  let left = failures;
  const fail = (): void => {
    if (left-- > 0) throw new Error('connection refused');
  };
  const client = {
    create(_type: unknown, event: Event) {
      fail();
      events.set(event.metadata.name, event);
      return Promise.resolve(event);
    },
    patch(_type: unknown, key: { name: string }, patch: Partial<Event>) {
      fail();
      return Promise.resolve(Object.assign(events.get(key.name)!, patch));
    },
  } as unknown as Client;
  const recorder = createEventRecorder(
    client,
    env,
    { component: 'tester', host: 'n1' },
    new AbortController().signal,
  );
  return { env, recorder, events: () => [...events.values()] };
}

describe('event recorder', () => {
  it('writes core/v1 events and counts equal ones in place', async () => {
    const { recorder, events, env } = setup();
    recorder.event(pod, 'Normal', 'Started', 'Started container');
    await recorder.flush();
    await env.clock.advance(5000);
    recorder.event(pod, 'Normal', 'Started', 'Started container');
    recorder.event(pod, 'Warning', 'Failed', 'no');
    await recorder.flush();
    const [first, second] = events();
    assert.equal(events().length, 2);
    assert.equal(first!.count, 2);
    assert.equal(first!.firstTimestamp, '2026-01-01T00:00:00Z');
    assert.equal(first!.lastTimestamp, '2026-01-01T00:00:05Z');
    assert.deepEqual(first!.source, { component: 'tester', host: 'n1' });
    assert.deepEqual(first!.involvedObject, {
      kind: 'Pod',
      apiVersion: 'v1',
      name: 'a',
      namespace: 'ns',
      uid: 'u',
    });
    assert.equal(second!.count, 1);
  });

  it('combines events of one reason with many messages', async () => {
    const { recorder, events } = setup();
    for (let i = 0; i < 15; i++) recorder.event(pod, 'Warning', 'Failed', `try ${i}`);
    await recorder.flush();
    assert.equal(events().length, 10);
    const last = events().at(-1)!;
    assert.equal(last.message, '(combined from similar events): try 14');
    assert.equal(last.count, 6);
  });

  it('drops the events of an object beyond its rate limit, until the limit allows more', async () => {
    const { recorder, events, env } = setup();
    const total = () => events().reduce((sum, e) => sum + e.count!, 0);
    for (let i = 0; i < 100; i++) recorder.event(pod, 'Normal', 'Flood', 'again');
    await recorder.flush();
    assert.equal(total(), EVENT_BURST);
    await env.clock.advance(300_000);
    for (let i = 0; i < 5; i++) recorder.event(pod, 'Normal', 'Flood', 'again');
    await recorder.flush();
    assert.equal(total(), EVENT_BURST + 1);
  });

  it('retries while no server responds, and bounds its queue', async () => {
    const { recorder, events, env } = setup(3);
    for (let i = 0; i < EVENT_QUEUE_LENGTH + 50; i++)
      recorder.event({ ...pod, uid: `u${i}` }, 'Normal', 'R', 'm');
    assert.equal(events().length, 0);
    await env.clock.advance(60_000);
    await recorder.flush();
    assert.equal(events().length, EVENT_QUEUE_LENGTH);
  });
});
