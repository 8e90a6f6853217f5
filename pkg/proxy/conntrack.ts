// Conntrack entries of UDP (and other protocols without a handshake) keep their translation. When
// an endpoint stops serving, its entries must be deleted, or its clients send to a dead address for
// minutes (upstream: pkg/proxy/conntrack/cleanup.go).
import { tryExec } from '../system/exec.js';
import type { Log } from '../util/env/env.js';
import { addressOf, familyOf, type Family } from '../component-helpers/addresses.js';
import { CONNTRACK_DELETES } from './limits.js';
import type { ServiceModel } from './model.js';

/** Arguments of `conntrack -D`. */
export type FlowFilter = readonly string[];

interface Frontend {
  ip?: string;
  port: number;
  /** Endpoints whose flows go on. */
  endpoints: ReadonlySet<string>;
  /** Whether new flows reach an endpoint. */
  routed: boolean;
}

const NONE: ReadonlyMap<string, Frontend> = new Map();

function frontends(service: ServiceModel | undefined): ReadonlyMap<string, Frontend> {
  if (!service?.ports.some((port) => port.protocol === 'udp')) return NONE;
  const out = new Map<string, Frontend>();
  for (const port of service.ports) {
    if (port.protocol !== 'udp') continue;
    const endpoints = new Set(port.serving);
    const routed = port.cluster.length + port.local.length > 0;
    const balanced = port.loadBalancerIPs ?? service.loadBalancerIPs;
    for (const ip of [service.clusterIP, ...service.externalIPs, ...balanced])
      out.set(`${ip}:${port.port}`, { ip, port: port.port, endpoints, routed });
    if (port.nodePort) out.set(`:${port.nodePort}`, { port: port.nodePort, endpoints, routed });
  }
  return out;
}

/** First arguments of a filter; conntrack lists only IPv4 unless told otherwise. */
const udpOf = (family: Family): readonly string[] =>
  family === 6 ? ['-f', 'ipv6', '-p', 'udp'] : ['-p', 'udp'];

/** The flows to delete after a service changed. Pure. */
export function staleFlows(
  before: ServiceModel | undefined,
  after: ServiceModel | undefined,
): FlowFilter[] {
  const filters: FlowFilter[] = [];
  const udp = udpOf(familyOf((before ?? after)?.clusterIP ?? ''));
  const now = frontends(after);
  const old = frontends(before);
  for (const [id, { ip, port, endpoints }] of old) {
    const to = [...(ip ? ['--orig-dst', ip] : []), '--orig-port-dst', String(port)];
    const left = now.get(id)?.endpoints;
    for (const endpoint of endpoints)
      if (!left?.has(endpoint)) filters.push([...udp, ...to, '--dst-nat', endpoint]);
  }
  for (const [id, { ip, port, routed }] of now) {
    // Packets sent while the service had no endpoint created untranslated entries, whose answers
    // would come from the service's own address. Translated flows have begun since and stay.
    if (!routed || old.get(id)?.routed) continue;
    const from = ip ? ['--orig-dst', ip, '--reply-src', ip] : [];
    filters.push([...udp, ...from, '--orig-port-dst', String(port)]);
  }
  return filters;
}

/** A line of `conntrack -L`: source, destination and their ports, and the answers' source. */
const FLOW =
  /^udp .*?src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+) .*?src=(\S+) dst=\S+ sport=\d+ dport=\d+/;

/**
 * Flows to one of our service addresses that lead to none of its endpoints, found in a listing of
 * the UDP flows of the family. They are left from before this process started. Pure.
 */
export function leftoverFlows(
  listing: string,
  services: Iterable<ServiceModel>,
  family: Family,
): FlowFilter[] {
  const known = new Map<string, Frontend>();
  for (const service of services)
    for (const [id, frontend] of frontends(service)) known.set(id, frontend);
  const filters: FlowFilter[] = [];
  for (const line of listing.split('\n')) {
    const [, source = '', to = '', sourcePort = '', port = '', from = ''] = FLOW.exec(line) ?? [];
    const [destination, answers] = [addressOf(to, family), addressOf(from, family)];
    if (!destination || !answers) continue;
    // The reply source of an untranslated flow equals its original destination.
    const frontend =
      known.get(`${destination}:${port}`) ??
      (answers === destination ? undefined : known.get(`:${port}`));
    if (!frontend || frontend.endpoints.has(answers)) continue;
    const addresses = ['--orig-src', source, '--orig-dst', destination];
    const ports = ['--orig-port-src', sourcePort, '--orig-port-dst', port];
    filters.push([...udpOf(family), ...addresses, ...ports]);
  }
  return filters;
}

/** Finds and deletes leftover flows. */
export async function forgetLeftovers(
  services: Iterable<ServiceModel>,
  family: Family,
  log: Log,
  prefix: readonly string[] = [],
): Promise<void> {
  const listed = await tryExec([...prefix, 'conntrack', '-L', ...udpOf(family)]);
  if (listed.code !== 0) throw new Error(listed.stderr.trim());
  const filters = leftoverFlows(listed.stdout, services, family);
  if (filters.length)
    log.info('forgetting UDP flows to endpoints that are gone', { flows: filters.length });
  await forgetFlows(filters, log, prefix);
}

/**
 * Deletes the flows; a flow that is not found is no error. `prefix` goes before the command
 * (nsenter in tests). Bounded by CONNTRACK_DELETES: the other flows end by their own timeout.
 */
export async function forgetFlows(
  filters: readonly FlowFilter[],
  log: Log,
  prefix: readonly string[] = [],
): Promise<void> {
  const unique = [...new Map(filters.map((filter) => [filter.join(' '), filter])).values()];
  if (unique.length > CONNTRACK_DELETES)
    log.warn('too many stale UDP flows to forget at once', {
      filters: unique.length,
      done: CONNTRACK_DELETES,
    });
  for (const filter of unique.slice(0, CONNTRACK_DELETES)) {
    const { code, stderr } = await tryExec([...prefix, 'conntrack', '-D', ...filter]);
    if (code === 0 || /0 flow entries have been deleted/.test(stderr)) continue;
    const failed = { filter: filter.join(' '), error: stderr.trim() };
    return log.warn('cannot forget stale UDP flows', failed);
  }
}
