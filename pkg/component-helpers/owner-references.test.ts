// Cases of upstream's apimachinery pkg/apis/meta/v1/controller_ref_test.go.
import assert from 'node:assert/strict';
import { PODS, REPLICA_SETS } from '../apis/resource-types.js';
import { controllerOf, controllerReference, refersTo } from './owner-references.js';

const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'r', uid: 'u' } };

describe('owner references', () => {
  it('name one controller at most', () => {
    const plain = { apiVersion: 'v1', kind: 'X', name: 'x', uid: 'x' };
    const dependent = { ...plain, controller: false };
    const managing = { ...plain, name: 'y', controller: true };
    const of = (...ownerReferences: (typeof plain)[]) =>
      controllerOf({ metadata: { name: 'p', ownerReferences } });
    assert.equal(of(), undefined);
    assert.equal(of(plain), undefined);
    assert.equal(of(dependent), undefined);
    assert.equal(of(plain, managing), managing);
    assert.equal(controllerOf({ metadata: { name: 'p' } }), undefined);
  });

  it('are made with the version and kind of the type, and block the deletion of their owner', () => {
    assert.deepEqual(controllerReference(REPLICA_SETS, owner), {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      name: 'r',
      uid: 'u',
      controller: true,
      blockOwnerDeletion: true,
    });
  });

  for (const [apiVersion, kind, type, expected] of [
    ['apps/v1', 'ReplicaSet', REPLICA_SETS, true],
    ['apps/v1beta2', 'ReplicaSet', REPLICA_SETS, true],
    ['extensions/v1beta1', 'ReplicaSet', REPLICA_SETS, false],
    ['apps/v1', 'Deployment', REPLICA_SETS, false],
    ['v1', 'Pod', PODS, true],
    ['apps/v1', 'Pod', PODS, false],
  ] as const) {
    it(`to ${apiVersion} ${kind} ${expected ? 'mean' : 'do not mean'} ${type.group}/${type.kind}`, () => {
      assert.equal(refersTo({ apiVersion, kind, name: 'x', uid: 'x' }, type), expected);
    });
  }
});
