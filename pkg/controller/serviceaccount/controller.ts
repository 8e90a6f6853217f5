// serviceaccount-controller: creates the default service account of every namespace (upstream:
// pkg/controller/serviceaccount/serviceaccounts_controller.go). It creates no tokens: pods get
// bound tokens from the TokenRequest API.
import { NAMESPACES, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoring } from '../runtime/requests.js';
import { missingServiceAccounts } from './plan.js';

export function createServiceAccountController(context: ControllerContext): Controller {
  const namespaces = context.informers.informer(NAMESPACES);
  const accounts = context.informers.informer(SERVICE_ACCOUNTS);
  return {
    watches: [
      watch(namespaces, (namespace, _old, change) =>
        change === 'deleted' ? [] : [namespace.metadata.name],
      ),
      watch(accounts, (account, _old, change) =>
        change === 'deleted' ? [account.metadata.namespace ?? ''] : [],
      ),
    ],
    async reconcile(key) {
      const namespace = namespaces.store.get(key);
      for (const name of missingServiceAccounts(
        namespace,
        accounts.store.byIndex('namespace', key),
      )) {
        await context.client
          .create(SERVICE_ACCOUNTS, {
            apiVersion: 'v1',
            kind: 'ServiceAccount',
            metadata: { name, namespace: key },
          })
          .catch(ignoring('AlreadyExists', 'NotFound')); // NotFound: the namespace is gone
      }
    },
  };
}
