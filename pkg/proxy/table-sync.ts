// Keeps one nftables table of the kernel equal to its source: a full load first, then one small transaction
// per burst of changes; a full load again when a transaction fails or another program interferes.
//
// Invariants: one transaction at a time; a change that comes while one runs is in the next; a full
// load replaces the table in one step, so that there is no moment without rules.
import type { Nft } from '../system/nftables/nftables.js';
import { Backoff } from '../util/backoff/backoff.js';
import { sleep, type Env } from '../util/env/env.js';
import { FAMILY_NAMES, type Family } from './family.js';
import { MONITOR_RESTART_MS, RETRY_MAX_MS, RETRY_MIN_MS } from './limits.js';

/** Buckets for the duration of transactions, in seconds. */
export const SYNC_BUCKETS = Array.from({ length: 15 }, (_, at) => 0.001 * 2 ** at);

/** Pure state that renders itself as nft scripts. */
export interface TableSource {
  /** Replaces the whole table in one step; what of `found`, the kernel's chains and sets, can stay does. */
  full(found?: readonly Record<string, unknown>[]): string;
  /** What changed since the last script; '' when nothing did. */
  flush(): string;
  /** Something could not go with the last script and waits for the next. */
  readonly hasRetired: boolean;
}

export interface TableSyncOptions {
  family: Family;
  table: string;
  source: TableSource;
  /** Whether full() makes use of what it finds. */
  adopts?: boolean;
  nft: Nft;
  minIntervalMs: number;
  /** Brings the source up to date before it is read. */
  prepare?: () => void;
  /** A transaction was asked for. */
  queued?: () => void;
  /** After each transaction that went through. */
  synced(transaction: { full: boolean; seconds: number }): void;
  /** After each that did not; it is tried again with a full load. */
  failed(error: unknown): void;
}

export class TableSync {
  private wanted = false;
  private needsFull = true;
  /** The last full load failed: what is there may be the reason. */
  private distrust = false;
  private running: Promise<void> | undefined;
  private lastMs = -Infinity;
  private dueSince: number | undefined;
  private readonly backoff: Backoff;

  constructor(
    private readonly env: Env,
    private readonly options: TableSyncOptions,
    private readonly signal: AbortSignal,
  ) {
    this.backoff = new Backoff(
      { baseMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, jitter: 0.5 },
      env.random,
    );
  }

  private get family(): string {
    return FAMILY_NAMES[this.options.family].nft;
  }

  /** Something changed. */
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
      // Asked for after the loop's last look and before this.
      if (this.wanted) this.start();
    });
  }

  requestFull(): void {
    this.needsFull = true;
    this.request();
  }

  /** Milliseconds since a change waits for its transaction; 0 when none does. */
  get overdueMs(): number {
    return this.dueSince === undefined ? 0 : this.env.clock.monotonic() - this.dueSince;
  }

  /** Monotonic time of the last transaction. */
  get lastSyncMs(): number {
    return this.lastMs;
  }

  private async loop(): Promise<void> {
    while (this.wanted && !this.signal.aborted) {
      // Nothing waits when the last transaction is long ago; a burst is collected for one turn.
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
    this.options.prepare?.(); // may ask for a full load
    const full = this.needsFull;
    this.needsFull = false;
    const { source, nft } = this.options;
    const script = full ? source.full(await this.found()) : source.flush();
    this.distrust = full;
    if (script) await nft.apply(script);
    this.distrust = false;
    this.lastMs = this.env.clock.monotonic();
    if (!this.wanted) this.dueSince = undefined;
    if (source.hasRetired) this.wanted = true;
    this.options.synced({ full, seconds: (this.lastMs - started) / 1000 });
  }

  private async found(): Promise<readonly Record<string, unknown>[]> {
    const { adopts, nft, table } = this.options;
    return adopts && !this.distrust ? nft.listFrame(this.family, table).catch(() => []) : [];
  }

  /** Loads everything again when another program changed the table. Until abort. */
  async guard(): Promise<void> {
    while (!this.signal.aborted) {
      // The kernel does not keep the events of a large load for `nft monitor`: one started before would end by it, for ever.
      while (this.running && !this.options.nft.watchesLoads) await this.running;
      const foreign = () => {
        this.env.log.warn('another program changed our nftables table, loading it again', {
          family: this.family,
          table: this.options.table,
        });
        this.requestFull();
      };
      try {
        await this.options.nft.watchTable(this.family, this.options.table, foreign, this.signal);
      } catch (error) {
        this.env.log.warn('cannot watch nftables', { error });
      }
      await sleep(this.env.clock, MONITOR_RESTART_MS, this.signal).catch(() => {});
      if (!this.signal.aborted) this.requestFull();
    }
  }
}
