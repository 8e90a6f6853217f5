// The network config that an operator writes to <prefix>/config, with flannel's defaults and rules.
// config-schema.yaml checks shape and types; this file checks the rules that no schema expresses.
import { checkConfig, ConfigError } from './config-check.js';
import { CONFIG_SCHEMA } from './config-schema.generated.js';
import {
  base,
  containsNet,
  formatNet,
  parseIpv4Cidr,
  parseIpv4,
  sizeOf,
  type Ipv4Net,
} from '../util/netaddr/ipv4.js';
import {
  base6,
  containsNet6,
  formatNet6,
  parseIpv6Cidr,
  parseIpv6,
  sizeOf6,
  type Ipv6Net,
} from '../util/netaddr/ipv6.js';

/** The IPv6 half of a dual-stack network. */
export interface NetworkConfig6 {
  network: Ipv6Net;
  subnetLength: number;
  subnetMin: bigint;
  subnetMax: bigint;
}

export interface NetworkConfig {
  network: Ipv4Net;
  subnetLength: number;
  /** The first and last subnet that may be allocated. */
  subnetMin: number;
  subnetMax: number;
  /** Absent: IPv4 only. */
  ipv6?: NetworkConfig6;
  backend: { type: string; options: Record<string, unknown> };
  /** The JSON text, to detect changes. */
  source: string;
}

export { ConfigError };

interface ConfigFile {
  EnableIPv4: boolean;
  EnableIPv6: boolean;
  Network?: string;
  SubnetLen: number;
  SubnetMin?: string;
  SubnetMax?: string;
  IPv6Network?: string;
  IPv6SubnetLen: number;
  IPv6SubnetMin?: string;
  IPv6SubnetMax?: string;
  Backend: { Type: string } & Record<string, unknown>;
}

/** The value of a key, matched without regard to case; the last match wins, as in Go. */
export function field(object: Record<string, unknown>, name: string): unknown {
  let found: unknown;
  for (const [key, value] of Object.entries(object))
    if (key.toLowerCase() === name.toLowerCase()) found = value;
  return found ?? undefined;
}

function subnetField(
  name: string,
  value: string | undefined,
  fallback: number,
  network: Ipv4Net,
  length: number,
): number {
  if (value === undefined) return fallback;
  const ip = parseIpv4(value);
  if (ip === undefined) throw new ConfigError(`${name} must be an IPv4 address`);
  if (!containsNet(network, { ip, length }))
    throw new ConfigError(`${name} is not in the range of the Network`);
  if (base({ ip, length }) !== ip) throw new ConfigError(`${name} is not on a SubnetLen boundary`);
  return ip;
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

function parseNetwork(text: string | undefined): Ipv4Net {
  if (text === undefined)
    throw new ConfigError('please define a correct Network parameter in the flannel config');
  const network = parseIpv4Cidr(text);
  if (!network) throw new ConfigError(`Network "${text}" is no IPv4 CIDR`);
  return { ip: base(network), length: network.length };
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

function subnetField6(
  name: string,
  value: string | undefined,
  fallback: bigint,
  network: Ipv6Net,
  length: number,
): bigint {
  if (value === undefined) return fallback;
  const ip = parseIpv6(value);
  if (ip === undefined) throw new ConfigError(`${name} must be an IPv6 address`);
  if (!containsNet6(network, { ip, length }))
    throw new ConfigError(`${name} is not in the range of the IPv6Network`);
  if (base6({ ip, length }) !== ip) throw new ConfigError(`${name} is not on a SubnetLen boundary`);
  return ip;
}

function parseIpv6Half(file: ConfigFile): NetworkConfig6 {
  if (file.IPv6Network === undefined)
    throw new ConfigError('please define a correct IPv6Network parameter in the flannel config');
  const parsed = parseIpv6Cidr(file.IPv6Network);
  if (!parsed) throw new ConfigError(`IPv6Network "${file.IPv6Network}" is no IPv6 CIDR`);
  const network = { ip: base6(parsed), length: parsed.length };
  const length = subnetLength(
    file.IPv6SubnetLen,
    network.length,
    { usual: 64, longestNetwork: 124, longest: 126 },
    'IPv6',
  );
  const size = sizeOf6(length);
  const subnetMin = subnetField6(
    'IPv6SubnetMin',
    file.IPv6SubnetMin,
    network.ip + size,
    network,
    length,
  );
  const subnetMax = subnetField6(
    'IPv6SubnetMax',
    file.IPv6SubnetMax,
    network.ip + sizeOf6(network.length) - size,
    network,
    length,
  );
  if (subnetMin > subnetMax) throw new ConfigError('IPv6SubnetMin is above IPv6SubnetMax');
  return { network, subnetLength: length, subnetMin, subnetMax };
}

/** Parses and validates; throws ConfigError. */
export function parseNetworkConfig(text: string): NetworkConfig {
  const file = readFile(text);
  if (!file.EnableIPv4)
    throw new ConfigError(
      'EnableIPv4 is false: this flanneld serves IPv4, or IPv4 and IPv6, not IPv6 alone',
    );
  const network = parseNetwork(file.Network);
  const length = subnetLength(
    file.SubnetLen,
    network.length,
    { usual: 24, longestNetwork: 28, longest: 30 },
    '',
  );
  const size = sizeOf(length);
  const subnetMin = subnetField('SubnetMin', file.SubnetMin, network.ip + size, network, length);
  const subnetMax = subnetField(
    'SubnetMax',
    file.SubnetMax,
    network.ip + sizeOf(network.length) - size,
    network,
    length,
  );
  if (subnetMin > subnetMax) throw new ConfigError('SubnetMin is above SubnetMax');
  const ipv6 = file.EnableIPv6 ? { ipv6: parseIpv6Half(file) } : {};
  return {
    network,
    subnetLength: length,
    subnetMin,
    subnetMax,
    ...ipv6,
    backend: { type: file.Backend.Type.toLowerCase(), options: file.Backend },
    source: text,
  };
}

/** For logs: 'Network 10.244.0.0/16, subnets of /24'. */
export function describeConfig(config: NetworkConfig): string {
  const v6 = config.ipv6
    ? `; IPv6Network ${formatNet6(config.ipv6.network)}, subnets of /${config.ipv6.subnetLength}`
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
