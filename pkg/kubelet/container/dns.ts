// A pod's resolv.conf from its dnsPolicy and dnsConfig (upstream: pkg/kubelet/network/dns/dns.go).
// Pure.
import type { Pod } from '../../apis/core/v1/types.js';
import { clusterSearches, NDOTS } from '../../component-helpers/dns/searches.js';
import type { SandboxConfig } from '../runtime/runtime.js';

export type DnsConfig = NonNullable<SandboxConfig['dnsConfig']>;

const MAX_SERVERS = 3;
const MAX_SEARCHES = 32;
/** Characters of the whole search list, and of one domain, with which glibc still works. */
const MAX_SEARCH_TEXT = 2048;
const MAX_SEARCH_DOMAIN = 253;

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

/** Reports a problem that the pod runs with, in upstream's words. */
export type Warn = (reason: 'DNSConfigForming' | 'MissingClusterDNS', message: string) => void;

export function podDns(
  pod: Pod,
  host: DnsConfig,
  cluster: ClusterDns,
  warn: Warn = () => undefined,
): DnsConfig {
  const policy = pod.spec.dnsPolicy ?? 'ClusterFirst';
  const wantsCluster =
    policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !pod.spec.hostNetwork);
  let base: DnsConfig = host;
  if (policy === 'None') base = { servers: [], searches: [], options: [] };
  else if (wantsCluster && !cluster.servers.length)
    warn(
      'MissingClusterDNS',
      `pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})". kubelet does not have ClusterDNS IP configured and cannot create Pod using "ClusterFirst" policy. Falling back to "Default" policy.`,
    );
  else if (wantsCluster) {
    const { domain } = cluster;
    const own = domain ? clusterSearches(pod.metadata.namespace ?? 'default', domain) : [];
    const searches = [...own, ...host.searches];
    base = { servers: [...cluster.servers], searches, options: [`ndots:${NDOTS}`] };
  }
  const config = pod.spec.dnsConfig;
  return {
    servers: fittingServers(unique([...base.servers, ...(config?.nameservers ?? [])]), warn),
    searches: fittingSearches(unique([...base.searches, ...(config?.searches ?? [])]), warn),
    options: mergeOptions(base.options, pod),
  };
}

function fittingServers(all: readonly string[], warn: Warn): string[] {
  const kept = all.slice(0, MAX_SERVERS);
  if (kept.length < all.length)
    warn(
      'DNSConfigForming',
      `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${kept.join(' ')}`,
    );
  return kept;
}

function fittingSearches(all: readonly string[], warn: Warn): string[] {
  const kept = all.slice(0, MAX_SEARCHES).filter((domain) => domain.length <= MAX_SEARCH_DOMAIN);
  while (kept.join(' ').length > MAX_SEARCH_TEXT) kept.pop();
  if (kept.length < all.length)
    warn(
      'DNSConfigForming',
      `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${kept.join(' ')}`,
    );
  return kept;
}
