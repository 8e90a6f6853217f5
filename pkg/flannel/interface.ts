// Chooses the interface that reaches the other nodes, in flannel's order: --iface, --iface-regex,
// --iface-can-reach, the interface with the address --public-ip, the first default route.
import type { Address, Link, Netlink } from '../system/netlink/netlink.js';
import type { ExternalInterface } from './backend/backend.js';
import { ConfigError } from './config.js';
import { canonicalIp, familyOf } from '../util/netaddr/ip.js';

export interface InterfaceChoice {
  iface: readonly string[];
  ifaceRegex: readonly string[];
  ifaceCanReach?: string;
  publicIp?: string;
  publicIpv6?: string;
}

const textOf = (address: Address): string => address.address.split('/')[0]!;

/**
 * The first global address of a family on an interface that is neither tentative nor deprecated. Of
 * IPv6 addresses, permanent ones are preferred to temporary and dynamic ones.
 */
export function usableAddress(
  addresses: readonly Address[],
  device: string,
  family: 4 | 6 = 4,
): string | undefined {
  const own = addresses.filter((a) => a.device === device && familyOf(textOf(a)) === family);
  const good = own.filter(
    (a) => a.scope === 'global' && !a.flags.some((flag) => flag !== 'dynamic'),
  );
  const permanent = family === 6 ? good.find((a) => !a.flags.length) : undefined;
  const best = permanent ?? good[0];
  return best && textOf(best);
}

interface Found {
  device: string;
  ip: string;
}

function byNameOrIp(
  word: string,
  links: readonly Link[],
  addresses: readonly Address[],
): Found | undefined {
  if (familyOf(word) === 4) {
    const owner = addresses.find((a) => textOf(a) === word);
    return owner && { device: owner.device, ip: word };
  }
  const ip = links.some((link) => link.name === word) ? usableAddress(addresses, word) : undefined;
  return ip === undefined ? undefined : { device: word, ip };
}

function byRegex(
  pattern: string,
  links: readonly Link[],
  addresses: readonly Address[],
): Found | undefined {
  const regex = new RegExp(pattern);
  const v4 = addresses.filter((a) => familyOf(textOf(a)) === 4);
  const address = v4.find((a) => regex.test(textOf(a)));
  if (address) return { device: address.device, ip: textOf(address) };
  for (const link of links) {
    const ip = regex.test(link.name) ? usableAddress(addresses, link.name) : undefined;
    if (ip) return { device: link.name, ip };
  }
  return undefined;
}

async function choose(
  netlink: Netlink,
  choice: InterfaceChoice,
  links: readonly Link[],
  addresses: readonly Address[],
): Promise<Found | undefined> {
  for (const search of [
    ...choice.iface.map((word) => () => byNameOrIp(word, links, addresses)),
    ...choice.ifaceRegex.map((pattern) => () => byRegex(pattern, links, addresses)),
  ]) {
    const found = search();
    if (found) return found;
  }
  if (choice.iface.length || choice.ifaceRegex.length) return undefined;
  const over = (route: { device?: string; source?: string } | undefined) => {
    const { device, source } = route ?? {};
    const ip = device && (source ?? usableAddress(addresses, device));
    return device && ip ? { device, ip } : undefined;
  };
  if (choice.ifaceCanReach) return over(await netlink.routeTo(choice.ifaceCanReach));
  const owner = choice.publicIp && byNameOrIp(choice.publicIp, links, addresses);
  if (owner) return owner;
  const route = (await netlink.routes(4)).find((r) => r.to === '0.0.0.0/0' && r.device);
  return over(route && { device: route.device! });
}

/** The IPv6 addresses of the chosen interface. */
function publicAddresses6(
  device: string,
  choice: InterfaceChoice,
  addresses: readonly Address[],
): { ip6: string; publicIPv6: string } {
  const { publicIpv6 } = choice;
  if (publicIpv6 !== undefined && familyOf(publicIpv6) !== 6)
    throw new ConfigError(`invalid public IPv6 address: ${publicIpv6}`);
  const asked = publicIpv6 === undefined ? undefined : canonicalIp(publicIpv6);
  const isOwn =
    asked !== undefined && addresses.some((a) => a.device === device && textOf(a) === asked);
  const ip6 = isOwn ? asked : usableAddress(addresses, device, 6);
  if (ip6 === undefined)
    throw new ConfigError(`failed to find IPv6 address for interface ${device}`);
  return { ip6, publicIPv6: asked ?? ip6 };
}

/**
 * Chooses the external interface. With `ipv6` it needs addresses of both families. Throws
 * ConfigError when no interface fits.
 */
export async function chooseInterface(
  netlink: Netlink,
  choice: InterfaceChoice,
  ipv6 = false,
): Promise<ExternalInterface> {
  const [links, addresses] = await Promise.all([netlink.links(), netlink.addresses()]);
  const found = await choose(netlink, choice, links, addresses);
  const link = found && links.find((candidate) => candidate.name === found.device);
  if (!found || !link)
    throw new ConfigError(
      'failed to find an interface to use that matches the interfaces and/or regexes provided',
    );
  if (choice.publicIp !== undefined && familyOf(choice.publicIp) !== 4)
    throw new ConfigError(`invalid public IP address: ${choice.publicIp}`);
  return {
    name: link.name,
    ip: found.ip,
    mtu: link.mtu,
    publicIP: choice.publicIp ?? found.ip,
    ...(ipv6 && publicAddresses6(link.name, choice, addresses)),
  };
}
