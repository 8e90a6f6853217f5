import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { lstat, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import { claim, volume } from '../../../test/support/storage-objects.js';
import { skip } from '../../../test/support/skip.js';
import { podDirectory, type Layout } from '../layout.js';
import { claimResolver } from './claims.js';
import { setUpVolumes, type VolumeDeps } from './volumes.js';

const podOf = (uid: string, spec: Partial<Pod['spec']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: uid, namespace: 'ns', uid },
  spec: {
    containers: [{ name: 'c', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'c' } }],
    ...spec,
  },
});

describe('the volume of a claim', () => {
  let root: string;
  let layout: Layout;
  let users: Map<string, string>;
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'claims-'));
    layout = { root, podLogs: root };
    users = new Map();
    await mkdir(path.join(root, 'disk'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const bound = (spec: object = {}, phase = 'Bound') => ({
    ...claim('c', '1Gi', { volumeName: 'v', ...spec }),
    status: { phase },
  });
  const disk = (spec: object = {}): PersistentVolume => {
    const made = volume('v', '1Gi', { local: { path: path.join(root, 'disk') }, ...spec });
    const { hostPath: _none, ...rest } = made.spec;
    return { ...made, spec: rest };
  };
  /** Sets up the pods one after the other; the error, or the path of the last one's volume. */
  async function mounted(
    of: PersistentVolumeClaim,
    pv: PersistentVolume,
    ...pods: Pod[]
  ): Promise<string> {
    const objects: Record<string, unknown> = {
      persistentvolumeclaims: of,
      persistentvolumes: pv,
      nodes: { metadata: { name: 'n', labels: { 'kubernetes.io/hostname': 'n' } } },
    };
    const client = {
      get: ({ resource }: { resource: string }) => Promise.resolve(objects[resource]),
    } as unknown as Client;
    const deps: VolumeDeps = {
      layout,
      sources: () => assert.fail('no files are asked for'),
      claim: claimResolver(client, 'n'),
      users,
    };
    let last = '';
    for (const pod of pods) {
      await mkdir(podDirectory(layout, pod.metadata.uid!), { recursive: true });
      last = await setUpVolumes(deps, pod).then(
        (paths) => paths.get('data')!,
        (error: Error) => error.message.replace(/^.* : /, ''),
      );
    }
    return last;
  }
  const on = (host: string) => ({
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [host] }] },
        ],
      },
    },
  });

  it('is the directory of a local volume of this node', async () => {
    assert.equal(await mounted(bound(), disk(on('n')), podOf('p')), path.join(root, 'disk'));
    assert.equal(
      await mounted(bound(), disk(on('other')), podOf('p')),
      'MountVolume.NodeAffinity check failed: no matching NodeSelectorTerms',
    );
    assert.match(
      await mounted(bound(), disk({ local: { path: path.join(root, 'none') } }), podOf('p')),
      /ENOENT/,
    );
    assert.equal(await mounted(bound({}, 'Pending'), disk(), podOf('p')), 'PVC ns/c is not bound');
  });

  it('of type hostPath is what the volume says it is', async () => {
    const source = (type: string) => ({ hostPath: { path: path.join(root, 'disk'), type } });
    assert.equal(
      await mounted(bound(), volume('v', '1Gi', source('Directory')), podOf('p')),
      path.join(root, 'disk'),
    );
    assert.match(
      await mounted(bound(), volume('v', '1Gi', source('File')), podOf('p')),
      /^hostPath type check failed: .* is not a file$/,
    );
  });

  it('is refused as a device, and where no plugin mounts it', async () => {
    const none = 'no volume plugin matched for persistent volume "v"';
    const device = podOf('p', {
      containers: [{ name: 'c', volumeDevices: [{ name: 'data', devicePath: '/dev/x' }] }],
    });
    assert.equal(await mounted(bound(), disk({ volumeMode: 'Block' }), device), none);
    const csi = { driver: 'example.com/disk', volumeHandle: 'h' };
    assert.equal(await mounted(bound(), disk({ local: undefined, csi }), podOf('p')), none);
  });

  it('of a ReadWriteOncePod claim is for one pod, until that pod has left', async () => {
    const only = bound({ accessModes: ['ReadWriteOncePod'] });
    const busy =
      'volume uses the ReadWriteOncePod access mode and is already in use by another pod';
    assert.equal(await mounted(only, disk(), podOf('p'), podOf('q')), busy);
    const place = path.join(root, 'disk');
    assert.equal(await mounted(only, disk(), podOf('p')), place, 'once more for its pod');
    assert.equal(await mounted(bound(), disk(), podOf('q')), place, 'not exclusive');
    await rm(podDirectory(layout, 'p'), { recursive: true });
    assert.equal(await mounted(only, disk(), podOf('q')), place, 'the first pod is gone');
    assert.equal(await mounted(only, disk(), podOf('p')), busy);
  });

  it('belongs to the group of the pod', async () => {
    const gid = process.getgid!() + (process.getuid!() === 0 ? 7 : 0);
    const pod = podOf('p', { securityContext: { fsGroup: gid } });
    await mounted(bound(), disk(), pod);
    const found = await stat(path.join(root, 'disk'));
    assert.equal(found.gid, gid);
    if (process.getuid!() === 0) assert.equal(found.mode & 0o2070, 0o2070);
  });

  it('belongs to the group with all that containers have made, and with nothing else', async function () {
    if (process.getuid!() !== 0) skip(this, { setup: 'root' });
    const at = (...names: string[]) => path.join(root, ...names);
    await mkdir(at('disk', 'a', 'b'), { recursive: true });
    for (const file of [at('disk', 'a', 'b', 'file'), at('host')]) await writeFile(file, '');
    await symlink(at('host'), at('disk', 'a', 'link'));
    execFileSync('mkfifo', [at('disk', 'pipe')]);
    await mounted(bound(), disk(), podOf('p', { securityContext: { fsGroup: 7 } }));
    const groupOf = async (file: string) => (await lstat(file)).gid;
    for (const names of [[], ['a'], ['a', 'b'], ['a', 'b', 'file'], ['pipe']])
      assert.equal(await groupOf(at('disk', ...names)), 7, names.join('/'));
    assert.equal(await groupOf(at('host')), process.getgid!());
  });

  it('is given to the group again after a pass that was interrupted', async function () {
    if (process.getuid!() !== 0) skip(this, { setup: 'root' });
    const pod = podOf('p', { securityContext: { fsGroup: 7 } });
    const deepest = path.join(root, 'disk', ...Array.from({ length: 500 }, () => 'd'));
    await mkdir(path.join(deepest, 'd'), { recursive: true });
    assert.match(await mounted(bound(), disk(), pod), /is over 500 deep/);
    await rm(path.join(deepest, 'd'), { recursive: true });
    assert.equal(await mounted(bound(), disk(), pod), path.join(root, 'disk'));
    assert.equal((await stat(deepest)).gid, 7);
    assert.equal((await stat(path.join(root, 'disk'))).gid, 7);
  });
});
