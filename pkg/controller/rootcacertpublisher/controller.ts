// root-ca-certificate-publisher-controller: writes kube-root-ca.crt to every namespace (upstream:
// pkg/controller/certificates/rootcacertpublisher).
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { CONFIG_MAPS, NAMESPACES } from '../../apis/resource-types.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { planRootCa, ROOT_CA_CONFIG_MAP } from './plan.js';

export function createRootCaPublisher(
  context: ControllerContext,
  options: { rootCa: string },
): Controller {
  const namespaces = context.informers.informer(NAMESPACES);
  // Selects the name on the server: other config maps can be many and large.
  const configMaps = context.informers.informer(CONFIG_MAPS, {
    fieldSelector: `metadata.name=${ROOT_CA_CONFIG_MAP}`,
  });
  return {
    watches: [
      watch(namespaces),
      watch(configMaps, (configMap, _old, change) =>
        change === 'added' ? [] : [configMap.metadata.namespace ?? ''],
      ),
    ],
    async reconcile(key) {
      const old = configMaps.store.get(`${key}/${ROOT_CA_CONFIG_MAP}`);
      const wanted = planRootCa(namespaces.store.get(key), old, options.rootCa);
      if (!wanted) return;
      const written = old
        ? context.client.update(CONFIG_MAPS, wanted)
        : context.client.create(CONFIG_MAPS, wanted);
      await written.catch(ignoring('AlreadyExists', 'NotFound')); // NotFound: the namespace is gone
    },
  };
}
