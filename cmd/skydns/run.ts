// Wires the DNS server together. Plugins answer in the order of the chain.
import { readFile } from 'node:fs/promises';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { isWithin } from '../../pkg/component-helpers/dns/reply.js';
import { Zone } from '../../pkg/component-helpers/dns/zone.js';
import type { Plugin } from '../../pkg/dns/answer.js';
import { chaos } from '../../pkg/dns/chaos.js';
import { parseUpstream, upstreamsOf } from '../../pkg/dns/forward/exchange.js';
import { forward, Forwarder, groupOf } from '../../pkg/dns/forward/forward.js';
import { kubernetes } from '../../pkg/dns/kubernetes/kubernetes.js';
import { serveDns } from '../../pkg/dns/server.js';
import { skydns, type SkyDns } from '../../pkg/dns/skydns/skydns.js';
import { StaticNames } from '../../pkg/dns/static/static.js';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import { serveHealth, type HealthServerOptions } from '../../pkg/system/health-server.js';
import type { Env } from '../../pkg/util/env/env.js';
import { FlagError } from '../flags.js';
import type { Run } from '../run.js';
import { etcdTls } from '../tls-flags.js';
import type { SkyDnsConfig } from './options.js';
export { parseOptions } from './options.js';

export const runSkyDns: Run<SkyDnsConfig> = async (config, env, stopping) => {
  const signal = afterLameduck(env, config.lameduck, stopping);
  const client = createClient(await loadClientConfig(config.kubeconfig, process.env), env);
  const informers = createInformerFactory(client, env);
  const zone = new Zone(domainName(config.domain), config['dns-service']);
  const records = config.machines.length ? await etcdRecords(config, env) : undefined;
  const upstreams = config['no-rec']
    ? []
    : config.nameservers.length
      ? config.nameservers.map(parseUpstream)
      : upstreamsOf(await readFile(config['resolv-conf'], 'utf8').catch(() => ''));
  const names = new StaticNames(env);
  if (config['config-map']) names.follow(config['config-map'], informers);
  const forwarder = new Forwarder(env, signal);
  const servers = groupOf(upstreams);
  const isInside = (name: string) => isWithin(name, zone.domain) && name !== zone.domain;
  const plugins: Plugin[] = [
    chaos,
    names.hosts,
    names.stub(forwarder, isInside),
    kubernetes({ zone, informers, clock: env.clock }),
    ...(records ? [records.plugin] : []),
    names.stub(forwarder, (name) => !isInside(name)),
    forward(forwarder, () => names.upstreamsOr(servers)),
  ];
  const ready = () => {
    if (stopping.aborted) throw new Error('stopping');
    const waiting = plugins.filter((p) => p.ready?.() === false).map((p) => p.name);
    if (waiting.length) throw new Error(`not synced: ${waiting.join(', ')}`);
    return 'OK';
  };
  const { address, port } = parseAddress(config.addr);
  const checks = { plugins: () => void ready() };
  const pages: Omit<HealthServerOptions, 'address'>[] = [
    { port: config['health-port'], paths: { '/health': () => 'OK' }, metrics: 'nobody' },
    { port: config['ready-port'], paths: { '/ready': ready }, checks, metrics: 'nobody' },
    { port: config['metrics-port'], metrics: 'everybody' },
  ];
  for (const page of pages) await serveHealth(env, { address, ...page }, signal);
  await serveDns(env, { address, port, plugins, recursive: upstreams.length > 0 }, signal);
  env.log.info('serving', { addr: config.addr, domain: zone.domain, upstreams: upstreams.length });
  try {
    await Promise.all([informers.run(signal), records?.run(signal)]);
  } finally {
    await client.close();
  }
};

/** Aborts `ms` after `stopping`. */
function afterLameduck(env: Env, ms: number, stopping: AbortSignal): AbortSignal {
  if (ms === 0) return stopping;
  const stop = new AbortController();
  const wait = () => {
    env.log.info('answering until clients have left', { milliseconds: ms });
    env.clock.after(ms, () => stop.abort(stopping.reason));
  };
  stopping.addEventListener('abort', wait, { once: true });
  return stop.signal;
}

const domainName = (text: string): string => text.toLowerCase().replace(/\.$/, '');

function parseAddress(text: string): { address: string; port: number } {
  const found = /^(?:\[([0-9a-fA-F:]+)\]|([^:]*)):(\d+)$/.exec(text);
  if (!found) throw new FlagError(`skydns: --addr must have the form address:port, not "${text}"`);
  return { address: found[1] ?? (found[2] || '0.0.0.0'), port: Number(found[3]) };
}

async function etcdRecords(config: SkyDnsConfig, env: Env): Promise<SkyDns> {
  const [ca, cert, key] = [config['ca-cert'], config['tls-pem'], config['tls-key']];
  const tls = await etcdTls({ ca, cert, key });
  const storage = openEtcdStorage({ endpoints: config.machines, env, ...tls });
  const domains = config['skydns-domain'].map(domainName);
  return skydns({ storage, prefix: `/${config['path-prefix']}/`, domains, env });
}
