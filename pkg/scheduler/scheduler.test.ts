import assert from 'node:assert/strict';
import { conflict } from '../apimachinery/errors/status-error.js';
import type { Node, Pod } from '../apis/core/v1/types.js';
import { NODES, PODS } from '../apis/resource-types.js';
import { MemoryInformers } from '../../test/support/memory-informers.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { PLUGINS } from './plugins/registry.js';
import { Scheduler, type SchedulerOptions } from './scheduler.js';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels: {} },
  spec: {},
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '10' } },
} as unknown as Node;

const pod = (more: object = {}): Pod =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'here', uid: 'u' },
    spec: { schedulerName: 's', containers: [{ name: 'c', image: 'i' }], ...more },
    status: { phase: 'Pending' },
  }) as unknown as Pod;

describe('the scheduler', () => {
  it('backs off from a pod that is bound already, until the watch brings it', async () => {
    const env = virtualEnv();
    const informers = new MemoryInformers();
    let tries = 0;
    const client = {
      createSubresource: () => (tries++, Promise.reject(conflict(PODS, 'p'))),
      patch: () => Promise.resolve(undefined),
    };
    const events = { event: () => undefined };
    const options = { client, informers, events, plugins: PLUGINS, schedulerName: 's' };
    const scheduler = new Scheduler(env, options as unknown as SchedulerOptions);
    informers.of(NODES).put(node);
    informers.of(PODS).put(pod());
    const abort = new AbortController();
    const run = scheduler.run(abort.signal);
    await env.clock.advance(5_000);
    assert.ok(tries > 1 && tries < 6, `${tries} tries within 5 s`);
    informers.of(PODS).put(pod({ nodeName: 'n' }));
    tries = 0;
    await env.clock.advance(60_000);
    assert.equal(tries, 0);
    abort.abort();
    await env.clock.advance(1_000);
    await run;
  });
});
