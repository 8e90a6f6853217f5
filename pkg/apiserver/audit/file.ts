// The audit log in a file, with rotation by size, age and number as upstream's lumberjack does it:
// audit.log becomes audit-2025-01-31T10-20-30.000.log.
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Env } from '../../util/env/env.js';
import { DEFAULT_AUDIT_FILE_MB } from './limits.js';
import { type AuditEvent, eventJson, eventLine } from './event.js';

export interface AuditFileOptions {
  /** '-' is the standard output. */
  path: string;
  format: 'json' | 'legacy';
  /** Days that rotated files are kept; 0: for ever. */
  maxAgeDays: number;
  /** Rotated files that are kept; 0: all. */
  maxBackups: number;
  /** Megabytes after which a file is rotated; 0: DEFAULT_AUDIT_FILE_MB. */
  maxSizeMb: number;
  compress: boolean;
}

const MB = 1024 * 1024;
const DAY_MS = 86_400_000;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}$/;

export interface AuditFile {
  /** Appends the events. Throws when they cannot be written. */
  write(events: readonly AuditEvent[]): void;
  /** Resolves when rotated files are compressed and old ones removed. */
  close(): Promise<void>;
}

/** The time of a rotated file's name in milliseconds; undefined for other files. */
function rotatedAt(file: string, path: string): number | undefined {
  const ext = extname(path);
  const prefix = `${basename(path, ext)}-`;
  const plain = file.endsWith('.gz') ? file.slice(0, -'.gz'.length) : file;
  if (!plain.startsWith(prefix) || !plain.endsWith(ext)) return undefined;
  const stamp = plain.slice(prefix.length, plain.length - ext.length);
  if (!STAMP.test(stamp)) return undefined;
  return Date.parse(`${stamp.slice(0, 10)}T${stamp.slice(11).replaceAll('-', ':')}Z`);
}

/** Removes rotated files beyond the bounds, and compresses the rest if asked to. */
async function tidy(options: AuditFileOptions, now: number): Promise<void> {
  const { path, maxBackups, maxAgeDays, compress } = options;
  const folder = dirname(path);
  const rotated = (await readdir(folder))
    .flatMap((file) => {
      const at = rotatedAt(file, path);
      return at === undefined ? [] : [{ file: join(folder, file), at }];
    })
    .toSorted((a, b) => b.at - a.at);
  for (const [index, { file, at }] of rotated.entries()) {
    const isOld = maxAgeDays > 0 && at < now - maxAgeDays * DAY_MS;
    if (isOld || (maxBackups > 0 && index >= maxBackups)) await rm(file, { force: true });
    else if (compress && !file.endsWith('.gz')) {
      const target = createWriteStream(`${file}.gz`, { mode: 0o600 });
      await pipeline(createReadStream(file), createGzip(), target);
      await rm(file, { force: true });
    }
  }
}

/** Opens or creates the file. Throws when the path cannot be written. */
export function openAuditFile(
  options: AuditFileOptions,
  env: Pick<Env, 'clock' | 'log'>,
): AuditFile {
  const { path } = options;
  const textOf = options.format === 'json' ? eventJson : eventLine;
  const linesOf = (events: readonly AuditEvent[]) =>
    Buffer.from(events.map((event) => `${textOf(event)}\n`).join(''));
  if (path === '-')
    return {
      write: (events) => void process.stdout.write(linesOf(events)),
      close: () => Promise.resolve(),
    };
  const limit = (options.maxSizeMb || DEFAULT_AUDIT_FILE_MB) * MB;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let descriptor = openSync(path, 'a', 0o600);
  let { size } = fstatSync(descriptor);
  let tidying: Promise<void> = Promise.resolve();
  const tidyLater = () => {
    tidying = tidying
      .then(() => tidy(options, env.clock.now()))
      .catch((error: unknown) => env.log.warn('rotated audit files stay', { path, error }));
  };
  const rotate = () => {
    const stamp = new Date(env.clock.now()).toISOString().slice(0, -1).replaceAll(':', '-');
    const ext = extname(path);
    renameSync(path, join(dirname(path), `${basename(path, ext)}-${stamp}${ext}`));
    const next = openSync(path, 'a', 0o600);
    closeSync(descriptor);
    [descriptor, size] = [next, 0];
    tidyLater();
  };
  tidyLater();
  return {
    write(events) {
      const lines = linesOf(events);
      if (size > 0 && size + lines.length > limit) rotate();
      for (let at = 0; at < lines.length;) at += writeSync(descriptor, lines, at);
      size += lines.length;
    },
    async close() {
      await tidying;
      closeSync(descriptor);
    },
  };
}
