// Keeps one nftables table equal to its source: first a full load, then one small transaction per
// burst of changes. A failed transaction or a foreign change causes another full load.
//
// Invariants: one transaction at a time; a change during a transaction goes into the next. A full
// load replaces the table atomically, so that the rules never disappear.
import type { Nft } from '../system/nftables/nftables.js';
import { Backoff } from '../util/backoff/backoff.js';
import { sleep, type Env } from '../util/env/env.js';
import { every } from '../util/wait/every.js';
import { FAMILY_NAMES } from './family.js';
import type { Family } from '../component-helpers/addresses.js';
import { MONITOR_RESTART_MS, RETRY } from './limits.js';

/** Pure state that renders itself as nft scripts. */
export interface TableSource {
  /**
   * A script that replaces the whole table atomically. Keeps reusable objects of `found`, the
   * chains and sets in the kernel.
   */
  full(found?: readonly Record<string, unknown>[]): string;
  /** A script of the changes since the last script; empty when there are none. */
  flush(): string;
  /** Whether objects wait to be deleted by the next script. */
  readonly hasRetired: boolean;
}

export interface TableSyncOptions {
  family: Family;
  table: string;
  source: TableSource;
  /** Whether full() uses `found`. */
  adopts?: boolean;
  nft: Nft;
  minIntervalMs: number;
  /** Updates the source before it is read. */
  prepare?: () => void;
  /** Called when a transaction is requested. */
  queued?: () => void;
  /** Called after each successful transaction. */
  synced(transaction: { full: boolean; seconds: number }): void;
  /** Called after each failed transaction, which is retried as a full load. */
  failed(error: unknown): void;
}

export class TableSync {
  private wanted = false;
  private needsFull = true;
  /**
   * The last full load failed; the objects in the kernel may be the reason, so the next one ignores
   * them.
   */
  private ignoreFound = false;
  private running: Promise<void> | undefined;
  private lastMs = -Infinity;
  private dueSince: number | undefined;
  private readonly backoff: Backoff;

  constructor(
    private readonly env: Env,
    private readonly options: TableSyncOptions,
    private readonly signal: AbortSignal,
  ) {
    this.backoff = new Backoff(RETRY, env.random);
  }

  private get family(): string {
    return FAMILY_NAMES[this.options.family].nft;
  }

  /** Requests a transaction. */
  request(): void {
    this.wanted = true;
    this.dueSince ??= this.env.clock.monotonic();
    this.options.queued?.();
    this.start();
  }

  private start(): void {
    if (this.running || this.signal.aborted) return;
    this.running = this.loop().finally(() => {
      this.running = undefined;
      // Requested after the last check of the loop and before this point.
      if (this.wanted) this.start();
    });
  }

  requestFull(): void {
    this.needsFull = true;
    this.request();
  }

  /** Milliseconds that a change has waited for its transaction; 0 when none is pending. */
  get overdueMs(): number {
    return this.dueSince === undefined ? 0 : this.env.clock.monotonic() - this.dueSince;
  }

  /** Monotonic time of the last transaction, milliseconds. */
  get lastSyncMs(): number {
    return this.lastMs;
  }

  private async loop(): Promise<void> {
    while (this.wanted && !this.signal.aborted) {
      // Runs at once when the last transaction is old enough; else a burst is collected.
      await sleep(
        this.env.clock,
        Math.max(0, this.lastMs + this.options.minIntervalMs - this.env.clock.monotonic()),
        this.signal,
      ).catch(() => {});
      if (this.signal.aborted) return;
      this.wanted = false;
      try {
        await this.once();
        this.backoff.reset();
      } catch (error) {
        this.options.failed(error);
        this.needsFull = true;
        this.wanted = true;
        await sleep(this.env.clock, this.backoff.next(), this.signal).catch(() => {});
      }
    }
  }

  private async once(): Promise<void> {
    const started = this.env.clock.monotonic();
    this.options.prepare?.(); // may request a full load
    const full = this.needsFull;
    this.needsFull = false;
    const { source, nft } = this.options;
    const script = full ? source.full(await this.found()) : source.flush();
    this.ignoreFound = full;
    if (script) await nft.apply(script);
    this.ignoreFound = false;
    this.lastMs = this.env.clock.monotonic();
    if (!this.wanted) this.dueSince = undefined;
    if (source.hasRetired) this.wanted = true;
    this.options.synced({ full, seconds: (this.lastMs - started) / 1000 });
  }

  private async found(): Promise<readonly Record<string, unknown>[]> {
    const { adopts, nft, table } = this.options;
    return adopts && !this.ignoreFound ? nft.listFrame(this.family, table).catch(() => []) : [];
  }

  /** Reloads the table when another program changed it. Runs until abort. */
  async guard(): Promise<void> {
    const foreign = () => {
      this.env.log.warn('another program changed our nftables table, loading it again', {
        family: this.family,
        table: this.options.table,
      });
      this.requestFull();
    };
    let isFirst = true;
    const { env, signal } = this;
    const failed = 'cannot watch nftables';
    await every({ env, signal, periodMs: MONITOR_RESTART_MS, failed }, async () => {
      if (!isFirst) this.requestFull(); // changes between two monitors are not seen
      isFirst = false;
      await this.options.nft.watchTable(this.family, this.options.table, foreign, signal);
    });
  }
}
