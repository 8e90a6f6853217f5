// One small HTTP server per service with a healthCheckNodePort: external balancers ask there whether
// this node has endpoints of the service.
import { createServer, type Server } from 'node:http';
import type { Env } from '../util/env/env.js';
import type { ServiceModel } from './model.js';

interface Entry {
  port: number;
  service: ServiceModel;
  server: Server;
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

  update(services: readonly ServiceModel[]): void {
    const wanted = new Map(services.filter((service) => service.healthCheckNodePort !== undefined).map((service) => [service.key, service]));
    for (const [key, entry] of this.entries) {
      if (wanted.get(key)?.healthCheckNodePort === entry.port) continue;
      entry.server.close();
      entry.server.closeAllConnections();
      this.entries.delete(key);
    }
    for (const [key, service] of wanted) {
      const entry = this.entries.get(key);
      if (entry) entry.service = service;
      else this.entries.set(key, this.listen(key, service));
    }
  }

  private listen(key: string, service: ServiceModel): Entry {
    const server = createServer((_request, response) => {
      const [namespace, name] = key.split('/');
      const local = new Set(this.entries.get(key)?.service.ports.flatMap((port) => port.local.map((target) => target.ip))).size;
      const healthy = this.proxyHealthy();
      const body = JSON.stringify({ service: { namespace, name }, localEndpoints: local, serviceProxyHealthy: healthy });
      response.writeHead(local > 0 && healthy ? 200 : 503, {
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        'x-load-balancing-endpoint-weight': String(local),
      });
      response.end(body);
    });
    server.on('error', (error) => this.env.log.error('cannot serve a healthCheckNodePort', { service: key, port: service.healthCheckNodePort, error }));
    server.listen(service.healthCheckNodePort, '0.0.0.0');
    return { port: service.healthCheckNodePort!, service, server };
  }
}
