// The desired kernel state, and the changes that lead from the actual state to it. Pure.
import type {
  Change,
  FdbEntry,
  Neighbour,
  Route,
  RouteSpec,
} from '../../system/netlink/netlink.js';

export interface Desired {
  routes: readonly RouteSpec[];
  neighbours: readonly { device: string; address: string; mac: string }[];
  fdb: readonly { device: string; mac: string; to: string }[];
  /** Whether a kernel route belongs to this daemon: it is deleted when it is not among `routes`. */
  ownsRoute(route: Route): boolean;
}

/** State read from the kernel; neighbours and FDB entries of the overlay devices only. */
export interface Actual {
  routes: readonly Route[];
  neighbours: readonly Neighbour[];
  fdb: readonly FdbEntry[];
}

export const NOTHING_DESIRED: Desired = {
  routes: [],
  neighbours: [],
  fdb: [],
  ownsRoute: () => false,
};

function sameRoute(spec: RouteSpec, route: Route): boolean {
  return (
    spec.to === route.to &&
    (spec.via ?? '') === (route.via ?? '') &&
    (spec.device === undefined || spec.device === route.device) &&
    (spec.type ?? 'unicast') === route.type &&
    (spec.onlink ?? false) === route.onlink
  );
}

/**
 * Plans the changes in flannel's order: neighbour, forwarding entry, route; then deletions of stale
 * entries in the same order.
 */
export function planChanges(desired: Desired, actual: Actual): Change[] {
  const changes: Change[] = [];
  const neighbours = new Map(
    actual.neighbours.filter((n) => n.permanent).map((n) => [n.address, n]),
  );
  const entries = new Set(actual.fdb.map((entry) => `${entry.mac} ${entry.to ?? ''}`));
  const routes = new Map<string, Route[]>();
  for (const route of actual.routes) routes.set(route.to, [...(routes.get(route.to) ?? []), route]);

  for (const n of desired.neighbours)
    if (neighbours.get(n.address)?.mac !== n.mac) changes.push({ type: 'neigh-replace', ...n });
  for (const f of desired.fdb)
    if (!entries.has(`${f.mac} ${f.to}`)) changes.push({ type: 'fdb-replace', ...f });
  for (const route of desired.routes) {
    if (!routes.get(route.to)?.some((candidate) => sameRoute(route, candidate)))
      changes.push({ type: 'route-replace', route });
  }

  const wantedNeighbours = new Set(desired.neighbours.map((n) => n.address));
  const wantedEntries = new Set(desired.fdb.map((f) => `${f.mac} ${f.to}`));
  const wantedRoutes = new Set(desired.routes.map((route) => route.to));
  for (const n of actual.neighbours) {
    if (n.permanent && !wantedNeighbours.has(n.address))
      changes.push({ type: 'neigh-delete', device: n.device, address: n.address });
  }
  for (const f of actual.fdb) {
    if (f.to && !wantedEntries.has(`${f.mac} ${f.to}`))
      changes.push({ type: 'fdb-delete', device: f.device, mac: f.mac, to: f.to });
  }
  for (const route of actual.routes) {
    if (wantedRoutes.has(route.to) || !desired.ownsRoute(route)) continue;
    changes.push({
      type: 'route-delete',
      route: {
        to: route.to,
        type: route.type === 'blackhole' || route.type === 'unreachable' ? route.type : 'unicast',
        ...(route.via && { via: route.via }),
        ...(route.device && { device: route.device }),
        ...(route.metric && { metric: route.metric }),
      },
    });
  }
  return changes;
}

/**
 * Plans the changes from the desired state that was applied last to the new one. Entries that are
 * the same objects in both are skipped, so that a change of one lease among thousands costs little;
 * backends therefore keep their entries per lease.
 */
export function planUpdate(before: Desired, after: Desired): Change[] {
  const without = (from: Desired, other: Desired): Desired => ({
    routes: minus(from.routes, other.routes),
    neighbours: minus(from.neighbours, other.neighbours),
    fdb: minus(from.fdb, other.fdb),
    ownsRoute: (route) => from.ownsRoute(route),
  });
  return planChanges(without(after, before), afterApplying(without(before, after)));
}

function minus<T>(list: readonly T[], other: readonly T[]): T[] {
  const known = new Set(other);
  return list.filter((entry) => !known.has(entry));
}

/**
 * The actual state after `desired` was applied, so that the next change is planned without reading
 * the kernel.
 */
export function afterApplying(desired: Desired): Actual {
  return {
    routes: desired.routes.map((spec) => ({
      to: spec.to,
      ...(spec.via && { via: spec.via }),
      ...(spec.device && { device: spec.device }),
      type: spec.type ?? 'unicast',
      onlink: spec.onlink ?? false,
      protocol: 'boot',
      scope: 'global' as const,
      metric: 0,
    })),
    neighbours: desired.neighbours.map((n) => ({ ...n, permanent: true })),
    fdb: desired.fdb.map((f) => ({ ...f, permanent: true })),
  };
}
