// skydns: records from etcd under /skydns/, kept in memory by list and watch.
import { CompactedError, type Storage } from '../../storage/storage.js';
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { every } from '../../util/wait/every.js';
import { address, isWithin, negative, type Plugin } from '../answer.js';
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

export function skydns(options: SkyDnsOptions): SkyDns {
  const tree = new RecordTree();
  let synced = false;
  const follow = async (signal: AbortSignal): Promise<void> => {
    const { kvs, revision } = await options.storage.list(options.prefix, { signal });
    tree.clear();
    for (const kv of kvs) apply(tree, options.prefix, kv.key, kv.value);
    synced = true;
    for await (const batch of options.storage.watch(options.prefix, {
      fromRevision: revision + 1,
      signal,
    })) {
      for (const event of batch.events)
        apply(
          tree,
          options.prefix,
          event.kv.key,
          event.type === 'put' ? event.kv.value : undefined,
        );
    }
  };
  const run = async (signal: AbortSignal): Promise<void> => {
    const backoff = new Backoff({ baseMs: 200, maxMs: 10_000, jitter: 0.2 }, options.env.random);
    const failed = (error: unknown) => {
      if (!(error instanceof CompactedError))
        options.env.log.warn('SkyDNS records unavailable, retrying', { error });
    };
    await every({ env: options.env, signal, periodMs: 0, backoff, failed }, () => follow(signal));
  };
  const plugin: Plugin = {
    name: 'skydns',
    ready: () => synced,
    answer({ name, type }) {
      const zone =
        options.domains.find((d) => isWithin(name, d)) ??
        (name.endsWith('.arpa') ? 'arpa' : undefined);
      if (zone === undefined) return undefined;
      if (zone !== 'arpa' && !synced)
        return { rcode: 'REFUSED', authoritative: false, answers: [] };
      return answer(tree, { name, type, zone, now: options.env.clock.now() });
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
function targetOf({ path, record }: Located): string {
  return nameOf(path.slice(0, path.length - (record.targetstrip ?? 0)));
}

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

function mails(name: string, located: Located[]): Made {
  const answers = located
    .filter((l) => l.record.mail && l.record.host)
    .map((l): Record => {
      const { host = '', priority = 10 } = l.record;
      return {
        type: 'MX',
        name,
        ttl: ttlOf(l),
        data: { preference: priority, exchange: familyOf(host) ? targetOf(l) : host },
      };
    });
  return { answers };
}

/** A string of a TXT record holds at most 255 bytes (RFC 1035, section 3.3). */
function texts(name: string, located: Located[]): Made {
  const answers = located
    .filter((l) => l.record.text)
    .map((l): Record => ({
      type: 'TXT',
      name,
      ttl: ttlOf(l),
      data: l.record.text!.match(/[\s\S]{1,255}/g)!,
    }));
  return { answers };
}

const MAKERS: { [type: string]: (tree: RecordTree, name: string, located: Located[]) => Made } = {
  A: (tree, name, located) => ({ answers: addresses(tree, name, located, 4) }),
  AAAA: (tree, name, located) => ({ answers: addresses(tree, name, located, 6) }),
  SRV: (_tree, name, located) => services(name, located),
  MX: (_tree, name, located) => mails(name, located),
  TXT: (_tree, name, located) => texts(name, located),
  CNAME: (_tree, name, located) => ({
    answers: located
      .filter((l) => l.record.host && !familyOf(l.record.host) && nameOf(l.path) === name)
      .map((l): Record => ({ type: 'CNAME', name, ttl: ttlOf(l), data: l.record.host! })),
  }),
  PTR: (_tree, name, located) => ({
    answers: located
      .filter((l) => l.record.host && nameOf(l.path) === name)
      .map((l): Record => ({ type: 'PTR', name, ttl: ttlOf(l), data: l.record.host! })),
  }),
};
