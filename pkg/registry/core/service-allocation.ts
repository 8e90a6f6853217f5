// Allocates cluster IPs and node ports of services, and lists the values that a service reserves.
// The allocation reads the cache. The reservation is a key that is written in the same transaction
// as the service; when another service has the key, the apiserver allocates again.
// Invariant: every value in reservationsOf is within its range or was given by the user.
import { type FieldError, fieldErrors } from '../../apimachinery/errors/status-error.js';
import { goStrings } from '../../apis/meta/v1/go-value.js';
import type { Service, ServicePort } from '../../apis/core/v1/types.js';
import type { Reservation, RequestContext } from '../../apiserver/resource/definition.js';
import {
  HEADLESS,
  isHeadless,
  needsClusterIP,
  needsHealthCheckNodePort,
  needsNodePort,
} from './service-needs.js';
import { chooseFamilies, type IPFamily, keepsPreferredStack } from './service-families.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { ipReservation, type ParsedRanges, pickFree, type Range } from './service-ranges.js';

export type AllocationContext = RequestContext & { isFree(reservation: Reservation): boolean };

const TAKEN_IP = 'provided IP is already allocated';
const TAKEN_PORT = 'provided port is already allocated';

function ipsOf(service: Service): string[] {
  if (!needsClusterIP(service) || isHeadless(service)) return [];
  const { clusterIPs, clusterIP } = service.spec;
  return (clusterIPs?.length ? clusterIPs : [clusterIP ?? '']).filter(Boolean);
}

function portsOf({ spec }: Service): number[] {
  const ports = new Set((spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0));
  ports.add(spec.healthCheckNodePort ?? 0);
  ports.delete(0);
  return [...ports];
}

const reservedPorts = (service: Service, ranges: ParsedRanges): Set<Reservation> =>
  new Set(portsOf(service).map((port) => ranges.port.reservation(String(port))));

export function reservationsOf(service: Service, ranges: ParsedRanges): Reservation[] {
  return [...ipsOf(service).map(ipReservation), ...reservedPorts(service, ranges)];
}

/** The error for a value that another service has reserved. */
export function reservationConflict(
  service: Service,
  reservation: Reservation,
  ranges: ParsedRanges,
): FieldError {
  const ip = ipsOf(service).find((candidate) => ipReservation(candidate) === reservation);
  if (ip) return ipError(service, ip, TAKEN_IP);
  const ports = service.spec.ports ?? [];
  const index = ports.findIndex(
    ({ nodePort }) => nodePort && ranges.port.reservation(String(nodePort)) === reservation,
  );
  if (index >= 0)
    return fieldErrors.invalid(`spec.ports[${index}].nodePort`, ports[index]?.nodePort, TAKEN_PORT);
  return fieldErrors.invalid(
    'spec.healthCheckNodePort',
    service.spec.healthCheckNodePort,
    TAKEN_PORT,
  );
}

const ipError = (service: Service, ip: string, why: string): FieldError =>
  fieldErrors.invalid(
    'spec.clusterIPs',
    goStrings(service.spec.clusterIPs),
    `failed to allocate IP ${ip}: ${why}`,
  );

/** The reason for which an address that the user gave is not available; undefined when it is. */
function refusal(ip: string, range: Range, context: AllocationContext): string | undefined {
  if (!range.contains(ip))
    return `the provided IP (${ip}) is not in the valid range. The range of valid IPs is ${range.text}`;
  return context.isFree(ipReservation(ip)) ? undefined : TAKEN_IP;
}

/**
 * Chooses the families, then an address of each. An update keeps the addresses of the service and
 * may add one of the second family.
 */
function allocateIPs(
  service: Service,
  old: Service | undefined,
  ranges: ParsedRanges,
  context: AllocationContext,
): FieldError[] {
  const { spec } = service;
  const kept = keepsPreferredStack(service, old);
  const errors = chooseFamilies(service, old, ranges.families);
  if (isHeadless(service)) {
    spec.clusterIP = HEADLESS;
    spec.clusterIPs ??= [HEADLESS];
  }
  if (errors.length || kept || isHeadless(service)) return errors;
  const held = old ? ipsOf(old) : [];
  const ips = [...(spec.clusterIPs ?? [])];
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    const range = ranges.ips[family as IPFamily];
    // Validation refuses an address that changed.
    if (!range || (ips[index] && held[index])) continue;
    if (!ips[index]) {
      const chosen = pickFree(
        range,
        () => context.random.next(),
        (reservation) => context.isFree(reservation),
      );
      if (!chosen) return [ipError(service, '', 'range is full')];
      ips[index] = chosen;
      continue;
    }
    const why = refusal(ips[index], range, context);
    if (why) errors.push(ipError(service, ips[index], why));
  }
  spec.clusterIPs = ips;
  if (ips[0] !== undefined) spec.clusterIP = ips[0];
  return errors;
}

/** The allocation of the ports of one service; `held` are the values that it has already. */
interface PortAllocation {
  readonly service: Service;
  readonly held: ReadonlySet<Reservation>;
  readonly ranges: ParsedRanges;
  readonly context: AllocationContext;
}

function portErrors(
  port: number,
  field: string,
  { held, ranges, context }: PortAllocation,
): FieldError[] {
  const reservation = ranges.port.reservation(String(port));
  if (held.has(reservation)) return [];
  const why = ranges.port.contains(String(port))
    ? TAKEN_PORT
    : `provided port is not in the valid range. The range of valid ports is ${ranges.port.text}`;
  return fieldErrors
    .unless(why === TAKEN_PORT && context.isFree(reservation))
    .invalid(field, port, why);
}

const exhausted = (field: string, what: string): FieldError => ({
  type: 'InternalError',
  field,
  message: `Internal error: failed to allocate ${what}: range is full`,
});

/** A free port that is not `mine`. */
const freePort = (
  { ranges, context }: PortAllocation,
  mine: ReadonlySet<Reservation>,
): string | undefined =>
  pickFree(
    ranges.port,
    () => context.random.next(),
    (reservation) => !mine.has(reservation) && context.isFree(reservation),
  );

/**
 * A port served over several protocols gets one node port for all of them: the one of the first
 * entry with another protocol. Takes and gives node ports by the number of the port.
 */
function sharedNodePorts(ports: readonly ServicePort[]) {
  type Holder = { index: number; nodePort: number };
  const byPort = new Map<number, Map<string | undefined, Holder>>();
  const note = ({ port, protocol, nodePort }: ServicePort, index: number): void => {
    if (!nodePort) return;
    const holders = getOrInsert(byPort, port, () => new Map());
    const known = holders.get(protocol);
    if (!known || index < known.index) holders.set(protocol, { index, nodePort });
  };
  ports.forEach(note);
  return {
    note,
    find({ port, protocol }: ServicePort): number | undefined {
      let first: Holder | undefined;
      for (const [other, holder] of byPort.get(port) ?? [])
        if (other !== protocol && (!first || holder.index < first.index)) first = holder;
      return first?.nodePort;
    },
  };
}

function allocatePorts(allocation: PortAllocation): FieldError[] {
  const { service, ranges } = allocation;
  const errors: FieldError[] = [];
  const ports = service.spec.ports ?? [];
  const mine = reservedPorts(service, ranges);
  const shared = sharedNodePorts(ports);
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}].nodePort`;
    // Upstream takes a negative node port for none.
    if (port.nodePort && port.nodePort > 0) {
      errors.push(...portErrors(port.nodePort, field, allocation));
      continue;
    }
    port.nodePort = shared.find(port) ?? Number(freePort(allocation, mine) ?? 0);
    if (port.nodePort) {
      mine.add(ranges.port.reservation(String(port.nodePort)));
      shared.note(port, index);
    } else {
      delete port.nodePort;
      errors.push(exhausted(field, 'a nodePort'));
    }
  }
  return errors;
}

function allocateHealthCheck(allocation: PortAllocation): FieldError[] {
  const { service, ranges } = allocation;
  const field = 'spec.healthCheckNodePort';
  const given = service.spec.healthCheckNodePort;
  if (given) return portErrors(given, field, allocation);
  const chosen = freePort(allocation, reservedPorts(service, ranges));
  if (!chosen) return [exhausted(field, 'HealthCheck NodePort')];
  service.spec.healthCheckNodePort = Number(chosen);
  return [];
}

/**
 * Allocates missing values and checks given ones against the ranges. `old` is the stored service.
 */
export function allocateService(
  service: Service,
  old: Service | undefined,
  ranges: ParsedRanges,
  context: AllocationContext,
): FieldError[] {
  const held = new Set(old ? reservationsOf(old, ranges) : []);
  const allocation = { service, held, ranges, context };
  return [
    ...(needsClusterIP(service) ? allocateIPs(service, old, ranges, context) : []),
    ...(needsNodePort(service) ? allocatePorts(allocation) : []),
    ...(needsHealthCheckNodePort(service) ? allocateHealthCheck(allocation) : []),
  ];
}
