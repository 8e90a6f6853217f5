// Bootstrap tokens (upstream: pkg/controller/bootstrap): bootstrap-signer-controller signs the
// config map kube-public/cluster-info with each token, so that a machine with a token trusts it;
// token-cleaner-controller deletes tokens as they expire.
import { equalJson } from '../../apimachinery/meta/clone.js';
import { CONFIG_MAPS, SECRETS } from '../../apis/resource-types.js';
import {
  BOOTSTRAP_TOKEN_TYPE,
  tokenExpiresInMs,
} from '../../component-helpers/bootstrap-tokens.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { deleteObject } from '../../client/requests.js';
import { signedData, signs } from './plan.js';

const TOKENS = { namespace: 'kube-system', fieldSelector: `type=${BOOTSTRAP_TOKEN_TYPE}` };
const CLUSTER_INFO = { namespace: 'kube-public', fieldSelector: 'metadata.name=cluster-info' };

const later = (ms: number) => (ms < Infinity ? { requeueAfterMs: ms } : undefined);

export function createBootstrapSigner({ client, env, informers }: ControllerContext): Controller {
  const secrets = informers.informer(SECRETS, TOKENS);
  const configMaps = informers.informer(CONFIG_MAPS, CLUSTER_INFO);
  return {
    watches: [watch(secrets, () => ['kube-public/cluster-info']), watch(configMaps)],
    async reconcile(key) {
      const old = configMaps.store.get(key);
      if (old?.data?.['kubeconfig'] === undefined) return;
      const now = env.clock.now();
      const tokens = secrets.store.list().filter((token) => signs(token, now));
      const data = signedData(old.data, tokens);
      if (!equalJson(data, old.data)) await client.update(CONFIG_MAPS, { ...old, data });
      return later(Math.min(...tokens.map((token) => tokenExpiresInMs(token, now))));
    },
  };
}

export function createTokenCleaner({ client, env, informers }: ControllerContext): Controller {
  const secrets = informers.informer(SECRETS, TOKENS);
  return {
    watches: [watch(secrets)],
    async reconcile(key) {
      const secret = secrets.store.get(key);
      const left = secret && tokenExpiresInMs(secret, env.clock.now());
      if (left) return later(left);
      if (secret) await deleteObject(client, SECRETS, secret);
    },
  };
}
