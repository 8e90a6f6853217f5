import { strict as assert } from 'node:assert';
import type { Container, Pod } from '../../apis/core/v1/types.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { HollowRuntime } from '../runtime/hollow/hollow-runtime.js';
import type { SyncError } from '../types/sync-error.js';
import { ImageManager } from './image-manager.js';

const pod = (more: Partial<Pod['spec']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', uid: 'u' },
  spec: { containers: [], ...more },
});

function setUp(missing: string[] = []) {
  const env = virtualEnv(1);
  const events: string[] = [];
  const runtime = new HollowRuntime(env);
  const isPresent = runtime.imageStatus.bind(runtime);
  runtime.imageStatus = (image) =>
    image.startsWith('absent') ? Promise.resolve(undefined) : isPresent(image);
  const images = new ImageManager({
    clock: env.clock,
    runtime,
    event: (_pod, container, type, reason, message) =>
      events.push(`${type} ${container ?? '-'} ${reason}: ${message}`),
    credentials: () => Promise.resolve({ auths: [], missing }),
  });
  const ensure = (container: Partial<Container>, more: Partial<Pod['spec']> = {}) =>
    images.ensure(pod(more), { name: 'c', ...container }, undefined, new AbortController().signal);
  return { events, ensure };
}

describe('images of containers', () => {
  it('refuses names that are no image references, with the reason', async () => {
    const names = {
      Busybox: 'invalid reference format: repository name (library/Busybox) must be lowercase',
      'reg.example/Team/App:v1':
        'invalid reference format: repository name (Team/App) must be lowercase',
      'busybox:': 'invalid reference format',
      'a b': 'invalid reference format',
      '-x': 'invalid reference format',
      ['0'.repeat(64)]:
        `invalid repository name (${'0'.repeat(64)}), cannot specify 64-byte hexadecimal strings`,
    };
    for (const [image, why] of Object.entries(names)) {
      const { ensure, events } = setUp();
      const text = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`;
      await assert.rejects(
        ensure({ image }),
        (e: SyncError) => e.reason === 'InvalidImageName' && e.message === text,
      );
      assert.deepEqual(events, [`Warning c InspectFailed: ${text}`]);
    }
    for (const image of ['busybox', 'localhost:5000/a/b:c', 'UPPER.example/a', 'a__b'])
      await setUp().ensure({ image });
  });

  it('never pulls with the policy Never', async () => {
    const { ensure, events } = setUp();
    const text = 'Container image "absent" is not present with pull policy of Never';
    await assert.rejects(
      ensure({ image: 'absent', imagePullPolicy: 'Never' }),
      (e: SyncError) => e.reason === 'ErrImageNeverPull' && e.message === text,
    );
    assert.deepEqual(events, [`Warning c ErrImageNeverPull: ${text}`]);
  });

  it('names the pull secrets that do not exist, and goes on', async () => {
    const imagePullSecrets = [{ name: 'a' }, { name: 'b' }, { name: 'c' }];
    const { ensure, events } = setUp(['a', 'c']);
    await ensure({ image: 'busybox' }, { imagePullSecrets });
    assert.equal(
      events[0],
      'Warning - FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (a, c); attempting to pull the image may not succeed.',
    );
    const all = setUp();
    await all.ensure({ image: 'busybox' }, { imagePullSecrets });
    assert.equal(all.events.length, 1);
  });
});
