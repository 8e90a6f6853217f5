// Keeps the kernel's policy table equal to the Ruleset: a full load first, then one small transaction
// per burst of changes; a full load again when a transaction fails or another program interferes.
//
// Invariants: one transaction at a time; a change that comes while one runs is in the next; a full
// load replaces the table in one step, so that there is no moment without rules.
import type { Nft } from '../../system/nftables/nftables.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { sleep, type Env } from '../../util/env/env.js';
import { MONITOR_RESTART_MS, RETRY_MAX_MS, RETRY_MIN_MS } from './limits.js';
import { POLICY_TABLE, type Ruleset } from './ruleset.js';

const SYNC_BUCKETS = Array.from({ length: 15 }, (_, at) => 0.001 * 2 ** at);

export class PolicySync {
  private wanted = false;
  private needsFull = true;
  private running: Promise<void> | undefined;
  private lastMs = -Infinity;
  private dueSince: number | undefined;
  private readonly backoff: Backoff;

  constructor(
    private readonly env: Env,
    private readonly nft: Nft,
    private readonly ruleset: Ruleset,
    private readonly minIntervalMs: number,
    private readonly signal: AbortSignal,
  ) {
    this.backoff = new Backoff({ baseMs: RETRY_MIN_MS, maxMs: RETRY_MAX_MS, jitter: 0.5 }, env.random);
  }

  /** Something changed. */
  request(): void {
    this.wanted = true;
    this.dueSince ??= this.env.clock.monotonic();
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

  private async loop(): Promise<void> {
    while (this.wanted && !this.signal.aborted) {
      // Nothing waits when the last transaction is long ago; a burst is collected for one turn.
      await sleep(this.env.clock, Math.max(0, this.lastMs + this.minIntervalMs - this.env.clock.monotonic()), this.signal).catch(() => {});
      if (this.signal.aborted) return;
      this.wanted = false;
      try {
        await this.once();
        this.backoff.reset();
      } catch (error) {
        this.env.log.error('cannot program network policies, retrying with a full load', { error });
        this.env.metrics.counter('kubeproxy_network_policy_sync_failures_total', 'Transactions of network policy rules that failed').inc();
        this.needsFull = true;
        this.wanted = true;
        await sleep(this.env.clock, this.backoff.next(), this.signal).catch(() => {});
      }
    }
  }

  private async once(): Promise<void> {
    const started = this.env.clock.monotonic();
    const full = this.needsFull;
    this.needsFull = false;
    const script = full ? this.ruleset.full() : this.ruleset.flush();
    if (script) {
      await this.nft.apply(script);
      this.lastMs = this.env.clock.monotonic();
    }
    if (!this.wanted) this.dueSince = undefined;
    if (!script) return;
    const seconds = (this.lastMs - started) / 1000;
    const { metrics, log, clock } = this.env;
    metrics.histogram('kubeproxy_network_policy_sync_duration_seconds', 'Time of one transaction of network policy rules', SYNC_BUCKETS).observe(seconds);
    metrics.gauge('kubeproxy_network_policy_last_sync_timestamp_seconds', 'When network policy rules were last brought up to date').set(clock.now() / 1000);
    metrics.gauge('kubeproxy_network_policy_elements', 'Elements in the sets of network policy rules').set(this.ruleset.size);
    metrics.gauge('kubeproxy_network_policy_isolated_pods', 'Pods of this node to which a network policy applies').set(this.ruleset.isolatedPods);
    log[full ? 'info' : 'debug']('network policies synced', { full, elements: this.ruleset.size, isolatedPods: this.ruleset.isolatedPods, milliseconds: Math.round(seconds * 1000) });
    if (this.ruleset.hasRetired) this.wanted = true;
  }

  /** Loads everything again when another program changed the table. Until abort. */
  async guard(): Promise<void> {
    while (!this.signal.aborted) {
      // The kernel does not keep the events of a large load for a monitor: one started before would end by it, for ever.
      while (this.running) await this.running;
      const foreign = () => {
        this.env.log.warn('another program changed our network policy table, loading it again');
        this.requestFull();
      };
      try {
        await this.nft.watchTable('ip', POLICY_TABLE, foreign, this.signal);
      } catch (error) {
        this.env.log.warn('cannot watch nftables', { error });
      }
      await sleep(this.env.clock, MONITOR_RESTART_MS, this.signal).catch(() => {});
      if (!this.signal.aborted) this.requestFull();
    }
  }
}
