import assert from 'node:assert/strict';
import type { Pod } from '../apis/core/v1/types.js';
import { isLostByDrain, outlastsDrain } from './drain.js';

const pod = (kind: string | undefined, more: object = {}, phase = 'Running'): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'p',
    namespace: 'd',
    ...(kind && {
      ownerReferences: [{ apiVersion: 'v1', kind, name: 'o', uid: 'u', controller: true }],
    }),
    ...more,
  },
  spec: { containers: [] },
  status: { phase },
});

describe('drain', () => {
  it('leaves pods of daemon sets and of the kubelet', () => {
    const mirror = { annotations: { 'kubernetes.io/config.mirror': '' } };
    const stays = [pod('DaemonSet'), pod('Node', mirror), pod('ReplicaSet'), pod(undefined)];
    assert.deepEqual(stays.map(outlastsDrain), [true, true, false, false]);
  });

  it('loses running pods without a controller', () => {
    const owned = { ownerReferences: [{ apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x' }] };
    const lost = [
      pod('Job'),
      pod(undefined),
      pod(undefined, owned),
      pod(undefined, {}, 'Succeeded'),
    ];
    assert.deepEqual(lost.map(isLostByDrain), [false, true, true, false]);
  });
});
