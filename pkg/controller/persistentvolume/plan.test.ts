import assert from 'node:assert/strict';
import type { PersistentVolume, PersistentVolumeClaim, Pod } from '../../apis/core/v1/types.js';
import type { StorageClass } from '../../apis/storage/v1/types.js';
import { boundClaim, boundVolume } from '../../component-helpers/volumes.js';
import { claim, refTo, storageClass, volume } from '../../../test/support/storage-objects.js';
import { planClaim, planVolume, reclaimFailure, unboundVolume } from './plan.js';

const BOUND = { 'pv.kubernetes.io/bind-completed': 'yes' };
const LATE = storageClass('late', {
  volumeBindingMode: 'WaitForFirstConsumer',
  provisioner: 'example.com/disk',
});

/** The step in one line: 'bind v', 'wait Reason: message', 'wait' ... */
function stepOf(
  of: PersistentVolumeClaim,
  volumes: PersistentVolume[],
  classes: StorageClass[] = [],
  pods: Pod[] = [],
): string {
  const step = planClaim(of, {
    volume: (name) => volumes.find(({ metadata }) => metadata.name === name),
    volumes: () => volumes,
    classes,
    pods: () => pods,
  });
  if (step.do === 'bind') return `bind ${step.volume.metadata.name}`;
  if (step.do === 'choose class') return `class ${step.name}`;
  if (step.do === 'fail') return `fail ${step.error}`;
  const { notice } = step;
  const by = 'provisioner' in step && step.provisioner ? ` by ${step.provisioner}` : '';
  return `${step.do}${by}${notice ? ` ${notice.type} ${notice.reason}: ${notice.message}` : ''}`;
}

const user = (name: string, claimName: string, nodeName = ''): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'ns' },
  spec: {
    containers: [],
    ...(nodeName ? { nodeName } : {}),
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName } }],
  },
});

describe('the step of a claim', () => {
  it('binds the best volume, or reports why there is none', () => {
    const c = claim('c', '2Gi');
    assert.equal(stepOf(c, [volume('big', '9Gi'), volume('fit', '2Gi')]), 'bind fit');
    assert.equal(
      stepOf(c, [volume('small', '1Gi')]),
      'wait Normal FailedBinding: no persistent volumes available for this claim and no storage class is set',
    );
    assert.equal(
      stepOf(claim('c', '2Gi', {}, { deletionTimestamp: 'now' }), [volume('v', '2Gi')]),
      'wait',
    );
  });

  it('takes the default class in later, except for the class that is empty', () => {
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' };
    const standard = storageClass('standard', { metadata: { name: 'standard', annotations } });
    assert.equal(stepOf(claim('c', '1Gi'), [], [standard]), 'class standard');
    assert.match(
      stepOf(claim('c', '1Gi', { storageClassName: '' }), [], [standard]),
      /FailedBinding/,
    );
    assert.equal(stepOf(claim('c', '1Gi'), [volume('v', '1Gi')], [standard]), 'bind v');
  });

  it('waits for a consumer, and binds only what is reserved until then', () => {
    const c = claim('c', '1Gi', { storageClassName: 'late' });
    const free = volume('free', '1Gi', { storageClassName: 'late' });
    const first =
      'wait Normal WaitForFirstConsumer: waiting for first consumer to be created before binding';
    assert.equal(stepOf(c, [free], [LATE]), first);
    assert.equal(stepOf(c, [free], [LATE], [user('p', 'c', 'n'), user('q', 'x')]), first);
    assert.equal(
      stepOf(c, [free], [LATE], [user('p', 'c')]),
      'wait Normal WaitForPodScheduled: waiting for pod p to be scheduled',
    );
    assert.equal(
      stepOf(c, [free], [LATE], [user('p', 'c'), user('q', 'c')]),
      'wait Normal WaitForPodScheduled: waiting for pods p,q to be scheduled',
    );
    assert.equal(
      stepOf(c, [{ ...free, spec: { ...free.spec, claimRef: refTo(c) } }], [LATE]),
      'bind free',
    );
    const chosen = claim('c', '1Gi', c.spec, {
      annotations: { 'volume.kubernetes.io/selected-node': 'n' },
    });
    assert.match(
      stepOf(chosen, [free], [LATE]),
      /^wait by example.com\/disk Normal ExternalProvisioning: /,
    );
  });

  it('names the provisioner of its class, or the reason why there is none', () => {
    const c = claim('c', '1Gi', { storageClassName: 'fast' });
    assert.match(
      stepOf(c, [], [storageClass('fast', { provisioner: 'example.com/disk' })]),
      /^wait by example.com\/disk Normal ExternalProvisioning: Waiting for a volume to be created either by the external provisioner 'example.com\/disk' or manually/,
    );
    assert.equal(
      stepOf(c, []),
      'wait Warning ProvisioningFailed: storageclass.storage.k8s.io "fast" not found',
    );
    assert.equal(
      stepOf(c, [], [storageClass('fast')]),
      'wait Warning ProvisioningFailed: no volume plugin matched name: kubernetes.io/no-provisioner',
    );
  });

  it('obeys a claim that names its volume', () => {
    const c = claim('c', '2Gi', { volumeName: 'v' });
    assert.equal(stepOf(c, []), 'wait');
    assert.equal(stepOf(c, [volume('v', '2Gi')]), 'bind v');
    assert.equal(stepOf(c, [volume('v', '9Gi', { claimRef: refTo(c, false) })]), 'bind v');
    assert.equal(
      stepOf(c, [volume('v', '1Gi')]),
      'wait Warning VolumeMismatch: Cannot bind to requested volume "v": requested PV is too small',
    );
    const taken = volume('v', '2Gi', { claimRef: refTo(claim('o', '1Gi')) });
    assert.equal(
      stepOf(c, [taken]),
      'wait Warning FailedBinding: volume "v" already bound to a different claim.',
    );
    const ours = claim('c', '2Gi', c.spec, {
      annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' },
    });
    assert.equal(
      stepOf(ours, [taken]),
      'fail invalid binding of claim "ns/c" to volume "v": volume already claimed by "ns/o"',
    );
  });

  it('finishes a binding after a crash between any two writes', () => {
    const c = claim('c', '2Gi');
    const v = volume('v', '2Gi');
    const reserved = boundVolume(v, c);
    const others = [volume('a', '2Gi'), volume('z', '2Gi')];
    assert.equal(stepOf(c, [...others, reserved]), 'bind v', 'the volume was written');
    assert.equal(
      stepOf(c, [...others, { ...reserved, status: { phase: 'Bound' } }]),
      'bind v',
      'its phase was written',
    );
    assert.equal(
      stepOf(boundClaim(c, v), [...others, reserved]),
      'bind v',
      'the claim was written',
    );
  });

  it('is lost when its volume is gone, not named or of another claim', () => {
    const lost = (of: PersistentVolumeClaim, volumes: PersistentVolume[]) => stepOf(of, volumes);
    const bound = claim('c', '2Gi', { volumeName: 'v' }, { annotations: BOUND });
    assert.equal(
      lost(bound, []),
      'lose Warning ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    );
    assert.equal(
      lost(claim('c', '2Gi', {}, { annotations: BOUND }), []),
      'lose Warning ClaimLost: Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
    );
    assert.equal(
      lost(bound, [volume('v', '2Gi', { claimRef: refTo(claim('o', '2Gi')) })]),
      'lose Warning ClaimMisbound: Two claims are bound to the same volume, this one is bound incorrectly',
    );
    assert.equal(lost(bound, [volume('v', '2Gi')]), 'bind v', 'a user removed the reference');
  });
});

describe('the step of a volume', () => {
  const c = claim('c', '2Gi');
  const of = (spec: object, annotations: Record<string, string> = {}, name = 'v') =>
    volume(name, '2Gi', spec, { annotations });
  it('follows its claim', () => {
    const doing = (v: PersistentVolume, other: PersistentVolumeClaim | undefined) => {
      const step = planVolume(v, other);
      return step.do === 'phase' ? step.phase : step.do;
    };
    const mine = { claimRef: refTo(c) };
    assert.equal(doing(of({}), undefined), 'Available');
    assert.equal(doing(of({ claimRef: refTo(c, false) }), c), 'Available');
    assert.equal(doing(of(mine), c), 'leave to claim');
    assert.equal(doing(of({ ...mine, volumeMode: 'Block' }), c), 'report mismatch');
    assert.equal(doing(of(mine), claim('c', '2Gi', { volumeName: 'v' })), 'Bound');
    assert.equal(doing(of(mine), undefined), 'reclaim');
    assert.equal(doing(of(mine), claim('c', '2Gi', {}, { uid: 'later' })), 'reclaim');
    const elsewhere = claim('c', '2Gi', { volumeName: 'w' });
    assert.equal(doing(of(mine), elsewhere), 'unbind');
    const provisioned = { 'pv.kubernetes.io/provisioned-by': 'example.com/disk' };
    const spec = { ...mine, persistentVolumeReclaimPolicy: 'Delete' };
    assert.equal(doing(of(spec, provisioned), elsewhere), 'reclaim');
    assert.equal(doing(of(mine, provisioned), elsewhere), 'unbind');
  });

  it('fails when nobody can reclaim it', () => {
    const why = (policy: string, annotations: Record<string, string> = {}) =>
      reclaimFailure(of({ persistentVolumeReclaimPolicy: policy }, annotations))?.message;
    assert.equal(why('Retain'), undefined);
    assert.equal(
      why('Delete', { 'pv.kubernetes.io/provisioned-by': 'example.com/disk' }),
      undefined,
    );
    const none =
      'error getting deleter volume plugin for volume "v": no deletable volume plugin matched';
    assert.equal(why('Delete'), none);
    assert.equal(
      why('Delete', { 'pv.kubernetes.io/provisioned-by': 'kubernetes.io/host-path' }),
      none,
    );
    assert.equal(why('Recycle'), 'No recycler plugin found for the volume!');
  });

  it('keeps the reservation of a user when it is unbound', () => {
    const ours = boundVolume(volume('v', '2Gi'), c);
    assert.deepEqual(unboundVolume(ours).spec, volume('v', '2Gi').spec);
    assert.deepEqual(unboundVolume(ours).metadata.annotations, {});
    const theirs = unboundVolume(of({ claimRef: { ...refTo(c), resourceVersion: '7' } }));
    assert.deepEqual(theirs.spec.claimRef, refTo(c, false));
  });
});
