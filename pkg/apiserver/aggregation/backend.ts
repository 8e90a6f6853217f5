// Where the server of an APIService is reached (upstream kube-aggregator, its
// controllers/status/remote). Endpoints are dialled, not the cluster IP, so that a control plane
// outside of the cluster's network needs no kube-proxy.
import type { APIService } from '../../apis/apiregistration/v1/types.js';
import type { Endpoints, Service } from '../../apis/core/v1/types.js';
import { ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import { errorText } from '../../util/errors/error-text.js';
import type { DialRule } from '../dial/dial-rule.js';
import { clusterAddress, endpointAddress, readyAddresses } from '../dial/service-address.js';
import type { ServerServices } from '../extension/services.js';
import type { Backend } from '../streaming/upgrade.js';

export interface ProxyIdentity {
  /** PEM of --proxy-client-cert-file and --proxy-client-key-file. */
  cert: string;
  key: string;
}

export interface BackendOptions {
  identity?: ProxyIdentity;
  /** The addresses that servers may have; default isDialable. */
  allows?: DialRule;
}

/** Why a server cannot be reached, as the condition Available says it. */
export interface Unavailable {
  reason: string;
  message: string;
}

const HTTPS_PORT = 443;

/** Why upstream's availability controller would not even try; it looks at plain services only. */
function missing(
  service: Service | undefined,
  endpoints: Endpoints | undefined,
  { name, namespace, port }: { name: string; namespace: string; port: number },
): Unavailable | undefined {
  const shown = `service/${name} in ${JSON.stringify(namespace)}`;
  if (!service) return { reason: 'ServiceNotFound', message: `${shown} is not present` };
  if ((service.spec?.type ?? 'ClusterIP') !== 'ClusterIP') return undefined;
  const found = service.spec?.ports?.find((one) => one.port === port);
  if (!found)
    return { reason: 'ServicePortError', message: `${shown} is not listening on port ${port}` };
  if (!endpoints)
    return { reason: 'EndpointsNotFound', message: `cannot find endpoints for ${shown}` };
  const portName = found.name ?? '';
  return readyAddresses(endpoints, portName).length
    ? undefined
    : {
        reason: 'MissingEndpoints',
        message: `endpoints for ${shown} have no addresses with port name ${JSON.stringify(portName)}`,
      };
}

export function backendOf(
  { spec }: APIService,
  { reader, env }: Pick<ServerServices, 'reader' | 'env'>,
  { allows, identity }: BackendOptions,
): Backend | Unavailable {
  const { namespace = '', name = '', port = HTTPS_PORT } = spec.service ?? {};
  const service = reader.get(SERVICES, namespace, name);
  const endpoints = reader.get(ENDPOINTS, namespace, name);
  const problem = missing(service, endpoints, { name, namespace, port });
  if (problem) return problem;
  try {
    const address =
      service?.spec?.type === 'ExternalName'
        ? clusterAddress(service, name, port)
        : endpointAddress(service, endpoints, name, port, env.random.next());
    const tls = {
      ...(spec.caBundle && { ca: Buffer.from(spec.caBundle, 'base64').toString() }),
      ...identity,
      rejectUnauthorized: !spec.insecureSkipTLSVerify,
      servername: `${name}.${namespace}.svc`,
    };
    return { ...address, tls, ...(allows && { allows }) };
  } catch (error) {
    return { reason: FAILED_CHECK, message: errorText(error) };
  }
}

export const FAILED_CHECK = 'FailedDiscoveryCheck';

export const isUnavailable = (target: object): target is Unavailable => 'reason' in target;
