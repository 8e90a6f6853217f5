// serviceaccount-controller: creates the default service account of every namespace (upstream:
// pkg/controller/serviceaccount/serviceaccounts_controller.go). It creates no tokens: pods get
// bound tokens from the TokenRequest API.
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { NAMESPACES, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { missingServiceAccounts } from './plan.js';

export function createServiceAccountController(context: ControllerContext): Controller {
  const namespaces = context.informers.informer(NAMESPACES);
  const accounts = context.informers.informer(SERVICE_ACCOUNTS);
  return {
    watches: [
      watch(namespaces),
      watch(accounts, (account, _old, change) =>
        change === 'deleted' ? [account.metadata.namespace ?? ''] : [],
      ),
    ],
    async reconcile(key) {
      const present = accounts.store.byIndex('namespace', key);
      for (const name of missingServiceAccounts(namespaces.store.get(key), present)) {
        const metadata = { name, namespace: key };
        const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata } as const;
        // NotFound: the namespace is gone.
        await context.client
          .create(SERVICE_ACCOUNTS, account)
          .catch(ignoring('AlreadyExists', 'NotFound'));
      }
    },
  };
}
