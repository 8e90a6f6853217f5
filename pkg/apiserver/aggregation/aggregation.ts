// Aggregation: API groups that other servers serve behind this one (upstream kube-aggregator).
// An APIService names a group version and the Service of its server. Requests are proxied with the
// user's name in headers, under the client certificate of the front proxy. The groups of this
// server have APIServices too, which clients read.
//
// Each server follows the APIServices in its cache. Conditions are written by whichever server
// looks first; their answers agree.
import { Agent } from 'node:https';
import type { APIService } from '../../apis/apiregistration/v1/types.js';
import { APISERVICES, ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import { ignoring } from '../../apimachinery/errors/status-error.js';
import {
  findCondition,
  sameCondition,
  withCondition,
  type ConditionLike,
} from '../../component-helpers/conditions.js';
import { every } from '../../util/wait/every.js';
import { Wakeup } from '../../util/wait/abortable.js';
import type { RemoteVersion, RemoteVersions } from '../discovery/remote.js';
import type { Delegate } from '../extension/delegation.js';
import type { HandlerRequest } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { AVAILABILITY_PERIOD_MS, IDLE_TIMEOUT_MS, REMOTE_OPENAPI_PERIOD_MS } from '../limits.js';
import type { RemoteDocuments } from '../openapi/remote.js';
import { forward } from '../proxy/proxy.js';
import type { RequestInfo } from '../request/request-info.js';
import type { ServedResources } from '../served/served.js';
import { backendOf, isUnavailable, type BackendOptions, type Unavailable } from './backend.js';
import { type Documents, fetchDocuments, NO_DOCUMENTS } from './documents.js';
import { fetchVersion, probe } from './fetch.js';
import { syncLocal } from './local.js';
import { withRemoteUser } from './remote-user.js';

const AVAILABLE = 'Available';

interface Remote {
  service: APIService;
  /** The last check. */
  problem: Unavailable | undefined;
  isChecked: boolean;
  version: RemoteVersion | undefined;
  documents: Documents;
}

export interface Aggregation {
  readonly delegate: Delegate;
  readonly versions: RemoteVersions;
  readonly documents: RemoteDocuments;
  /** Follows the APIServices until the signal aborts. */
  run(services: ServerServices, resources: ServedResources, signal: AbortSignal): Promise<void>;
}

const keyOf = (group: string, version: string): string => `${group}/${version}`;

const VERSION_PATH = /^\/apis\/([^/]+)\/([^/]+)(?:\/|$)/;

/** The group version of a request, also of one that asks for the list of its resources. */
function versionOf({ group, isResource, path, version }: RequestInfo): string {
  if (isResource) return keyOf(group, version);
  const [, asked = '', askedVersion = ''] = VERSION_PATH.exec(path) ?? [];
  return keyOf(asked, askedVersion);
}

export function createAggregation(options: BackendOptions): Aggregation {
  const remotes = new Map<string, Remote>();
  /** Reads share connections, as a handshake costs as much as many reads. */
  const agent = new Agent({ keepAlive: true, timeout: IDLE_TIMEOUT_MS });
  const wakeup = new Wakeup();
  const localWakeup = new Wakeup();
  const documentsWakeup = new Wakeup();
  let generation = 0;
  let documentsGeneration = 0;

  function follow(service: APIService, deleted: boolean): void {
    const { group = '', version = '' } = service.spec;
    const key = keyOf(group, version);
    if (deleted || !service.spec.service) {
      const wasRemote = remotes.delete(key);
      if (wasRemote) generation++;
      if (wasRemote) documentsGeneration++;
      // A change alone wakes nothing: two servers that disagree would answer each other for ever.
      if (wasRemote || deleted) localWakeup.wake();
      return;
    }
    const known = remotes.get(key);
    if (known) known.service = service;
    else {
      remotes.set(key, {
        service,
        problem: undefined,
        isChecked: false,
        version: undefined,
        documents: NO_DOCUMENTS,
      });
      generation++;
    }
    wakeup.wake();
  }

  async function pass(
    remote: Remote | undefined,
    request: HandlerRequest,
    services: ServerServices,
  ): Promise<void> {
    const backend =
      remote && !remote.problem ? backendOf(remote.service, services, options) : undefined;
    if (!backend || isUnavailable(backend))
      return request.respond(
        503,
        { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
        'service unavailable\n',
      );
    const target = request.method === 'GET' ? { ...backend, agent } : backend;
    await forward(request, target, request.url, (headers) => withRemoteUser(headers, request.user));
  }

  /** One look at a remote server: its condition, and its resources for discovery. */
  async function check(remote: Remote, services: ServerServices): Promise<void> {
    const { service } = remote;
    const { spec, metadata } = service;
    const backend = backendOf(service, services, options);
    const problem = isUnavailable(backend) ? backend : await probe(spec, backend);
    const before = JSON.stringify([remote.problem, remote.version, remote.isChecked]);
    const found =
      problem || isUnavailable(backend)
        ? undefined
        : await fetchVersion(spec, backend).catch((error: unknown) => {
            services.env.log.warn('cannot discover an API group', { name: metadata.name, error });
            return undefined;
          });
    if (remote.problem && !problem) documentsWakeup.wake();
    if (!remote.isChecked) documentsWakeup.wake();
    remote.problem = problem;
    remote.isChecked = true;
    remote.version = found ?? (remote.version && { ...remote.version, isStale: true });
    if (JSON.stringify([problem, remote.version, true]) !== before) generation++;
    await setAvailable(services, metadata.name, problem);
  }

  async function read(remote: Remote, services: ServerServices): Promise<void> {
    const { service, problem, documents } = remote;
    const backend = backendOf(service, services, options);
    if (problem || isUnavailable(backend)) return;
    const failed = (error: unknown): void =>
      services.env.log.warn('cannot read an OpenAPI document', {
        name: service.metadata.name,
        error,
      });
    const found = await fetchDocuments(service.spec, backend, documents, failed).catch(failed);
    if (!found) return;
    remote.documents = found;
    documentsGeneration++;
  }

  /** In the order of discovery, which decides between documents of one path. */
  const ordered = (): Remote[] =>
    [...remotes.values()].sort(
      ({ service: { spec: a, metadata: x } }, { service: { spec: b, metadata: y } }) =>
        b.groupPriorityMinimum - a.groupPriorityMinimum || (x.name < y.name ? -1 : 1),
    );

  return {
    delegate: {
      name: 'aggregation',
      accepts: (info) => remotes.has(versionOf(info)),
      handle: (request, services) => pass(remotes.get(versionOf(request.info)), request, services),
    },
    documents: {
      get generation() {
        return documentsGeneration;
      },
      index: () =>
        new Map(
          ordered()
            .toReversed()
            .flatMap(({ documents }) => [...documents.index]),
        ),
      document(path) {
        const remote = ordered().find(({ documents }) => documents.index.has(path));
        return (
          remote &&
          (remote.documents.converted.get(path) ??
            ((request, services) => pass(remote, request, services)))
        );
      },
      v2: () => ordered().flatMap(({ documents }) => (documents.v2 ? [documents.v2] : [])),
    },
    versions: {
      get generation() {
        return generation;
      },
      all: () =>
        [...remotes.values()].flatMap(({ service: { spec }, version }) =>
          version
            ? [version]
            : [
                {
                  group: spec.group ?? '',
                  version: spec.version ?? '',
                  priorities: { group: spec.groupPriorityMinimum, version: spec.versionPriority },
                  resources: [],
                  isStale: true,
                },
              ],
        ),
    },
    async run(services, resources, signal) {
      const { reader, env } = services;
      const look = ({ namespace, name }: { namespace: string; name: string }): void => {
        const isTarget = [...remotes.values()].some(
          ({ service: { spec } }) =>
            spec.service?.namespace === namespace && spec.service.name === name,
        );
        if (isTarget) wakeup.wake();
      };
      const stops = [
        () => agent.destroy(),
        reader.observe(APISERVICES, (change) => follow(change.object(), change.deleted)),
        // Groups of custom resources come and go.
        resources.observe(() => localWakeup.wake()),
        reader.observe(SERVICES, look),
        reader.observe(ENDPOINTS, look),
      ];
      signal.addEventListener('abort', () => stops.forEach((stop) => stop()), { once: true });
      const shared = { env, signal, periodMs: AVAILABILITY_PERIOD_MS };
      const ofAll = (work: typeof check) => async () => {
        await Promise.all([...remotes.values()].map((remote) => work(remote, services)));
      };
      let syncedGeneration: number | undefined;
      await Promise.all([
        every(
          { ...shared, wakeup: localWakeup, failed: 'cannot write own APIServices' },
          async () => {
            const { generation: current } = resources;
            await syncLocal(services, resources, current !== syncedGeneration);
            syncedGeneration = current;
          },
        ),
        every({ ...shared, wakeup, failed: 'cannot check the APIServices' }, ofAll(check)),
        every(
          {
            ...shared,
            periodMs: REMOTE_OPENAPI_PERIOD_MS,
            wakeup: documentsWakeup,
            failed: 'cannot read the OpenAPI documents of APIServices',
          },
          ofAll(read),
        ),
      ]);
    },
  };
}

async function setAvailable(
  { env, reader, local }: ServerServices,
  name: string,
  problem: Unavailable | undefined,
): Promise<void> {
  const service = reader.get(APISERVICES, '', name);
  if (!service) return;
  const known = (service.status?.conditions ?? []) as ConditionLike[];
  const wanted = {
    type: AVAILABLE,
    status: problem ? 'False' : 'True',
    reason: problem?.reason ?? 'Passed',
    message: problem?.message ?? 'all checks passed',
  };
  if (sameCondition(findCondition(known, AVAILABLE), wanted)) return;
  const conditions = withCondition<ConditionLike>(known, wanted, env.clock.now());
  await local
    .updateStatus(APISERVICES, {
      ...service,
      status: {
        conditions: conditions as NonNullable<APIService['status']>['conditions'] & object,
      },
    })
    .catch(ignoring('NotFound', 'Conflict'));
}
