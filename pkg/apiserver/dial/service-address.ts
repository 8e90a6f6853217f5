// The address behind a service, for the server's own calls (apiserver/pkg/util/proxy).
import type { Endpoints, Service } from '../../apis/core/v1/types.js';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Throws Error for a missing service, and for one without that port. */
function servicePort(service: Service | undefined, name: string, port: number) {
  if (!service) throw new Error(`service ${JSON.stringify(name)} not found`);
  const found = service.spec?.ports?.find((one) => one.port === port);
  const { type = 'ClusterIP' } = service.spec ?? {};
  return { type, found, spec: service.spec ?? {} };
}

const ROUTED = ['ClusterIP', 'LoadBalancer', 'NodePort'];

const noPort = (name: string, port: number): Error =>
  new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
const unsupported = (type: string): Error =>
  new Error(`unsupported service type ${JSON.stringify(type)}`);

/**
 * The cluster IP, or the name outside of the cluster (ResolveCluster).
 * @throws Error in upstream's words.
 */
export function clusterAddress(service: Service | undefined, name: string, port: number): Address {
  const { type, found, spec } = servicePort(service, name, port);
  if (type === 'ExternalName') return { host: spec.externalName ?? '', port };
  if (spec.clusterIP === 'None') throw new Error('cannot route to service with ClusterIP "None"');
  if (!ROUTED.includes(type)) throw unsupported(type);
  if (!found) throw noPort(name, port);
  return { host: spec.clusterIP ?? '', port };
}

/** The ready addresses of a port by its name in the service. */
export const readyAddresses = (endpoints: Endpoints | undefined, portName: string): Address[] =>
  (endpoints?.subsets ?? []).flatMap(({ ports, addresses }) => {
    const found = ports?.find((candidate) => (candidate.name ?? '') === portName);
    return found ? (addresses ?? []).map(({ ip }) => ({ host: ip, port: found.port })) : [];
  });

/**
 * One of the service's pods (ResolveEndpoint); `pick` gives a number in [0, 1).
 * @throws Error in upstream's words.
 */
export function endpointAddress(
  service: Service | undefined,
  endpoints: Endpoints | undefined,
  name: string,
  port: number,
  pick: number,
): Address {
  const { type, found } = servicePort(service, name, port);
  if (!ROUTED.includes(type)) throw unsupported(type);
  if (!found) throw noPort(name, port);
  const addresses = readyAddresses(endpoints, found.name ?? '');
  const chosen = addresses[Math.floor(pick * addresses.length)];
  if (!chosen) throw new Error(`no endpoints available for service ${JSON.stringify(name)}`);
  return chosen;
}
