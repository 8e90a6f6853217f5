// The configuration of HAProxy, and the lists of hosts and paths that it looks up. A request costs
// the same whatever their number: every look-up is one in a tree. Pure.
//
// Texts of tenants are only in the lists, one to a line. The configuration itself names backends
// and addresses.
import { FRAME } from './frame.generated.js';
import { wildcardOver, type Backend, type Model } from './model.js';
import type { Slots } from './slots.js';

export interface Settings {
  /** The folder of the files. */
  folder: string;
  addresses: readonly string[];
  httpPort: number;
  httpsPort: number;
}

/** Everything that HAProxy reads, by file name. */
export type Files = ReadonlyMap<string, string>;

export const CONFIG = 'haproxy.cfg';
export const DEFAULT_CERTIFICATE = 'default.pem';

const lines = (all: Iterable<string>): string => [...all].map((line) => `${line}\n`).join('');

/**
 * `nameOf` is the file name of a certificate; `generation` is shown by HAProxy once it runs with
 * the configuration.
 */
export function render(
  model: Model,
  slots: ReadonlyMap<string, Slots>,
  settings: Settings,
  nameOf: (pem: string) => string,
  generation: string,
): Files {
  const { folder } = settings;
  const tls = ` ssl crt-list ${folder}/certificates.lst alpn h2,http/1.1`;
  const http = bindsOf(settings, settings.httpPort, '');
  const https = bindsOf(settings, settings.httpsPort, tls);
  const values: Record<string, string> = { folder, generation, http, https };
  const frame = FRAME.replace(/\$\{(\w+)\}/g, (_all, name: string) => values[name]!);
  const backends = [...model.backends].map(([name, backend]) =>
    renderBackend(name, backend, slots.get(name) ?? []),
  );
  const pairs = (table: ReadonlyMap<string, string>) =>
    lines([...table].map(([key, value]) => `${key} ${value}`));
  // Each certificate for its sites alone, whatever other names it has; the first for all others.
  // A site below a wildcard may be another tenant's, which must not get the wildcard's certificate.
  const { sites, certificates } = model;
  const bare = [...sites].filter(
    (site) => !certificates.has(site) && certificates.has(wildcardOver(site)),
  );
  const listed = [
    ...bare.map((site) => `${folder}/${DEFAULT_CERTIFICATE} ${site}`),
    ...[...certificates].map(([site, pem]) => `${folder}/${nameOf(pem)} ${site}`),
  ];
  return new Map([
    [CONFIG, frame + backends.join('')],
    ['hosts.map', lines([...sites].map((site) => `${site} ${site}`))],
    ['tls.lst', lines(model.secure)],
    ['exact.map', pairs(model.exact)],
    ['prefix.map', pairs(model.prefixes)],
    ['certificates.lst', lines([`${folder}/${DEFAULT_CERTIFICATE}`, ...listed])],
    ...[...certificates.values()].map((pem) => [nameOf(pem), pem] as const),
  ]);
}

/** The end of the line of a server. */
const OPTIONS: Readonly<Record<Backend['protocol'], string>> = {
  http: '',
  h2: ' proto h2',
  https: ' ssl verify none sni req.hdr(host),host_only alpn h2,http/1.1 ws h1',
};

const at = (address: string, port: number | string): string =>
  `ipv${address.includes(':') ? 6 : 4}@${address}:${port}`;

function renderBackend(name: string, { protocol, sticky }: Backend, slots: Slots): string {
  const servers = slots.map((server, index) => {
    const [address = '', port = ''] = (server ?? '127.0.0.1 1').split(' ');
    const state = server ? '' : ' disabled';
    return `  server s${index + 1} ${at(address, port)}${OPTIONS[protocol]}${state}`;
  });
  const balance = sticky ? ['source', 'hash-type consistent'] : ['leastconn'];
  return lines(['', `backend ${name}`, `  balance ${balance.join('\n  ')}`, ...servers]);
}

const bindsOf = ({ addresses }: Settings, port: number, tls: string): string =>
  addresses
    .map((one) => `  bind ${at(one, port)}${one.includes(':') ? ' v6only' : ''}${tls}`)
    .join('\n');
