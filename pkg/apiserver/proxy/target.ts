// The backend of a proxy request: the name forms NAME, NAME:PORT and SCHEME:NAME:PORT of pods,
// services and nodes (upstream pkg/registry/core/{pod,service,node} ResourceLocation).
import { badRequest, notFound, statusError } from '../../apimachinery/errors/status-error.js';
import type { Service } from '../../apis/core/v1/types.js';
import { ENDPOINTS, SERVICES } from '../../apis/resource-types.js';
import type { ServerServices } from '../extension/services.js';
import { kubeletOf, type KubeletClientConfig, podOf } from '../streaming/kubelet.js';
import type { DialRule } from '../dial/dial-rule.js';
import { readyAddresses } from '../dial/service-address.js';
import type { Backend } from '../streaming/upgrade.js';

export interface ProxyConfig {
  kubelet: KubeletClientConfig;
  /** The addresses that backends may have; default isDialable. */
  allows?: DialRule;
}

export interface NamedTarget {
  scheme: string;
  name: string;
  port: string;
}

/**
 * Splits 'https:web:443' and its shorter forms; undefined when malformed (upstream
 * SplitSchemeNamePort).
 */
export function splitSchemeNamePort(id: string): NamedTarget | undefined {
  const parts = id.split(':');
  const [scheme = '', name = '', port = ''] = parts.length === 3 ? parts : ['', ...parts];
  if (parts.length > 3 || !name || !['', 'http', 'https'].includes(scheme)) return undefined;
  return { scheme, name, port };
}

function parse(id: string, kind: string): NamedTarget {
  const target = splitSchemeNamePort(id);
  if (!target) throw badRequest(`invalid ${kind} request ${JSON.stringify(id)}`);
  return target;
}

function backend(scheme: string, host: string, port: number, config: ProxyConfig): Backend {
  // Upstream does not verify certificates of pods either: they name no host that could be checked.
  return {
    host,
    port,
    ...(config.allows && { allows: config.allows }),
    ...(scheme === 'https' && { tls: { rejectUnauthorized: false } }),
  };
}

function portNumber(text: string, fallback: number): number {
  if (!text) return fallback;
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw badRequest(`invalid port ${JSON.stringify(text)}`);
  return port;
}

export async function podTarget(
  namespace: string,
  id: string,
  services: ServerServices,
  config: ProxyConfig,
): Promise<Backend> {
  const { scheme, name, port } = parse(id, 'pod');
  const pod = await podOf(namespace, name, services);
  const address = pod.status?.podIP;
  if (!address)
    throw statusError('ServiceUnavailable', `pod ${JSON.stringify(name)} has no address yet`);
  const declared = pod.spec.containers.flatMap((container) => container.ports ?? []);
  const named = declared.find((candidate) => candidate.name === port)?.containerPort;
  return backend(
    scheme,
    address,
    named ?? portNumber(port, declared[0]?.containerPort ?? 80),
    config,
  );
}

/** The name of the service port with this name or number; undefined when there is none. */
function servicePortName(service: Service, port: string): string | undefined {
  const ports = service.spec?.ports ?? [];
  if (!port) return ports.length === 1 ? (ports[0]!.name ?? '') : '';
  if (/^\d+$/.test(port)) {
    const found = ports.find((candidate) => candidate.port === Number(port));
    return found && (found.name ?? '');
  }
  return port;
}

export async function serviceTarget(
  namespace: string,
  id: string,
  services: ServerServices,
  config: ProxyConfig,
): Promise<Backend> {
  const { scheme, name, port } = parse(id, 'service');
  const service = await services.reader.find(SERVICES, namespace, name);
  if (!service) throw notFound(SERVICES, name);
  const portName = servicePortName(service, port);
  if (portName === undefined)
    throw statusError(
      'ServiceUnavailable',
      `no service port ${port} found for service ${JSON.stringify(name)}`,
    );
  const addresses = readyAddresses(services.reader.get(ENDPOINTS, namespace, name), portName);
  const chosen = addresses[Math.floor(services.env.random.next() * addresses.length)];
  if (!chosen)
    throw statusError(
      'ServiceUnavailable',
      `no endpoints available for service ${JSON.stringify(name)}`,
    );
  return backend(scheme, chosen.host, chosen.port, config);
}

export function nodeTarget(id: string, services: ServerServices, config: ProxyConfig): Backend {
  const { scheme, name, port } = parse(id, 'node');
  const kubelet = kubeletOf(name, services, config.kubelet);
  const wanted = portNumber(port, kubelet.port);
  return wanted === kubelet.port ? kubelet : backend(scheme, kubelet.host, wanted, config);
}
