// Reads container logs in the CRI log format (lines of TIME STREAM P|F TEXT) for `kubectl logs`
// (upstream: pkg/kubelet/kuberuntime/logs). Following continues across rotation.
import { lstat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { openFileBeneath } from '../../system/files/beneath.js';
import { watchPath } from '../../system/files/watch-path.js';
import type { Clock } from '../../util/env/env.js';
import { Wakeup } from '../../util/wait/abortable.js';

export interface LogOptions {
  /** Follows the log by this clock. */
  follow?: Clock;
  timestamps?: boolean;
  tailLines?: number;
  limitBytes?: number;
  /** Milliseconds since the epoch; earlier lines are skipped. */
  since?: number;
  /** Limits the output to one stream; default: both. */
  stream?: 'stdout' | 'stderr';
}

export interface LogLine {
  /** RFC 3339 with nanoseconds, as in the file. */
  time: string;
  stream: string;
  /** Includes the newline, except for a partial line (tag P). */
  text: Buffer;
}

/** A log's own path below the log directory: POD/CONTAINER/FILE. */
const LOG_PARTS = 3;
const CHUNK = 64 * 1024;
const FOLLOW_POLL = 1000;
const NEWLINE = 10;
const SPACE = 32;

/** A pod that mounts the host's logs may put links there, so no folder of a log is one. */
export function ownLogPath(file: string): { root: string; relative: string } {
  const parts = file.split('/');
  const relative = parts.splice(-LOG_PARTS).join('/');
  return { root: parts.join('/') || '/', relative };
}

function openLog(file: string): Promise<FileHandle> {
  const { root, relative } = ownLogPath(file);
  return openFileBeneath(root, relative);
}

/** `undefined`: the line is not in CRI log format. */
export function parseLogLine(line: Buffer): LogLine | undefined {
  const first = line.indexOf(SPACE);
  const second = first < 0 ? -1 : line.indexOf(SPACE, first + 1);
  const third = second < 0 ? -1 : line.indexOf(SPACE, second + 1);
  if (second < 0) return undefined;
  const tags = line.subarray(second + 1, third < 0 ? undefined : third).toString();
  const text = third < 0 ? Buffer.alloc(0) : line.subarray(third + 1);
  const partial = tags.split(':')[0] === 'P';
  return {
    time: line.subarray(0, first).toString(),
    stream: line.subarray(first + 1, second).toString(),
    text: partial ? text : Buffer.concat([text, Buffer.from('\n')]),
  };
}

/** The byte offset of the last `lines` lines. */
async function tailOffset(file: FileHandle, size: number, lines: number): Promise<number> {
  if (lines === 0) return size;
  let left = lines;
  let end = size;
  const buffer = Buffer.alloc(CHUNK);
  while (end > 0) {
    const from = Math.max(0, end - CHUNK);
    const { bytesRead } = await file.read(buffer, 0, end - from, from);
    for (let i = bytesRead - 1; i >= 0; i--) {
      if (buffer[i] !== NEWLINE || from + i === size - 1) continue;
      if (--left === 0) return from + i + 1;
    }
    end = from;
  }
  return 0;
}

async function* lines(
  file: string,
  options: LogOptions,
  running: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let handle = await openLog(file);
  const { follow } = options;
  const wakeup = new Wakeup();
  const watcher = follow && watchPath(path.dirname(file), () => wakeup.wake());
  try {
    let position =
      options.tailLines === undefined
        ? 0
        : await tailOffset(handle, (await handle.stat()).size, options.tailLines);
    let rest: Buffer = Buffer.alloc(0);
    const buffer = Buffer.alloc(CHUNK);
    while (!signal.aborted) {
      const wasRunning = running();
      const { bytesRead } = await handle.read(buffer, 0, CHUNK, position);
      if (bytesRead > 0) {
        position += bytesRead;
        const data = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        let start = 0;
        for (let at = data.indexOf(NEWLINE); at >= 0; at = data.indexOf(NEWLINE, start)) {
          yield data.subarray(start, at);
          start = at + 1;
        }
        rest = Buffer.from(data.subarray(start));
        continue;
      }
      if (!follow || !wasRunning) return;
      const [now, ours] = await Promise.all([lstat(file).catch(() => undefined), handle.stat()]);
      if (now && (now.ino !== ours.ino || now.size < position)) {
        await handle.close();
        handle = await openLog(file);
        position = 0;
        rest = Buffer.alloc(0);
        continue;
      }
      await wakeup.pause(follow, FOLLOW_POLL, signal);
    }
  } finally {
    watcher?.close();
    await handle.close();
  }
}

/** Yields the requested lines. `running`: whether more output is possible. Throws ENOENT. */
export async function* readLog(
  file: string,
  options: LogOptions,
  running: () => boolean,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let left = options.limitBytes ?? Number.POSITIVE_INFINITY;
  let continues = false;
  for await (const raw of lines(file, options, running, signal)) {
    const line = parseLogLine(raw);
    if (!line || (options.stream && line.stream !== options.stream)) continue;
    if (options.since !== undefined && Date.parse(line.time) < options.since) continue;
    const text =
      options.timestamps && !continues
        ? Buffer.concat([Buffer.from(`${line.time} `), line.text])
        : line.text;
    continues = line.text.at(-1) !== NEWLINE;
    const cut = text.length > left ? text.subarray(0, left) : text;
    left -= cut.length;
    if (cut.length) yield cut;
    if (left <= 0) return;
  }
}

/** The last lines of a log, within a bound on lines and bytes. */
export async function logTail(file: string, tailLines: number, bytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of readLog(file, { tailLines }, () => false, new AbortController().signal))
    chunks.push(chunk);
  const all = Buffer.concat(chunks);
  return all.subarray(Math.max(0, all.length - bytes)).toString();
}
