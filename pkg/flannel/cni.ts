// Writes the CNI config that joins containers to the overlay: bridge or ptp with host-local
// addresses.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite } from '../system/files/atomic-write.js';
import type { Log } from '../util/env/env.js';
import { formatNet } from '../util/netaddr/net.js';
import type { Subnets } from './subnet/lease.js';

export const CONFLIST = '10-flannel.conflist';
export const BRIDGE = 'cni0';

export interface CniNetwork extends Subnets {
  plugin: 'bridge' | 'ptp';
  mtu: number;
  /** Whether the plugin masquerades; only when flanneld does not. */
  ipMasq: boolean;
  /** State folder of host-local. Under /run it disappears at a reboot, together with the pods. */
  dataDir: string;
}

export function renderConflist(network: CniNetwork): string {
  const { subnet, subnet6 } = network;
  const ipam = {
    type: 'host-local',
    ranges: [
      [{ subnet: formatNet(subnet) }],
      ...(subnet6 ? [[{ subnet: formatNet(subnet6) }]] : []),
    ],
    routes: [{ dst: '0.0.0.0/0' }, ...(subnet6 ? [{ dst: '::/0' }] : [])],
    dataDir: network.dataDir,
  };
  const { mtu, ipMasq } = network;
  const main =
    network.plugin === 'bridge'
      ? {
          type: 'bridge',
          bridge: BRIDGE,
          mtu,
          isGateway: true,
          hairpinMode: true,
          ipMasq,
          forceAddress: false,
          ipam,
        }
      : { type: 'ptp', mtu, ipMasq, ipam };
  const plugins = [
    main,
    { type: 'portmap', capabilities: { portMappings: true } },
    { type: 'bandwidth', capabilities: { bandwidth: true } },
  ];
  return `${JSON.stringify({ cniVersion: '1.0.0', name: 'cbr0', plugins }, undefined, 2)}\n`;
}

/**
 * Writes the conflist when it differs. Warns about a config that sorts earlier, because the runtime
 * prefers it.
 */
export async function writeConflist(dir: string, network: CniNetwork, log: Log): Promise<void> {
  await atomicWrite(join(dir, CONFLIST), renderConflist(network), 0o600);
  const earlier = (await readdir(dir)).filter(
    (name) => /\.(conf|conflist|json)$/.test(name) && !name.startsWith('.') && name < CONFLIST,
  );
  if (earlier.length)
    log.warn('the container runtime will prefer another CNI config', { dir, files: earlier });
}
