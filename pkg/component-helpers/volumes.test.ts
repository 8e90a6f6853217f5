import assert from 'node:assert/strict';
import type { PersistentVolume } from '../apis/core/v1/types.js';
import { claim, refTo, storageClass, volume } from '../../test/support/storage-objects.js';
import {
  boundClaim,
  boundVolume,
  defaultClassOf,
  isFullyBound,
  isReservedFor,
  mismatch,
  volumesFor,
} from './volumes.js';

const names = (volumes: readonly PersistentVolume[]) =>
  volumes.map(({ metadata }) => metadata.name);

describe('volumes for a claim', () => {
  const wanted = claim('c', '2Gi');
  it('come smallest first, after those with fewer access modes', () => {
    const all = [
      volume('large', '10Gi'),
      volume('tiny', '1Gi'),
      volume('exact', '2048Mi'),
      volume('shared', '2Gi', { accessModes: ['ReadWriteOnce', 'ReadOnlyMany'] }),
      volume('small', '3G'),
    ];
    assert.deepEqual(names(volumesFor(wanted, all)), ['exact', 'small', 'large', 'shared']);
  });

  it('have the class, modes, labels and phase that the claim needs', () => {
    const no = [
      volume('class', '2Gi', { storageClassName: 'fast' }),
      volume('old', '2Gi', {}, { annotations: { 'volume.beta.kubernetes.io/storage-class': 'x' } }),
      volume('mode', '2Gi', { volumeMode: 'Block' }),
      volume('access', '2Gi', { accessModes: ['ReadOnlyMany'] }),
      volume('going', '2Gi', {}, { deletionTimestamp: '2026-01-01T00:00:00Z' }),
      volume('released', '2Gi', {}, {}, 'Released'),
      volume('taken', '2Gi', { claimRef: refTo(claim('other', '1Gi')) }),
      volume('reserved', '2Gi', { claimRef: refTo(claim('other', '1Gi'), false) }),
    ];
    assert.deepEqual(volumesFor(wanted, no), []);
    const selected = claim('c', '2Gi', { selector: { matchLabels: { disk: 'ssd' } } });
    const labelled = volume('ssd', '5Gi', {}, { labels: { disk: 'ssd' } });
    assert.deepEqual(names(volumesFor(selected, [volume('a', '2Gi'), labelled])), ['ssd']);
    const block = claim('c', '2Gi', { volumeMode: 'Block' });
    assert.deepEqual(names(volumesFor(block, no)), ['mode']);
  });

  it('are the reserved one alone, unless it is too small or for an older claim', () => {
    const other = volume('other', '2Gi');
    const reserved = (size: string, uid?: string) =>
      volume('mine', size, { claimRef: { ...refTo(wanted, false), ...(uid ? { uid } : {}) } });
    assert.deepEqual(names(volumesFor(wanted, [other, reserved('9Gi')])), ['mine']);
    assert.deepEqual(names(volumesFor(wanted, [other, reserved('9Gi')], true)), ['mine']);
    assert.deepEqual(names(volumesFor(wanted, [other, reserved('1Gi')])), ['other']);
    assert.deepEqual(names(volumesFor(wanted, [other, reserved('9Gi', 'older')])), ['other']);
    assert.deepEqual(volumesFor(wanted, [other], true), []);
  });

  it('say why they do not serve a claim that names them', () => {
    const why = (of: PersistentVolume) => mismatch(of, wanted);
    assert.equal(why(volume('v', '2Gi')), undefined);
    assert.equal(why(volume('v', '2000M')), 'requested PV is too small');
    assert.equal(
      why(volume('v', '2Gi', { storageClassName: 'x' })),
      'storageClassName does not match',
    );
    assert.equal(why(volume('v', '2Gi', { volumeMode: 'Block' })), 'incompatible volumeMode');
    assert.equal(why(volume('v', '2Gi', { accessModes: [] })), 'incompatible accessMode');
  });
});

describe('a binding', () => {
  const wanted = claim('c', '2Gi');
  it('is written to the volume and the claim, with its author', () => {
    const free = volume('v', '2Gi');
    const bound = boundVolume(free, wanted);
    assert.equal(bound.spec.claimRef?.uid, 'uid-c');
    assert.equal(bound.metadata.annotations?.['pv.kubernetes.io/bound-by-controller'], 'yes');
    assert.equal(boundVolume(bound, wanted), bound);
    const own = boundVolume(volume('v', '2Gi', { claimRef: refTo(wanted, false) }), wanted);
    assert.equal(own.spec.claimRef?.uid, 'uid-c');
    assert.equal(own.metadata.annotations, undefined);
    const done = boundClaim(wanted, bound);
    assert.ok(isFullyBound(done) && !isFullyBound(wanted));
    assert.deepEqual(Object.keys(done.metadata.annotations!).sort(), [
      'pv.kubernetes.io/bind-completed',
      'pv.kubernetes.io/bound-by-controller',
    ]);
    assert.equal(boundClaim(done, bound), done);
    const named = boundClaim(claim('c', '2Gi', { volumeName: 'v' }), bound);
    assert.deepEqual(named.metadata.annotations, { 'pv.kubernetes.io/bind-completed': 'yes' });
  });

  it('belongs to one uid', () => {
    const bound = boundVolume(volume('v', '2Gi'), wanted);
    assert.ok(isReservedFor(bound, wanted));
    assert.ok(!isReservedFor(bound, claim('c', '2Gi', {}, { uid: 'later' })));
    assert.ok(!isReservedFor(bound, claim('c', '2Gi', {}, { namespace: 'other' })));
    assert.ok(!isReservedFor(volume('v', '2Gi'), wanted));
  });
});

describe('the default class', () => {
  const marked = (name: string, creationTimestamp: string, text = 'true') =>
    storageClass(name, {
      metadata: {
        name,
        creationTimestamp,
        annotations: { 'storageclass.kubernetes.io/is-default-class': text },
      },
    });
  it('is the newest that is marked', () => {
    const classes = [
      storageClass('plain'),
      marked('b', '2026-01-01T00:00:00Z'),
      marked('a', '2026-01-01T00:00:00Z'),
      marked('no', '2026-03-01T00:00:00Z', 'false'),
    ];
    assert.equal(defaultClassOf(classes), 'a');
    assert.equal(defaultClassOf([...classes, marked('z', '2026-02-01T00:00:00Z')]), 'z');
    assert.equal(defaultClassOf([storageClass('plain')]), undefined);
  });
});
