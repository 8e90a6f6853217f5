import { strict as assert } from 'node:assert';
import { observedContainer } from '../../../test/support/observed-container.js';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { virtualEnv, type VirtualEnv } from '../../../test/support/virtual-env.js';
import type { ProbeOutcome } from '../host/pod-host.js';
import type { ObservedContainer } from '../types/observed.js';
import { ProberManager } from './prober.js';

function seen(
  id: string,
  startedAt: number,
  state: ObservedContainer['state'] = 'running',
): ObservedContainer {
  return observedContainer({ id, state, createdAt: startedAt, startedAt });
}

function podWith(container: Partial<Container>): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: { containers: [{ name: 'c', ...container }] },
  };
}

interface Fixture {
  env: VirtualEnv;
  manager: ProberManager;
  events: string[];
  changes: number;
  probes: number[];
}

/** `answer` receives the milliseconds since the start. */
function setUp(answer: (ms: number, kind: string) => ProbeOutcome['result']): Fixture {
  const env = virtualEnv();
  const start = env.clock.now();
  const w: Fixture = {
    env,
    events: [],
    changes: 0,
    probes: [],
    manager: new ProberManager({
      clock: env.clock,
      random: env.random,
      log: env.log,
      probe: (probe) => {
        w.probes.push(env.clock.now() - start);
        return Promise.resolve({
          result: answer(env.clock.now() - start, probe.exec!.command![0]!),
          output: 'why',
        });
      },
      changed: () => w.changes++,
      event: (_pod, _container, _type, reason, message) => w.events.push(`${reason}: ${message}`),
    }),
  };
  return w;
}

const probe = (kind: string, more: object = {}) => ({ exec: { command: [kind] }, ...more });
const run = async (w: Fixture, ms: number) => {
  for (let i = 0; i < ms; i += 50) await w.env.clock.advance(50);
};

function show(w: Fixture, pod: Pod, container: ObservedContainer): void {
  w.manager.sync(pod, [container], '192.0.2.1', new Set());
}

describe('prober', () => {
  it('detects readiness early, within the first period', async () => {
    const w = setUp((ms) => (ms >= 700 ? 'success' : 'failure'));
    const c = seen('c1', w.env.clock.now());
    show(w, podWith({ readinessProbe: probe('ready') }), c);
    await run(w, 600);
    assert.equal(w.manager.ready('u', c), false);
    await run(w, 1000);
    assert.equal(w.manager.ready('u', c), true);
    assert.deepEqual(w.events, [], 'early failures are not reported');
  });

  it('reports a container that is not ready after a period', async () => {
    const w = setUp(() => 'failure');
    show(w, podWith({ readinessProbe: probe('ready') }), seen('c1', w.env.clock.now()));
    await run(w, 21_000);
    assert.deepEqual(w.events, Array(2).fill('Unhealthy: Readiness probe failed: why'));
  });

  it('counts thresholds by period and reports each failure', async () => {
    const w = setUp((ms) => (ms < 5000 || ms > 60_000 ? 'success' : 'failure'));
    const c = seen('c1', w.env.clock.now());
    const pod = podWith({
      livenessProbe: probe('live', { periodSeconds: 10, failureThreshold: 3 }),
    });
    show(w, pod, c);
    await run(w, 25_000);
    assert.equal(w.manager.result('u', c, 'liveness'), 'success');
    await run(w, 10_000);
    assert.equal(w.manager.result('u', c, 'liveness'), 'failure');
    assert.equal(w.events.length, 3);
    const count = w.probes.length;
    await run(w, 60_000);
    assert.equal(w.probes.length, count, 'on hold until there is a new container');
    const next = seen('c2', w.env.clock.now());
    show(w, pod, next);
    assert.equal(w.manager.result('u', next, 'liveness'), 'success');
    await run(w, 1000);
    assert.ok(w.probes.length > count);
  });

  it('holds the other probes until the startup probe succeeds', async () => {
    const kinds: string[] = [];
    const w = setUp((ms, kind) => {
      kinds.push(kind);
      return kind !== 'start' || ms > 12_000 ? 'success' : 'failure';
    });
    const c = seen('c1', w.env.clock.now());
    show(
      w,
      podWith({
        startupProbe: probe('start', { failureThreshold: 30 }),
        livenessProbe: probe('live'),
        readinessProbe: probe('ready'),
      }),
      c,
    );
    await run(w, 11_000);
    assert.deepEqual([...new Set(kinds)], ['start']);
    assert.equal(w.manager.started('u', c), false);
    await run(w, 10_000);
    assert.equal(w.manager.started('u', c), true);
    assert.equal(w.manager.ready('u', c), true);
    assert.ok(kinds.includes('live'));
  });

  it('waits initialDelaySeconds from the start of the container', async () => {
    const w = setUp(() => 'success');
    const c = seen('c1', w.env.clock.now());
    show(w, podWith({ readinessProbe: probe('ready', { initialDelaySeconds: 5 }) }), c);
    await run(w, 4900);
    assert.deepEqual(w.probes, []);
    await run(w, 200);
    assert.deepEqual(w.probes, [5000]);
  });

  it('does not count an error of the probe itself', async () => {
    const w = setUp(() => 'unknown');
    const c = seen('c1', w.env.clock.now());
    show(w, podWith({ livenessProbe: probe('live', { periodSeconds: 1 }) }), c);
    await run(w, 10_000);
    assert.equal(w.manager.result('u', c, 'liveness'), 'success');
    assert.ok(w.events.every((e) => e === 'Unhealthy: Liveness probe errored: why'));
  });

  it('stops with its pod', async () => {
    const w = setUp(() => 'success');
    show(
      w,
      podWith({ readinessProbe: probe('ready', { periodSeconds: 1 }) }),
      seen('c1', w.env.clock.now()),
    );
    await run(w, 2000);
    w.manager.remove('u');
    const count = w.probes.length;
    await run(w, 5000);
    assert.equal(w.probes.length, count);
  });
});
