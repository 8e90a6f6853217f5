// The network config that an operator writes to <prefix>/config, with flannel's defaults and rules.
// Keys are matched without regard to case, as Go's JSON does.
import { IPv4CidrRange } from 'ip-num';
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

/** The config cannot be used; the message says why. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** A value by its key in any case; the last one wins, as in Go. */
export function field(object: Record<string, unknown>, name: string): unknown {
  let found: unknown;
  for (const [key, value] of Object.entries(object)) if (key.toLowerCase() === name.toLowerCase()) found = value;
  return found ?? undefined;
}

function numberField(object: Record<string, unknown>, name: string, fallback: number): number {
  const value = field(object, name);
  if (value === undefined || value === 0) return fallback;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw new ConfigError(`${name} must be an integer`);
  return value;
}

function subnetField(object: Record<string, unknown>, name: string, fallback: number, network: Ipv4Net, length: number): number {
  const value = field(object, name);
  if (value === undefined) return fallback;
  const ip = typeof value === 'string' ? parseIpv4(value) : undefined;
  if (ip === undefined) throw new ConfigError(`${name} must be an IPv4 address`);
  if (!containsNet(network, { ip, length })) throw new ConfigError(`${name} is not in the range of the Network`);
  if (base({ ip, length }) !== ip) throw new ConfigError(`${name} is not on a SubnetLen boundary`);
  return ip;
}

function parseObject(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(`network config is not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new ConfigError('network config is not a JSON object');
  return json as Record<string, unknown>;
}

function parseNetwork(json: Record<string, unknown>): Ipv4Net {
  const text = field(json, 'Network');
  if (typeof text !== 'string') throw new ConfigError('please define a correct Network parameter in the flannel config');
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
  const json = parseObject(text);
  if (field(json, 'EnableIPv6') === true) throw new ConfigError('EnableIPv6: this flanneld serves IPv4 only');
  if (field(json, 'EnableIPv4') === false) throw new ConfigError('EnableIPv4 is false: this flanneld serves IPv4 only');
  const network = parseNetwork(json);
  const subnetLength = numberField(json, 'SubnetLen', network.length <= 22 ? 24 : network.length + 2);
  if (network.length > 28) throw new ConfigError('Network is too small. Minimum useful network prefix is /28');
  if (subnetLength > 30) throw new ConfigError('SubnetLen must be less than /31');
  if (subnetLength < network.length + 2) throw new ConfigError('Network must be able to accommodate at least four subnets');
  const size = sizeOf(subnetLength);
  const subnetMin = subnetField(json, 'SubnetMin', network.ip + size, network, subnetLength);
  const subnetMax = subnetField(json, 'SubnetMax', network.ip + sizeOf(network.length) - size, network, subnetLength);
  if (subnetMin > subnetMax) throw new ConfigError('SubnetMin is above SubnetMax');
  return { network, subnetLength, subnetMin, subnetMax, backend: parseBackend(json), source: text };
}

function parseBackend(json: Record<string, unknown>): NetworkConfig['backend'] {
  const backend = field(json, 'Backend');
  if (backend === undefined) return { type: 'udp', options: {} };
  if (typeof backend !== 'object' || Array.isArray(backend)) throw new ConfigError('Backend must be an object');
  const options = backend as Record<string, unknown>;
  const type = field(options, 'Type');
  if (typeof type !== 'string' || !type) throw new ConfigError('Backend has no Type');
  return { type: type.toLowerCase(), options };
}

/** For logs: 'Network 10.244.0.0/16, subnets of /24'. */
export function describeConfig(config: NetworkConfig): string {
  return `Network ${formatNet(config.network)}, subnets of /${config.subnetLength}`;
}
