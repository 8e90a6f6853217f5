// Layers: deterministic tar files (sorted, owner root, time zero), kept as blobs under their
// digest. A layer is written again only when its inputs changed.
import { createHash } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Transform } from 'node:stream';
import { pack, type Header, type Pack } from 'tar-stream';

/**
 * A file in an image: a copy of a host file (`source`), a given text, a link, or a folder. Paths
 * have no leading slash.
 */
export type Entry =
  | { path: string; source: string; mode?: number }
  | { path: string; text: string; mode?: number }
  | { path: string; link: string }
  | { path: string; folder: true; mode?: number };

export interface Blob {
  /** 'sha256:...' */
  digest: string;
  size: number;
}

export const blobPath = (cache: string, digest: string) =>
  join(cache, 'blobs', ...digest.split(':'));

const EPOCH = new Date(0);

/** The cache key of a layer. Host files enter by size and change time. */
export function layerKey(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const entry of sorted(entries)) {
    const from = 'source' in entry ? statSync(entry.source) : undefined;
    hash.update(JSON.stringify([entry, from?.size, from?.mtimeMs]));
  }
  return hash.digest('hex');
}

/** Adds the folders of all files, so that the layer is valid on its own. */
function sorted(entries: readonly Entry[]): Entry[] {
  const byPath = new Map<string, Entry>(entries.map((entry) => [entry.path, entry]));
  for (const { path } of entries) {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i++) {
      const dir = parts.slice(0, i).join('/');
      if (!byPath.has(dir)) byPath.set(dir, { path: dir, folder: true });
    }
  }
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function add(tar: Pack, entry: Entry): Promise<void> {
  const common = { uid: 0, gid: 0, mtime: EPOCH };
  const put = (header: Partial<Header> & Pick<Header, 'name'>, body = '') =>
    new Promise<void>((resolve, reject) =>
      tar.entry(header, body, (error) => (error ? reject(error) : resolve())),
    );
  if ('link' in entry)
    return put({ ...common, name: entry.path, type: 'symlink', linkname: entry.link, mode: 0o777 });
  if ('folder' in entry)
    return put({ ...common, name: entry.path, type: 'directory', mode: entry.mode ?? 0o755 });
  if ('text' in entry)
    return put({ ...common, name: entry.path, mode: entry.mode ?? 0o644 }, entry.text);
  const stat = statSync(entry.source);
  const mode = entry.mode ?? (stat.mode & 0o111 ? 0o755 : 0o644);
  const sink = tar.entry({ ...common, name: entry.path, size: stat.size, mode });
  await pipeline(createReadStream(entry.source), sink);
}

/** Writes the tar file that `fill` makes to a blob named by its digest. */
export async function writeBlob(cache: string, fill: (tar: Pack) => Promise<void>): Promise<Blob> {
  const dir = join(cache, 'blobs/sha256');
  mkdirSync(dir, { recursive: true });
  const temporary = join(dir, `.new-${process.pid}-${Math.random().toString(36).slice(2)}`);
  const hash = createHash('sha256');
  let size = 0;
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  const tar = pack();
  const written = pipeline(tar, meter, createWriteStream(temporary));
  await Promise.all([written, fill(tar).then(() => tar.finalize())]);
  const digest = `sha256:${hash.digest('hex')}`;
  renameSync(temporary, blobPath(cache, digest));
  return { digest, size };
}

/** Builds the layer, unless it exists. */
export async function buildLayer(cache: string, entries: readonly Entry[]): Promise<Blob> {
  const note = join(cache, 'layers', `${layerKey(entries)}.json`);
  if (existsSync(note)) {
    const blob = JSON.parse(readFileSync(note, 'utf8')) as Blob;
    if (existsSync(blobPath(cache, blob.digest))) return blob;
  }
  const blob = await writeBlob(cache, async (tar) => {
    for (const entry of sorted(entries)) await add(tar, entry);
  });
  mkdirSync(join(cache, 'layers'), { recursive: true });
  writeFileSync(note, JSON.stringify(blob));
  return blob;
}

/** Stores a small JSON document as a blob. */
export function writeJsonBlob(cache: string, value: unknown): Blob {
  const text = JSON.stringify(value);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  mkdirSync(join(cache, 'blobs/sha256'), { recursive: true });
  writeFileSync(blobPath(cache, digest), text);
  return { digest, size: Buffer.byteLength(text) };
}
