import assert from 'node:assert/strict';
import { conflict } from '../apimachinery/errors/status-error.js';
import type {
  Binding,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
} from '../apis/core/v1/types.js';
import {
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../apis/resource-types.js';
import { boundClaim, boundVolume } from '../component-helpers/volumes.js';
import { claim, storageClass, volume } from '../../test/support/storage-objects.js';
import { MemoryInformers } from '../../test/support/memory-informers.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { MAX_BINDINGS_IN_FLIGHT } from './limits.js';
import { PLUGINS } from './plugins/registry.js';
import { Scheduler, type SchedulerOptions } from './scheduler.js';

const node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n', labels: {} },
  spec: {},
  status: { allocatable: { cpu: '400', memory: '8Gi', pods: '200' } },
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
    const abort = new AbortController();
    const { signal } = abort;
    const options = { signal, client, informers, events, plugins: PLUGINS, schedulerName: 's' };
    const scheduler = new Scheduler(env, options as unknown as SchedulerOptions);
    informers.of(NODES).put(node);
    informers.of(PODS).put(pod());
    const run = scheduler.run();
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

describe('the claims of pods', () => {
  const late = storageClass('late', { volumeBindingMode: 'WaitForFirstConsumer' });
  const disk = { ...late, metadata: { name: 'disk' }, provisioner: 'example.com/disk' };
  const withClaim = (name: string, claimName: string, uid = name): Pod => {
    const made = pod({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }] });
    return { ...made, metadata: { name, namespace: 'ns', uid } };
  };
  const start = (
    update: (object: PersistentVolume | PersistentVolumeClaim) => Promise<unknown>,
  ) => {
    const env = virtualEnv();
    const informers = new MemoryInformers();
    const bound: string[] = [];
    const events: string[] = [];
    const client = {
      createSubresource: (
        _type: unknown,
        { name }: { name: string },
        _sub: unknown,
        binding: Binding,
      ) => Promise.resolve(void bound.push(`${name} ${binding.metadata.uid}`)),
      patch: () => Promise.resolve(undefined),
      update: (_type: unknown, object: PersistentVolume | PersistentVolumeClaim) => update(object),
    };
    const recorder = {
      event: (_about: unknown, _type: string, reason: string, message: string) =>
        events.push(`${reason} ${message}`),
    };
    const abort = new AbortController();
    const { signal } = abort;
    const common = { signal, client, informers, plugins: PLUGINS };
    const options = { ...common, events: recorder, schedulerName: 's' };
    const scheduler = new Scheduler(env, options as unknown as SchedulerOptions);
    informers.of(NODES).put(node);
    for (const one of [late, disk]) informers.of(STORAGE_CLASSES).put(one);
    const run = scheduler.run();
    const stop = async () => {
      abort.abort();
      await env.clock.advance(1_000);
      await run;
    };
    return { env, informers, bound, events, stop };
  };
  const lateClaim = (name: string) => claim(name, '1Gi', { storageClassName: 'late' });
  const diskClaim = (name: string) => claim(name, '1Gi', { storageClassName: 'disk' });

  it('take different volumes although both decide at once, and bind before the pods', async () => {
    const written: PersistentVolume[] = [];
    const world = start((object) =>
      Promise.resolve(written.push(object as PersistentVolume) && object),
    );
    const { env, informers, bound } = world;
    for (const name of ['v', 'w'])
      informers.of(PERSISTENT_VOLUMES).put(volume(name, '1Gi', { storageClassName: 'late' }));
    for (const name of ['c', 'd', 'e']) {
      informers.of(PERSISTENT_VOLUME_CLAIMS).put(lateClaim(name));
      informers.of(PODS).put(withClaim(`p-${name}`, name));
    }
    await env.clock.advance(30_000);
    assert.deepEqual(
      written.map(({ metadata, spec }) => [metadata.name, spec.claimRef?.name]),
      [
        ['v', 'c'],
        ['w', 'd'],
      ],
    );
    assert.deepEqual(bound, [], 'no pod before its claim');
    assert.ok(world.events.some((text) => text.includes("didn't find available persistent")));
    informers.of(PERSISTENT_VOLUMES).put(written[0]!);
    informers.of(PERSISTENT_VOLUME_CLAIMS).put(boundClaim(lateClaim('c'), written[0]!));
    await env.clock.advance(1);
    assert.deepEqual(bound, ['p-c p-c']);
    await world.stop();
  });

  it('are free again when the write fails, and are tried again', async () => {
    let tries = 0;
    const world = start((object) =>
      tries++ ? Promise.resolve(object) : Promise.reject(conflict(PERSISTENT_VOLUMES, 'v')),
    );
    const { env, informers } = world;
    informers.of(PERSISTENT_VOLUMES).put(volume('v', '1Gi', { storageClassName: 'late' }));
    informers.of(PERSISTENT_VOLUME_CLAIMS).put(lateClaim('c'));
    informers.of(PODS).put(withClaim('p', 'c'));
    await env.clock.advance(500);
    assert.equal(tries, 1);
    assert.match(world.events[0]!, /^FailedScheduling running PreBind plugin "VolumeBinding": /);
    await env.clock.advance(5_000);
    assert.equal(tries, 2);
    await world.stop();
  });

  it('wait for their provisioner, until it gives up or the time is over', async () => {
    const written: PersistentVolumeClaim[] = [];
    const world = start((object) => {
      written.push(object as PersistentVolumeClaim);
      const resourceVersion = String(10 * written.length);
      return Promise.resolve({ ...object, metadata: { ...object.metadata, resourceVersion } });
    });
    const { env, informers, events } = world;
    informers.of(PERSISTENT_VOLUME_CLAIMS).put(diskClaim('c'));
    informers.of(PODS).put(withClaim('p', 'c'));
    await env.clock.advance(1_000);
    assert.equal(written[0]?.metadata.annotations?.['volume.kubernetes.io/selected-node'], 'n');
    informers
      .of(PERSISTENT_VOLUME_CLAIMS)
      .put({ ...diskClaim('c'), metadata: { ...diskClaim('c').metadata, resourceVersion: '15' } });
    await env.clock.advance(1);
    const prefix = 'FailedScheduling running PreBind plugin "VolumeBinding": binding volumes: ';
    assert.deepEqual(events.splice(0), [`${prefix}provisioning failed for PVC "c"`]);
    await env.clock.advance(5_000);
    assert.equal(written.length, 2, 'asked again');
    await env.clock.advance(9 * 60_000);
    assert.deepEqual(events, []);
    await env.clock.advance(60_000);
    assert.deepEqual(events, [`${prefix}context deadline exceeded`]);
    assert.deepEqual(world.bound, []);
    await world.stop();
  });

  it('do not hold up the next pod of the same name, nor other pods', async () => {
    const world = start((object) => Promise.resolve(object));
    const { env, informers, bound } = world;
    for (let n = 0; n < MAX_BINDINGS_IN_FLIGHT + 5; n++) {
      informers.of(PERSISTENT_VOLUME_CLAIMS).put(diskClaim(`c${n}`));
      const waiting = withClaim(`p${n}`, `c${n}`);
      informers.of(PODS).put(waiting);
    }
    await env.clock.advance(1_000);
    informers.of(PODS).put(pod());
    await env.clock.advance(1_000);
    assert.deepEqual(bound, ['p u'], 'a pod without claims');
    informers.of(PODS).delete('ns/p0');
    const made = { ...volume('v', '1Gi'), metadata: { name: 'v' } };
    informers.of(PERSISTENT_VOLUMES).put(boundVolume(made, diskClaim('c0')));
    informers.of(PODS).put(withClaim('p0', 'c0', 'second'));
    informers.of(PERSISTENT_VOLUME_CLAIMS).put(boundClaim(diskClaim('c0'), made));
    await env.clock.advance(1_000);
    assert.deepEqual(bound, ['p u', 'p0 second']);
    await world.stop();
  });
});
