// The binding of claims and volumes against the real API server, and what kubectl shows of it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isReason } from '../../../pkg/apimachinery/errors/status-error.js';
import type {
  PersistentVolumeClaimSpec,
  PersistentVolumeSpec,
} from '../../../pkg/apis/core/v1/types.js';
import {
  EVENTS,
  PERSISTENT_VOLUME_CLAIMS,
  PERSISTENT_VOLUMES,
  PODS,
  STORAGE_CLASSES,
} from '../../../pkg/apis/resource-types.js';
import {
  BOUND_MS,
  eventually,
  startControlPlane,
  type ControlPlane,
} from '../../support/control-plane.js';
import * as make from '../../support/storage-objects.js';

const run = promisify(execFile);

describe('persistent volumes', function () {
  this.timeout(4 * BOUND_MS);
  let plane: ControlPlane;
  let namespace: string;
  before(async () => {
    plane = await startControlPlane(['--pvclaimbinder-sync-period=300ms']);
  });
  after(() => plane.stop());
  beforeEach(async () => {
    namespace = await plane.namespace();
  });

  const volume = (name: string, size: string, spec: PersistentVolumeSpec = {}) =>
    plane.client.create(
      PERSISTENT_VOLUMES,
      make.volume(`${namespace}-${name}`, size, { storageClassName: namespace, ...spec }),
    );
  const claim = (name: string, size: string, spec: PersistentVolumeClaimSpec = {}) => {
    const made = make.claim(name, size, { storageClassName: namespace, ...spec });
    return plane.client.create(PERSISTENT_VOLUME_CLAIMS, {
      ...made,
      metadata: { name, namespace },
    });
  };
  const getClaim = (name: string) =>
    plane.client.get(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
  const getVolume = (name: string) =>
    plane.client.get(PERSISTENT_VOLUMES, { name: `${namespace}-${name}` });
  const claimIs = (name: string, phase: string) =>
    eventually(`claim ${name} ${phase}`, async () => {
      const found = await getClaim(name);
      return found.status?.phase === phase && found;
    });
  const volumeIs = (name: string, phase: string) =>
    eventually(`volume ${name} ${phase}`, async () => {
      const found = await getVolume(name);
      return found.status?.phase === phase && found;
    });
  const event = (name: string, wanted: RegExp) =>
    eventually(`event ${wanted}`, async () => {
      const { items } = await plane.client.list(EVENTS, {
        fieldSelector: `involvedObject.name=${name}`,
      });
      return items.some((e) => wanted.test(`${e.type} ${e.reason}: ${e.message}`));
    });

  it('bind to the smallest that fits, and kubectl shows both', async () => {
    await volume('big', '10Gi');
    await volume('fit', '2Gi');
    await volumeIs('big', 'Available');
    await volumeIs('fit', 'Available');
    await claim('data', '2Gi');
    const bound = await claimIs('data', 'Bound');
    assert.equal(bound.spec.volumeName, `${namespace}-fit`);
    assert.deepEqual(bound.status?.capacity, { storage: '2Gi' });
    const fit = await volumeIs('fit', 'Bound');
    assert.equal(fit.spec.claimRef?.uid, bound.metadata.uid);
    assert.ok(fit.status?.lastPhaseTransitionTime);
    assert.equal((await getVolume('big')).status?.phase, 'Available');
    const { stdout } = await run('kubectl', [
      '--kubeconfig',
      plane.api.kubeconfig,
      '-n',
      namespace,
      'get',
      'pvc,pv',
      '--no-headers',
    ]);
    assert.match(stdout, new RegExp(`data +Bound +${namespace}-fit +2Gi +RWO +${namespace}`));
    assert.match(
      stdout,
      new RegExp(`${namespace}-fit +2Gi +RWO +Retain +Bound +${namespace}/data`),
    );
  });

  it('never serve two claims that ask at once', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `c${at}`);
    await Promise.all([
      ...names.map((name) => claim(name, '1Gi')),
      ...names.slice(2).map((name) => volume(name, '1Gi')),
    ]);
    const bound = await eventually('six bound', async () => {
      const { items } = await plane.client.list(PERSISTENT_VOLUME_CLAIMS, { namespace });
      const found = items.filter(({ status }) => status?.phase === 'Bound');
      return found.length === 6 && found;
    });
    assert.equal(new Set(bound.map(({ spec }) => spec.volumeName)).size, 6);
    // A volume that comes later is taken at once.
    await volume('later', '1Gi');
    await eventually('seven bound', async () => {
      const { items } = await plane.client.list(PERSISTENT_VOLUME_CLAIMS, { namespace });
      return items.filter(({ status }) => status?.phase === 'Bound').length === 7;
    });
  });

  it('go to the claim for which they are reserved, in both directions', async () => {
    await volume('mine', '9Gi', { claimRef: { name: 'data', namespace } });
    await volume('free', '1Gi');
    await volumeIs('free', 'Available');
    await claim('data', '1Gi');
    assert.equal((await claimIs('data', 'Bound')).spec.volumeName, `${namespace}-mine`);
    await claim('named', '1Gi', { volumeName: `${namespace}-free` });
    await claimIs('named', 'Bound');
    await claim('late', '1Gi', { volumeName: `${namespace}-free` });
    await event('late', /^Warning FailedBinding: volume "\S+-free" already bound to a different/);
    await volume('small', '1Gi');
    await claim('large', '5Gi', { volumeName: `${namespace}-small` });
    await event('large', /VolumeMismatch: Cannot bind to requested volume .* requested PV is too/);
  });

  it('are released, kept or failed by their policy, and are not used again', async () => {
    const policies = { keep: 'Retain', drop: 'Delete', wash: 'Recycle' };
    for (const [name, persistentVolumeReclaimPolicy] of Object.entries(policies)) {
      await volume(name, '1Gi', { persistentVolumeReclaimPolicy });
      await claim(name, '1Gi', { volumeName: `${namespace}-${name}` });
      await claimIs(name, 'Bound');
      await plane.client.delete(PERSISTENT_VOLUME_CLAIMS, { namespace, name });
    }
    await volumeIs('keep', 'Released');
    await volumeIs('drop', 'Failed');
    await volumeIs('wash', 'Failed');
    await event(`${namespace}-drop`, /VolumeFailedDelete: error getting deleter volume plugin/);
    await event(`${namespace}-wash`, /VolumeFailedRecycle: No recycler plugin found/);
    await claim('keep', '1Gi');
    await event('keep', new RegExp(`storageclass.storage.k8s.io "${namespace}" not found`));
    assert.equal((await getClaim('keep')).status?.phase, 'Pending');
    // An administrator frees the volume.
    const name = `${namespace}-keep`;
    await plane.client.patch(
      PERSISTENT_VOLUMES,
      { name },
      { spec: { claimRef: null } },
      { type: 'merge' },
    );
    await claimIs('keep', 'Bound');
    assert.equal(
      (await getVolume('keep')).spec.claimRef?.uid,
      (await getClaim('keep')).metadata.uid,
    );
  });

  it('that are deleted under a claim leave it Lost, and only then', async () => {
    await volume('v', '1Gi');
    await claim('data', '1Gi');
    await claimIs('data', 'Bound');
    await plane.client.delete(PERSISTENT_VOLUMES, { name: `${namespace}-v` });
    assert.ok((await getVolume('v')).metadata.deletionTimestamp, 'protected');
    await plane.client.patch(
      PERSISTENT_VOLUMES,
      { name: `${namespace}-v` },
      { metadata: { finalizers: null } },
      { type: 'merge' },
    );
    await claimIs('data', 'Lost');
    await event('data', /Warning ClaimLost: Bound claim has lost its PersistentVolume/);
    assert.ok(
      await getVolume('v').then(
        () => false,
        (e: unknown) => isReason(e, 'NotFound'),
      ),
    );
  });

  it('of ephemeral volumes get claims that end with their pod', async () => {
    await volume('v', '1Gi');
    const pod = (name: string, volumeName: string) =>
      plane.client.create(PODS, {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace },
        spec: {
          containers: [{ name: 'c', image: 'i' }],
          volumes: [
            {
              name: volumeName,
              ephemeral: {
                volumeClaimTemplate: {
                  spec: make.claim('x', '1Gi', { storageClassName: namespace }).spec,
                },
              },
            },
          ],
        },
      });
    const { metadata } = await pod('p', 'scratch');
    const made = await claimIs('p-scratch', 'Bound');
    assert.equal(made.metadata.ownerReferences?.[0]?.uid, metadata.uid);
    // A user has made a claim with the name that the next pod needs.
    await claim('q-scratch', '1Gi');
    await pod('q', 'scratch');
    await event(
      'q',
      /Warning FailedBinding: ephemeral volume scratch: PVC \S+ was not created for/,
    );
    await plane.client.delete(PODS, { namespace, name: 'p' }, { gracePeriodSeconds: 0 });
    await eventually('the end of the claim', () =>
      getClaim('p-scratch').then(
        () => false,
        (error: unknown) => isReason(error, 'NotFound'),
      ),
    );
  });

  it('wait for a pod, or for a provisioner that the claim then names', async () => {
    const late = `${namespace}-late`;
    const classes = [
      make.storageClass(late, { volumeBindingMode: 'WaitForFirstConsumer' }),
      make.storageClass(namespace, { provisioner: 'example.com/disk' }),
    ];
    for (const one of classes) await plane.client.create(STORAGE_CLASSES, one);
    await volume('v', '1Gi', { storageClassName: late });
    await volumeIs('v', 'Available');
    await claim('late', '1Gi', { storageClassName: late });
    await event('late', /Normal WaitForFirstConsumer: waiting for first consumer/);
    assert.equal((await getClaim('late')).spec.volumeName, undefined);
    await claim('disk', '1Gi');
    await event('disk', /Normal ExternalProvisioning: Waiting for a volume to be created/);
    const { annotations } = (await getClaim('disk')).metadata;
    assert.equal(annotations?.['volume.kubernetes.io/storage-provisioner'], 'example.com/disk');
    assert.equal(
      annotations?.['volume.beta.kubernetes.io/storage-provisioner'],
      'example.com/disk',
    );
    // A claim without a class takes the default that comes later.
    const bare = { ...make.claim('bare', '1Gi'), metadata: { name: 'bare', namespace } };
    await plane.client.create(PERSISTENT_VOLUME_CLAIMS, bare);
    await event('bare', /Normal FailedBinding: no persistent volumes available for this claim/);
    await plane.client.patch(
      STORAGE_CLASSES,
      { name: namespace },
      { metadata: { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } } },
      { type: 'merge' },
    );
    await eventually('the default class', async () => {
      return (await getClaim('bare')).spec.storageClassName === namespace;
    });
    await plane.client.delete(STORAGE_CLASSES, { name: namespace });
  });
});
