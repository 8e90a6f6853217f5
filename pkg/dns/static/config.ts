// Names that the administrator adds in a ConfigMap, in the keys of kube-dns (k8s.io/dns
// pkg/dns/config) and a key 'hosts' with the text of an /etc/hosts file. Pure.
import { canonicalIp, parseIp } from '../../util/netaddr/ip.js';
import { parseUpstream, type Address } from '../forward/exchange.js';
import { labelsOf } from '../wire/names.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';

export interface StaticConfig {
  /** Addresses by name. */
  hosts: ReadonlyMap<string, readonly string[]>;
  /** The first name of each line by its address, for reverse questions. */
  names: ReadonlyMap<string, readonly string[]>;
  /** Name servers by the zone that they serve. */
  stubs: ReadonlyMap<string, readonly Address[]>;
  /** Name servers for all other names; absent: those of the process. */
  upstreams?: readonly Address[];
}

export const NO_CONFIG: StaticConfig = { hosts: new Map(), names: new Map(), stubs: new Map() };

const KEYS = ['hosts', 'stubDomains', 'upstreamNameservers'];

/** Throws an Error that says which key is wrong. */
export function parseConfig(data: Readonly<Record<string, string>>): StaticConfig {
  for (const key of Object.keys(data))
    if (!KEYS.includes(key)) throw new Error(`unknown key ${key}: known are ${KEYS.join(', ')}`);
  const { stubDomains, upstreamNameservers } = data;
  const stubs = stubDomains === undefined ? {} : parse('stubDomains', stubDomains);
  if (typeof stubs !== 'object' || stubs === null || Array.isArray(stubs))
    throw new Error('stubDomains is not a JSON object');
  const key = 'upstreamNameservers';
  const upstreams = upstreamNameservers && serversOf(key, parse(key, upstreamNameservers));
  return {
    ...parseHosts(data['hosts'] ?? ''),
    stubs: new Map(
      Object.entries(stubs).map(([zone, servers]) => [
        domainName('stubDomains', zone),
        serversOf(`stubDomains[${zone}]`, servers),
      ]),
    ),
    ...(upstreams && { upstreams }),
  };
}

function parse(key: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${key} is not JSON`);
  }
}

function domainName(key: string, text: string): string {
  try {
    if (labelsOf(text).length) return text.toLowerCase().replace(/\.$/, '');
  } catch {
    // Named below.
  }
  throw new Error(`${key}: ${text} is not a domain name`);
}

function serversOf(key: string, value: unknown): Address[] {
  if (!Array.isArray(value) || !value.length) throw new Error(`${key} is not a list of addresses`);
  return value.map((text: unknown) => {
    const address = typeof text === 'string' ? parseUpstream(text) : undefined;
    if (address && parseIp(address.host) && address.port > 0 && address.port < 65_536)
      return address;
    throw new Error(`${key}: ${String(text)} is not an address`);
  });
}

function parseHosts(text: string): Pick<StaticConfig, 'hosts' | 'names'> {
  const hosts = new Map<string, string[]>();
  const names = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [ip, ...listed] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!ip) continue;
    if (!parseIp(ip) || !listed.length) throw new Error(`hosts: no address and name: ${line}`);
    const full = listed.map((name) => domainName('hosts', name));
    for (const name of full) append(hosts, name, ip);
    append(names, canonicalIp(ip), full[0]!);
  }
  return { hosts, names };
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  const list = getOrInsert(map, key, () => []);
  if (!list.includes(value)) list.push(value);
}
