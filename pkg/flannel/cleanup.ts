// Removes what flanneld leaves running on purpose: flannel-tun, its devices, routes through them
// (they go with the device) and the nftables table. Needs no memory of what ran before.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Env } from '../util/env/env.js';
import { isGone, type Netlink } from '../system/netlink/netlink.js';
import type { Nft } from '../system/nftables/nftables.js';
import { TunControl } from './backend/tun-control.js';
import { ownsOverlayRoute } from './backend/vxlan.js';
import { FLANNEL_TABLE } from './masquerade.js';
import { readSubnetEnv } from './subnet/subnet-env.js';

export async function cleanUp(env: Env, host: { netlink: Netlink; nft: Nft }, subnetFile: string): Promise<void> {
  const control = await TunControl.open(join(dirname(subnetFile), 'flannel-tun.sock'), () => {}).catch(() => undefined);
  await control?.call('stop').catch(() => []);
  control?.close();
  const devices = (await host.netlink.links()).filter((link) => /^flannel(\.\d+|0)$/.test(link.name));
  const { network } = await readSubnetEnv(subnetFile);
  const routes = network ? (await host.netlink.routes(4)).filter((route) => route.device !== undefined && ownsOverlayRoute(route, network, undefined, route.device)) : [];
  const failures = await host.netlink.apply([
    ...routes.map((route) => ({ type: 'route-delete' as const, route: { to: route.to, ...(route.via ? { via: route.via } : {}), device: route.device! } })),
    ...devices.map((link) => ({ type: 'link-delete' as const, name: link.name })),
  ]);
  const failed = failures.find((error) => !isGone(error));
  if (failed) throw failed;
  await host.nft.deleteTable('ip', FLANNEL_TABLE);
  await rm(subnetFile, { force: true });
  env.log.info('cleaned up', { devices: devices.map((link) => link.name), routes: routes.length });
}
