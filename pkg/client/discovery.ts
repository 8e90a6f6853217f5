// Discovery of the resources of the server (client-go ServerPreferredResources), each in the
// preferred version of its group, or in the next that has it. Groups of unavailable servers are
// reported and do not fail the call.
import type { APIGroupList, APIResourceList } from '../apimachinery/meta/types.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { Client } from './client.js';
import { StatusError } from '../apimachinery/errors/status-error.js';

export interface DiscoveredResource {
  type: ResourceType<ApiObject>;
  verbs: readonly string[];
}

export interface Discovery {
  /** Without subresources. */
  resources: DiscoveredResource[];
  /** The group versions that could not be read, with the reason. */
  failed: Map<string, string>;
}

/** Throws only when the group list cannot be read. */
export async function discover(client: Client, signal: AbortSignal): Promise<Discovery> {
  const groups = (await getJson<APIGroupList>(client, '/apis', signal)).groups;
  const versions = [
    'v1',
    ...groups.flatMap(({ preferredVersion, versions: all }) => [
      ...new Set([preferredVersion, ...all].flatMap((one) => one?.groupVersion ?? [])),
    ]),
  ];
  const failed = new Map<string, string>();
  const lists = await Promise.all(
    versions.map(async (groupVersion): Promise<DiscoveredResource[]> => {
      try {
        const path = groupVersion.includes('/') ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
        const list = await getJson<APIResourceList>(client, path, signal);
        return list.resources
          .filter(({ name }) => !name.includes('/'))
          .map((resource) => ({ type: typeOf(groupVersion, resource), verbs: resource.verbs }));
      } catch (error) {
        signal.throwIfAborted();
        failed.set(groupVersion, (error as Error).message);
        return [];
      }
    }),
  );
  // The first version that has a resource: a group's other kinds may lack the preferred version.
  const first = new Map<string, DiscoveredResource>();
  for (const resource of lists.flat()) {
    const key = `${resource.type.group}/${resource.type.resource}`;
    if (!first.has(key)) first.set(key, resource);
  }
  return { resources: [...first.values()], failed };
}

function typeOf(
  groupVersion: string,
  resource: { name: string; kind: string; namespaced: boolean },
): ResourceType<ApiObject> {
  const slash = groupVersion.indexOf('/');
  return {
    group: slash < 0 ? '' : groupVersion.slice(0, slash),
    version: groupVersion.slice(slash + 1),
    resource: resource.name,
    kind: resource.kind,
    namespaced: resource.namespaced,
  };
}

async function getJson<T>(client: Client, path: string, signal: AbortSignal): Promise<T> {
  const answer = await client.raw('GET', path, undefined, { accept: 'application/json', signal });
  const text = new TextDecoder().decode(answer.body);
  if (answer.status !== 200)
    throw new StatusError({
      code: answer.status,
      message: `GET ${path}: status ${answer.status}: ${text.slice(0, 200)}`,
    });
  return JSON.parse(text) as T;
}
