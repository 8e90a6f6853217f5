// The network config that an operator writes to <prefix>/config, with flannel's defaults and rules.
// config-schema.yaml checks shape and types; this file checks the rules that no schema expresses.
import { checkConfig, ConfigError } from './config-check.js';
import { CONFIG_SCHEMA } from './config-schema.generated.js';
import { base, containsNet, formatNet, parseNet, sizeOf, type Net } from '../util/netaddr/net.js';
import { parseIp } from '../util/netaddr/ip.js';

/** The network of one family, and the subnets of it that nodes get. */
export interface FamilyConfig {
  network: Net;
  subnetLength: number;
  /** The first and last subnet that may be allocated. */
  subnetMin: bigint;
  subnetMax: bigint;
}

export interface NetworkConfig extends FamilyConfig {
  /** Absent: IPv4 only. */
  ipv6?: FamilyConfig;
  backend: { type: string; options: Record<string, unknown> };
  /** The JSON text, to detect changes. */
  source: string;
}

export { ConfigError };

/** The members of one family in the file, without their prefix. */
interface FamilyFile {
  Network?: string | undefined;
  SubnetLen: number;
  SubnetMin?: string | undefined;
  SubnetMax?: string | undefined;
}

interface ConfigFile extends FamilyFile {
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  IPv6Network?: string;
  IPv6SubnetLen: number;
  IPv6SubnetMin?: string;
  IPv6SubnetMax?: string;
  Backend: { Type: string } & Record<string, unknown>;
}

/** The value of a key, matched without regard to case; the last match wins, as in Go. */
export function field(object: unknown, name: string): unknown {
  let found: unknown;
  for (const [key, value] of Object.entries((object ?? {}) as object))
    if (key.toLowerCase() === name.toLowerCase()) found = value;
  return found ?? undefined;
}

function readFile(text: string): ConfigFile {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`network config is not JSON: ${(error as Error).message}`);
  }
  return checkConfig<ConfigFile>('network config', CONFIG_SCHEMA, json);
}

/**
 * The given length, else `usual` when four subnets of that length fit, else two bits more than the
 * network.
 */
function subnetLength(
  given: number,
  network: number,
  limits: { usual: number; longestNetwork: number; longest: number },
  prefix: string,
): number {
  const { usual, longestNetwork, longest } = limits;
  if (network > longestNetwork)
    throw new ConfigError(
      `${prefix}Network is too small. Minimum useful network prefix is /${longestNetwork}`,
    );
  const length = given || (network <= usual - 2 ? usual : network + 2);
  if (length > longest)
    throw new ConfigError(`${prefix}SubnetLen must be less than /${longest + 1}`);
  if (length < network + 2)
    throw new ConfigError(`${prefix}Network must be able to accommodate at least four subnets`);
  return length;
}

function parseFamily(file: FamilyFile, family: 4 | 6): FamilyConfig {
  const prefix = family === 4 ? '' : 'IPv6';
  if (file.Network === undefined)
    throw new ConfigError(
      `please define a correct ${prefix}Network parameter in the flannel config`,
    );
  const parsed = parseNet(file.Network, family);
  if (!parsed) throw new ConfigError(`${prefix}Network "${file.Network}" is no IPv${family} CIDR`);
  const network = base(parsed);
  const limits =
    family === 4
      ? { usual: 24, longestNetwork: 28, longest: 30 }
      : { usual: 64, longestNetwork: 124, longest: 126 };
  const length = subnetLength(file.SubnetLen, network.length, limits, prefix);
  const bound = (name: 'SubnetMin' | 'SubnetMax', fallback: bigint): bigint => {
    const text = file[name];
    if (text === undefined) return fallback;
    const ip = parseIp(text);
    if (ip?.family !== family)
      throw new ConfigError(`${prefix}${name} must be an IPv${family} address`);
    const subnet = { family, ip: ip.value, length };
    if (!containsNet(network, subnet))
      throw new ConfigError(`${prefix}${name} is not in the range of the ${prefix}Network`);
    if (base(subnet).ip !== ip.value)
      throw new ConfigError(`${prefix}${name} is not on a SubnetLen boundary`);
    return ip.value;
  };
  const size = sizeOf({ ...network, length });
  const subnetMin = bound('SubnetMin', network.ip + size);
  const subnetMax = bound('SubnetMax', network.ip + sizeOf(network) - size);
  if (subnetMin > subnetMax)
    throw new ConfigError(`${prefix}SubnetMin is above ${prefix}SubnetMax`);
  return { network, subnetLength: length, subnetMin, subnetMax };
}

/** Parses and validates; throws ConfigError. */
export function parseNetworkConfig(text: string): NetworkConfig {
  const file = readFile(text);
  if (!file.EnableIPv4)
    throw new ConfigError(
      'EnableIPv4 is false: this flanneld serves IPv4, or IPv4 and IPv6, not IPv6 alone',
    );
  const { IPv6Network: Network, IPv6SubnetLen: SubnetLen } = file;
  const { IPv6SubnetMin: SubnetMin, IPv6SubnetMax: SubnetMax } = file;
  return {
    ...parseFamily(file, 4),
    ...(file.EnableIPv6 && { ipv6: parseFamily({ Network, SubnetLen, SubnetMin, SubnetMax }, 6) }),
    backend: { type: file.Backend.Type.toLowerCase(), options: file.Backend },
    source: text,
  };
}

/** For logs: 'Network 10.244.0.0/16, subnets of /24'. */
export function describeConfig(config: NetworkConfig): string {
  const v6 = config.ipv6
    ? `; IPv6Network ${formatNet(config.ipv6.network)}, subnets of /${config.ipv6.subnetLength}`
    : '';
  return `Network ${formatNet(config.network)}, subnets of /${config.subnetLength}${v6}`;
}

/** For backends that carry IPv4 only; throws ConfigError. */
export function refuseIpv6(config: NetworkConfig): void {
  if (config.ipv6)
    throw new ConfigError(
      `backend type "${config.backend.type}" carries IPv4 only; with EnableIPv6 use vxlan, host-gw or wireguard`,
    );
}
