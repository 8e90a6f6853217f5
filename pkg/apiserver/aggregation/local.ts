// APIServices of the groups that this server serves itself: the built-in ones, and those of custom
// resources, which come and go (upstream kube-aggregator, controllers/autoregister).
import type { APIService } from '../../apis/apiregistration/v1/types.js';
import { apiServiceName } from '../../apis/apiregistration/v1/apiservice.js';
import { APISERVICES } from '../../apis/resource-types.js';
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { timestamp } from '../../util/env/env.js';
import { isBuiltIn, localPriorities } from '../discovery/priorities.js';
import type { ServerServices } from '../extension/services.js';
import type { ServedResources } from '../served/served.js';

const MANAGED = 'kube-aggregator.kubernetes.io/automanaged';
const ON_START = 'onstart';

function localService(group: string, version: string, now: string): APIService {
  const { group: groupPriorityMinimum, version: versionPriority } = localPriorities(group, version);
  return {
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: {
      name: apiServiceName({ group, version }),
      labels: { [MANAGED]: isBuiltIn(group) ? ON_START : 'true' },
    },
    spec: { ...(group && { group }), version, groupPriorityMinimum, versionPriority },
    status: {
      conditions: [
        {
          type: 'Available',
          status: 'True',
          reason: 'Local',
          message: 'Local APIServices are always available',
          lastTransitionTime: now,
        },
      ],
    },
  };
}

/**
 * Writes what is missing or differs. `hasChanged` deletes the services of groups that are gone too:
 * a server does so at its start and after a change of its own list only, because another server of
 * the same cluster may serve a group that this one does not know, or does not know yet.
 */
export async function syncLocal(
  { env, reader, local }: ServerServices,
  resources: ServedResources,
  hasChanged: boolean,
): Promise<void> {
  const now = timestamp(env.clock.now());
  const wanted = new Map<string, APIService>();
  for (const { group, version } of resources.all()) {
    const service = localService(group, version, now);
    wanted.set(service.metadata.name, service);
  }
  const present = new Map(reader.list(APISERVICES).map((one) => [one.metadata.name, one]));
  const write = async ({ status, ...service }: APIService): Promise<void> => {
    const known = present.get(service.metadata.name);
    if (!known) await local.create(APISERVICES, service, status).catch(ignoring('AlreadyExists'));
    else if (known.metadata.labels?.[MANAGED] !== undefined && !equalJson(known.spec, service.spec))
      await local
        .update(APISERVICES, { ...known, spec: service.spec })
        .catch(ignoring('NotFound', 'Conflict'));
  };
  await Promise.all(Array.from(wanted.values(), write));
  if (!hasChanged) return;
  for (const [name, { metadata }] of present)
    if (metadata.labels?.[MANAGED] !== undefined && !wanted.has(name))
      await local.delete(APISERVICES, '', name).catch(ignoring('NotFound'));
}
