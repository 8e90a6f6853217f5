// What controllers make of a refusal: authorization may come late (the policy of a new cluster is still being written),
// a namespace that is going away never comes back.
import assert from 'node:assert/strict';
import { forbidden, isReason } from '../apimachinery/errors/status-error.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import { CONFIG_MAPS } from '../apis/resource-types.js';
import type { Client } from '../client/client.js';
import type { Informer } from '../client/informer.js';
import { IndexedStore } from '../client/store.js';
import { virtualEnv } from '../util/env/virtual-env.js';
import { createRootCaPublisher } from './rootcacertpublisher/controller.js';
import type { Controller, ControllerContext } from './runtime/controller.js';
import { createServiceAccountController } from './serviceaccount/controller.js';

const namespace: ApiObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'here' } };

/** A context with one namespace, whose creates are answered with `refusal`. */
function contextOf(refusal: Error): ControllerContext {
  const informer = (type: ResourceType) => {
    const store = new IndexedStore<ApiObject>();
    store.addIndexers({ namespace: (object) => [object.metadata.namespace ?? ''] });
    if (type.resource === 'namespaces') store.put(namespace);
    return { type, store } as unknown as Informer<ApiObject>;
  };
  const client = { create: () => Promise.reject(refusal) };
  return {
    env: virtualEnv(),
    client: client as unknown as Client,
    informers: { informer },
    events: () => ({}),
  } as unknown as ControllerContext;
}

const KINDS: Record<string, (context: ControllerContext) => Controller> = {
  'the root CA publisher': (context) => createRootCaPublisher(context, { rootCa: 'PEM' }),
  'the service account controller': (context) =>
    createServiceAccountController(context, { concurrentServiceAccountSyncs: 1 }),
};

for (const [name, create] of Object.entries(KINDS)) {
  describe(name, () => {
    const { signal } = new AbortController();

    it('tries again when it was not allowed to write', async () => {
      const controller = create(
        contextOf(
          forbidden(CONFIG_MAPS, '', 'User "system:kube-controller-manager" cannot create'),
        ),
      );
      await assert.rejects(controller.reconcile('here', signal), (error) =>
        isReason(error, 'Forbidden'),
      );
    });

    it('leaves a namespace alone that is going away', async () => {
      const causes = [{ reason: 'NamespaceTerminating', message: '', field: '' }];
      await create(
        contextOf(forbidden(CONFIG_MAPS, '', 'because it is being terminated', causes)),
      ).reconcile('here', signal);
    });
  });
}
