// One vxlan device: created, compared, given its address. The IPv4 and IPv6 devices differ only in
// name, outer address and MTU.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyAll, type Change, type Link, type VxlanInfo } from '../../system/netlink/netlink.js';
import { atomicWrite } from '../../system/files/atomic-write.js';
import { setTxChecksumOffload } from '../../system/netlink/offload.js';
import { ensureSysctl } from '../../system/sysctl/sysctl.js';
import type { BackendContext } from './backend.js';
import { addressChanges } from './device.js';

export interface Vtep {
  name: string;
  mac: string;
  mtu: number;
  vxlan: VxlanInfo;
  /**
   * False makes the kernel compute checksums, for network cards and drivers that get those of
   * encapsulated packets wrong.
   */
  txChecksumOffload: boolean;
}

function randomMac(random: { next(): number }): string {
  const bytes = Array.from({ length: 6 }, () => Math.floor(random.next() * 256));
  bytes[0] = (bytes[0]! & 0xfe) | 0x02; // unicast, locally administered
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/**
 * The MAC of the device: that of an existing device, else the one kept in `stateFile` of the run
 * folder, else a random one. The result is written to `stateFile`, because peers hold it in their
 * FDB.
 */
export async function keepMac(
  context: BackendContext,
  device: string,
  stateFile: string,
): Promise<string> {
  const path = join(context.runDir, stateFile);
  const existing = (await context.netlink.links()).find(
    (link) => link.name === device && link.kind === 'vxlan',
  );
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  const mac =
    existing?.mac ??
    (/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(kept) ? kept : randomMac(context.env.random));
  if (mac !== kept) await atomicWrite(path, `${mac}\n`, 0o644);
  return mac;
}

function isSame(link: Link, { vxlan }: Vtep): boolean {
  const keys = ['vni', 'device', 'local', 'port', 'learning', 'gbp'] as const;
  return link.vxlan !== undefined && keys.every((key) => link.vxlan![key] === vxlan[key]);
}

/**
 * Creates or corrects the device. `address` is the first of the subnet with its prefix length; it
 * only serves as a source address. Returns whether the device was created.
 */
export async function ensureVtep(
  { netlink, env, nativeDir }: BackendContext,
  vtep: Vtep,
  address: string,
  links: readonly Link[],
): Promise<boolean> {
  const { name, mac, mtu, vxlan } = vtep;
  const isV6 = address.includes(':');
  const existing = links.find((link) => link.name === name);
  const keep = existing !== undefined && isSame(existing, vtep);
  const changes: Change[] = [];
  if (existing && !keep) changes.push({ type: 'link-delete', name });
  if (!keep) {
    const { vni, local, device: over } = vxlan;
    env.log.info('creating the vxlan device', { device: name, vni, mac, local, over });
    changes.push({ type: 'link-add', link: { kind: 'vxlan', name, mac, vxlan } });
  }
  const wrongMac = keep && existing.mac !== mac;
  if (!keep || existing.mtu !== mtu || wrongMac)
    changes.push({ type: 'link-set', name, mtu, ...(wrongMac && { mac }) });
  await applyAll(netlink, changes);
  if (!vtep.txChecksumOffload) setTxChecksumOffload(nativeDir, name, false);
  if (isV6) await ensureSysctl(`net/ipv6/conf/${name}/disable_ipv6`, 0);
  if (!keep) await ensureSysctl(`net/ipv6/conf/${name}/accept_ra`, 0);
  // No duplicate address detection: the address is unique by its lease and must be usable at once.
  if (!keep && isV6) await ensureSysctl(`net/ipv6/conf/${name}/accept_dad`, 0);
  if (!isV6) await ensureSysctl(`net/ipv4/conf/${name}/rp_filter`, 2);

  const rest = await addressChanges(netlink, name, address);
  if (!keep || !existing.up) rest.push({ type: 'link-set', name, up: true });
  await applyAll(netlink, rest);
  return !keep;
}
