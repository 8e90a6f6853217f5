// Wires flanneld together.
import type { RequestListener } from 'node:http';
import { hostname } from 'node:os';
import { PODS } from '../../pkg/apis/resource-types.js';
import type { Client } from '../../pkg/client/client.js';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig, type ClientConfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { cleanUp, describeOwned, findOwned } from '../../pkg/flannel/cleanup.js';
import { runDaemon, type FlannelOptions, type FlannelStatus } from '../../pkg/flannel/daemon.js';
import { KubeSubnetManager } from '../../pkg/flannel/subnet/kube-manager.js';
import { SubnetManager, type LeaseManager } from '../../pkg/flannel/subnet/manager.js';
import { openEtcdStorage } from '../../pkg/storage/etcd/etcd-storage.js';
import { isLocal, serveHttp } from '../../pkg/system/http-server.js';
import { openEcho } from '../../pkg/system/icmp/echo.js';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { loadNetlinkAddon } from '../../pkg/system/netlink/socket/addon.js';
import { openSocketNetlink } from '../../pkg/system/netlink/socket/socket-netlink.js';
import { openNft } from '../../pkg/system/nftables/nftables.js';
import type { Env } from '../../pkg/util/env/env.js';
import type { Run } from '../run.js';
import { etcdTls } from '../tls-flags.js';
import type { FlanneldConfig } from './options.js';
export { parseOptions } from './options.js';

function daemonOptions(config: FlanneldConfig): FlannelOptions {
  return {
    choice: {
      iface: config.iface,
      ifaceRegex: config['iface-regex'],
      ...(config['iface-can-reach'] && { ifaceCanReach: config['iface-can-reach'] }),
      ...(config['public-ip'] && { publicIp: config['public-ip'] }),
      ...(config['public-ipv6'] && { publicIpv6: config['public-ipv6'] }),
    },
    subnetFile: config['subnet-file'],
    ipMasq: config['ip-masq'],
    ipMasqFullyRandom: !config['ip-masq-fully-random-disable'],
    forwardRules: config['iptables-forward-rules'],
    noMasqueradeTo: config['no-masq-cidrs'],
    blackholeRoute: config['ip-blackhole-route'],
    cniConfDir: config['cni-conf-dir'] ?? '',
    cniPlugin: config['cni-plugin'] as 'bridge' | 'ptp',
    cniDataDir: config['cni-data-dir'],
    nativeDir: findNativeDir(process.argv[1], process.env, config['native-dir']),
  };
}

export const runFlanneld: Run<FlanneldConfig> = async (config, env, signal, watchdog) => {
  watchdog?.export(env);
  const options = daemonOptions(config);
  const netlink = openSocketNetlink(loadNetlinkAddon(options.nativeDir));
  const host = { netlink, nft: openNft() };
  if (config['list-owned']) {
    for (const line of describeOwned(await findOwned(host, options.subnetFile)))
      process.stdout.write(`${line}\n`);
    return netlink.close();
  }
  if (config.cleanup) return cleanUp(env, host, options.subnetFile);
  const status: FlannelStatus = {
    ready: false,
    peers: () => [],
    stats: () => Promise.resolve({}),
    paths: () => new Map(),
  };
  await serveStatus(config, env, status, signal);
  const run = (leases: LeaseManager) =>
    runDaemon(env, { ...host, leases, openEcho }, options, status, signal);
  try {
    await (config['kube-subnet-mgr']
      ? withNodes(config, env, signal, run)
      : withEtcd(config, env, run));
  } finally {
    netlink.close();
  }
};

async function withEtcd(
  config: FlanneldConfig,
  env: Env,
  run: (leases: LeaseManager) => Promise<void>,
): Promise<void> {
  const [ca, cert, key] = [config['etcd-cafile'], config['etcd-certfile'], config['etcd-keyfile']];
  const tls = await etcdTls({ ca, cert, key });
  const storage = openEtcdStorage({ endpoints: config['etcd-endpoints'], env, ...tls });
  const options = {
    prefix: config['etcd-prefix'].replace(/\/+$/, ''),
    leaseTtlSeconds: config['subnet-lease-ttl'],
    renewMarginMs: config['subnet-lease-renew-margin'] * 60_000,
  };
  try {
    await run(new SubnetManager(env, storage, options));
  } finally {
    await storage.close();
  }
}

/**
 * The client config as clientcmd builds it: the kubeconfig with another server, a bare URL, or the
 * service account of the pod.
 */
async function apiConfig(config: FlanneldConfig): Promise<ClientConfig> {
  const url = config['kube-api-url']?.replace(/\/+$/, '');
  if (url && !config['kubeconfig-file']) return { server: url };
  const loaded = await loadClientConfig(config['kubeconfig-file'], process.env);
  return url ? { ...loaded, server: url } : loaded;
}

async function ownNode(
  client: Client,
  environment: Record<string, string | undefined>,
): Promise<string> {
  const { NODE_NAME: node, POD_NAME: name, POD_NAMESPACE: namespace } = environment;
  if (node) return node;
  if (!name || !namespace) return hostname().toLowerCase();
  const pod = await client.get(PODS, { namespace, name });
  if (!pod.spec?.nodeName)
    throw new Error(`node name not present in pod spec '${namespace}/${name}'`);
  return pod.spec.nodeName;
}

async function withNodes(
  config: FlanneldConfig,
  env: Env,
  signal: AbortSignal,
  run: (leases: LeaseManager) => Promise<void>,
): Promise<void> {
  const client = createClient(await apiConfig(config), env);
  const informers = createInformerFactory(client, env);
  const options = {
    nodeName: await ownNode(client, process.env),
    annotationPrefix: config['kube-annotation-prefix'],
    netConfigPath: config['net-config-path'],
    setNodeNetworkUnavailable: config['set-node-network-unavailable'],
  };
  try {
    const leases = new KubeSubnetManager(env, client, informers, options);
    await Promise.all([run(leases), informers.run(signal)]);
  } finally {
    await client.close();
  }
}

async function statusPage(status: FlannelStatus) {
  const paths = status.paths();
  const peers = status.peers().map((peer) => {
    const [path, path6] = [paths.get(peer.publicIP), paths.get(peer.publicIPv6 ?? '')];
    return { ...peer, ...(path && { path }), ...(path6 && { path6 }) };
  });
  return { ...status, peers, stats: await status.stats().catch(() => ({})) };
}

/**
 * Serves /healthz and /readyz as flannel answers them, /metrics, and /status with leases and
 * counters as JSON. Clients on other machines get the first two only: peers and counters describe
 * the network to an attacker.
 */
async function serveStatus(
  config: FlanneldConfig,
  env: Env,
  status: FlannelStatus,
  signal: AbortSignal,
): Promise<void> {
  if (config['healthz-port'] <= 0) return;
  const answer = async (path: string, local: boolean): Promise<[number, string]> => {
    if (!local && (path === '/status' || path === '/metrics')) return [403, 'Forbidden\n'];
    switch (path) {
      case '/healthz':
        return [200, 'flanneld is running'];
      case '/readyz':
        return status.ready ? [200, 'flanneld is ready'] : [503, 'flanneld is not ready'];
      case '/status':
        return [200, `${JSON.stringify(await statusPage(status), undefined, 2)}\n`];
      case '/metrics': {
        const stats = await status.stats().catch(() => ({}));
        for (const [name, value] of Object.entries(stats))
          env.metrics.gauge(`flannel_tun_${name}`, `Counter ${name} of flannel-tun.`).set(value);
        return [200, await env.metrics.render()];
      }
      default:
        return [404, '404 page not found\n'];
    }
  };
  const request: RequestListener = (incoming, response) => {
    answer((incoming.url ?? '/').split('?')[0]!, isLocal(incoming.socket))
      .catch((error: Error): [number, string] => [500, error.message])
      .then(([code, text]) =>
        response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(text),
      )
      .catch((error: unknown) => env.log.warn('cannot answer a status request', { error }));
  };
  await serveHttp({ address: config['healthz-ip'], port: config['healthz-port'], request }, signal);
}
