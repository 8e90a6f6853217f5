// skydns: records from etcd under /skydns/, kept in memory by list and watch.
import { CompactedError, type Storage } from '../../storage/storage.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import { refusal, type Plugin } from '../answer.js';
import { address, isWithin, negative } from '../../component-helpers/dns/reply.js';
import type { Record, Reply } from '../wire/record.js';
import { MAX_CNAME_CHAIN, SKYDNS_TTL } from '../limits.js';
import { isName } from '../wire/names.js';
import { parseRecord, RecordTree, type Located } from './tree.js';
import { familyOf } from '../../util/netaddr/ip.js';

export interface SkyDnsOptions {
  storage: Storage;
  /** Key prefix, '/skydns/'. */
  prefix: string;
  /** Zones answered from etcd, without final dots. */
  domains: readonly string[];
  env: Env;
}

export interface SkyDns {
  plugin: Plugin;
  /** Keeps the tree in sync with etcd until abort. */
  run(signal: AbortSignal): Promise<void>;
}

export function skydns({ storage, prefix, domains, env }: SkyDnsOptions): SkyDns {
  const tree = new RecordTree();
  let synced = false;
  const follow = async (signal: AbortSignal): Promise<void> => {
    const { kvs, revision } = await storage.list(prefix, { signal });
    tree.clear();
    for (const kv of kvs) apply(tree, prefix, kv.key, kv.value);
    synced = true;
    const batches = storage.watch(prefix, { fromRevision: revision + 1, signal });
    for await (const { events } of batches)
      for (const { type, kv } of events)
        apply(tree, prefix, kv.key, type === 'put' ? kv.value : undefined);
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    const backoff = new Backoff({ baseMs: 200, maxMs: 10_000, jitter: 0.2 }, env.random);
    const failed = (error: unknown) => {
      if (!(error instanceof CompactedError))
        env.log.warn('SkyDNS records unavailable, retrying', { error });
    };
    await every({ env, signal, periodMs: 0, backoff, failed }, () => follow(signal));
  };
  const plugin: Plugin = {
    name: 'skydns',
    ready: () => synced,
    answer({ name, type }) {
      const reverse = name.endsWith('.arpa') ? 'arpa' : undefined;
      const zone = domains.find((d) => isWithin(name, d)) ?? reverse;
      if (zone === undefined) return undefined;
      if (zone !== 'arpa' && !synced) return refusal('REFUSED');
      return answer(tree, { name, type, zone, now: env.clock.now() });
    },
  };
  return { plugin, run };
}

function apply(tree: RecordTree, prefix: string, key: string, value: Uint8Array | undefined): void {
  const path = key.slice(prefix.length).split('/').filter(Boolean);
  if (value === undefined) return tree.delete(path);
  const record = isName(nameOf(path)) && parseRecord(new TextDecoder().decode(value));
  if (record) tree.set(path, record);
  else tree.delete(path);
}

const pathOf = (name: string): string[] => name.split('.').reverse();
const nameOf = (path: readonly string[]): string => [...path].reverse().join('.');

function answer(
  tree: RecordTree,
  q: { name: string; type: string; zone: string; now: number },
): Reply | undefined {
  const located = tree.find(pathOf(q.name));
  if (!located) return q.zone === 'arpa' ? undefined : negative(q.zone, false, q.now);
  if (q.type === 'ANY') return { rcode: 'REFUSED', authoritative: true, answers: [] };
  const make = MAKERS[q.type];
  const { answers, additionals = [] } = make ? make(tree, q.name, located) : { answers: [] };
  if (!answers.length) return q.zone === 'arpa' ? undefined : negative(q.zone, true, q.now);
  const ttl = Math.min(...answers.map((a) => ('ttl' in a ? (a.ttl ?? SKYDNS_TTL) : SKYDNS_TTL)));
  const alike = answers.map((a) => ({ ...a, ttl }) as Record);
  return { rcode: 'NOERROR', authoritative: q.zone !== 'arpa', answers: alike, additionals };
}

interface Made {
  answers: Record[];
  additionals?: Record[];
}

const ttlOf = (l: Located): number => l.record.ttl || SKYDNS_TTL;

function addresses(
  tree: RecordTree,
  name: string,
  located: Located[],
  family: 4 | 6,
  depth = 0,
): Record[] {
  return located.flatMap((l): Record[] => {
    const { host = '' } = l.record;
    const kind = familyOf(host);
    if (kind) return kind === family ? [address(name, host, ttlOf(l))] : [];
    if (!host || depth >= MAX_CNAME_CHAIN || host === name) return [];
    const target = host.toLowerCase().replace(/\.$/, '');
    const next = tree.find(pathOf(target)) ?? [];
    return [
      { type: 'CNAME', name, ttl: ttlOf(l), data: target },
      ...addresses(tree, target, next, family, depth + 1),
    ];
  });
}

/** The name of a record as SRV target, shortened by `targetstrip` labels. */
const targetOf = ({ path, record }: Located): string =>
  nameOf(path.slice(0, path.length - (record.targetstrip ?? 0)));

function services(name: string, located: Located[]): Made {
  const usable = located.filter((l) => l.record.host);
  const weights = new Map<number, number>();
  for (const { record } of usable) {
    const priority = record.priority ?? 10;
    weights.set(priority, (weights.get(priority) ?? 0) + (record.weight || 100));
  }
  const additionals: Record[] = [];
  const answers = usable.map((l): Record => {
    const { host = '', port = 0, priority = 10, weight } = l.record;
    const isAddress = familyOf(host) !== undefined;
    const target = isAddress ? targetOf(l) : host.toLowerCase().replace(/\.$/, '');
    if (isAddress) additionals.push(address(target, host, ttlOf(l)));
    const share = Math.floor((100 / weights.get(priority)!) * (weight || 100));
    return { type: 'SRV', name, ttl: ttlOf(l), data: { priority, weight: share, port, target } };
  });
  return { answers, additionals };
}

/** A record for each of `located` that has data of the type. */
function records(
  type: Record['type'],
  name: string,
  located: Located[],
  dataOf: (at: Located) => Record['data'] | undefined,
): Made {
  const answers = located.flatMap((l) => {
    const data = dataOf(l);
    return data === undefined ? [] : ({ type, name, ttl: ttlOf(l), data } as Record);
  });
  return { answers };
}

/** A string of a TXT record holds at most 255 bytes (RFC 1035, section 3.3). */
const STRINGS = /[\s\S]{1,255}/g;

const MAKERS: { [type: string]: (tree: RecordTree, name: string, located: Located[]) => Made } = {
  A: (tree, name, located) => ({ answers: addresses(tree, name, located, 4) }),
  AAAA: (tree, name, located) => ({ answers: addresses(tree, name, located, 6) }),
  SRV: (_tree, name, located) => services(name, located),
  MX: (_tree, name, located) =>
    records('MX', name, located, (l) => {
      const { host, mail, priority: preference = 10 } = l.record;
      return mail && host
        ? { preference, exchange: familyOf(host) ? targetOf(l) : host }
        : undefined;
    }),
  TXT: (_tree, name, located) =>
    records('TXT', name, located, ({ record }) => record.text?.match(STRINGS) ?? undefined),
  CNAME: (_tree, name, located) =>
    records('CNAME', name, located, ({ path, record: { host } }) =>
      host && !familyOf(host) && nameOf(path) === name ? host : undefined,
    ),
  PTR: (_tree, name, located) =>
    records('PTR', name, located, ({ path, record: { host } }) =>
      host && nameOf(path) === name ? host : undefined,
    ),
};
