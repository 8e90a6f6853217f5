import assert from 'node:assert/strict';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { Pod, Volume } from '../../apis/core/v1/types.js';
import { claimNames } from '../../component-helpers/pod-references.js';
import { planProtection, PVC_FINALIZER, usesClaim } from './plan.js';

const claim = (deleting: boolean, finalizers: string[]): ApiObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'c', finalizers, ...(deleting ? { deletionTimestamp: 'now' } : {}) },
});
const pod = (volumes: Volume[], nodeName?: string, phase = 'Running'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p' },
  spec: { containers: [], volumes, ...(nodeName ? { nodeName } : {}) },
  status: { phase },
});

describe('storage protection plan', () => {
  it('adds the finalizer to live objects and removes it from unused terminating ones', () => {
    const of = (deleting: boolean, finalizers: string[], used: boolean) =>
      planProtection(claim(deleting, finalizers), PVC_FINALIZER, () => used);
    assert.equal(of(false, [], false), 'add');
    assert.equal(of(false, [PVC_FINALIZER], false), 'none');
    assert.equal(of(true, [PVC_FINALIZER], true), 'none');
    assert.equal(of(true, [PVC_FINALIZER], false), 'remove');
    assert.equal(of(true, ['other'], false), 'none');
  });

  it('finds the pods that use a claim', () => {
    const volumes: Volume[] = [
      { name: 'v', persistentVolumeClaim: { claimName: 'c' } },
      { name: 'e', ephemeral: {} },
      { name: 't', emptyDir: {} },
    ];
    assert.deepEqual(claimNames(pod(volumes)), ['c', 'p-e']);
    assert.ok(usesClaim(pod(volumes, 'n'), 'c') && usesClaim(pod(volumes, 'n'), 'p-e'));
    assert.ok(!usesClaim(pod(volumes), 'c'), 'not on a node');
    assert.ok(!usesClaim(pod(volumes, 'n', 'Succeeded'), 'c'));
  });
});
