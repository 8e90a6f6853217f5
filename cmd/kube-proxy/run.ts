// Wires kube-proxy together.
import { availableParallelism, hostname } from 'node:os';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { serveProxyHealth } from '../../pkg/proxy/health.js';
import { removeTables } from '../../pkg/proxy/family.js';
import { familyOf, type Family } from '../../pkg/component-helpers/addresses.js';
import { TABLE, type LayoutSettings } from '../../pkg/proxy/nftables/layout.js';
import { PolicyEnforcer } from '../../pkg/proxy/policy/enforcer.js';
import { POLICY_TABLE } from '../../pkg/proxy/policy/ruleset.js';
import { Proxier } from '../../pkg/proxy/proxier.js';
import { serveHealth } from '../../pkg/system/health-server.js';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { openNft } from '../../pkg/system/nftables/nftables.js';
import { ensureSysctl, readSysctl } from '../../pkg/system/sysctl/sysctl.js';
import type { Run } from '../run.js';
import type { KubeProxyConfig } from './options.js';
export { parseOptions } from './options.js';

/**
 * Changes that are closer together than this fraction of --min-sync-period form one transaction.
 */
const BURST = 1 / 20;

function layoutOf(config: KubeProxyConfig, family: Family): LayoutSettings {
  const ranges = config['nodeport-addresses'];
  const cidrs = ranges.filter((range) => range !== 'primary' && familyOf(range) === family);
  return {
    family,
    clusterCidr:
      config['cluster-cidr'].split(',').find((part) => part && familyOf(part) === family) ?? '',
    masqueradeAll: config['masquerade-all'],
    nodePorts: ranges.includes('primary')
      ? { type: 'set' }
      : cidrs.length
        ? { type: 'cidrs', cidrs }
        : { type: 'all' },
  };
}

/** Parses 'address:port' or ':port'; undefined when empty. */
function bindAddress(text: string): { address: string; port: number } | undefined {
  if (!text) return undefined;
  const colon = text.lastIndexOf(':');
  const port = Number(text.slice(colon + 1));
  if (colon < 0 || !Number.isInteger(port))
    throw new Error(`"${text}" is not of the form address:port`);
  return { address: text.slice(0, colon).replace(/^\[|\]$/g, '') || '0.0.0.0', port };
}

async function prepareKernel(config: KubeProxyConfig): Promise<void> {
  await ensureSysctl('net/ipv4/ip_forward', 1);
  await ensureSysctl('net/bridge/bridge-nf-call-iptables', 1);
  // A forwarding host ignores router advertisements, so hosts whose pods have no IPv6 keep their
  // setting.
  if (config['cluster-cidr'].includes(':')) {
    await ensureSysctl('net/ipv6/conf/all/forwarding', 1);
    await ensureSysctl('net/bridge/bridge-nf-call-ip6tables', 1);
  }
  const perCore = config['conntrack-max-per-core'];
  if (perCore <= 0) return;
  const wanted = Math.max(config['conntrack-min'], perCore * availableParallelism());
  if (Number(await readSysctl('net/netfilter/nf_conntrack_max')) < wanted)
    await ensureSysctl('net/netfilter/nf_conntrack_max', wanted);
}

export const runKubeProxy: Run<KubeProxyConfig> = async (config, env, signal, watchdog) => {
  watchdog?.export(env);
  const nft = openNft({ nativeDir: findNativeDir(process.argv[1], process.env) });
  if (config.cleanup) {
    await removeTables(nft, TABLE);
    return removeTables(nft, POLICY_TABLE);
  }
  await prepareKernel(config);
  const families: Family[] =
    (await readSysctl('net/ipv6/conf/all/forwarding')) === undefined ? [4] : [4, 6];
  const client = createClient(await loadClientConfig(config.kubeconfig, process.env), env);
  try {
    const informers = createInformerFactory(client, env);
    const options = {
      nodeName: (config['hostname-override'] || hostname()).toLowerCase(),
      families,
      layouts: families.map((family) => layoutOf(config, family)),
      minSyncPeriodMs: config['min-sync-period'] * BURST,
      conntrack: config['conntrack-cleanup'],
    };
    const proxier = new Proxier(env, informers, nft, options, signal);
    const policies = config['network-policy']
      ? new PolicyEnforcer(env, informers, nft, options, signal)
      : undefined;
    const healthz = bindAddress(config['healthz-bind-address']);
    if (healthz) await serveProxyHealth(env, proxier, policies, healthz, signal);
    const metrics = bindAddress(config['metrics-bind-address']);
    if (metrics)
      await serveHealth(
        env,
        { ...metrics, paths: { '/proxyMode': () => 'nftables' }, metrics: 'everybody' },
        signal,
      );
    await Promise.all([
      informers.run(signal),
      proxier.run(),
      policies ? policies.run() : removeTables(nft, POLICY_TABLE),
    ]);
  } finally {
    await client.close();
  }
};
