// The network config that an operator writes to <prefix>/config, with flannel's defaults and rules.
// Shape and types are config-schema.ts's; here is what a schema cannot say.
import { IPv4CidrRange } from 'ip-num';
import { checkConfig, ConfigError } from './config-check.js';
import { CONFIG_SCHEMA } from './config-schema.js';
import { base, containsNet, formatNet, parseCidr, parseIpv4, sizeOf, type Ipv4Net } from './subnet/ipv4.js';

export interface NetworkConfig {
  network: Ipv4Net;
  subnetLength: number;
  /** First and last subnet that may be given out. */
  subnetMin: number;
  subnetMax: number;
  backend: { type: string; options: Record<string, unknown> };
  /** The text it was read from, to notice changes. */
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
  Backend: { Type: string } & Record<string, unknown>;
}

/** A value by its key in any case; the last one wins, as in Go. */
export function field(object: Record<string, unknown>, name: string): unknown {
  let found: unknown;
  for (const [key, value] of Object.entries(object)) if (key.toLowerCase() === name.toLowerCase()) found = value;
  return found ?? undefined;
}

function subnetField(name: string, value: string | undefined, fallback: number, network: Ipv4Net, length: number): number {
  if (value === undefined) return fallback;
  const ip = parseIpv4(value);
  if (ip === undefined) throw new ConfigError(`${name} must be an IPv4 address`);
  if (!containsNet(network, { ip, length })) throw new ConfigError(`${name} is not in the range of the Network`);
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
  if (text === undefined) throw new ConfigError('please define a correct Network parameter in the flannel config');
  const network = parseCidr(text);
  try {
    IPv4CidrRange.fromCidr(text);
  } catch (error) {
    throw new ConfigError(`Network "${text}" is no IPv4 CIDR: ${(error as Error).message}`);
  }
  if (!network) throw new ConfigError(`Network "${text}" is no IPv4 CIDR`);
  return { ip: base(network), length: network.length };
}

/** Parses and validates; throws ConfigError. */
export function parseNetworkConfig(text: string): NetworkConfig {
  const file = readFile(text);
  if (file.EnableIPv6) throw new ConfigError('EnableIPv6: this flanneld serves IPv4 only');
  if (!file.EnableIPv4) throw new ConfigError('EnableIPv4 is false: this flanneld serves IPv4 only');
  const network = parseNetwork(file.Network);
  const subnetLength = file.SubnetLen || (network.length <= 22 ? 24 : network.length + 2);
  if (network.length > 28) throw new ConfigError('Network is too small. Minimum useful network prefix is /28');
  if (subnetLength > 30) throw new ConfigError('SubnetLen must be less than /31');
  if (subnetLength < network.length + 2) throw new ConfigError('Network must be able to accommodate at least four subnets');
  const size = sizeOf(subnetLength);
  const subnetMin = subnetField('SubnetMin', file.SubnetMin, network.ip + size, network, subnetLength);
  const subnetMax = subnetField('SubnetMax', file.SubnetMax, network.ip + sizeOf(network.length) - size, network, subnetLength);
  if (subnetMin > subnetMax) throw new ConfigError('SubnetMin is above SubnetMax');
  return { network, subnetLength, subnetMin, subnetMax, backend: { type: file.Backend.Type.toLowerCase(), options: file.Backend }, source: text };
}

/** For logs: 'Network 10.244.0.0/16, subnets of /24'. */
export function describeConfig(config: NetworkConfig): string {
  return `Network ${formatNet(config.network)}, subnets of /${config.subnetLength}`;
}
