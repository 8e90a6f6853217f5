import assert from 'node:assert/strict';
import { noMetrics, virtualEnv } from '../../../test/support/virtual-env.js';
import { type BackendOptions, createBackend, webhookWriter } from './backends.js';
import { type AuditEvent, eventJson } from './event.js';

const event = (auditID: string, more: Partial<AuditEvent> = {}): AuditEvent => ({
  kind: 'Event',
  apiVersion: 'audit.k8s.io/v1',
  level: 'RequestResponse',
  auditID,
  stage: 'ResponseComplete',
  requestURI: '/api',
  verb: 'get',
  user: {},
  requestReceivedTimestamp: '',
  stageTimestamp: '',
  ...more,
});

/** An Env that counts lost events by plugin. */
function countingEnv() {
  const lost: Record<string, number> = {};
  const counter = () => ({
    inc: (labels: Record<string, string | number> = {}, by = 1) => {
      const plugin = String(labels['plugin']);
      lost[plugin] = (lost[plugin] ?? 0) + by;
    },
  });
  return { ...virtualEnv(), metrics: { ...noMetrics, counter }, lost };
}

function backend(options: Partial<BackendOptions> & { batch?: BackendOptions['batch'] }) {
  const env = countingEnv();
  const batches: string[][] = [];
  const made = createBackend(
    (events) => void batches.push(events.map(({ auditID }) => auditID)),
    () => {},
    {
      name: 'log',
      mode: 'batch',
      batch: { bufferSize: 10, maxSize: 2, maxWaitMs: 1_000 },
      ...options,
    },
    env,
  );
  return { env, batches, made };
}

describe('batches of audit events', () => {
  it('leave when they are full, and the rest after the wait', async () => {
    const { env, batches, made } = backend({});
    for (const id of ['a', 'b', 'c']) void made.process(event(id));
    await env.clock.advance(0);
    assert.deepEqual(batches, [['a', 'b']]);
    await env.clock.advance(1_000);
    assert.deepEqual(batches, [['a', 'b'], ['c']]);
    await env.clock.advance(10_000);
    assert.equal(batches.length, 2);
  });

  it('leave at most as often as the throttle allows, and lose what the buffer cannot hold', async () => {
    const { env, batches, made } = backend({
      batch: { bufferSize: 4, maxSize: 2, maxWaitMs: 1_000, throttle: { qps: 1, burst: 1 } },
    });
    for (const id of 'abcdefgh') void made.process(event(id));
    await env.clock.advance(0);
    assert.deepEqual(batches, [['a', 'b']]);
    await env.clock.advance(999);
    assert.equal(batches.length, 1);
    await env.clock.advance(2_000);
    assert.deepEqual(batches, [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
    assert.deepEqual(env.lost, { buffered: 2 });
  });

  it('all leave at the stop, whatever the throttle', async () => {
    const { batches, made } = backend({
      batch: { bufferSize: 9, maxSize: 2, maxWaitMs: 1e6, throttle: { qps: 0.001, burst: 1 } },
    });
    for (const id of 'abcde') void made.process(event(id));
    await made.stop();
    assert.deepEqual(batches.flat().join(''), 'abcde');
    void made.process(event('late'));
    assert.equal(batches.flat().length, 5);
  });
});

describe('truncation of audit events', () => {
  it('drops the objects first, then the event, and splits batches', async () => {
    const got: AuditEvent[][] = [];
    const env = countingEnv();
    const made = createBackend(
      (events) => void got.push([...events]),
      () => {},
      {
        name: 'log',
        mode: 'batch',
        batch: { bufferSize: 9, maxSize: 4, maxWaitMs: 1 },
        truncate: { maxEventBytes: 400, maxBatchBytes: 700 },
      },
      env,
    );
    void made.process(event('big', { requestObject: JSON.stringify('x'.repeat(500)) }));
    void made.process(event('huge', { requestURI: 'x'.repeat(500) }));
    void made.process(event('b', { requestURI: 'x'.repeat(150) }));
    void made.process(event('c', { requestURI: 'x'.repeat(150) }));
    await made.stop();
    assert.deepEqual(
      got.map((batch) => batch.map(({ auditID }) => auditID)),
      [['big', 'b'], ['c']],
    );
    assert.deepEqual(got[0]![0]!.annotations, { 'audit.k8s.io/truncated': 'true' });
    assert.equal(JSON.parse(eventJson(got[0]![0]!)).requestObject, undefined);
    assert.deepEqual(env.lost, { truncate: 1 });
  });
});

describe('audit webhook', () => {
  it('tries again five times, with growing pauses, unless the server refuses', async () => {
    const env = countingEnv();
    let calls = 0;
    let mayRetry = true;
    const receiver = {
      post: () => {
        calls++;
        return Promise.reject(new Error('no'));
      },
      mayRetry: () => mayRetry,
    };
    const write = webhookWriter(receiver, 1_000, env);
    const failed = assert.rejects(Promise.resolve(write([event('a')])), /no/);
    await env.clock.advance(0);
    assert.equal(calls, 1);
    await env.clock.advance(60_000);
    await failed;
    assert.equal(calls, 5);
    mayRetry = false;
    await assert.rejects(Promise.resolve(write([event('a')])));
    assert.equal(calls, 6);
  });
});
