// The steps that the backends with a kernel device share: creation, one address, MTU, up. Some
// kernels lack a device kind; a backend checks when it opens and refuses with the reason.
import {
  applyAll,
  NetlinkError,
  type Change,
  type Link,
  type LinkSpec,
  type Netlink,
} from '../../system/netlink/netlink.js';
import { ConfigError } from '../config.js';

/** The changes that leave `address` as the only global address of its family on the device. */
export async function addressChanges(
  netlink: Netlink,
  device: string,
  address: string,
): Promise<Change[]> {
  const isV6 = address.includes(':');
  const present = (await netlink.addresses(device)).filter(
    (a) => a.scope === 'global' && a.address.includes(':') === isV6,
  );
  const wrong = present.filter((a) => a.address !== address);
  return [
    ...wrong.map((a): Change => ({ type: 'address-delete', device, address: a.address })),
    ...(wrong.length < present.length
      ? []
      : [{ type: 'address-replace', device, address } as const]),
  ];
}

/** Creates or corrects a device without further state. Returns whether the device was created. */
export async function ensureTunnel(
  netlink: Netlink,
  link: LinkSpec,
  { address, mtu }: { address: string; mtu: number },
  links: readonly Link[],
): Promise<boolean> {
  const { kind, name } = link;
  const existing = links.find((other) => other.name === name && other.kind === kind);
  if (!existing) await applyAll(netlink, [{ type: 'link-add', link }]);
  const changes = await addressChanges(netlink, name, address);
  if (!existing?.up || existing.mtu !== mtu)
    changes.push({ type: 'link-set', name, mtu, up: true });
  await applyAll(netlink, changes);
  return !existing;
}

/**
 * Creates the device unless it exists. Throws ConfigError when the kernel does not know its kind.
 */
export async function makeOrRefuse(
  netlink: Netlink,
  link: LinkSpec,
  kernelOption: string,
): Promise<void> {
  const links = await netlink.links();
  if (links.some(({ name, kind }) => name === link.name && kind === link.kind)) return;
  try {
    await applyAll(netlink, [{ type: 'link-add', link }]);
  } catch (error) {
    if (!(error instanceof NetlinkError) || error.code !== 'EOPNOTSUPP') throw error;
    throw new ConfigError(
      `this kernel has no ${link.kind} devices (${kernelOption}); use the backend vxlan, or host-gw on one segment`,
    );
  }
}
