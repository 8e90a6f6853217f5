import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import { claim } from '../../../test/support/storage-objects.js';
import { planEphemeral } from './plan.js';

const { spec } = claim('x', '1Gi');
const pod = (metadata: Partial<Pod['metadata']> = {}): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'uid-p', ...metadata },
  spec: {
    containers: [],
    volumes: [
      { name: 'tmp', emptyDir: {} },
      {
        name: 'a',
        ephemeral: { volumeClaimTemplate: { metadata: { name: '', labels: { l: '1' } }, spec } },
      },
      { name: 'b', ephemeral: { volumeClaimTemplate: { spec } } },
    ],
  },
});

describe('the claims of ephemeral volumes', () => {
  const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'uid-p', controller: true };
  it('are owned by their pod, and made once', () => {
    const steps = planEphemeral(pod(), () => undefined);
    assert.deepEqual(
      steps.map(({ claim: made }) => [made?.metadata.name, made?.metadata.labels]),
      [
        ['p-a', { l: '1' }],
        ['p-b', undefined],
      ],
    );
    assert.deepEqual(steps[0]?.claim?.metadata.ownerReferences, [
      { ...owner, blockOwnerDeletion: true },
    ]);
    const own = (name: string) => claim(name, '1Gi', {}, { ownerReferences: [owner] });
    assert.deepEqual(planEphemeral(pod(), own), []);
    assert.deepEqual(
      planEphemeral(pod({ deletionTimestamp: 'now' }), () => undefined),
      [],
    );
  });

  it('are not taken from others', () => {
    const foreign = 'PVC ns/p-a was not created for pod ns/p (pod is not owner)';
    const of = (ownerReferences: (typeof owner)[]) =>
      planEphemeral(pod(), (name) => claim(name, '1Gi', {}, { ownerReferences }))[0]?.error;
    assert.equal(of([]), foreign);
    assert.equal(of([{ ...owner, uid: 'an older pod of this name' }]), foreign);
    assert.equal(of([{ ...owner, controller: false }]), foreign);
  });
});
