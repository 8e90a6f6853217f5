// A pod's resolv.conf from its dnsPolicy and dnsConfig (upstream: pkg/kubelet/network/dns/dns.go).
// Pure.
import type { Pod } from '../../apis/core/v1/types.js';

export interface DnsConfig {
  servers: string[];
  searches: string[];
  options: string[];
}

const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;

export function parseResolvConf(text: string): DnsConfig {
  const config: DnsConfig = { servers: [], searches: [], options: [] };
  for (const line of text.split('\n')) {
    const [key, ...values] = line.trim().split(/\s+/);
    if (key === 'nameserver' && values[0]) config.servers.push(values[0]);
    else if (key === 'search')
      config.searches = values.filter((v) => v !== '.').map((v) => v.replace(/(.)\.$/, '$1'));
    else if (key === 'options') config.options = values;
  }
  return config;
}

export interface ClusterDns {
  servers: readonly string[];
  domain: string;
}

const unique = (list: readonly string[]) => [...new Set(list)];

function mergeOptions(base: readonly string[], pod: Pod): string[] {
  const merged = new Map(base.map((o): [string, string] => [o.split(':')[0]!, o]));
  for (const { name, value } of pod.spec.dnsConfig?.options ?? [])
    if (name) merged.set(name, value ? `${name}:${value}` : name);
  return [...merged.values()];
}

export function podDns(pod: Pod, host: DnsConfig, cluster: ClusterDns): DnsConfig {
  const policy = pod.spec.dnsPolicy ?? 'ClusterFirst';
  const wantsCluster =
    policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !pod.spec.hostNetwork);
  let base: DnsConfig = host;
  if (policy === 'None') base = { servers: [], searches: [], options: [] };
  else if (wantsCluster && cluster.servers.length) {
    const { domain } = cluster;
    const own = domain
      ? [`${pod.metadata.namespace ?? 'default'}.svc.${domain}`, `svc.${domain}`, domain]
      : [];
    base = {
      servers: [...cluster.servers],
      searches: [...own, ...host.searches],
      options: ['ndots:5'],
    };
  }
  const config = pod.spec.dnsConfig;
  return {
    servers: unique([...base.servers, ...(config?.nameservers ?? [])]).slice(0, MAX_SERVERS),
    searches: unique([...base.searches, ...(config?.searches ?? [])]).slice(0, MAX_SEARCHES),
    options: mergeOptions(base.options, pod),
  };
}
