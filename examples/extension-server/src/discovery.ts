// The documents that tell clients which resources there are: the aggregated form of /apis, which
// API servers and present clients ask for, and the older lists.
const GROUP = 'pantry.example.com';
const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

const version = { groupVersion: `${GROUP}/v1`, version: 'v1' };
const group = { name: GROUP, versions: [version], preferredVersion: version };

const OLDER: Record<string, unknown> = {
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [group] },
  [`/apis/${GROUP}`]: { kind: 'APIGroup', apiVersion: 'v1', ...group },
  [`/apis/${GROUP}/v1`]: {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: `${GROUP}/v1`,
    resources: [
      {
        name: 'jars',
        singularName: 'jar',
        namespaced: true,
        kind: 'Jar',
        verbs: VERBS,
        shortNames: ['jr'],
        categories: ['all'],
      },
    ],
  },
};

const aggregated = {
  kind: 'APIGroupDiscoveryList',
  apiVersion: 'apidiscovery.k8s.io/v2',
  metadata: {},
  items: [
    {
      metadata: { name: GROUP, creationTimestamp: null },
      versions: [
        {
          version: 'v1',
          freshness: 'Current',
          resources: [
            {
              resource: 'jars',
              responseKind: { group: GROUP, version: 'v1', kind: 'Jar' },
              scope: 'Namespaced',
              singularResource: 'jar',
              verbs: VERBS,
              shortNames: ['jr'],
              categories: ['all'],
            },
          ],
        },
      ],
    },
  ],
};

export interface Document {
  body: unknown;
  type: string;
  etag?: string;
}

export function discoveryOf(path: string, accept: string): Document | undefined {
  if (path === '/apis' && accept.includes(AGGREGATED))
    return { body: aggregated, type: AGGREGATED };
  return path in OLDER ? { body: OLDER[path], type: 'application/json' } : undefined;
}
