// nftables through the `nft` tool: one process is one atomic transaction. Where nft-helper is
// built, small transactions go to a long-running process: a millisecond each instead of six.
// Callers render the text; this file does not interpret the rules.
import { LRUCache } from 'lru-cache';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tryExec } from '../exec.js';
import { NftHelper } from './nft-helper.js';
import { NftWatcher } from './nft-watcher.js';

export class NftError extends Error {
  override name = 'NftError';
}

export interface Nft {
  /** Applies a whole script as one transaction. */
  apply(script: string): Promise<void>;
  /** Parses and checks a script against the kernel without applying it. */
  check(script: string): Promise<void>;
  /** The objects of `nft -j list table`; undefined when the table does not exist. */
  listTable(
    family: string,
    table: string,
    options?: { terse?: boolean },
  ): Promise<readonly Record<string, unknown>[] | undefined>;
  /**
   * Chains, sets and maps of a table without rules and elements; takes milliseconds whatever the
   * size. [] when the table does not exist.
   */
  listFrame(family: string, table: string): Promise<readonly Record<string, unknown>[]>;
  /** Deletes a table when it exists. */
  deleteTable(family: string, table: string): Promise<void>;
  /**
   * Calls back when another program changed the table. Resolves when the monitor ends (also when it
   * lost events), so that the caller reads the state and watches again. Needs nft-helper; rejects
   * without it.
   */
  watchTable(
    family: string,
    table: string,
    onForeignChange: () => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface NftOptions {
  /** Path of a network namespace; default: that of the caller. */
  netns?: string;
  /**
   * Folder of nft-helper (see findNativeDir). When absent or not built, each transaction is a
   * process.
   */
  nativeDir?: string;
}

/**
 * Size in bytes above which a script gets a process of its own, because parsing leaves much memory
 * behind.
 */
const SMALL_SCRIPT = 64 * 1024;

/** Number of process ids of own transactions that are remembered until the monitor reports them. */
const REMEMBERED = 256;

class NftTool implements Nft {
  private readonly prefix: readonly string[];
  private readonly own = new LRUCache<number, true>({ max: REMEMBERED });
  private readonly helper: NftHelper | undefined;
  private helperPid: number | undefined;
  private readonly watcher: NftWatcher | undefined;
  private started = 0;
  private ended = 0;

  constructor(options: NftOptions) {
    this.prefix = options.netns ? ['nsenter', `--net=${options.netns}`] : [];
    const helper = options.nativeDir && join(options.nativeDir, 'nft-helper');
    if (!helper || !existsSync(helper)) return;
    this.helper = new NftHelper([...this.prefix, helper], (pid) => (this.helperPid = pid));
    const own = {
      has: (pid: number) => this.isOwn(pid),
      started: () => this.started,
      ended: () => this.ended,
    };
    this.watcher = new NftWatcher([...this.prefix, helper, 'watch'], own);
  }

  /** Counts a transaction, also a failed one, because it may have reached the kernel. */
  private async counted<T>(transaction: () => Promise<T>): Promise<T> {
    this.started++;
    try {
      return await transaction();
    } finally {
      this.ended++;
    }
  }

  private run(args: readonly string[], input: string): Promise<void> {
    const [file, ...rest] = [...this.prefix, 'nft', ...args];
    return new Promise((resolve, reject) => {
      const child = spawn(file!, rest, { stdio: ['pipe', 'ignore', 'pipe'] });
      if (child.pid !== undefined) this.own.set(child.pid, true);
      const errors: Buffer[] = [];
      child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        const problem = Buffer.concat(errors).toString().trim().slice(0, 2000);
        if (code === 0) resolve();
        else reject(new NftError(problem || `nft: exit code ${code}`));
      });
      // a child that exits early closes its input; its exit code says why
      child.stdin.on('error', () => {});
      child.stdin.end(input);
    });
  }

  private isOwn(pid: number): boolean {
    return pid === this.helperPid || this.own.has(pid);
  }

  async apply(script: string): Promise<void> {
    const { helper, watcher } = this;
    const byTool = () => this.counted(() => this.run(['-f', '-'], script));
    if (script.length > SMALL_SCRIPT && watcher) return watcher.withoutListening(byTool);
    if (!helper?.usable || script.length > SMALL_SCRIPT) return byTool();
    let problem: string | undefined;
    try {
      problem = await this.counted(() => helper.run(script));
    } catch (error) {
      if (helper.usable) throw error;
      return byTool();
    }
    if (problem !== undefined) throw new NftError(problem.slice(0, 2000));
  }

  check(script: string): Promise<void> {
    return this.run(['-c', '-f', '-'], script);
  }

  /** The objects that `nft -j` lists; rejects with NftError. */
  private async list(...words: string[]): Promise<readonly Record<string, unknown>[]> {
    const { code, stdout, stderr } = await tryExec([...this.prefix, 'nft', '-j', ...words]);
    if (code !== 0) throw new NftError(stderr.trim());
    return (JSON.parse(stdout) as { nftables: Record<string, unknown>[] }).nftables;
  }

  async listTable(family: string, table: string, options: { terse?: boolean } = {}) {
    try {
      return await this.list(...(options.terse ? ['-t'] : []), 'list', 'table', family, table);
    } catch (error) {
      if (/No such file or directory/.test((error as Error).message)) return undefined;
      throw error;
    }
  }

  async listFrame(family: string, table: string): Promise<readonly Record<string, unknown>[]> {
    const kinds = ['chains', 'sets', 'maps'];
    const lists = await Promise.all(kinds.map((kind) => this.list('-t', 'list', kind, family)));
    return lists
      .flat()
      .filter((object) =>
        Object.values(object).some((value) => (value as { table?: string }).table === table),
      );
  }

  /** Declares the table first, so that the deletion succeeds when it does not exist. */
  deleteTable(family: string, table: string): Promise<void> {
    return this.counted(() =>
      this.run(['-f', '-'], `table ${family} ${table}\ndelete table ${family} ${table}\n`),
    );
  }

  watchTable(
    family: string,
    table: string,
    onForeignChange: () => void,
    signal: AbortSignal,
  ): Promise<void> {
    // Starts the helper early, so that the first small change does not wait for a process.
    if (this.helper?.usable) this.helper.run('').catch(() => {});
    return (
      this.watcher?.watch(family, table, onForeignChange, signal) ??
      Promise.reject(new NftError('nft-helper is not built; run hack/build-native'))
    );
  }
}

/** Needs CAP_NET_ADMIN and `nft` on PATH. */
export const openNft = (options: NftOptions = {}): Nft => new NftTool(options);
