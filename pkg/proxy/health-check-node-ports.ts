// One HTTP server for each service with a healthCheckNodePort. External load balancers ask it
// whether this node has endpoints of the service.
import type { RequestListener } from 'node:http';
import { serveHttp } from '../system/http-server.js';
import type { Env } from '../util/env/env.js';
import { familyOf } from '../component-helpers/addresses.js';
import type { ServiceModel } from './model.js';

interface Entry {
  port: number;
  host: string;
  /** The models of the service, one for each of its address families. */
  services: readonly ServiceModel[];
  stop: AbortController;
}

/**
 * Listens on both families if the service has IPv6, else on IPv4 alone, because the host may lack
 * IPv6.
 */
const hostFor = (services: readonly ServiceModel[]): string =>
  services.some((service) => familyOf(service.clusterIP) === 6) ? '::' : '0.0.0.0';

/** Number of pods of this node behind the service; a pod with two addresses counts once. */
function localEndpoints(services: readonly ServiceModel[]): number {
  return Math.max(
    0,
    ...services.map(
      (service) =>
        new Set(service.ports.flatMap((port) => port.local.map((target) => target.ip))).size,
    ),
  );
}

export class ServiceHealthServers {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly env: Env,
    private readonly proxyHealthy: () => boolean,
    signal: AbortSignal,
  ) {
    signal.addEventListener('abort', () => this.update([]), { once: true });
  }

  /** Takes the services of all families and serves every one with a healthCheckNodePort. */
  update(services: readonly ServiceModel[]): void {
    const wanted = new Map<string, ServiceModel[]>();
    for (const service of services) {
      if (service.healthCheckNodePort === undefined) continue;
      wanted.set(service.key, [...(wanted.get(service.key) ?? []), service]);
    }
    for (const [key, entry] of this.entries) {
      const now = wanted.get(key);
      if (now?.[0]!.healthCheckNodePort === entry.port && hostFor(now) === entry.host) continue;
      entry.stop.abort(new Error('no longer served'));
      this.entries.delete(key);
    }
    for (const [key, now] of wanted) {
      const entry = this.entries.get(key);
      if (entry) entry.services = now;
      else this.entries.set(key, this.listen(key, now));
    }
  }

  private listen(key: string, services: readonly ServiceModel[]): Entry {
    const [namespace, name] = key.split('/');
    const request: RequestListener = (_request, response) => {
      const local = localEndpoints(this.entries.get(key)?.services ?? []);
      const healthy = this.proxyHealthy();
      const service = { namespace, name };
      const body = { service, localEndpoints: local, serviceProxyHealthy: healthy };
      response.writeHead(local > 0 && healthy ? 200 : 503, {
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        'x-load-balancing-endpoint-weight': String(local),
      });
      response.end(JSON.stringify(body));
    };
    const [port, host] = [services[0]!.healthCheckNodePort!, hostFor(services)];
    const stop = new AbortController();
    serveHttp({ address: host, port, request }, stop.signal).catch((error: unknown) =>
      this.env.log.error('cannot serve a healthCheckNodePort', { service: key, port, error }),
    );
    return { port, host, services, stop };
  }
}
