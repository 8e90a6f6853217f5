// Renders one service as elements of the flat layout, with chains of its own only for session
// affinity and source ranges. Pure.
import { FAMILY_NAMES } from '../family.js';
import { hashName } from './hash.js';
import type { PortModel, ServiceModel, Target } from '../model.js';
import { MARK, markOffCluster, type LayoutSettings } from './layout.js';

/** The part of the table that belongs to one service. */
export interface TablePart {
  /** Map or set, key, value ('' in sets). */
  elements: readonly (readonly [map: string, key: string, value: string])[];
  /** Chains that only this service uses. */
  chains: readonly (readonly [name: string, rules: readonly string[]])[];
  /** Definitions of sets that only this service uses, by name. */
  sets: readonly (readonly [name: string, definition: string])[];
}

interface Draft {
  elements: [string, string, string][];
  chains: [string, readonly string[]][];
  sets: [string, string][];
}

/** One port of a service, and where its elements and chains go. */
interface PortDraft {
  service: ServiceModel;
  port: PortModel;
  settings: LayoutSettings;
  draft: Draft;
  affinity: AffinityChains | undefined;
}

export function renderService(service: ServiceModel, settings: LayoutSettings): TablePart {
  const draft: Draft = { elements: [], chains: [], sets: [] };
  draft.elements.push(['cluster-ips', service.clusterIP, '']);
  for (const port of service.ports) {
    const plain = { service, port, settings, draft, affinity: undefined };
    const affinity = service.affinitySeconds === undefined ? undefined : renderAffinity(plain);
    const of: PortDraft = { ...plain, affinity };
    renderClusterIP(of);
    for (const ip of service.externalIPs) renderAddress(of, ip, []);
    for (const ip of port.loadBalancerIPs ?? service.loadBalancerIPs)
      renderAddress(of, ip, service.sourceRanges);
    if (port.nodePort) {
      const key = `${port.protocol} . ${port.nodePort}`;
      const chain = outerChain(of, 'np', key, `${port.nodePort}`);
      if (chain) draft.elements.push(['np', key, `goto ${chain}`]);
    }
    for (const { ip, local } of port.cluster)
      if (local) draft.elements.push(['hairpin', `${ip} . ${ip}`, '']);
    for (const { ip } of port.local) draft.elements.push(['hairpin', `${ip} . ${ip}`, '']);
  }
  // Only shared addresses and pods of this node can repeat; the many services without either are
  // not checked.
  const repeats =
    service.externalIPs.length + service.loadBalancerIPs.length > 0 ||
    draft.elements.some(([map]) => map === 'hairpin');
  return repeats ? dedupe(draft) : draft;
}

/**
 * A concatenated key. Array.join gives a flat string, which takes half the memory of a template
 * string.
 */
const join = (...parts: (string | number)[]): string => parts.join(' . ');

/** Adds the endpoints as the slots of an address and port. */
function slots(
  { draft, port: { protocol } }: PortDraft,
  map: string,
  prefix: string,
  targets: readonly Target[],
): void {
  targets.forEach(({ ip, port }, slot) =>
    draft.elements.push([`${map}-${protocol}`, join(prefix, slot), join(ip, port)]),
  );
}

/** Chain names of a service port with affinity. */
interface AffinityChains {
  cluster: string;
  external: string;
  externalLocal: string;
  internalLocal: string;
}

function renderClusterIP(of: PortDraft): void {
  const { service, port, draft, affinity } = of;
  const { protocol } = port;
  const key = join(service.clusterIP, protocol, port.port);
  const targets = service.internalLocal ? port.local : port.cluster;
  if (!targets.length) {
    const verdict = service.internalLocal && port.any ? 'drop' : 'goto reject-chain';
    draft.elements.push(['noep-svc', key, verdict]);
    return;
  }
  if (affinity) {
    const chain = service.internalLocal ? affinity.internalLocal : affinity.cluster;
    draft.elements.push(['svc', key, `goto ${chain}`]);
    return;
  }
  draft.elements.push(['svc', key, `goto cip-${protocol}-${targets.length}`]);
  slots(of, 'ep', join(service.clusterIP, port.port), targets);
}

/** The map of endpoints, and the kinds of shared chains, of addresses and of node ports. */
const OUTER = {
  svc: { endpoints: 'ep', cluster: 'ext', local: 'xl' },
  np: { endpoints: 'np', cluster: 'nod', local: 'nl' },
} as const;

/**
 * The chain for packets from outside of the cluster, whose endpoints are added; undefined, and a
 * rejecting element, when there are none.
 */
function outerChain(
  of: PortDraft,
  map: keyof typeof OUTER,
  key: string,
  prefix: string,
): string | undefined {
  const { service, port, draft, affinity } = of;
  const { protocol, cluster, local } = port;
  if (!cluster.length) {
    draft.elements.push([`noep-${map}`, key, 'goto reject-chain']);
    return undefined;
  }
  if (affinity) return service.externalLocal ? affinity.externalLocal : affinity.external;
  const kinds = OUTER[map];
  slots(of, kinds.endpoints, prefix, cluster);
  if (!service.externalLocal) return `${kinds.cluster}-${protocol}-${cluster.length}`;
  slots(of, `${kinds.endpoints}l`, prefix, local);
  return `${kinds.local}-${protocol}-${cluster.length}-${local.length}`;
}

function renderAddress(of: PortDraft, ip: string, ranges: readonly string[]): void {
  const { service, port, settings, draft } = of;
  const { protocol } = port;
  const key = `${ip} . ${protocol} . ${port.port}`;
  let chain = outerChain(of, 'svc', key, `${ip} . ${port.port}`);
  if (!chain) return;
  if (ranges.length) {
    const firewall = `fw-${hashName(`${service.key}/${protocol}/${port.name}/${ip}`)}`;
    draft.chains.push([
      firewall,
      [`${FAMILY_NAMES[settings.family].nft} saddr { ${ranges.join(', ')} } goto ${chain}`, 'drop'],
    ]);
    // No definition is needed here: shared chains are created when an element or a chain names
    // them.
    chain = firewall;
  }
  draft.elements.push(['svc', key, `goto ${chain}`]);
}

function renderAffinity({ service, port, settings, draft }: PortDraft): AffinityChains {
  const id = hashName(
    `${service.key}/${port.protocol}/${port.name}/${port.port}/${service.affinitySeconds!}`,
  );
  const chains = {
    cluster: `ac-${id}`,
    external: `ae-${id}`,
    externalLocal: `ax-${id}`,
    internalLocal: `ai-${id}`,
  };
  const { nft, address } = FAMILY_NAMES[settings.family];
  const targets = new Map(
    [...port.cluster, ...port.local].map((target) => [`${target.ip}:${target.port}`, target]),
  );
  const names = new Map([...targets].map(([key]) => [key, hashName(`${id}/${key}`)]));
  for (const [key, { ip, port: to }] of targets) {
    const set = `af-${names.get(key)!}`;
    draft.sets.push([
      set,
      `set ${set} { type ${address}; flags dynamic,timeout; timeout ${service.affinitySeconds!}s; }`,
    ]);
    draft.chains.push([
      `ep-${names.get(key)!}`,
      [
        `update @${set} { ${nft} saddr }`,
        `meta l4proto ${port.protocol} dnat ${nft} to ${settings.family === 6 ? `[${ip}]` : ip}:${to}`,
      ],
    ]);
  }
  const balance = (list: readonly Target[]): string[] => {
    const endpoints = list.map((target) => names.get(`${target.ip}:${target.port}`)!);
    return [
      ...endpoints.map((name) => `${nft} saddr @af-${name} goto ep-${name}`),
      `numgen random mod ${endpoints.length} vmap { ${endpoints.map((name, slot) => `${slot} : goto ep-${name}`).join(', ')} }`,
    ];
  };
  if (port.cluster.length) {
    draft.chains.push([`ab-${id}`, balance(port.cluster)]);
    draft.chains.push([chains.cluster, [...markOffCluster(settings), `goto ab-${id}`]]);
    draft.chains.push([chains.external, [MARK, `goto ab-${id}`]]);
    if (service.externalLocal) {
      const pods = settings.clusterCidr
        ? [`${nft} saddr ${settings.clusterCidr} goto ab-${id}`]
        : [];
      draft.chains.push([
        chains.externalLocal,
        [
          ...pods,
          `fib saddr type local ${MARK} goto ab-${id}`,
          ...(port.local.length ? balance(port.local) : ['drop']),
        ],
      ]);
    }
  }
  if (service.internalLocal && port.local.length)
    draft.chains.push([
      chains.internalLocal,
      [...markOffCluster(settings), ...balance(port.local)],
    ]);
  return chains;
}

/** Removes elements with equal keys; the last one wins. */
function dedupe(draft: Draft): TablePart {
  const elements = new Map(
    draft.elements.map((element) => [`${element[0]}|${element[1]}`, element]),
  );
  return { ...draft, elements: [...elements.values()] };
}
