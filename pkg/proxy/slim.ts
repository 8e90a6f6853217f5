// The fields of Services and EndpointSlices that the informers keep: those that model.ts reads.
// Pure. The other fields (managedFields, owners, target references) make up half of the memory of a
// program with ten thousand services. Equal strings and conditions are one object.
import { LRUCache } from 'lru-cache';
import type { ObjectMeta } from '../apimachinery/meta/types.js';
import type { Service, ServicePort, ServiceSpec } from '../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../apis/discovery/v1/types.js';
import { SHARED_TEXTS } from './limits.js';
import { CHANGE_TIME, SERVICE_NAME_LABEL } from './model.js';
import { getOrInsert } from '../util/map/get-or-insert.js';

/** Interns equal strings: names of nodes, namespaces, zones and ports, of which there are few. */
const shared = new LRUCache<string, string>({ max: SHARED_TEXTS });
const share = (text: string): string => getOrInsert(shared, text, () => text);

export function slimService({ metadata, spec, status }: Service): Service {
  const { clusterIP = '', clusterIPs, type = '', externalIPs, ports } = spec;
  // Fields are assigned in one order, so that nearly all objects share a V8 shape.
  const kept: ServiceSpec = { type: share(type), clusterIP, ports: (ports ?? []).map(slimPort) };
  if (clusterIPs && (clusterIPs.length > 1 || clusterIPs[0] !== clusterIP))
    kept.clusterIPs = clusterIPs;
  if (externalIPs?.length) kept.externalIPs = externalIPs;
  if (spec.loadBalancerSourceRanges?.length)
    kept.loadBalancerSourceRanges = spec.loadBalancerSourceRanges;
  if (spec.internalTrafficPolicy === 'Local') kept.internalTrafficPolicy = 'Local';
  if (spec.externalTrafficPolicy === 'Local') kept.externalTrafficPolicy = 'Local';
  if (spec.healthCheckNodePort) kept.healthCheckNodePort = spec.healthCheckNodePort;
  if (spec.sessionAffinity === 'ClientIP') {
    kept.sessionAffinity = 'ClientIP';
    if (spec.sessionAffinityConfig) kept.sessionAffinityConfig = spec.sessionAffinityConfig;
  }
  const ingress = status?.loadBalancer?.ingress;
  const slim: Service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: slimMeta(metadata),
    spec: kept,
  };
  if (ingress?.length) slim.status = { loadBalancer: { ingress } };
  return slim;
}

/** Slices have no node ports, and need no number. */
function slimPort<P extends Partial<ServicePort>>({ name, port, protocol, nodePort }: P): P {
  if (name && !nodePort && (!protocol || protocol === 'TCP'))
    return { name: share(name), port } as P;
  return {
    ...(name && { name: share(name) }),
    port,
    ...(protocol && protocol !== 'TCP' && { protocol: share(protocol) }),
    ...(nodePort && { nodePort }),
  } as P;
}

export function slimSlice(slice: EndpointSlice): EndpointSlice {
  const { metadata, addressType, endpoints, ports } = slice;
  const meta = slimMeta(metadata);
  const service = metadata.labels?.[SERVICE_NAME_LABEL];
  if (service !== undefined) meta.labels = { [SERVICE_NAME_LABEL]: service };
  const changed = metadata.annotations?.[CHANGE_TIME];
  if (changed !== undefined) meta.annotations = { [CHANGE_TIME]: share(changed) };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: meta,
    addressType: share(addressType),
    endpoints: (endpoints ?? []).map(slimEndpoint),
    ports: (ports ?? []).map(slimPort),
  };
}

const READY: Endpoint['conditions'] = { ready: true };

function slimEndpoint({ addresses, conditions, nodeName, hints }: Endpoint): Endpoint {
  const { ready, serving, terminating } = conditions ?? {};
  const isReady = ready !== false && serving !== false && !terminating;
  if (isReady && nodeName && !hints)
    return { addresses, conditions: READY!, nodeName: share(nodeName) };
  return {
    addresses,
    ...(isReady ? { conditions: READY! } : conditions ? { conditions } : {}),
    ...(nodeName && { nodeName: share(nodeName) }),
    ...(hints?.forZones && {
      hints: { forZones: hints.forZones.map(({ name }) => ({ name: share(name) })) },
    }),
  };
}

/** Drops the uid: an object recreated under the same name counts as a change. */
function slimMeta({ name, namespace = '', resourceVersion = '' }: ObjectMeta): ObjectMeta {
  // An object literal takes a third less memory in V8 than an object built by assignment.
  return { name, namespace: share(namespace), resourceVersion } as ObjectMeta;
}
