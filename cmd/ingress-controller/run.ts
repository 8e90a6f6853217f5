// Joins the ingress controller with its proxy and its health server.
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { IngressServer } from '../../pkg/ingress/ingress-server.js';
import { Haproxy } from '../../pkg/ingress/haproxy.js';
import { DRAIN_MS } from '../../pkg/ingress/limits.js';
import { serveHealth } from '../../pkg/system/health-server.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import type { Run } from '../run.js';
import type { IngressControllerConfig } from './options.js';

const NAME = 'ingress-controller';

/** The certificate of hosts without their own; browsers warn of it. */
function selfSigned(): string {
  const sans = ['default.invalid'];
  const made = issue({ ca: createCa(NAME), commonName: NAME, sans, usages: ['server'] });
  return made.certPem + made.keyPem;
}

/** Runs until abort, and then until the proxy has finished its connections. */
export const runIngressController: Run<IngressControllerConfig> = async (config, env, stopping) => {
  const folder = config['state-dir'];
  const addresses = config['bind-address'];
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const failed = new AbortController();
  const signal = AbortSignal.any([stopping, failed.signal]);
  const proxy = new Haproxy(env, config.haproxy, folder, (error) => failed.abort(error));
  const client = createClient(await loadClientConfig(config.kubeconfig, process.env), env);
  const informers = createInformerFactory(client, env);
  const source = { component: NAME, host: hostname() };
  const options = {
    folder,
    addresses,
    httpPort: config['http-port'],
    httpsPort: config['https-port'],
    service: config['publish-service'],
    defaultPem: selfSigned(),
    client,
    events: createEventRecorder(client, env, source, signal),
  };
  const controller = new IngressServer(env, informers, proxy, options, signal);
  const check = () => {
    if (!controller.ready || signal.aborted) throw new Error('the proxy does not serve');
  };
  const health = { address: addresses[0]!, port: config['healthz-port'], checks: { proxy: check } };
  try {
    await serveHealth(env, { ...health, metrics: 'everybody' }, signal);
    await Promise.all([informers.run(signal), controller.run()]);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await proxy.drain(DRAIN_MS);
    await client.close();
  }
  if (!stopping.aborted) failed.signal.throwIfAborted();
};
