// Where the server of an APIService is reached (upstream kube-aggregator, its
// controllers/status/remote). Endpoints are dialled, not the cluster IP, so that a control plane
// outside of the cluster's network needs no kube-proxy.
import type { APIService } from '../../apis/apiregistration/v1/types.js';
import { ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import type { DialRule } from '../dial/dial-rule.js';
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

export function backendOf(
  { spec }: APIService,
  { reader, env }: Pick<ServerServices, 'reader' | 'env'>,
  { allows, identity }: BackendOptions,
): Backend | Unavailable {
  const { namespace = '', name = '', port = HTTPS_PORT } = spec.service ?? {};
  const shown = `service/${name} in ${JSON.stringify(namespace)}`;
  const service = reader.get(SERVICES, namespace, name);
  if (!service) return { reason: 'ServiceNotFound', message: `${shown} is not present` };
  const tls = {
    ...(spec.caBundle ? { ca: Buffer.from(spec.caBundle, 'base64').toString() } : {}),
    ...identity,
    rejectUnauthorized: !spec.insecureSkipTLSVerify,
    servername: `${name}.${namespace}.svc`,
  };
  const rule = allows ? { allows } : {};
  if (service.spec.type === 'ExternalName')
    return { host: service.spec.externalName ?? '', port, tls, ...rule };
  const found = service.spec.ports?.find((one) => one.port === port);
  if (!found)
    return { reason: 'ServicePortError', message: `${shown} is not listening on port ${port}` };
  const endpoints = reader.get(ENDPOINTS, namespace, name);
  if (!endpoints)
    return { reason: 'EndpointsNotFound', message: `cannot find endpointslices for ${shown}` };
  const addresses = (endpoints.subsets ?? []).flatMap((subset) => {
    const target = subset.ports?.find((one) => (one.name ?? '') === (found.name ?? ''));
    return target ? (subset.addresses ?? []).map(({ ip }) => ({ ip, port: target.port })) : [];
  });
  const chosen = addresses[Math.floor(env.random.next() * addresses.length)];
  if (!chosen)
    return {
      reason: 'MissingEndpoints',
      message: `endpointslices for ${shown} have no addresses with port name ${JSON.stringify(found.name ?? '')}`,
    };
  return { host: chosen.ip, port: chosen.port, tls, ...rule };
}

export const isUnavailable = (target: Backend | Unavailable): target is Unavailable =>
  'reason' in target;
