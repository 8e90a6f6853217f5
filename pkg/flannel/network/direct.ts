// Whether a peer is on a segment of ours, by the routes of table main.
import type { Route } from '../../system/netlink/netlink.js';
import { contains, parseCidr, parseIpv4 } from '../subnet/ipv4.js';

/** The most specific route to `address` that does not lead into the overlay has no gateway. */
export function isDirect(address: string, routes: readonly Route[], overlay?: string): boolean {
  const ip = parseIpv4(address);
  if (ip === undefined) return false;
  let best: { length: number; metric: number; direct: boolean } | undefined;
  for (const route of routes) {
    const to = parseCidr(route.to);
    if (!to || route.type !== 'unicast' || route.device === overlay || !contains(to, ip)) continue;
    if (best && (best.length > to.length || (best.length === to.length && best.metric <= route.metric))) continue;
    best = { length: to.length, metric: route.metric, direct: route.via === undefined };
  }
  return best?.direct ?? false;
}
