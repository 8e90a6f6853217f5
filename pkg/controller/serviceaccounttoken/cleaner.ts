// legacy-serviceaccount-token-cleaner-controller: looks once a day for tokens in Secrets that
// nobody has used for a long time.
import { keyOf } from '../../apimachinery/meta/object.js';
import type { Secret } from '../../apis/core/v1/types.js';
import { CONFIG_MAPS, PODS, SECRETS, SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import { INVALID_SINCE } from '../../component-helpers/legacy-tokens.js';
import { podReferences } from '../../component-helpers/pod-references.js';
import { watch, type Controller, type ControllerContext } from '../runtime/controller.js';
import { ignoreGone, ignoreNotFound } from '../../client/requests.js';
import { cleaningOf, isTrackedFor } from './clean.js';
import { accountNameOf } from './plan.js';

const INTERVAL_MS = 86_400_000;
const TRACKING = 'kube-apiserver-legacy-service-account-token-tracking';

export function createLegacyTokenCleaner(
  context: ControllerContext,
  options: { legacyTokenCleanUpPeriod: number },
): Controller {
  const { client, env, informers } = context;
  const period = options.legacyTokenCleanUpPeriod;
  const secrets = informers.informer(SECRETS);
  const accounts = informers.informer(SERVICE_ACCOUNTS);
  const pods = informers.informer(PODS);

  const clean = async (secret: Secret, used: ReadonlySet<string>) => {
    const { name, namespace = '', uid = '', resourceVersion = '' } = secret.metadata;
    const account = accounts.store.get(`${namespace}/${accountNameOf(secret)}`);
    const isMounted = () => used.has(`${namespace}/${name}`);
    const step = cleaningOf(secret, account, isMounted, period, env.clock.now());
    if (step === undefined) return;
    env.log.info('unused service account token', { secret: keyOf(secret), step });
    const key = { namespace, name };
    if (step === 'delete')
      await client.delete(SECRETS, key, { preconditions: { resourceVersion } });
    else {
      const metadata = { uid, labels: { [INVALID_SINCE]: step.invalidSince } };
      await client.patch(SECRETS, key, { metadata }, { type: 'merge' });
    }
  };

  return {
    watches: [secrets, accounts, pods].map((informer) => watch(informer as typeof pods, () => [])),
    run: (add) => Promise.resolve(add('all')),
    async reconcile(_key) {
      const key = { namespace: 'kube-system', name: TRACKING };
      const tracking = await client.get(CONFIG_MAPS, key).catch(ignoreNotFound);
      if (tracking && isTrackedFor(tracking.data?.['since'], period, env.clock.now())) {
        const used = new Set(
          pods.store
            .list()
            .flatMap((pod) =>
              [...podReferences(pod).secrets].map((name) => `${pod.metadata.namespace}/${name}`),
            ),
        );
        for (const secret of secrets.store.list()) await clean(secret, used).catch(ignoreGone);
      }
      return { requeueAfterMs: INTERVAL_MS };
    },
  };
}
