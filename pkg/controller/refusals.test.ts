// Refused creations: authorization may come late (the policy of a new cluster is still being
// written), but a namespace that is being deleted refuses for good.
import assert from 'node:assert/strict';
import { forbidden } from '../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import { CONFIG_MAPS } from '../apis/resource-types.js';
import type { Handler } from '../client/informer.js';
import { IndexedStore } from '../client/store.js';
import { virtualEnv } from '../../test/support/virtual-env.js';
import { createRootCaPublisher } from './rootcacertpublisher/controller.js';
import type { Controller, ControllerContext } from './runtime/controller.js';
import { runControllers } from './runtime/run-controllers.js';
import { createServiceAccountController } from './serviceaccount/controller.js';

const namespace: ApiObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'here' } };

/** The creations that a controller tries within 10 s when each is refused. */
async function creations(
  create: (context: ControllerContext) => Controller,
  refusal: Error,
): Promise<number> {
  const env = virtualEnv();
  let tried = 0;
  const informer = (type: ResourceType) => {
    const store = new IndexedStore<ApiObject>();
    store.addIndexers({ namespace: (object) => [object.metadata.namespace ?? ''] });
    if (type.resource === 'namespaces') store.put(namespace);
    const addHandler = (handler: Handler<ApiObject>) => {
      for (const object of store.list()) handler.added?.(object);
      return () => {};
    };
    return { type, store, addHandler, waitForSync: () => Promise.resolve() };
  };
  const client = { create: () => (tried++, Promise.reject(refusal)) };
  const context = { env, client, informers: { informer }, events: () => ({}) };
  const abort = new AbortController();
  const controller = create(context as unknown as ControllerContext);
  const run = runControllers(env, [{ ...controller, name: 'c', workers: 1 }], abort.signal);
  await env.clock.advance(10_000);
  abort.abort();
  await run;
  return tried;
}

const KINDS: Record<string, (context: ControllerContext) => Controller> = {
  'the root CA publisher': (context) => createRootCaPublisher(context, { rootCa: 'PEM' }),
  'the service account controller': createServiceAccountController,
};

for (const [name, create] of Object.entries(KINDS)) {
  describe(name, () => {
    it('retries when it was not authorized to write', async () => {
      const refusal = forbidden(
        CONFIG_MAPS,
        '',
        'User "system:kube-controller-manager" cannot create',
      );
      assert.ok((await creations(create, refusal)) > 3);
    });

    it('does not retry in a namespace that is being deleted', async () => {
      const causes = [{ reason: 'NamespaceTerminating', message: '', field: '' }];
      const refusal = forbidden(CONFIG_MAPS, '', 'because it is being terminated', causes);
      assert.equal(await creations(create, refusal), 1);
    });
  });
}
