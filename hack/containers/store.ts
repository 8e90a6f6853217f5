// A containerd store with all images, made once per archive and given to every node as hard links.
// A node then has its images at once, and nodes share the page cache of running programs. Only the
// databases are copied, because they change. Writes never reach a linked file: containers see it
// through overlayfs, which copies a file before it writes.
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { until } from '../cluster/wait.js';

const START_MS = 20_000;
const STOP_MS = 10_000;
const IMPORT_MS = 180_000;
/** A file in a node's store that names the archive it was filled from. */
const MARK = 'wheelhouse-images';

const config = (root: string, state: string) => `version = 2
root = "${root}"
state = "${state}/run"
disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
[grpc]
  address = "${state}/sock"
[debug]
  level = "error"
`;

/** Runs a separate containerd over `root` for the duration of `work`. */
async function withContainerd(root: string, work: (ctr: string[]) => Promise<void>): Promise<void> {
  // A short path: socket paths have at most 108 bytes.
  const state = mkdtempSync(join(tmpdir(), 'wheelhouse-store-'));
  const file = join(state, 'config.toml');
  writeFileSync(file, config(root, state));
  // In a mount namespace of its own, so that a crash while unpacking leaves no mount behind.
  const words = ['--mount', '--propagation', 'private', 'containerd', '--config', file];
  const child = spawn('unshare', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-2000)));
  let ended = false;
  child.once('close', () => (ended = true));
  child.once('error', (error) => (said += error.message));
  const ctr = ['ctr', '--address', join(state, 'sock'), '--namespace', 'k8s.io'];
  try {
    const answers = async () => ended || (await tryExec([...ctr, 'version'])).code === 0;
    await until(answers, START_MS, () => `containerd does not start: ${said}`);
    if (ended) throw new Error(`containerd ended: ${said}`);
    await work(ctr);
  } finally {
    child.kill('SIGTERM');
    await until(() => ended, STOP_MS, 'it lives').catch(() => child.kill('SIGKILL'));
    rmSync(state, { recursive: true, force: true });
  }
}

/** The store with all images of `archive`, unpacked for `snapshotter`. */
export async function buildStore(
  cache: string,
  archive: string,
  snapshotter: string,
): Promise<string> {
  const prefix = 'store-';
  const store = join(cache, `${prefix}${snapshotter}-${basename(archive, '.tar')}`);
  if (existsSync(store)) return store;
  const temporary = `${store}.new-${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  try {
    const words = ['images', 'import', '--snapshotter', snapshotter, archive];
    await withContainerd(temporary, async (ctr) => {
      await exec([...ctr, ...words], { timeoutMs: IMPORT_MS });
    });
    writeFileSync(join(temporary, MARK), basename(archive));
    if (!existsSync(store)) renameSync(temporary, store);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  for (const old of readdirSync(cache)) {
    if (old.startsWith(prefix) && !old.includes('.new-') && join(cache, old) !== store)
      rmSync(join(cache, old), { recursive: true, force: true });
  }
  return store;
}

/** Links a store to a place on the same file system: a few hundred files, a few milliseconds. */
export function linkStore(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isDirectory()) {
    mkdirSync(to, { recursive: true });
    chmodSync(to, stat.mode & 0o7777);
    for (const name of readdirSync(from)) linkStore(join(from, name), join(to, name));
  } else if (stat.isSymbolicLink()) symlinkSync(readlinkSync(from), to);
  else if (from.endsWith('.db') || basename(from) === MARK) copyFileSync(from, to);
  else linkSync(from, to);
}

/** Whether a node's containerd store was filled from this archive. */
export function isFilledFrom(root: string, archive: string): boolean {
  const mark = join(root, MARK);
  return existsSync(mark) && readFileSync(mark, 'utf8') === basename(archive);
}

export function markFilled(root: string, archive: string): void {
  writeFileSync(join(root, MARK), basename(archive));
}
