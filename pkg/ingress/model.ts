// The Ingresses of this controller as one model: hosts, paths, backends and certificates, and what
// was refused. The rules of precedence are only here. Pure.
//
// Invariants: the oldest ingress wins a path, and the namespace of a host's oldest ingress owns the
// host. Hosts and paths have no characters but those of URLs.
import { keyOf } from '../apimachinery/meta/object.js';
import {
  isDns1123Subdomain,
  isWildcardDns1123Subdomain,
} from '../apimachinery/validation/names.js';
import type { Service, ServicePort } from '../apis/core/v1/types.js';
import type { Endpoint, EndpointSlice } from '../apis/discovery/v1/types.js';
import type { Ingress, IngressBackend, IngressClass } from '../apis/networking/v1/types.js';
import type { Store } from '../client/informer.js';
import { LONGEST_PATH } from './limits.js';

const CONTROLLER = 'wheelhouse.io/ingress-controller';
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';
const DEFAULT_CLASS = 'ingressclass.kubernetes.io/is-default-class';

/** The site of requests whose host no ingress names. */
const ANY_HOST = '*';

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
  /** The namespaces that own hosts. */
  private readonly owners = new Map<string, string>();

  constructor(private readonly world: World) {
    this.served = servedOf(world);
    this.used = this.served.flatMap((ingress) => {
      const mistakes = mistakesOf(ingress);
      for (const message of mistakes) this.refuse(ingress, 'InvalidRule', message);
      return mistakes.length ? (world.accepted(ingress.metadata.uid!) ?? []) : ingress;
    });
    for (const ingress of this.used) this.addRules(ingress);
    for (const ingress of this.used) this.addDefault(ingress);
    for (const ingress of this.used) this.addTls(ingress);
  }

  private refuse(ingress: Ingress, reason: string, message: string): void {
    this.refusals.push({ ingress, reason, message });
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
      if (host) this.sites.add(host);
      for (const { path = '', pathType, backend } of http?.paths ?? []) {
        const [table, key] = this.place(host || ANY_HOST, path, pathType === 'Exact');
        const to = this.backendOf(ingress, backend);
        const older = table.get(key) ?? to;
        table.set(key, older);
        if (older === to) continue;
        this.refuse(ingress, 'PathTaken', `"${host}${path}" belongs to an older rule`);
      }
    }
  }

  private place(site: string, path: string, isExact: boolean): [Map<string, string>, string] {
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
    for (const site of rules?.length ? this.sitesOf(ingress) : [ANY_HOST]) {
      const [table, key] = this.place(site, '/', false);
      if (!table.has(key)) table.set(key, to);
    }
  }

  private addTls(ingress: Ingress): void {
    const sites = this.sitesOf(ingress).filter((site) => site !== ANY_HOST);
    for (const { hosts = [], secretName } of ingress.spec.tls ?? []) {
      const covered = sites.filter(
        (site) =>
          !hosts.length || hosts.some((host) => [site, site.replace(/^[^.]*/, '*')].includes(host)),
      );
      for (const site of covered) this.secure.add(site);
      if (!secretName || !covered.length) continue;
      const { pem, problem } = this.world.certificate(
        `${ingress.metadata.namespace}/${secretName}`,
      );
      if (problem) this.refuse(ingress, 'InvalidCertificate', `secret "${secretName}": ${problem}`);
      for (const site of pem ? covered : [])
        this.certificates.set(site, this.certificates.get(site) ?? pem!);
    }
  }

  /** The name of the backend. A backend that does not exist has no servers. */
  private backendOf(ingress: Ingress, { service: wanted }: IngressBackend): string {
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
    if (!this.backends.has(id))
      this.backends.set(id, {
        protocol: PROTOCOLS.get(port?.appProtocol ?? '') ?? 'http',
        sticky: service?.spec.sessionAffinity === 'ClientIP',
        servers: isServed
          ? serversOf(service, port, this.world.slices.store.byIndex('service', key))
          : [],
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
      kind?.add(`${addresses[0]} ${found.port}`);
    }
  }
  return [...(ready.size ? ready : leaving)].sort();
}
