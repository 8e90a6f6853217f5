import assert from 'node:assert/strict';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { CONFIG_MAPS, NODES } from '../../apis/resource-types.js';
import type { ResourceType } from '../../apimachinery/meta/object.js';
import { OwnerGraph } from './graph.js';
import { planCollection } from './plan.js';

const MAPS = CONFIG_MAPS as ResourceType<ApiObject>;

interface Shape {
  owners?: (string | { uid: string; block: boolean })[];
  finalizers?: string[];
  deleting?: boolean;
  namespace?: string;
}

const object = (
  uid: string,
  { deleting, finalizers, namespace = 'ns', owners = [] }: Shape = {},
): ApiObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name: uid,
    namespace,
    uid,
    resourceVersion: '1',
    ownerReferences: owners.map((owner) => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: typeof owner === 'string' ? owner : owner.uid,
      uid: typeof owner === 'string' ? owner : owner.uid,
      ...(typeof owner === 'string' ? {} : { blockOwnerDeletion: owner.block }),
    })),
    ...(finalizers ? { finalizers } : {}),
    ...(deleting ? { deletionTimestamp: 'now' } : {}),
  },
});

function graphOf(...objects: ApiObject[]): {
  graph: OwnerGraph;
  plan: (uid: string) => unknown;
  put: (o: ApiObject) => string[];
} {
  const graph = new OwnerGraph();
  for (const o of objects) graph.upsert(MAPS, o);
  const plan = (uid: string) => {
    const action = planCollection(graph, graph.get(uid)!);
    if (action.kind === 'orphan-dependents')
      return { ...action, dependents: action.dependents.map((d) => d.uid) };
    if (action.kind === 'check-owners' || action.kind === 'keep-owners')
      return { ...action, owners: action.owners.map((o) => o.uid) };
    return action;
  };
  return { graph, plan, put: (o) => graph.upsert(MAPS, o) };
}

const WAITING = { deleting: true, finalizers: ['foregroundDeletion'] };

describe('owner graph', () => {
  it('requeues dependents of a deleted owner, and owners that wait for a dependent', () => {
    const { graph, put } = graphOf(object('owner'), object('child', { owners: ['owner'] }));
    assert.deepEqual(graph.remove('owner'), ['child']);
    put(object('boss', WAITING));
    put(object('worker', { owners: [{ uid: 'boss', block: true }] }));
    assert.deepEqual(graph.remove('worker'), ['boss']);
  });

  it('adds a virtual owner for a reference, and drops it with the last dependent', () => {
    const { graph, put } = graphOf();
    assert.deepEqual(put(object('child', { owners: ['owner'] })).sort(), ['child', 'owner']);
    assert.equal(graph.get('owner')!.type, undefined);
    assert.deepEqual(put(object('owner')), []);
    assert.ok(graph.get('owner')!.type);
    put(object('other', { owners: ['nobody'] }));
    graph.remove('other');
    assert.equal(graph.get('nobody'), undefined);
  });

  it('removes the edge to an owner whose reference was removed', () => {
    const { graph, put } = graphOf(object('a'), object('child', { owners: ['a'] }));
    assert.deepEqual(put(object('child')), ['a']);
    assert.deepEqual(graph.remove('a'), []);
  });
});

describe('garbage collection plan', () => {
  it('keeps objects with an owner, and reads live before an owner counts as absent', () => {
    const { graph, plan } = graphOf(
      object('owner'),
      object('child', { owners: ['owner'] }),
      object('lost', { owners: ['gone'] }),
      object('free'),
    );
    assert.deepEqual(plan('child'), { kind: 'none' });
    assert.deepEqual(plan('free'), { kind: 'none' });
    assert.deepEqual(plan('lost'), { kind: 'check-owners', owners: ['gone'] });
    graph.markAbsent('ns', 'gone');
    assert.deepEqual(plan('lost'), { kind: 'delete', propagation: 'Background' });
  });

  it('deletes in the background after the deletion of the owner was observed', () => {
    const { graph, plan } = graphOf(object('owner'), object('child', { owners: ['owner'] }));
    graph.remove('owner');
    assert.deepEqual(plan('child'), { kind: 'delete', propagation: 'Background' });
  });

  it('removes only the reference when another owner is left', () => {
    const { graph, plan } = graphOf(
      object('a'),
      object('b'),
      object('child', { owners: ['a', 'b'] }),
    );
    graph.remove('a');
    assert.deepEqual(plan('child'), { kind: 'keep-owners', owners: ['b'] });
  });

  it('keeps an object with a solid owner and a waiting owner', () => {
    const { plan } = graphOf(
      object('a', WAITING),
      object('b'),
      object('child', { owners: [{ uid: 'a', block: true }, 'b'] }),
    );
    assert.deepEqual(plan('child'), { kind: 'keep-owners', owners: ['b'] });
  });

  it('does not accept an owner in another namespace', () => {
    const { plan } = graphOf(
      object('owner', { namespace: 'elsewhere' }),
      object('child', { owners: ['owner'] }),
    );
    assert.deepEqual(plan('child'), { kind: 'check-owners', owners: ['owner'] });
    const cluster = new OwnerGraph();
    const node: ApiObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', uid: 'n' } };
    cluster.upsert(NODES as ResourceType<ApiObject>, node);
    cluster.upsert(MAPS, object('child', { owners: ['n'] }));
    assert.deepEqual(planCollection(cluster, cluster.get('child')!), { kind: 'none' });
  });

  it('orphans dependents first, then removes the finalizer', () => {
    const { plan } = graphOf(
      object('owner', { deleting: true, finalizers: ['orphan'] }),
      object('child', { owners: ['owner'] }),
    );
    assert.deepEqual(plan('owner'), { kind: 'orphan-dependents', dependents: ['child'] });
    assert.deepEqual(plan('child'), { kind: 'none' });
  });

  it('foreground deletion: the owner waits for blocking dependents and goes last', () => {
    const { graph, plan, put } = graphOf(
      object('owner', WAITING),
      object('child', { owners: [{ uid: 'owner', block: true }] }),
      object('loose', { owners: ['owner'] }),
    );
    assert.deepEqual(plan('owner'), { kind: 'requeue', uids: ['child', 'loose'] });
    assert.deepEqual(plan('child'), { kind: 'delete', propagation: 'Background' });
    put(
      object('child', {
        owners: [{ uid: 'owner', block: true }],
        deleting: true,
        finalizers: ['x'],
      }),
    );
    assert.deepEqual(plan('owner'), { kind: 'requeue', uids: ['loose'] });
    graph.remove('child');
    assert.deepEqual(plan('owner'), { kind: 'remove-finalizer', finalizer: 'foregroundDeletion' });
  });

  it('foreground deletion propagates to dependents of dependents', () => {
    const { plan } = graphOf(
      object('root', WAITING),
      object('middle', { owners: [{ uid: 'root', block: true }] }),
      object('leaf', { owners: [{ uid: 'middle', block: true }] }),
    );
    assert.deepEqual(plan('middle'), { kind: 'delete', propagation: 'Foreground' });
  });

  it('breaks a cycle of waiting objects', () => {
    const { plan } = graphOf(
      object('a', { ...WAITING, owners: [{ uid: 'b', block: true }] }),
      object('b', { owners: [{ uid: 'a', block: true }] }),
    );
    assert.equal((plan('b') as { kind: string }).kind, 'unblock-owners');
  });
});
