// Lists or removes the objects that flanneld leaves in place on purpose: flannel-tun, its devices,
// routes into the pod network, nftables tables and files. They are found by name, without a record
// of earlier runs.
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Env } from '../util/env/env.js';
import { isGone, type Change, type Netlink, type Route } from '../system/netlink/netlink.js';
import type { Nft } from '../system/nftables/nftables.js';
import { TunControl } from './backend/tun-control.js';
import { ownsOverlayRoute } from './backend/overlay-route.js';
import { FLANNEL_TABLE, FLANNEL_TABLE6 } from './masquerade.js';
import { readSubnetEnv } from './subnet/subnet-env.js';

/** flannel0 (udp), flannel.<VNI>, flannel-v6.<VNI>, flannel.ipip, flannel-wg, flannel-wg-v6. */
const OWN_DEVICE = /^flannel(0|(-v6)?\.\d+|\.ipip|-wg(-v6)?)$/;
const TABLES = [
  ['ip', FLANNEL_TABLE],
  ['ip6', FLANNEL_TABLE6],
] as const;

export interface OwnedObjects {
  /** Whether a flannel-tun process listens. */
  helper: boolean;
  devices: string[];
  /** Routes on devices that stay; the other routes disappear with our devices. */
  routes: Route[];
  tables: (readonly [family: string, table: string])[];
  files: string[];
}

interface Host {
  netlink: Netlink;
  nft: Nft;
}

const helperOf = (subnetFile: string) =>
  TunControl.open(join(dirname(subnetFile), 'flannel-tun.sock'), () => {}).catch(() => undefined);

export async function findOwned(host: Host, subnetFile: string): Promise<OwnedObjects> {
  const control = await helperOf(subnetFile);
  control?.close();
  const devices = (await host.netlink.links())
    .filter((link) => OWN_DEVICE.test(link.name))
    .map((link) => link.name);
  const { network, network6 } = await readSubnetEnv(subnetFile);
  const pods = { ...(network && { network }), ...(network6 && { ipv6: { network: network6 } }) };
  const routes = (await host.netlink.routes()).filter(
    (route) =>
      route.device !== undefined &&
      !devices.includes(route.device) &&
      ownsOverlayRoute(route, pods, [], route.device),
  );
  const tables: OwnedObjects['tables'] = [];
  for (const table of TABLES)
    if (await host.nft.listTable(table[0], table[1], { terse: true }).catch(() => undefined))
      tables.push(table);
  const files = existsSync(subnetFile) ? [subnetFile] : [];
  return { helper: control !== undefined, devices, routes, tables, files };
}

/** One line per object, for logs and --list-owned. */
export const describeOwned = (owned: OwnedObjects): string[] => [
  ...(owned.helper ? ['process flannel-tun'] : []),
  ...owned.devices.map((name) => `device ${name}`),
  ...owned.routes.map((route) => `route ${route.to} via ${route.via} dev ${route.device}`),
  ...owned.tables.map(([family, table]) => `table ${family} ${table}`),
  ...owned.files.map((path) => `file ${path}`),
];

export async function cleanUp(env: Env, host: Host, subnetFile: string): Promise<void> {
  const owned = await findOwned(host, subnetFile);
  const control = await helperOf(subnetFile);
  await control?.call('stop').catch(() => []);
  control?.close();
  const changes: Change[] = [
    ...owned.routes.map((route): Change => ({
      type: 'route-delete',
      route: { to: route.to, ...(route.via && { via: route.via }), device: route.device! },
    })),
    ...owned.devices.map((name): Change => ({ type: 'link-delete', name })),
  ];
  const failed = (await host.netlink.apply(changes)).find((error) => !isGone(error));
  if (failed) throw failed;
  for (const table of owned.tables) await host.nft.deleteTable(table[0], table[1]);
  for (const file of owned.files) await rm(file, { force: true });
  env.log.info('cleaned up', { removed: describeOwned(owned) });
}
