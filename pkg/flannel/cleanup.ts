// Removes what flanneld leaves running on purpose: flannel-tun, its devices, routes through them
// (they go with the device) and the nftables table. Needs no memory of what ran before.
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Env } from '../util/env/env.js';
import { isGone, type Netlink } from '../system/netlink/netlink.js';
import type { Nft } from '../system/nftables/nftables.js';
import { TunControl } from './backend/tun-control.js';
import { ownsOverlayRoute } from './backend/overlay-route.js';
import { FLANNEL_TABLE, FLANNEL_TABLE6 } from './masquerade.js';
import { readSubnetEnv } from './subnet/subnet-env.js';

/** flannel0 (udp), flannel.<VNI>, flannel-v6.<VNI>, flannel.ipip, flannel-wg, flannel-wg-v6. */
const OWN_DEVICE = /^flannel(0|(-v6)?\.\d+|\.ipip|-wg(-v6)?)$/;

export async function cleanUp(env: Env, host: { netlink: Netlink; nft: Nft }, subnetFile: string): Promise<void> {
  const control = await TunControl.open(join(dirname(subnetFile), 'flannel-tun.sock'), () => {}).catch(() => undefined);
  await control?.call('stop').catch(() => []);
  control?.close();
  const devices = (await host.netlink.links()).filter((link) => OWN_DEVICE.test(link.name));
  const { network, network6 } = await readSubnetEnv(subnetFile);
  const pods = { ...(network ? { network } : {}), ...(network6 ? { ipv6: { network: network6 } } : {}) };
  const routes = (await host.netlink.routes()).filter((route) => route.device !== undefined && ownsOverlayRoute(route, pods, [], route.device));
  const failures = await host.netlink.apply([
    ...routes.map((route) => ({ type: 'route-delete' as const, route: { to: route.to, ...(route.via ? { via: route.via } : {}), device: route.device! } })),
    ...devices.map((link) => ({ type: 'link-delete' as const, name: link.name })),
  ]);
  const failed = failures.find((error) => !isGone(error));
  if (failed) throw failed;
  await host.nft.deleteTable('ip', FLANNEL_TABLE);
  await host.nft.deleteTable('ip6', FLANNEL_TABLE6).catch((error: unknown) => env.log.info('no IPv6 tables here', { error }));
  await rm(subnetFile, { force: true });
  env.log.info('cleaned up', { devices: devices.map((link) => link.name), routes: routes.length });
}
