// Keeps the kernel's table equal to the TableState: a full load first, then one small transaction
// per burst of changes; a full load again when a transaction fails or another program interferes.
//
// Invariant: one transaction at a time; a change that comes while one runs is in the next.
import { Backoff } from '../../util/backoff/backoff.js';
import { sleep, type Env } from '../../util/env/env.js';
import type { Nft } from '../../system/nftables/nftables.js';
import { MONITOR_RESTART_MS, RETRY_MAX_MS, RETRY_MIN_MS } from '../limits.js';
import { TABLE } from './layout.js';
import type { TableState } from './table.js';

const SYNC_BUCKETS = Array.from({ length: 15 }, (_, at) => 0.001 * 2 ** at);

export class TableSync {
  private wanted = false;
  private needsFull = true;
  private running: Promise<void> | undefined;
  private lastMs = -Infinity;
  private dueSince: number | undefined;
  private readonly backoff: Backoff;
  /** Called after each transaction that went through. */
  onSynced: () => void = () => {};

  constructor(
    private readonly env: Env,
    private readonly nft: Nft,
    private readonly state: TableState,
    private readonly minIntervalMs: number,
    /** Brings the state up to date before it is read. */
    private readonly prepare: () => void,
    private readonly signal: AbortSignal,
  ) {
    this.backoff = new Backoff({ baseMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, jitter: 0.5 }, env.random);
  }

  /** Something changed. */
  request(): void {
    this.wanted = true;
    this.dueSince ??= this.env.clock.monotonic();
    if (!this.signal.aborted) this.running ??= this.loop().finally(() => (this.running = undefined));
  }

  requestFull(): void {
    this.needsFull = true;
    this.request();
  }

  /** Milliseconds since a change waits for its transaction; 0 when none does. */
  get overdueMs(): number {
    return this.dueSince === undefined ? 0 : this.env.clock.monotonic() - this.dueSince;
  }

  get lastSyncMs(): number {
    return this.lastMs;
  }

  private async loop(): Promise<void> {
    while (this.wanted && !this.signal.aborted) {
      const wait = this.lastMs + this.minIntervalMs - this.env.clock.monotonic();
      // Nothing waits when the last transaction is long ago; a burst is collected for one turn.
      await sleep(this.env.clock, Math.max(0, wait), this.signal).catch(() => {});
      if (this.signal.aborted) return;
      this.wanted = false;
      try {
        await this.once();
        this.backoff.reset();
      } catch (error) {
        this.env.log.error('cannot program nftables, retrying with a full load', { error });
        this.env.metrics.counter('kubeproxy_sync_proxy_rules_nftables_sync_failures_total', 'Cumulative proxy nftables sync failures').inc();
        this.needsFull = true;
        this.wanted = true;
        await sleep(this.env.clock, this.backoff.next(), this.signal).catch(() => {});
      }
    }
  }

  private async once(): Promise<void> {
    const started = this.env.clock.monotonic();
    this.prepare();
    const full = this.needsFull;
    const script = full ? this.state.full() : this.state.flush();
    this.needsFull = false;
    if (script) await this.nft.apply(script);
    this.lastMs = this.env.clock.monotonic();
    if (!this.wanted) this.dueSince = undefined;
    const seconds = (this.lastMs - started) / 1000;
    this.env.metrics.histogram('kubeproxy_sync_proxy_rules_duration_seconds', 'SyncProxyRules latency in seconds', SYNC_BUCKETS, ['ip_family']).observe(seconds, { ip_family: 'IPv4' });
    this.env.metrics.gauge('kubeproxy_sync_proxy_rules_last_timestamp_seconds', 'The last time proxy rules were successfully synced').set(this.env.clock.now() / 1000);
    this.env.log[full ? 'info' : 'debug']('nftables synced', { full, elements: this.state.size, milliseconds: Math.round(seconds * 1000) });
    if (this.state.hasRetired) this.wanted = true;
    this.onSynced();
  }

  /** Loads everything again when another program changed our table. Until abort. */
  async guard(): Promise<void> {
    while (!this.signal.aborted) {
      const foreign = () => {
        this.env.log.warn('another program changed our nftables table, loading it again');
        this.requestFull();
      };
      try {
        await this.nft.watchTable('ip', TABLE, foreign, this.signal);
      } catch (error) {
        this.env.log.warn('cannot watch nftables', { error });
      }
      await sleep(this.env.clock, MONITOR_RESTART_MS, this.signal).catch(() => {});
      if (!this.signal.aborted) this.requestFull();
    }
  }
}
