// Scheduler, binder and provisioner against a real API server, each with its own rights: the
// claims of pods from the first consumer to the end of their directories.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../../cmd/kube-scheduler/options.js';
import { runKubeScheduler } from '../../../cmd/kube-scheduler/run.js';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import type { PersistentVolume, Pod } from '../../../pkg/apis/core/v1/types.js';
import {
  EVENTS,
  NODES,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../../../pkg/apis/resource-types.js';
import { realEnv } from '../../../pkg/system/env.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';
import * as make from '../../support/storage-objects.js';

const LATE = 'late';
const LOCAL = 'local';

describe('the volumes of scheduled pods', function () {
  this.timeout(4 * BOUND_MS);
  const folder = mkdtempSync(join(tmpdir(), 'volumes-test-'));
  const stop = new AbortController();
  let plane: ControlPlane;
  let running: Promise<void>;
  let namespace: string;

  before(async () => {
    plane = await startControlPlane([
      '--pvclaimbinder-sync-period=300ms',
      '--use-service-account-credentials',
    ]);
    const kubeconfig = join(folder, 'scheduler.conf');
    writeFileSync(kubeconfig, plane.api.kubeconfigFor('system:kube-scheduler'));
    running = runKubeScheduler(
      parseOptions(['--kubeconfig', kubeconfig, '--secure-port=0']),
      realEnv('scheduler-test', 'error'),
      stop.signal,
    );
    for (const name of ['a', 'b']) await node(name);
    await plane.client.create(
      STORAGE_CLASSES,
      make.storageClass(LATE, { volumeBindingMode: 'WaitForFirstConsumer' }),
    );
    await plane.client.create(
      STORAGE_CLASSES,
      make.storageClass(LOCAL, {
        provisioner: 'wheelhouse.io/local-path',
        volumeBindingMode: 'WaitForFirstConsumer',
        reclaimPolicy: 'Delete',
      }),
    );
  });
  after(async () => {
    stop.abort(new Error('test over'));
    await running;
    await plane.stop();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    namespace = await plane.namespace();
  });

  async function node(name: string): Promise<void> {
    const labels = { 'kubernetes.io/hostname': name };
    await plane.client.create(NODES, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels },
      spec: {},
    });
    const status = {
      allocatable: { cpu: '8', memory: '16Gi', pods: '110' },
      conditions: [{ type: 'Ready', status: 'True' }],
    };
    const options = { type: 'merge', subresource: 'status' } as const;
    await plane.client.patch(NODES, { name }, { status }, options);
    await plane.client.patch(NODES, { name }, { spec: { taints: null } }, { type: 'merge' });
  }
  const claim = (name: string, storageClassName?: string) => {
    const made = make.claim(name, '1Gi', storageClassName ? { storageClassName } : {});
    return plane.client.create(PERSISTENT_VOLUME_CLAIMS, {
      ...made,
      metadata: { name, namespace },
    });
  };
  const volumeOn = (name: string, host: string) =>
    plane.client.create(
      PERSISTENT_VOLUMES,
      make.volume(`${namespace}-${name}`, '1Gi', {
        storageClassName: LATE,
        nodeAffinity: {
          required: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'kubernetes.io/hostname', operator: 'In', values: [host] },
                ],
              },
            ],
          },
        },
      }),
    );
  const pod = (name: string, ...claims: string[]) =>
    plane.client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace },
      spec: {
        containers: [{ name: 'c', image: 'i' }],
        volumes: claims.map((claimName, at) => ({
          name: `v${at}`,
          persistentVolumeClaim: { claimName },
        })),
      },
    });
  const getClaim = (name: string) =>
    plane.client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
  const getPod = (name: string) => plane.client.get(PODS, { namespace, name });
  const placed = (name: string): Promise<Pod> =>
    eventually(`the node of ${name}`, async () => {
      const found = await getPod(name);
      return found.spec.nodeName !== undefined && found;
    });
  const event = (name: string, wanted: string) =>
    eventually(`event ${wanted}`, async () => {
      const { items } = await plane.client.list(EVENTS, {
        namespace,
        fieldSelector: `involvedObject.name=${name}`,
      });
      return items.some((e) => `${e.type} ${e.reason}: ${e.message}`.includes(wanted));
    });
  const isGone = (found: Promise<unknown>) =>
    found.then(
      () => false,
      (error: unknown) => isReason(error, 'NotFound'),
    );

  it('are bound on the node that has them, each to one claim', async () => {
    await volumeOn('v1', 'b');
    await volumeOn('v2', 'b');
    for (const name of ['c1', 'c2', 'c3']) await claim(name, LATE);
    await eventually('available volumes', async () => {
      const { items } = await plane.client.list(PERSISTENT_VOLUMES);
      const ours = items.filter(({ metadata }) => metadata.name.startsWith(namespace));
      return ours.length === 2 && ours.every(({ status }) => status?.phase === 'Available');
    });
    await Promise.all([pod('p1', 'c1'), pod('p2', 'c2')]);
    const both = await Promise.all([placed('p1'), placed('p2')]);
    assert.deepEqual(
      both.map(({ spec }) => spec.nodeName),
      ['b', 'b'],
    );
    const claims = await Promise.all([getClaim('c1'), getClaim('c2')]);
    assert.ok(claims.every(({ status }) => status?.phase === 'Bound'));
    assert.equal(new Set(claims.map(({ spec }) => spec.volumeName)).size, 2);
    await pod('p3', 'c3');
    await event('p3', "2 node(s) didn't find available persistent volumes to bind.");
    // A volume that comes later serves the pod that waits.
    await volumeOn('v3', 'a');
    assert.equal((await placed('p3')).spec.nodeName, 'a');
  });

  it('keep a pod pending while its claim cannot be bound, with the reason', async () => {
    await pod('p', 'c');
    await event(
      'p',
      'Warning FailedScheduling: 0/2 nodes are available: persistentvolumeclaim "c" not found. preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    );
    const bare = { ...make.claim('c', '1Gi', { storageClassName: '' }) };
    await plane.client.create(PERSISTENT_VOLUME_CLAIMS, {
      ...bare,
      metadata: { name: 'c', namespace },
    });
    await event(
      'p',
      'Warning FailedScheduling: 0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
    );
    await plane.client.create(
      PERSISTENT_VOLUMES,
      make.volume(`${namespace}-v`, '1Gi', { storageClassName: '' }),
    );
    await placed('p');
  });

  /** Does for the pod that removes a directory as the kubelet does. */
  const ends = async (volume: PersistentVolume, phase: string): Promise<Pod> => {
    const key = { namespace: 'kube-system', name: `erase-${volume.metadata.name}` };
    const found = await eventually('the pod that erases', () => plane.client.get(PODS, key));
    const options = { type: 'merge', subresource: 'status' } as const;
    await plane.client.patch(PODS, key, { status: { phase } }, options);
    return found;
  };
  const provisioned = async (name: string): Promise<PersistentVolume> => {
    await claim(name, LOCAL);
    await pod(`p-${name}`, name);
    const { spec } = await placed(`p-${name}`);
    const bound = await getClaim(name);
    assert.equal(bound.status?.phase, 'Bound', 'before its pod');
    const volume = await plane.client.get(PERSISTENT_VOLUMES, { name: bound.spec.volumeName! });
    const [term] = volume.spec.nodeAffinity!.required!.nodeSelectorTerms;
    assert.deepEqual(term!.matchExpressions?.[0]?.values, [spec.nodeName]);
    return volume;
  };
  const endOf = async (name: string) => {
    await plane.client.delete(PODS, { namespace, name: `p-${name}` }, { gracePeriodSeconds: 0 });
    await plane.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
  };

  it('are made on the node of their pod, and go with their claim after their directory', async () => {
    const volume = await provisioned('data');
    const { name } = volume.metadata;
    // A user deletes the volume first: nothing happens to it while it is claimed.
    await plane.client.delete(PERSISTENT_VOLUMES, { name });
    await endOf('data');
    const pods = await ends(volume, 'Running');
    assert.equal(
      pods.spec.nodeName,
      volume.metadata.annotations?.['volume.kubernetes.io/selected-node'],
    );
    assert.ok(!(await isGone(plane.client.get(PERSISTENT_VOLUMES, { name }))));
    await ends(volume, 'Succeeded');
    await eventually('the end of the volume', () =>
      isGone(plane.client.get(PERSISTENT_VOLUMES, { name })),
    );
    await eventually('the end of the pod', () =>
      isGone(plane.client.get(PODS, { namespace: 'kube-system', name: `erase-${name}` })),
    );
  });

  it('stay when their user retains them', async () => {
    const volume = await provisioned('kept');
    const { name } = volume.metadata;
    const spec = { persistentVolumeReclaimPolicy: 'Retain' };
    await plane.client.patch(PERSISTENT_VOLUMES, { name }, { spec }, { type: 'merge' });
    await endOf('kept');
    await eventually('Released', async () => {
      const found = await plane.client.get(PERSISTENT_VOLUMES, { name });
      return found.status?.phase === 'Released';
    });
    await plane.client.delete(PERSISTENT_VOLUMES, { name });
    await eventually('the end of the volume', () =>
      isGone(plane.client.get(PERSISTENT_VOLUMES, { name })),
    );
    const erasing = plane.client.get(PODS, { namespace: 'kube-system', name: `erase-${name}` });
    assert.ok(await isGone(erasing));
  });

  it('that cannot be made are refused with a reason', async () => {
    await plane.client.create(PERSISTENT_VOLUME_CLAIMS, {
      ...make.claim('many', '1Gi', { storageClassName: LOCAL, accessModes: ['ReadWriteMany'] }),
      metadata: { name: 'many', namespace },
    });
    await pod('p', 'many');
    await event('many', 'only the access modes ReadWriteOnce and ReadWriteOncePod are supported');
    assert.equal((await getPod('p')).spec.nodeName, undefined);
  });
});
