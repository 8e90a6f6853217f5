// The cluster's names in memory: an index over Services and EndpointSlices that answers by the
// Kubernetes DNS specification 1.1.0 (github.com/kubernetes/dns/docs/specification.md). Pure: no
// socket and no clock of its own. Answers are not cached, so a change shows in the next answer.
import type { Service } from '../../apis/core/v1/types.js';
import type { EndpointSlice } from '../../apis/discovery/v1/types.js';
import { keyOf } from '../../apimachinery/meta/object.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { address, found, isWithin, negative, soa } from './reply.js';
import type { Record, ZoneReply } from './record.js';
import { addressOfReverse, canonicalIp, parseIp } from '../../util/netaddr/ip.js';
import { CLUSTER_TTL } from './limits.js';
import { count } from '../../util/map/count.js';

interface Endpoint {
  ip: string;
  /** The label below the service: the hostname of the pod, or its address with dashes. */
  label: string;
  ports: { name: string; protocol: string; port: number }[];
}

interface Entry {
  service: Service;
  /** Endpoints of a headless service, by slice. */
  slices: Map<string, Endpoint[]>;
}

const HEADLESS = 'None';
const SERVICE_NAME = 'kubernetes.io/service-name';
const SPEC_VERSION = '1.1.0';
const PRIORITY = 10;

export class Zone {
  private readonly entries = new Map<string, Entry>();
  private readonly slicesByService = new Map<string, Map<string, EndpointSlice>>();
  private readonly namespaces = new Set<string>();
  private readonly clusterIps = new Map<string, string>();
  /**
   * Reverse names of headless endpoints: address -> full names, with the number of slices that
   * contain each.
   */
  private readonly endpointIps = new Map<string, Map<string, number>>();

  /**
   * `domain` is lower case without the final dot. `dnsService` is the key of the service with the
   * address of the name server.
   */
  constructor(
    readonly domain: string,
    private readonly dnsService = 'kube-system/kube-dns',
  ) {}

  addNamespace(name: string): void {
    this.namespaces.add(name);
  }

  removeNamespace(name: string): void {
    this.namespaces.delete(name);
  }

  setService(service: Service): void {
    const key = keyOf(service);
    const old = this.entries.get(key);
    const slices = this.slicesOf(key);
    if (old) this.dropService(key, old);
    const entry: Entry = { service, slices: new Map() };
    this.entries.set(key, entry);
    for (const ip of clusterIpsOf(service)) this.clusterIps.set(canonicalIp(ip), key);
    for (const slice of slices.values()) this.addSlice(entry, slice);
  }

  removeService(service: Service): void {
    const key = keyOf(service);
    const entry = this.entries.get(key);
    if (entry) this.dropService(key, entry);
  }

  setSlice(slice: EndpointSlice): void {
    const key = serviceKeyOf(slice);
    if (!key) return;
    this.slicesOf(key).set(slice.metadata.name, slice);
    const entry = this.entries.get(key);
    if (entry) this.addSlice(entry, slice);
  }

  removeSlice(slice: EndpointSlice): void {
    const key = serviceKeyOf(slice);
    if (!key) return;
    const slices = this.slicesOf(key);
    slices.delete(slice.metadata.name);
    if (slices.size === 0) this.slicesByService.delete(key);
    const entry = this.entries.get(key);
    if (entry) this.dropSlice(entry, slice.metadata.name);
  }

  private slicesOf(key: string): Map<string, EndpointSlice> {
    return getOrInsert(this.slicesByService, key, () => new Map());
  }

  private dropService(key: string, entry: Entry): void {
    for (const name of entry.slices.keys()) this.dropSlice(entry, name);
    for (const ip of clusterIpsOf(entry.service)) {
      if (this.clusterIps.get(canonicalIp(ip)) === key) this.clusterIps.delete(canonicalIp(ip));
    }
    this.entries.delete(key);
  }

  private addSlice(entry: Entry, slice: EndpointSlice): void {
    this.dropSlice(entry, slice.metadata.name);
    if (entry.service.spec.clusterIP !== HEADLESS) return;
    const endpoints = endpointsOf(slice, entry.service.spec.publishNotReadyAddresses === true);
    entry.slices.set(slice.metadata.name, endpoints);
    for (const e of endpoints)
      bump(this.endpointIps, canonicalIp(e.ip), `${e.label}.${this.nameOf(entry.service)}`, 1);
  }

  private dropSlice(entry: Entry, slice: string): void {
    for (const e of entry.slices.get(slice) ?? []) {
      bump(this.endpointIps, canonicalIp(e.ip), `${e.label}.${this.nameOf(entry.service)}`, -1);
    }
    entry.slices.delete(slice);
  }

  private nameOf(service: Service): string {
    return `${service.metadata.name}.${service.metadata.namespace}.svc.${this.domain}`;
  }

  /** Answers names in the zone and reverse names of its addresses; undefined for all others. */
  answer(name: string, type: string, nowMs: number): ZoneReply | undefined {
    if (isWithin(name, this.domain)) return this.forward(name, type, nowMs);
    const ip = addressOfReverse(name);
    return ip === undefined ? undefined : this.reverse(name, ip, type, nowMs);
  }

  private reverse(name: string, ip: string, type: string, nowMs: number): ZoneReply | undefined {
    const service = this.entries.get(this.clusterIps.get(ip) ?? '');
    const targets = service
      ? [this.nameOf(service.service)]
      : [...(this.endpointIps.get(ip)?.keys() ?? [])];
    if (!targets.length) return undefined;
    if (type !== 'PTR') return negative(this.domain, true, nowMs);
    return found(targets.map((data) => ({ type: 'PTR', name, ttl: CLUSTER_TTL, data })));
  }

  private forward(name: string, type: string, nowMs: number): ZoneReply {
    if (type === 'AXFR' || type === 'IXFR' || type === 'ANY')
      return { rcode: 'REFUSED', authoritative: true, answers: [] };
    const below = name.slice(0, -this.domain.length - 1);
    const labels = name === this.domain ? [] : below.split('.').reverse();
    const [kind, ...rest] = labels;
    const records =
      kind === undefined
        ? this.apex(type, nowMs)
        : kind === 'svc'
          ? this.service(name, rest, type)
          : kind === 'pod'
            ? this.pod(name, rest, type)
            : this.wellKnown(name, labels, type);
    if (records === undefined) return negative(this.domain, false, nowMs);
    if (!records.answers.length) return negative(this.domain, true, nowMs);
    return found(records.answers, records.additionals);
  }

  private apex(type: string, nowMs: number): Found {
    if (type === 'SOA') return { answers: [soa(this.domain, nowMs)] };
    if (type !== 'NS') return { answers: [] };
    const data = `ns.dns.${this.domain}`;
    return {
      answers: [{ type: 'NS', name: this.domain, ttl: CLUSTER_TTL, data }],
      additionals: this.nameServer(data, 'A'),
    };
  }

  private nameServer(name: string, type: string): Record[] {
    const service = this.entries.get(this.dnsService)?.service;
    return service ? addresses(name, clusterIpsOf(service), type) : [];
  }

  /** `labels` are the labels below 'svc', from the zone outwards: namespace, service, then more. */
  private service(name: string, labels: string[], type: string): Found | undefined {
    const [namespace, serviceName, ...inner] = labels;
    if (namespace === undefined) return { answers: [] };
    if (!this.namespaces.has(namespace)) return undefined;
    if (serviceName === undefined) return { answers: [] };
    const entry = this.entries.get(`${namespace}/${serviceName}`);
    if (!entry) return undefined;
    const { spec } = entry.service;
    if (spec.type === 'ExternalName') {
      const data = spec.externalName!.replace(/\.$/, '');
      return inner.length
        ? undefined
        : { answers: [{ type: 'CNAME', name, ttl: CLUSTER_TTL, data }] };
    }
    const headless = spec.clusterIP === HEADLESS;
    if (headless && ![...entry.slices.values()].some((s) => s.length)) return undefined;
    if (inner.length === 0) return this.wholeService(name, entry, type);
    if (inner.length === 1) return this.oneEndpoint(name, entry, inner[0]!, type);
    const [protocol, port] = inner;
    if (inner.length > 2 || !protocol!.startsWith('_') || !port!.startsWith('_')) return undefined;
    const isAsked = (p: { name: string; protocol: string }) =>
      `_${p.name}` === port && `_${p.protocol.toLowerCase()}` === protocol;
    const result = this.servicePorts(name, entry, isAsked);
    if (!result.answers.length) return undefined;
    return type === 'SRV' ? result : { answers: [] };
  }

  private wholeService(name: string, entry: Entry, type: string): Found {
    if (type === 'SRV') return this.servicePorts(name, entry, () => true);
    const ips =
      entry.service.spec.clusterIP === HEADLESS
        ? endpoints(entry).map((e) => e.ip)
        : clusterIpsOf(entry.service);
    return { answers: addresses(name, ips, type) };
  }

  private oneEndpoint(name: string, entry: Entry, label: string, type: string): Found | undefined {
    const ips = this.endpointsBelow(entry).flatMap((e) => (e.label === label ? e.ip : []));
    return ips.length ? { answers: addresses(name, ips, type) } : undefined;
  }

  /** Those of services with a cluster IP are asked for by few clients, so they have no index. */
  private endpointsBelow(entry: Entry): Endpoint[] {
    const { metadata, spec } = entry.service;
    if (spec.clusterIP === HEADLESS) return endpoints(entry);
    const slices = this.slicesByService.get(keyOf({ metadata }))?.values() ?? [];
    return [...slices].flatMap((slice) =>
      endpointsOf(slice, spec.publishNotReadyAddresses === true),
    );
  }

  /** SRV records, with the targets' addresses as additional records. */
  private servicePorts(
    name: string,
    entry: Entry,
    matches: (port: { name: string; protocol: string }) => boolean,
  ): Found {
    const base = this.nameOf(entry.service);
    const targets: { target: string; port: number; ip: string }[] =
      entry.service.spec.clusterIP === HEADLESS
        ? endpoints(entry).flatMap((e) =>
            e.ports
              .filter(matches)
              .map(({ port }) => ({ target: `${e.label}.${base}`, port, ip: e.ip })),
          )
        : (entry.service.spec.ports ?? [])
            .filter((p) => matches({ name: p.name ?? '', protocol: p.protocol ?? 'TCP' }))
            .map(({ port }) => ({ target: base, port, ip: '' }));
    const addressesOf = ({ ip }: { ip: string }) => (ip ? [ip] : clusterIpsOf(entry.service));
    const additionals = new Map(
      targets.flatMap((t) =>
        addressesOf(t).map(
          (ip) => [`${t.target} ${ip}`, address(t.target, ip, CLUSTER_TTL)] as const,
        ),
      ),
    );
    // An endpoint with a hostname and addresses of both families is one target.
    const answers = new Map(
      targets.map(({ target, port }) => [`${target} ${port}`, { target, port }]),
    );
    const weight = Math.max(1, Math.floor(100 / Math.max(1, answers.size)));
    return {
      answers: [...answers.values()].map(({ target, port }) => ({
        type: 'SRV',
        name,
        ttl: CLUSTER_TTL,
        data: { priority: PRIORITY, weight, port, target },
      })),
      additionals: [...additionals.values()],
    };
  }

  /**
   * '1-2-3-4.ns.pod.zone' or 'fd00--4.ns.pod.zone' spells out an address; an answer does not mean
   * that the pod exists.
   */
  private pod(name: string, labels: string[], type: string): Found | undefined {
    const [namespace, spelled, ...more] = labels;
    if (namespace === undefined || (spelled === undefined && this.namespaces.has(namespace)))
      return { answers: [] };
    if (spelled === undefined || more.length || !this.namespaces.has(namespace)) return undefined;
    const ip = spelled.replaceAll('-', /^\d+(-\d+){3}$/.test(spelled) ? '.' : ':');
    return parseIp(ip) ? { answers: addresses(name, [ip], type) } : undefined;
  }

  private wellKnown(name: string, labels: string[], type: string): Found | undefined {
    const path = labels.join('.');
    if (path === 'dns-version') {
      if (type !== 'TXT') return { answers: [] };
      return { answers: [{ type, name, ttl: CLUSTER_TTL, data: SPEC_VERSION }] };
    }
    if (path === 'dns') return { answers: [] };
    return path === 'dns.ns' ? { answers: this.nameServer(name, type) } : undefined;
  }
}

interface Found {
  answers: Record[];
  additionals?: Record[];
}

/** The records of the type, each address once. */
function addresses(name: string, ips: readonly string[], type: string): Record[] {
  const records = [...new Set(ips)].map((ip) => address(name, ip, CLUSTER_TTL));
  return records.filter((record) => record.type === type);
}

const endpoints = (entry: Entry): Endpoint[] => [...entry.slices.values()].flat();

function clusterIpsOf({ spec }: Service): string[] {
  const ips = spec.clusterIPs?.length ? spec.clusterIPs : spec.clusterIP ? [spec.clusterIP] : [];
  return ips.filter((ip) => ip !== HEADLESS && ip !== '');
}

function serviceKeyOf(slice: EndpointSlice): string | undefined {
  const name = slice.metadata.labels?.[SERVICE_NAME];
  return name ? `${slice.metadata.namespace}/${name}` : undefined;
}

function endpointsOf(slice: EndpointSlice, publishNotReady: boolean): Endpoint[] {
  const ports = (slice.ports ?? []).map((p) => ({
    name: p.name ?? '',
    protocol: p.protocol ?? 'TCP',
    port: p.port ?? 0,
  }));
  return (slice.endpoints ?? [])
    .filter((e) => publishNotReady || e.conditions?.ready !== false)
    .flatMap((e) =>
      e.addresses.map((ip) => ({ ip, label: e.hostname || ip.replace(/[.:]/g, '-'), ports })),
    );
}

function bump(
  index: Map<string, Map<string, number>>,
  key: string,
  name: string,
  by: 1 | -1,
): void {
  const names = getOrInsert(index, key, () => new Map<string, number>());
  count(names, name, by);
  if (!names.size) index.delete(key);
}
