// Asks a remote server for the resources of its group version. The answer also shows that the
// server is available.
import type { APIServiceSpec } from '../../apis/apiregistration/v1/types.js';
import type { APIResource } from '../../apimachinery/meta/types.js';
import { errorText } from '../../util/errors/error-text.js';
import type { RemoteVersion } from '../discovery/remote.js';
import { exchange, readText, type Backend } from '../streaming/upgrade.js';
import { MAX_DISCOVERY_BYTES, REMOTE_DISCOVERY_MS } from '../limits.js';
import type { Unavailable } from './backend.js';
import { withRemoteUser } from './remote-user.js';

const AGGREGATOR = { name: 'system:kube-aggregator', groups: ['system:masters'] };

interface Legacy {
  kind?: string;
  resources?: APIResource[];
}

/** The aggregated form of the older list: subresources stand below their resource. */
function aggregatedOf(group: string, version: string, list: readonly APIResource[]): unknown[] {
  const kindOf = (one: APIResource) => ({
    group: one.group ?? group,
    version: one.version ?? version,
    kind: one.kind,
  });
  return list
    .filter(({ name }) => !name.includes('/'))
    .map((one) => {
      const subresources = list
        .filter(({ name }) => name.startsWith(`${one.name}/`))
        .map((sub) => ({
          subresource: sub.name.slice(one.name.length + 1),
          responseKind: kindOf(sub),
          verbs: sub.verbs,
        }));
      return {
        resource: one.name,
        responseKind: kindOf(one),
        scope: one.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: one.singularName,
        verbs: one.verbs,
        ...(one.shortNames ? { shortNames: one.shortNames } : {}),
        ...(one.categories ? { categories: one.categories } : {}),
        ...(subresources.length ? { subresources } : {}),
      };
    });
}

export async function fetchVersion(
  spec: APIServiceSpec,
  backend: Backend,
): Promise<RemoteVersion | Unavailable> {
  const { group = '', version = '' } = spec;
  const path = group ? `/apis/${group}/${version}` : `/api/${version}`;
  const host = backend.host.includes(':') ? `[${backend.host}]` : backend.host;
  const url = `https://${host}:${backend.port}${path}`;
  const failed = (message: string): Unavailable => ({ reason: 'FailedDiscoveryCheck', message });
  try {
    const headers = withRemoteUser(
      { accept: 'application/json', host: `${host}:${backend.port}` },
      AGGREGATOR,
    );
    const answer = await exchange(
      backend,
      { method: 'GET', path, headers },
      undefined,
      AbortSignal.timeout(REMOTE_DISCOVERY_MS),
    );
    const text = await readText(answer, MAX_DISCOVERY_BYTES);
    const code = answer.statusCode ?? 0;
    if (code < 200 || code > 299)
      return failed(`failing or missing response from ${url}: bad status from ${url}: ${code}`);
    const list = JSON.parse(text) as Legacy;
    const legacy = Array.isArray(list.resources) ? list.resources : [];
    return {
      group,
      version,
      priorities: { group: spec.groupPriorityMinimum, version: spec.versionPriority },
      resources: aggregatedOf(group, version, legacy),
      legacy,
      isStale: false,
    };
  } catch (error) {
    return failed(`failing or missing response from ${url}: ${errorText(error)}`);
  }
}
