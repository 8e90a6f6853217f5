// Applies folders of manifests through the API, as `kubectl create` does, without kubectl. Existing
// objects stay as they are. Manifests of add-ons contain placeholders for the cluster's addresses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { ApiObject, ResourceType } from '../../pkg/apimachinery/meta/object.js';
import { RESOURCES } from '../../pkg/apis/facts/resources.js';
import type { Client } from '../../pkg/client/client.js';
import { ignoreNotFound } from '../../pkg/client/requests.js';
import {
  bothFamilies,
  CLUSTER_DOMAIN,
  etcdUrl,
  FLANNELD_HEALTHZ_PORT,
  nodeApiUrl,
} from './components.js';
import { COMPONENT_FLAGS } from './components.generated.js';
import { layoutOf, ROOT } from './layout.js';
import type { ClusterRecord } from './record.js';
import { filledFile } from './template.js';

/** The objects of every *.yaml file of a folder of manifests/, in the order of file names. */
export function readManifests(
  folder: string,
  values: Readonly<Record<string, string>> = {},
): ApiObject[] {
  const dir = join(ROOT, 'manifests', folder);
  const files = readdirSync(dir)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  return files.flatMap((file) =>
    parseAllDocuments(filledFile(join(dir, file), values))
      .map((document) => document.toJS() as ApiObject | null)
      .filter((object) => object !== null),
  );
}

function typeOf(object: ApiObject): ResourceType {
  const [version = '', group = ''] = (object.apiVersion ?? '').split('/').reverse();
  const found = RESOURCES.find(
    (type) => type.group === group && type.version === version && type.kind === object.kind,
  );
  if (!found) throw new Error(`no resource for ${object.apiVersion} ${object.kind}`);
  const { resource, kind, namespaced } = found;
  return { group, version, resource, kind, namespaced };
}

/** Creates the objects that do not exist; returns the number of created objects. */
export async function createAll(client: Client, objects: readonly ApiObject[]): Promise<number> {
  let created = 0;
  for (const object of objects) {
    const type = typeOf(object);
    const namespace = type.namespaced ? { namespace: object.metadata.namespace ?? 'default' } : {};
    // The check comes before the creation, because creating a service with a fixed cluster IP is
    // refused when the address is allocated, even to the same service.
    const key = { name: object.metadata.name, ...namespace };
    if (await client.get(type, key).catch(ignoreNotFound)) continue;
    await client.create(type, { ...object, metadata: { ...object.metadata, ...namespace } });
    created++;
  }
  return created;
}

/** Creates the objects, or brings them to this state. */
export async function applyAll(client: Client, objects: readonly ApiObject[]): Promise<void> {
  const options = { type: 'apply', fieldManager: 'hack-up', force: true } as const;
  for (const object of objects)
    await client.patch(typeOf(object), object.metadata, object, options);
}

/** For the placeholders of add-ons and of manifests/node-programs. */
export function addonValues(record: ClusterRecord): Record<string, string> {
  const { pki, credentials } = layoutOf(record.name);
  const base64 = (folder: string, file: string) => readFileSync(join(folder, file), 'base64');
  return {
    DNS_ADDRESS: record.dnsAddress,
    DNS_ADDRESSES: [record.dnsAddress, ...(record.six ? [record.six.dnsAddress] : [])]
      .map((ip) => JSON.stringify(ip))
      .join(', '),
    // With two families, one socket that accepts both.
    DNS_LISTEN: record.six ? '[::]' : '0.0.0.0',
    // Each on a node of its own.
    DNS_REPLICAS: String(Math.min(2, record.nodes.length)),
    CLUSTER_DOMAIN,
    SERVICE_RANGE: record.serviceRange,
    API_SERVER: nodeApiUrl(record),
    CA_DATA: base64(pki, 'ca.crt'),
    POD_NETWORK: record.podNetwork,
    POD_NETWORKS: bothFamilies(record.podNetwork, record.six?.podNetwork),
    CIPHER_SUITES: String(COMPONENT_FLAGS['kubelet']!['tls-cipher-suites']),
    PROXY_KUBECONFIG: base64(credentials, 'kube-proxy.conf'),
    ETCD_URL: etcdUrl(record),
    ETCD_CA: base64(pki, 'etcd/ca.crt'),
    FLANNELD_CERT: base64(pki, 'flanneld-etcd-client.crt'),
    FLANNELD_KEY: base64(pki, 'flanneld-etcd-client.key'),
    FLANNELD_HEALTHZ_PORT: String(FLANNELD_HEALTHZ_PORT),
  };
}
