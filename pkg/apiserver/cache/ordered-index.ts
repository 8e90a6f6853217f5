// Entries in key order: a two-level array of small chunks. A snapshot copies the list of chunks and
// marks the chunks shared; a later write copies only its own chunk. So exact snapshots for paging
// cost microseconds at any number of objects.
import { MAX_JOINED_BYTES } from '../limits.js';
import type { Entry } from './entry.js';

const CHUNK = 256;

interface Chunk {
  entries: Entry[];
  shared: boolean;
  /** The entries' bytes joined by commas, until the next change. */
  joined?: Buffer | undefined;
  /**
   * The values of each label in this chunk, until the next change: a selector skips most chunks.
   */
  labels?: Map<string, Set<string>> | undefined;
}

/** A label and its required value. */
export interface LabelValue {
  readonly key: string;
  readonly value: string;
}

function mayHave(chunk: Chunk, { key, value }: LabelValue): boolean {
  if (!chunk.labels) {
    const labels = (chunk.labels = new Map<string, Set<string>>());
    for (const entry of chunk.entries) {
      for (const [label, has] of Object.entries(entry.labels)) {
        const values = labels.get(label);
        if (values) values.add(has);
        else labels.set(label, new Set([has]));
      }
    }
  }
  return chunk.labels.get(key)?.has(value) ?? false;
}

const COMMA = 0x2c;

/** Bytes in several buffers, which may be made lazily. Can be read once. */
export interface ByteRun {
  readonly length: number;
  readonly buffers: Iterable<Buffer>;
}

/** `items` as a run of their `bytes`, joined by commas, several items at a time. */
export function joinedRun<T>(items: readonly T[], bytes: (item: T) => Buffer): ByteRun {
  let length = Math.max(0, items.length - 1);
  for (const item of items) length += bytes(item).length;
  const runs = Array.from(
    { length: Math.ceil(items.length / CHUNK) },
    (_, i) => () => joinBytes(items.slice(i * CHUNK, (i + 1) * CHUNK).map(bytes)),
  );
  return { length, buffers: withCommas(runs) };
}

/** Joins the parts with commas into one buffer. */
export function joinBytes(parts: readonly Buffer[]): Buffer {
  let length = Math.max(0, parts.length - 1);
  for (const part of parts) length += part.length;
  const out = Buffer.allocUnsafeSlow(length);
  let at = 0;
  for (let i = 0; i < parts.length; i++) {
    if (i) out[at++] = COMMA;
    const part = parts[i]!;
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Bounds the joined bytes of all indexes of the process; the oldest are dropped first. */
class JoinedChunks {
  private readonly kept = new Map<Chunk, number>();
  private bytes = 0;

  keep(chunk: Chunk): Buffer {
    if (chunk.joined) return chunk.joined;
    const joined = joinBytes(chunk.entries.map(bytesOf));
    chunk.joined = joined;
    this.kept.set(chunk, joined.length);
    this.bytes += joined.length;
    for (const [old] of this.kept) {
      if (this.bytes <= MAX_JOINED_BYTES || old === chunk) break;
      this.drop(old);
    }
    return joined;
  }

  drop(chunk: Chunk): void {
    if (!chunk.joined) return;
    chunk.joined = undefined;
    this.bytes -= this.kept.get(chunk) ?? 0;
    this.kept.delete(chunk);
  }
}

const joinedChunks = new JoinedChunks();

/** A fixed view of an index. */
export class Snapshot {
  constructor(
    private readonly chunks: readonly Chunk[],
    readonly size: number,
  ) {}

  /** Entries from `start` (inclusive) on with keys that begin with `prefix`, in key order. */
  collect(prefix: string, start = prefix): Entry[] {
    const out: Entry[] = [];
    const first = chunkOf(this.chunks, start);
    for (let at = first; at < this.chunks.length; at++) {
      const { entries } = this.chunks[at]!;
      for (let i = at === first ? lowerBound(entries, start) : 0; i < entries.length; i++) {
        const entry = entries[i]!;
        if (prefix !== '' && !entry.key.startsWith(prefix)) return out;
        out.push(entry);
      }
    }
    return out;
  }

  /**
   * The entries that match. `label` may name a label that all of them have: chunks without it are
   * skipped. Stops at `limit`; `last` is then the last entry that was examined, if more entries
   * follow.
   */
  filter(
    prefix: string,
    start: string,
    matches: ((entry: Entry) => boolean) | undefined,
    label?: LabelValue,
    limit = Infinity,
  ): { entries: Entry[]; last: Entry | undefined } {
    const found: Entry[] = [];
    let last: Entry | undefined;
    const first = chunkOf(this.chunks, start);
    for (let at = first; at < this.chunks.length; at++) {
      const chunk = this.chunks[at]!;
      const { entries } = chunk;
      if (prefix !== '' && at > first && !entries[0]!.key.startsWith(prefix)) break;
      if (label && found.length < limit && !mayHave(chunk, label)) continue;
      // When a chunk's last key has the prefix, all its keys from the start position on have the
      // prefix.
      const isInside = prefix === '' || entries[entries.length - 1]!.key.startsWith(prefix);
      for (let i = at === first ? lowerBound(entries, start) : 0; i < entries.length; i++) {
        const entry = entries[i]!;
        if (!isInside && !entry.key.startsWith(prefix)) return { entries: found, last: undefined };
        if (found.length >= limit) return { entries: found, last };
        last = entry;
        if (!matches || matches(entry)) found.push(entry);
      }
    }
    return { entries: found, last: undefined };
  }

  /** The number of keys after `key` that begin with `prefix`. */
  countAfter(prefix: string, key: string): number {
    let count = 0;
    const first = chunkOf(this.chunks, key);
    for (let at = first; at < this.chunks.length; at++) {
      const { entries } = this.chunks[at]!;
      const from = at === first ? lowerBound(entries, `${key}\0`) : 0;
      if (prefix === '' || entries[entries.length - 1]!.key.startsWith(prefix)) {
        count += entries.length - from;
        continue;
      }
      for (let i = from; i < entries.length; i++) {
        if (!entries[i]!.key.startsWith(prefix)) return count;
        count++;
      }
    }
    return count;
  }

  /**
   * The bytes of all present entries below `prefix`, joined by commas; later changes do not affect
   * them. Small listings are joined once between two changes, large listings lazily, piece by
   * piece.
   */
  joined(prefix: string, atOnce = MAX_JOINED_BYTES): ByteRun {
    const runs: Run[] = [];
    let length = 0;
    for (let at = chunkOf(this.chunks, prefix); at < this.chunks.length; at++) {
      const chunk = this.chunks[at]!;
      const { entries } = chunk;
      const last = entries[entries.length - 1]!;
      const isWhole = entries[0]!.key.startsWith(prefix) && last.key.startsWith(prefix);
      const inside = isWhole ? entries : entries.filter(({ key }) => key.startsWith(prefix));
      if (inside.length) {
        length += (isWhole && chunk.joined?.length) || joinedLength(inside);
        runs.push({ entries: inside, chunk: isWhole ? chunk : undefined });
      }
      if (last.key > prefix && !last.key.startsWith(prefix)) break;
    }
    const buffers = length <= atOnce ? runs.map(joinNow) : runs.map(joinLater);
    return { length: length + Math.max(0, runs.length - 1), buffers: withCommas(buffers) };
  }
}

/** Consecutive entries of a listing; `chunk` when they are a whole chunk. */
interface Run {
  entries: Entry[];
  chunk: Chunk | undefined;
}

const bytesOf = ({ bytes }: Entry): Buffer => bytes;

function joinedLength(entries: readonly Entry[]): number {
  let length = entries.length - 1;
  for (const { bytes } of entries) length += bytes.length;
  return length;
}

function joinNow({ entries, chunk }: Run): () => Buffer {
  const joined = chunk ? joinedChunks.keep(chunk) : joinBytes(entries.map(bytesOf));
  return () => joined;
}

function joinLater({ entries, chunk }: Run): () => Buffer {
  // The chunk's own array changes with the index.
  const kept = chunk ? entries.slice() : entries;
  return () => joinBytes(kept.map(bytesOf));
}

const COMMA_BYTES = Buffer.from(',');

function* withCommas(buffers: readonly (() => Buffer)[]): Generator<Buffer, void> {
  for (let at = 0; at < buffers.length; at++) {
    if (at) yield COMMA_BYTES;
    yield buffers[at]!();
  }
}

/** The chunk of `key`, whether or not it holds the key. */
function chunkOf(chunks: readonly Chunk[], key: string): number {
  let low = 0;
  let high = chunks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (chunks[middle]!.entries[0]!.key <= key) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

function lowerBound(entries: readonly Entry[], key: string): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (entries[middle]!.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class OrderedIndex {
  private chunks: Chunk[] = [];
  private readonly byKey = new Map<string, Entry>();

  get size(): number {
    return this.byKey.size;
  }

  get(key: string): Entry | undefined {
    return this.byKey.get(key);
  }

  private writable(at: number): Entry[] {
    const chunk = this.chunks[at]!;
    joinedChunks.drop(chunk);
    if (!chunk.shared) {
      chunk.labels = undefined;
      return chunk.entries;
    }
    const copy = { entries: chunk.entries.slice(), shared: false };
    this.chunks[at] = copy;
    return copy.entries;
  }

  /** Returns the previous entry. */
  set(entry: Entry): Entry | undefined {
    const previous = this.byKey.get(entry.key);
    this.byKey.set(entry.key, entry);
    if (!this.chunks.length) {
      this.chunks.push({ entries: [entry], shared: false });
      return previous;
    }
    const at = chunkOf(this.chunks, entry.key);
    const entries = this.writable(at);
    const position = lowerBound(entries, entry.key);
    if (previous) {
      entries[position] = entry;
      return previous;
    }
    entries.splice(position, 0, entry);
    if (entries.length > CHUNK)
      this.chunks.splice(at + 1, 0, { entries: entries.splice(CHUNK / 2), shared: false });
    return undefined;
  }

  delete(key: string): Entry | undefined {
    const previous = this.byKey.get(key);
    if (!previous) return undefined;
    this.byKey.delete(key);
    const at = chunkOf(this.chunks, key);
    const entries = this.writable(at);
    entries.splice(lowerBound(entries, key), 1);
    if (!entries.length) this.chunks.splice(at, 1);
    return previous;
  }

  /** A view for immediate use, valid until the next change. */
  view(): Snapshot {
    return new Snapshot(this.chunks, this.byKey.size);
  }

  /** A view that later changes do not affect. */
  snapshot(): Snapshot {
    for (const chunk of this.chunks) chunk.shared = true;
    return new Snapshot(this.chunks.slice(), this.byKey.size);
  }
}
