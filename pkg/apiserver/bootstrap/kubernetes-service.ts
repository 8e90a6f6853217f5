// The service `kubernetes` in namespace default and its endpoints: one address for each running
// server. Each server keeps a key with a lease (masterleases/ADDRESS), and the endpoints follow
// these keys at any number of servers (upstream controlplane/reconcilers/lease.go). A server with
// an address that endpoints may not have (loopback) keeps no key: it serves, but not through the
// service.
import { every } from '../../util/wait/every.js';
import { ignoring } from '../../apimachinery/errors/status-error.js';
import { nonSpecialIp } from '../../apis/core/v1/validation/fields.js';
import type { Endpoints, Service } from '../../apis/core/v1/types.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { ENDPOINT_SLICES, ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import type { Storage } from '../../storage/storage.js';
import type { ServerServices } from '../extension/services.js';
import type { PostStartHook } from '../extension/hooks.js';
import { ensureNamespace } from './system-namespaces.js';
import { ENDPOINT_LEASE_SECONDS, ENDPOINT_RECONCILE_MS } from '../limits.js';

const NAMESPACE = 'default';
const NAME = 'kubernetes';

export interface KubernetesServiceOptions {
  storage: Storage;
  /** '/registry' */
  root: string;
  /** The first address of the service range. */
  serviceIP: string;
  /** The address at which other hosts reach this server. */
  advertiseAddress: string;
  /** Known once the server listens. */
  port: () => number;
}

const serviceObject = (serviceIP: string, port: number): Service => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: NAME,
    namespace: NAMESPACE,
    labels: { provider: 'kubernetes', component: 'apiserver' },
  },
  spec: {
    clusterIP: serviceIP,
    clusterIPs: [serviceIP],
    type: 'ClusterIP',
    sessionAffinity: 'None',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
  },
});

async function ensureService(
  services: ServerServices,
  options: KubernetesServiceOptions,
): Promise<void> {
  const { local, reader } = services;
  if (reader.get(SERVICES, NAMESPACE, NAME)) return;
  // The hook that creates the namespace runs concurrently; to fail here would cost a whole
  // back-off.
  await ensureNamespace(services, NAMESPACE);
  await local
    .create(SERVICES, serviceObject(options.serviceIP, options.port()))
    .catch(ignoring('AlreadyExists'));
}

/** Reasons against the address as an endpoint; empty when it is allowed. */
const refusal = (address: string): string =>
  nonSpecialIp(address, 'advertise-address')
    .map(({ message }) => message)
    .join();

async function addressesIn(storage: Storage, prefix: string): Promise<string[]> {
  const { kvs } = await storage.list(prefix, { keysOnly: true });
  return kvs.map(({ key }) => key.slice(prefix.length)).sort();
}

/** Renews this server's key. Returns the addresses of all running servers. */
async function livingAddresses(
  options: KubernetesServiceOptions,
  lease: { id: string | undefined },
): Promise<string[]> {
  const { storage, root, advertiseAddress } = options;
  const prefix = `${root}/masterleases/`;
  if (refusal(advertiseAddress)) return addressesIn(storage, prefix);
  if (lease.id === undefined || (await storage.keepAliveLease(lease.id)) === 0)
    lease.id = undefined;
  const living = await addressesIn(storage, prefix);
  // The key is deleted with its lease, or by another server with the same address.
  if (lease.id !== undefined && living.includes(advertiseAddress)) return living;
  lease.id ??= await storage.grantLease(ENDPOINT_LEASE_SECONDS);
  await storage.put(prefix + advertiseAddress, new TextEncoder().encode(advertiseAddress), {
    lease: lease.id,
  });
  return addressesIn(storage, prefix);
}

/** Sets the endpoints to `addresses` where they differ, but never to an empty list, as upstream. */
async function ensureEndpoints(
  { local, reader }: ServerServices,
  addresses: string[],
  port: number,
): Promise<void> {
  if (!addresses.length) return;
  const subsets: Endpoints['subsets'] = [
    {
      addresses: addresses.map((ip) => ({ ip })),
      ports: [{ name: 'https', port, protocol: 'TCP' }],
    },
  ];
  const present = reader.get(ENDPOINTS, NAMESPACE, NAME);
  if (!present) {
    const labels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
    await local.create(ENDPOINTS, {
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: NAME, namespace: NAMESPACE, labels },
      subsets,
    });
  } else if (JSON.stringify(present.subsets) !== JSON.stringify(subsets))
    await local.update(ENDPOINTS, { ...present, subsets });
  const slice: EndpointSlice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: NAME, namespace: NAMESPACE, labels: { 'kubernetes.io/service-name': NAME } },
    addressType: addresses[0]?.includes(':') ? 'IPv6' : 'IPv4',
    endpoints: addresses.map((address) => ({ addresses: [address], conditions: { ready: true } })),
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  };
  const known = reader.get(ENDPOINT_SLICES, NAMESPACE, NAME);
  if (!known) await local.create(ENDPOINT_SLICES, slice);
  else if (JSON.stringify(known.endpoints) !== JSON.stringify(slice.endpoints))
    await local.update(ENDPOINT_SLICES, { ...known, endpoints: slice.endpoints });
}

/**
 * The hook resolves after the first round and repeats until the server stops; then it removes its
 * address.
 */
export function kubernetesServiceHook(options: KubernetesServiceOptions): PostStartHook {
  const lease: { id: string | undefined } = { id: undefined };
  let saidWhy = false;
  return {
    name: 'start-kubernetes-service-controller',
    async run(services, signal) {
      // The hook may run several times before it succeeds.
      const why = saidWhy ? '' : refusal(options.advertiseAddress);
      saidWhy = true;
      if (why)
        services.env.log.warn(
          'this server is no endpoint of the service kubernetes: pods will not reach it there; set --advertise-address',
          { advertiseAddress: options.advertiseAddress, why },
        );
      const round = async () => {
        await ensureService(services, options);
        await ensureEndpoints(services, await livingAddresses(options, lease), options.port());
      };
      await round();
      const periodMs = ENDPOINT_RECONCILE_MS;
      const failed = 'cannot keep the kubernetes service up to date';
      void every({ env: services.env, signal, periodMs, firstMs: periodMs, failed }, round);
    },
    async stop(services) {
      if (!lease.id) return;
      await options.storage.revokeLease(lease.id);
      await ensureEndpoints(
        services,
        await addressesIn(options.storage, `${options.root}/masterleases/`),
        options.port(),
      );
    },
  };
}
