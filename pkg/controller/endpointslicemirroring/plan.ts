// EndpointSlices that mirror the Endpoints object of a service without a selector (upstream:
// pkg/controller/endpointslicemirroring). kube-proxy reads slices only. Pure.
import type {
  EndpointAddress,
  Endpoints,
  EndpointSubset,
  Service,
} from '../../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../../apis/discovery/v1/types.js';
import { ENDPOINTS } from '../../apis/resource-types.js';
import { controllerReference } from '../../component-helpers/owner-references.js';
import type { NewObject } from '../../client/client.js';
import { MANAGED_BY_LABEL, SERVICE_NAME_LABEL, type SlicePlan } from '../endpointslice/plan.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { MAX_MIRRORED_ADDRESSES } from '../runtime/limits.js';

export const MIRROR_NAME = 'endpointslicemirroring-controller.k8s.io';
const SKIP_LABEL = 'endpointslice.kubernetes.io/skip-mirror';
/** Records of a leader election, which older clients keep in Endpoints. */
export const LEADER_ANNOTATION = 'control-plane.alpha.kubernetes.io/leader';
/** Annotations of clients and other controllers that apply to the Endpoints object only. */
const NOT_COPIED: readonly string[] = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/last-change-trigger-time',
];

/** Services with a selector have slices from the endpointslice controller. */
export function isMirrored(
  endpoints: Endpoints | undefined,
  service: Service | undefined,
): boolean {
  if (
    !endpoints ||
    !service ||
    endpoints.metadata.deletionTimestamp ||
    Object.keys(service.spec.selector ?? {}).length
  )
    return false;
  return (
    endpoints.metadata.labels?.[SKIP_LABEL] !== 'true' &&
    endpoints.metadata.annotations?.[LEADER_ANNOTATION] === undefined
  );
}

const endpointOf = (
  { hostname, ip, nodeName, targetRef }: EndpointAddress,
  ready: boolean,
): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname && { hostname }),
  ...(nodeName && { nodeName }),
  ...(targetRef && { targetRef }),
});

function wantedOf({ addresses = [], notReadyAddresses = [], ports = [] }: EndpointSubset) {
  const all = [
    ...addresses.map((address) => ({ address, ready: true })),
    ...notReadyAddresses.map((address) => ({ address, ready: false })),
  ];
  const slicePorts = ports.map(({ appProtocol, name = '', port, protocol = 'TCP' }) => ({
    name,
    port,
    protocol,
    ...(appProtocol && { appProtocol }),
  }));
  return ['IPv4', 'IPv6'].flatMap((addressType) => {
    const mine = all
      .filter(({ address }) => address.ip.includes(':') === (addressType === 'IPv6'))
      .slice(0, MAX_MIRRORED_ADDRESSES);
    const endpoints = mine.map(({ address, ready }) => endpointOf(address, ready));
    return endpoints.length ? [{ addressType, ports: slicePorts, endpoints }] : [];
  });
}

/** `existing` are the slices that mirror these endpoints. */
export function planMirror(endpoints: Endpoints, existing: readonly EndpointSlice[]): SlicePlan {
  const plan: SlicePlan = { create: [], update: [], remove: [] };
  const { name, namespace } = endpoints.metadata;
  const labels = {
    ...endpoints.metadata.labels,
    [SERVICE_NAME_LABEL]: name,
    [MANAGED_BY_LABEL]: MIRROR_NAME,
  };
  const annotations = Object.fromEntries(
    Object.entries(endpoints.metadata.annotations ?? {}).filter(
      ([key]) => !NOT_COPIED.includes(key),
    ),
  );
  const unused = new Set(existing);
  for (const wanted of (endpoints.subsets ?? []).flatMap(wantedOf)) {
    const slice = [...unused].find(
      (other) =>
        other.addressType === wanted.addressType && equalJson(other.ports ?? [], wanted.ports),
    );
    if (slice) {
      unused.delete(slice);
      const metadata = { ...slice.metadata, labels, annotations };
      const next: EndpointSlice = { ...slice, metadata, endpoints: wanted.endpoints };
      const same =
        equalJson(slice.endpoints, next.endpoints) &&
        equalJson(slice.metadata.labels, labels) &&
        equalJson(slice.metadata.annotations ?? {}, annotations);
      if (!same) plan.update.push(next);
      continue;
    }
    plan.create.push({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        generateName: `${name}-`,
        ...(namespace && { namespace }),
        labels,
        annotations,
        ownerReferences: [controllerReference(ENDPOINTS, endpoints)],
      },
      ...wanted,
    } satisfies NewObject<EndpointSlice>);
  }
  plan.remove.push(...unused);
  return plan;
}
