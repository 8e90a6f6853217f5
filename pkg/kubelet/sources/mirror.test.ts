import assert from 'node:assert/strict';
import { statusError } from '../../apimachinery/errors/status-error.js';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { CONFIG_HASH, CONFIG_MIRROR } from '../types/labels.js';
import { MirrorPods } from './mirror.js';

const staticPod = (name: string, hash: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'later', uid: hash, annotations: { [CONFIG_HASH]: hash } },
  spec: { containers: [{ name: 'c', image: 'i' }] },
});

/** An API that has pods by name, and whose watch a test plays. */
function setUp() {
  const env = virtualEnv(1);
  const stop = new AbortController();
  const pods = new Map<string, Pod>();
  const calls: string[] = [];
  let failures: unknown[] = [];
  let uid = 0;
  const answer = <T>(call: string, value: () => T): Promise<T> => {
    calls.push(call);
    const failure = failures.shift();
    return failure ? Promise.reject(failure as Error) : Promise.resolve().then(value);
  };
  const client = {
    create: (_type: unknown, pod: Pod) =>
      answer(`create ${pod.metadata.annotations?.[CONFIG_MIRROR]}`, () => {
        const { name } = pod.metadata;
        if (pods.has(name)) throw statusError('AlreadyExists', 'there is one');
        const made = { ...pod, metadata: { ...pod.metadata, uid: `mirror-${++uid}` } };
        pods.set(name, made);
        return made;
      }),
    delete: (_type: unknown, { name }: { name: string }) =>
      answer(`delete ${pods.get(name)?.metadata.uid}`, () => void pods.delete(name)),
  } as unknown as Client;
  const mirrors = new MirrorPods(client, env.clock, env.log, 'n1', stop.signal);
  const settle = async (ms = 0) => {
    await env.clock.advance(ms);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { mirrors, pods, calls, settle, fail: (...list: unknown[]) => (failures = list), stop };
}

const shown = (pods: Map<string, Pod>) =>
  [...pods.values()].map((p) => `${p.metadata.name}=${p.metadata.annotations?.[CONFIG_MIRROR]}`);

describe('mirror pods', () => {
  it('follow an edited manifest, whenever the watch shows the deletion', async () => {
    for (const isLate of [false, true]) {
      const { mirrors, pods, settle, calls, stop } = setUp();
      mirrors.reconcile([staticPod('a', 'v1')]);
      await settle();
      const old = pods.get('a')!;
      mirrors.reconcile([staticPod('a', 'v2')]);
      if (!isLate) {
        mirrors.forget(old);
        mirrors.reconcile([staticPod('a', 'v2')]);
      }
      await settle();
      if (isLate) mirrors.forget(old);
      await settle(60_000);
      assert.deepEqual(shown(pods), ['a=v2']);
      assert.ok(mirrors.mirrorOf(staticPod('a', 'v2')));
      assert.ok(calls.length <= 4, calls.join());
      stop.abort();
    }
  });

  it('are created once their namespace exists, and again after somebody deletes them', async () => {
    const { mirrors, pods, settle, fail, calls } = setUp();
    const missing = statusError('NotFound', 'namespaces "later" not found');
    fail(missing, missing, missing);
    mirrors.reconcile([staticPod('a', 'v1'), staticPod('b', 'v1')]);
    await settle(5000);
    await settle(5000);
    assert.deepEqual(shown(pods).sort(), ['a=v1', 'b=v1']);
    const [deleted] = pods.values();
    pods.delete(deleted!.metadata.name);
    mirrors.forget(deleted!);
    mirrors.reconcile([staticPod('a', 'v1'), staticPod('b', 'v1')]);
    await settle();
    assert.deepEqual(shown(pods).sort(), ['a=v1', 'b=v1']);
    const before = calls.length;
    mirrors.reconcile([staticPod('a', 'v1'), staticPod('b', 'v1')]);
    await settle(60_000);
    assert.equal(calls.length, before);
  });

  it('wait for a pod of the same name to go, and are deleted with their manifest', async () => {
    const { mirrors, pods, settle } = setUp();
    pods.set('a', staticPod('a', 'foreign'));
    mirrors.reconcile([staticPod('a', 'v1')]);
    await settle(2000);
    assert.deepEqual(shown(pods), ['a=undefined']);
    pods.delete('a');
    await settle(30_000);
    assert.deepEqual(shown(pods), ['a=v1']);
    mirrors.reconcile([]);
    await settle();
    assert.deepEqual(shown(pods), []);
  });
});
