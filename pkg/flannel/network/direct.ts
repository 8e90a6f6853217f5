// Decides from the routes of table main whether a peer is on a directly connected segment.
import { cidrContains, parseCidr, parseIp } from '../../util/netaddr/ip.js';
import type { Route } from '../../system/netlink/netlink.js';

/**
 * Returns a predicate: whether the most specific route to an address, overlay routes left aside,
 * has no gateway.
 */
export function directness(
  routes: readonly Route[],
  overlays: readonly string[],
): (address: string) => boolean {
  const known = routes.flatMap((route) => {
    const to =
      route.type === 'unicast' && route.device !== undefined && !overlays.includes(route.device)
        ? parseCidr(route.to)
        : undefined;
    return to ? [{ to, metric: route.metric, direct: route.via === undefined }] : [];
  });
  known.sort((a, b) => b.to.prefixLength - a.to.prefixLength || a.metric - b.metric);
  return (address) => {
    const ip = parseIp(address);
    return (ip && known.find(({ to }) => cidrContains(to, ip))?.direct) ?? false;
  };
}
