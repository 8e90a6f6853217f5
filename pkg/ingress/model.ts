// The Ingresses of this controller as one model: hosts, paths, backends and certificates, and what
// was refused. The rules of precedence are only here. Pure.
//
// Invariants: the oldest ingress wins a path, and the namespace of a host's oldest ingress owns the
// host. Hosts and paths have no characters but those of URLs. No namespace takes more of the proxy
// than its share.
import { keyOf } from '../apimachinery/meta/object.js';
import {
  isDns1123Subdomain,
  isWildcardDns1123Subdomain,
} from '../apimachinery/validation/names.js';
import type { Service, ServicePort } from '../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../apis/discovery/v1/types.js';
import type { Ingress, IngressBackend, IngressClass } from '../apis/networking/v1/types.js';
import type { Store } from '../client/informer.js';
import { familyOf } from '../util/netaddr/ip.js';
import { BYTES, LONGEST_PATH, MIN_SLOTS, ROOM, SHARE } from './limits.js';

const CONTROLLER = 'wheelhouse.io/ingress-controller';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** The site of requests whose host no ingress names. */
const ANY_HOST = '*';

/** A table of routes, and a key in the table. */
type Place = [table: Map<string, string>, key: string];

type Has<T> = { store: Pick<Store<T>, 'get' | 'list' | 'byIndex'> };

export interface World {
  ingresses: Has<Ingress>;
  classes: Has<IngressClass>;
  services: Has<Service>;
  /** With the index 'service'. */
  slices: Has<EndpointSlice>;
  /** The certificate and key of a secret, and the reason why the secret's own are not served. */
  certificate(key: string): { pem?: string; problem?: string };
  /** The version of an ingress that was in use last, by uid. */
  accepted(uid: string): Ingress | undefined;
  /** Whether the proxy refuses this version of an ingress. */
  isRefused(ingress: Ingress): boolean;
}

export interface Backend {
  protocol: 'http' | 'h2' | 'https';
  /** A client stays with its server. */
  sticky: boolean;
  /** 'address port', sorted. */
  servers: readonly string[];
}

/** The ingresses that this controller serves, the oldest first. */
function servedOf({ ingresses, classes }: World): Ingress[] {
  const ours = classes.store.list().filter(({ spec }) => spec.controller === CONTROLLER);
  const names = new Set(ours.map(({ metadata }) => metadata.name));
  const isDefault = ours.some(({ metadata }) => metadata.annotations?.[DEFAULT_CLASS] === 'true');
  const age = ({ metadata }: Ingress) =>
    `${metadata.creationTimestamp ?? ''} ${keyOf({ metadata })}`;
  return ingresses.store
    .list()
    .filter(({ metadata, spec }) => {
      const named = spec.ingressClassName ?? metadata.annotations?.[CLASS_ANNOTATION];
      return named === undefined ? isDefault : names.has(named);
    })
    .sort((a, b) => (age(a) < age(b) ? -1 : 1));
}

/** The characters of a path in a URL (RFC 3986, section 3.3). No request has another. */
const PATH = /^(?:\/[\w.~!$&'()*+,;=:@%/-]*)?$/;
const isPath = (text: string): boolean => text.length <= LONGEST_PATH && PATH.test(text);

const isHost = (text: string): boolean =>
  !isDns1123Subdomain(text).length || !isWildcardDns1123Subdomain(text).length;

/** The wildcard host whose requests the site takes. */
export const wildcardOver = (site: string): string => site.replace(/^[^.]*/, '*');

/** The mistakes for which a version of an ingress is refused, whatever else the cluster holds. */
function mistakesOf({ spec: { rules = [], defaultBackend } }: Ingress): string[] {
  const paths = rules.flatMap(({ http }) => http?.paths ?? []);
  const resources = [defaultBackend, ...paths.map(({ backend }) => backend)].map(
    (backend) => backend?.resource,
  );
  return [
    ...rules.flatMap(({ host }) => (!host || isHost(host) ? [] : `host "${host}" is not a name`)),
    ...paths.flatMap(({ path = '' }) =>
      isPath(path) ? [] : `path ${JSON.stringify(path)} cannot be in a URL`,
    ),
    ...resources.flatMap((one) => (one ? `${one.kind} "${one.name}" is not a service` : [])),
  ];
}

/** The shares of all namespaces shrink until they fit. */
export function modelOf(world: World): Model {
  for (let share = SHARE; ; share /= 2) {
    const model = new Model(world, share);
    const sizes = [...model.sizes.values()];
    if (sizes.reduce((sum, size) => sum + size, 0) <= ROOM) return model;
  }
}

export class Model {
  /** Hosts and wildcards, whether or not they have a path. */
  readonly sites = new Set<string>();
  /** The backends of whole paths and of prefixes, by site and path; a prefix ends in a slash. */
  readonly exact = new Map<string, string>();
  readonly prefixes = new Map<string, string>();
  /** By 'namespace:service:port'. */
  readonly backends = new Map<string, Backend>();
  /** Sites with TLS. Clear requests are redirected, although the certificate may be refused. */
  readonly secure = new Set<string>();
  /** Certificate and key in PEM, by site. */
  readonly certificates = new Map<string, string>();
  readonly refusals: { ingress: Ingress; reason: string; message: string }[] = [];
  /** All ingresses of this controller, and the versions in use. */
  readonly served: readonly Ingress[];
  readonly used: readonly Ingress[];
  /** Bytes of the proxy that namespaces take. */
  readonly sizes = new Map<string, number>();
  /** The namespaces that own hosts. */
  private readonly owners = new Map<string, string>();

  constructor(
    private readonly world: World,
    private readonly share: number,
  ) {
    this.served = servedOf(world);
    this.used = this.served.flatMap((ingress) => {
      const isRefused = world.isRefused(ingress);
      const mistakes = isRefused ? ['the proxy refuses the ingress'] : mistakesOf(ingress);
      for (const message of mistakes) this.refuse(ingress, 'InvalidRule', message);
      if (!mistakes.length) return ingress;
      const last = world.accepted(ingress.metadata.uid!);
      return last && !world.isRefused(last) ? last : [];
    });
    for (const ingress of this.used) this.addRules(ingress);
    for (const ingress of this.used) this.addDefault(ingress);
    for (const ingress of this.used) this.addTls(ingress);
  }

  private refuse(ingress: Ingress, reason: string, message: string): void {
    this.refusals.push({ ingress, reason, message });
  }

  /** Takes room of the proxy for the namespace. */
  private fits(ingress: Ingress, bytes: number): boolean {
    const { namespace = '' } = ingress.metadata;
    const size = (this.sizes.get(namespace) ?? 0) + bytes;
    if (size <= this.share) this.sizes.set(namespace, size);
    else
      this.refuse(ingress, 'NoRoom', 'the ingresses of the namespace take too much of the proxy');
    return size <= this.share;
  }

  private addRules(ingress: Ingress): void {
    const { namespace = '' } = ingress.metadata;
    for (const { host = '', http } of ingress.spec.rules ?? []) {
      const owner = this.owners.get(host) ?? namespace;
      if (host && owner !== namespace) {
        const message = `host "${host}" belongs to an older ingress of another namespace`;
        this.refuse(ingress, 'HostTaken', message);
        continue;
      }
      if (host) this.owners.set(host, owner);
      if (host && !this.sites.has(host) && !this.fits(ingress, BYTES.line)) continue;
      if (host) this.sites.add(host);
      for (const { path = '', pathType, backend } of http?.paths ?? []) {
        const place = this.place(host || ANY_HOST, path, pathType === 'Exact');
        const to = this.backendOf(ingress, backend);
        if (!to || this.route(ingress, place, to) === to) continue;
        this.refuse(ingress, 'PathTaken', `"${host}${path}" belongs to an older rule`);
      }
    }
  }

  /** The backend of the place: an older rule's, or else this one. */
  private route(ingress: Ingress, [table, key]: Place, to: string): string {
    if (!table.has(key) && this.fits(ingress, BYTES.line + BYTES.text * key.length))
      table.set(key, to);
    return table.get(key) ?? to;
  }

  private place(site: string, path: string, isExact: boolean): Place {
    if (isExact) return [this.exact, site + path];
    return [this.prefixes, path.endsWith('/') ? site + path : `${site}${path}/`];
  }

  /** The sites that the rules of the ingress name and its namespace owns. */
  private sitesOf({ metadata, spec }: Ingress): string[] {
    return (spec.rules ?? [])
      .map(({ host }) => host || ANY_HOST)
      .filter((site) => site === ANY_HOST || this.owners.get(site) === metadata.namespace);
  }

  /** The default backend of an ingress takes the rest of its hosts; without rules, of all. */
  private addDefault(ingress: Ingress): void {
    const { defaultBackend, rules } = ingress.spec;
    if (!defaultBackend) return;
    const to = this.backendOf(ingress, defaultBackend);
    for (const site of rules?.length ? this.sitesOf(ingress) : [ANY_HOST])
      if (to) this.route(ingress, this.place(site, '/', false), to);
  }

  private addTls(ingress: Ingress): void {
    const sites = this.sitesOf(ingress).filter((site) => site !== ANY_HOST);
    for (const { hosts = [], secretName } of ingress.spec.tls ?? []) {
      const covered = sites.filter(
        (site) => !hosts.length || hosts.some((host) => [site, wildcardOver(site)].includes(host)),
      );
      for (const site of covered) this.secure.add(site);
      if (!secretName || !covered.length) continue;
      const { pem, problem } = this.world.certificate(
        `${ingress.metadata.namespace}/${secretName}`,
      );
      if (problem) this.refuse(ingress, 'InvalidCertificate', `secret "${secretName}": ${problem}`);
      for (const site of pem ? covered : []) {
        const bytes = BYTES.certificate + BYTES.text * pem!.length;
        if (!this.certificates.has(site) && this.fits(ingress, bytes))
          this.certificates.set(site, pem!);
      }
    }
  }

  /** The name of the backend, if there is room. A backend that does not exist has no servers. */
  private backendOf(ingress: Ingress, { service: wanted }: IngressBackend): string | undefined {
    const { name = '', port: { name: portName, number } = {} } = wanted ?? {};
    const key = `${ingress.metadata.namespace}/${name}`;
    const service = this.world.services.store.get(key);
    const port = service?.spec.ports?.find((one) =>
      portName ? one.name === portName : one.port === number,
    );
    const id = `${key.replace('/', ':')}:${port?.port ?? number ?? portName}`;
    const isServed = service && port && service.spec.type !== 'ExternalName';
    if (!isServed) {
      const why = !service ? 'does not exist' : !port ? 'has no such port' : 'is an external name';
      const message = `service "${name}", port ${portName ?? number}: the service ${why}`;
      this.refuse(ingress, 'BackendNotFound', message);
    }
    if (this.backends.has(id)) return id;
    const slices = isServed ? this.world.slices.store.byIndex('service', key) : [];
    const servers = isServed ? serversOf(service, port, slices) : [];
    const slots = Math.max(MIN_SLOTS, 2 * servers.length);
    if (!this.fits(ingress, BYTES.backend + BYTES.server * slots)) return undefined;
    this.backends.set(id, {
      protocol: PROTOCOLS.get(port?.appProtocol ?? '') ?? 'http',
      sticky: service?.spec.sessionAffinity === 'ClientIP',
      servers,
    });
    return id;
  }
}

/** How the proxy speaks to ports with these application protocols, which tenants write. */
const PROTOCOLS = new Map<string, Backend['protocol']>([
  ['kubernetes.io/h2c', 'h2'],
  ['grpc', 'h2'],
  ['https', 'https'],
  ['kubernetes.io/wss', 'https'],
]);

/** The ready endpoints of the port; when none is ready, those that serve while they terminate. */
function serversOf(
  { spec }: Service,
  port: ServicePort,
  slices: readonly EndpointSlice[],
): string[] {
  const [ready, leaving] = [new Set<string>(), new Set<string>()];
  const family = spec.ipFamilies?.[0] ?? 'IPv4';
  for (const slice of slices.filter(({ addressType }) => addressType === family)) {
    const found = slice.ports?.find(({ name }) => (name ?? '') === (port.name ?? ''));
    if (!found?.port) continue;
    for (const { addresses, conditions } of slice.endpoints ?? ([] as Endpoint[])) {
      const kind = (conditions?.ready ?? true) ? ready : conditions?.serving ? leaving : undefined;
      if (familyOf(addresses[0]!)) kind?.add(`${addresses[0]} ${found.port}`);
    }
  }
  return [...(ready.size ? ready : leaving)].sort();
}
