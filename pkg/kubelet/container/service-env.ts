// Environment variables for services: REDIS_SERVICE_HOST and the Docker-link forms (upstream:
// pkg/kubelet/envvars/envvars.go). A container sees the services that exist when it starts;
// headless services have no variables. Pure.
import type { Service } from '../../apis/core/v1/types.js';

const envName = (name: string) => name.toUpperCase().replaceAll('-', '_');

export const serviceEnv = (services: readonly Service[]): [name: string, value: string][] =>
  services.flatMap((service) => oneService(service));

function oneService(service: Service): [string, string][] {
  const ip = service.spec?.clusterIP;
  const ports = service.spec?.ports ?? [];
  const first = ports[0];
  if (!ip || ip === 'None' || !first) return [];
  const name = envName(service.metadata.name);
  const host = ip.includes(':') ? `[${ip}]` : ip;
  const out: [string, string][] = [
    [`${name}_SERVICE_HOST`, ip],
    [`${name}_SERVICE_PORT`, String(first.port)],
    ...ports
      .filter((p) => p.name)
      .map((p): [string, string] => [`${name}_SERVICE_PORT_${envName(p.name!)}`, String(p.port)]),
  ];
  ports.forEach((port, index) => {
    const protocol = port.protocol ?? 'TCP';
    const url = `${protocol.toLowerCase()}://${host}:${port.port}`;
    const prefix = `${name}_PORT_${port.port}_${protocol.toUpperCase()}`;
    if (index === 0) out.push([`${name}_PORT`, url]);
    out.push(
      [prefix, url],
      [`${prefix}_PROTO`, protocol.toLowerCase()],
      [`${prefix}_PORT`, String(port.port)],
      [`${prefix}_ADDR`, ip],
    );
  });
  return out;
}

/**
 * The `kubernetes` service and, unless enableServiceLinks is false, those of the pod's namespace.
 */
export function servicesFor(namespace: string, links: boolean, all: readonly Service[]): Service[] {
  const chosen = new Map<string, Service>();
  for (const service of all) {
    if (service.metadata.namespace === 'default' && service.metadata.name === 'kubernetes')
      chosen.set('kubernetes', service);
  }
  if (links)
    for (const service of all)
      if (service.metadata.namespace === namespace) chosen.set(service.metadata.name, service);
  return [...chosen.values()].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}
