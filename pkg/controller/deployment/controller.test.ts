import assert from 'node:assert/strict';
import { MemoryInformers } from '../../../test/support/memory-informers.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { notFound } from '../../apimachinery/errors/status-error.js';
import type { Deployment, ReplicaSet } from '../../apis/apps/v1/types.js';
import { DEPLOYMENTS, REPLICA_SETS } from '../../apis/resource-types.js';
import { ConnectionError } from '../../client/connection.js';
import type { ControllerContext } from '../runtime/controller.js';
import { createDeploymentController } from './controller.js';

const deploymentOf = (image: string): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', namespace: 'n', uid: 'u', generation: 1 },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'd' } },
    template: {
      metadata: { labels: { app: 'd' } } as never,
      spec: { containers: [{ name: 'c', image }] },
    },
  },
});

/** A controller against a server that loses the answers to its first creations. */
function controllerWith(lost: { isMade: boolean }[]) {
  const informers = new MemoryInformers();
  const made: ReplicaSet[] = [];
  const sizes: (number | undefined)[] = [];
  const client = {
    create(_type: unknown, set: ReplicaSet) {
      sizes.push(set.spec.replicas);
      const stored = {
        ...set,
        metadata: { ...set.metadata, uid: set.metadata.name, resourceVersion: '7' },
      };
      const loss = lost.shift();
      if (loss?.isMade ?? true) made.push(stored);
      return loss
        ? Promise.reject(new ConnectionError('the connection ended', true))
        : Promise.resolve(stored);
    },
    get(_type: unknown, { name }: { name: string }) {
      const found = made.find(({ metadata }) => metadata.name === name);
      return found ? Promise.resolve(found) : Promise.reject(notFound(REPLICA_SETS, name));
    },
    update: (_type: unknown, object: unknown) => Promise.resolve(object),
  };
  const context = { client, env: virtualEnv(), informers, events: () => ({ event() {} }) };
  const controller = createDeploymentController(context as unknown as ControllerContext);
  const { store } = informers.of(REPLICA_SETS);
  return {
    informers,
    made,
    sizes,
    reconcile: () => controller.reconcile('n/d'),
    /** The watch of replica sets brings what the server has. */
    catchUp: () => {
      for (const set of made) informers.of(REPLICA_SETS).put(set);
      store.revision = 7n;
    },
  };
}

describe('deployment controller', () => {
  it('finds the set of a creation without an answer before it plans for another template', async () => {
    const world = controllerWith([{ isMade: true }]);
    world.informers.of(DEPLOYMENTS).put(deploymentOf('v1'));
    await assert.rejects(Promise.resolve(world.reconcile()), ConnectionError);
    world.informers.of(DEPLOYMENTS).put(deploymentOf('v2'));
    const waits = await world.reconcile();
    assert.ok(waits?.requeueAfterMs, 'the cache does not show the set yet');
    assert.equal(world.made.length, 1);
    world.catchUp();
    await world.reconcile();
    assert.deepEqual(world.sizes, [3, 1], 'a surge of 25 %');
  });

  it('goes on after a creation that did not reach the store', async () => {
    const world = controllerWith([{ isMade: false }]);
    world.informers.of(DEPLOYMENTS).put(deploymentOf('v1'));
    await assert.rejects(Promise.resolve(world.reconcile()), ConnectionError);
    await world.reconcile();
    assert.deepEqual(world.sizes, [3, 3]);
    assert.equal(world.made.length, 1);
  });
});
