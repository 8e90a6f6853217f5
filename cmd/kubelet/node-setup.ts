// The identity of the node, before the kubelet starts: name, addresses, certificate, taints.
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import type { NodeAddress, Taint } from '../../pkg/apis/core/v1/types.js';
import { atomicWrite, readIfPresent } from '../../pkg/system/files/atomic-write.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { FlagError } from '../flags.js';
import { firstAddress } from '../host-address.js';
import type { KubeletConfig } from './options.js';
import { familyOf } from '../../pkg/util/netaddr/ip.js';

export interface NodeIdentity {
  name: string;
  hostname: string;
  ips: string[];
  addresses: NodeAddress[];
}

/** '0.0.0.0' and '::' stand for the host's first address of that family. */
const UNSPECIFIED = new Map<string, 4 | 6>([
  ['0.0.0.0', 4],
  ['::', 6],
]);

/** Throws unless there is one address, or one of each family. */
function checkNodeIPs(ips: readonly string[]): string[] {
  const refuse = (why: string): never => {
    throw new FlagError(`kubelet: bad --node-ip "${ips.join(',')}": ${why}`);
  };
  const bad = ips.find((ip) => !familyOf(ip));
  if (bad !== undefined) throw new FlagError(`kubelet: bad --node-ip "${bad}"`);
  const families = new Set(ips.map(familyOf));
  if (ips.length > 2 || families.size < ips.length)
    refuse('must contain either a single IP or a dual-stack pair of IPs');
  if (ips.length > 1 && ips.some((ip) => UNSPECIFIED.has(ip)))
    refuse("dual-stack IPs cannot include '0.0.0.0' or '::'");
  return ips.map((ip) => {
    const family = UNSPECIFIED.get(ip);
    if (!family) return ip;
    const own = firstAddress(family);
    if (!own)
      throw new FlagError(`kubelet: --node-ip=${ip}: this host has no IPv${family} address`);
    return own;
  });
}

export function nodeIdentity(config: KubeletConfig): NodeIdentity {
  const name = (config['hostname-override'] ?? hostname()).trim().toLowerCase();
  const ips = config['node-ip'].length
    ? checkNodeIPs(config['node-ip'])
    : [firstAddress(4) ?? '127.0.0.1'];
  return {
    name,
    hostname: name,
    ips,
    addresses: [
      ...ips.map((address) => ({ type: 'InternalIP', address })),
      { type: 'Hostname', address: name },
    ],
  };
}

/** Parses key=value:effect and key:effect. */
export function parseTaint(text: string): Taint {
  const match = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/.exec(text);
  if (!match)
    throw new FlagError(
      `kubelet: invalid value for --register-with-taints: "${text}" is not key=value:effect`,
    );
  return { key: match[1]!, effect: match[3]!, ...(match[2] && { value: match[2] }) };
}

export const certificateFolder = (config: KubeletConfig): string =>
  config['cert-dir'] ?? path.join(config['root-dir'], 'pki');

/** The configured certificate, or a self-signed one that is stored in --cert-dir. */
export async function servingCertificate(
  config: KubeletConfig,
  node: NodeIdentity,
): Promise<{ cert: string; key: string }> {
  const [certFile, keyFile] = [config['tls-cert-file'], config['tls-private-key-file']];
  if (certFile && keyFile)
    return { cert: await readFile(certFile, 'utf8'), key: await readFile(keyFile, 'utf8') };
  const directory = certificateFolder(config);
  const [certPath, keyPath] = [
    path.join(directory, 'kubelet.crt'),
    path.join(directory, 'kubelet.key'),
  ];
  const [cert, key] = [await readIfPresent(certPath), await readIfPresent(keyPath)];
  if (cert && key) return { cert, key };
  const { name, ips } = node;
  const ca = createCa(`${name}-ca`);
  const made = issue({ commonName: name, sans: [name, ...ips], usages: ['server'], ca });
  await atomicWrite(certPath, made.certPem, 0o644);
  await atomicWrite(keyPath, made.keyPem, 0o600);
  return { cert: made.certPem, key: made.keyPem };
}
