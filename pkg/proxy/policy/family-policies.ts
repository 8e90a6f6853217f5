// The policies of one address family: the tracker, the ruleset and its table in the kernel.
//
// Invariant: IPv6 has no table and no watcher until a pod of this node has an IPv6 address;
// afterwards it keeps them.
import type { NetworkPolicy } from '../../apis/networking/v1/types.js';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Nft } from '../../system/nftables/nftables.js';
import type { Env } from '../../util/env/env.js';
import { aborted } from '../../util/wait/abortable.js';
import { FAMILY_NAMES } from '../family.js';
import type { Family } from '../../component-helpers/addresses.js';
import { TableSync, type TableSyncOptions } from '../table-sync.js';
import { policyPod, type Labels } from '../../component-helpers/networkpolicy/pods.js';
import { buildPolicy } from '../../component-helpers/networkpolicy/model.js';
import { POLICY_TABLE, Ruleset } from './ruleset.js';
import { PolicyTracker } from './tracker.js';

export interface FamilyPoliciesOptions extends Pick<
  TableSyncOptions,
  'synced' | 'failed' | 'minIntervalMs'
> {
  family: Family;
  nodeName: string;
}

export class FamilyPolicies {
  readonly ruleset: Ruleset;
  private readonly tracker: PolicyTracker;
  private readonly sync: TableSync;
  private running = false;
  /** Aborts with the first pod that needs the table. */
  private readonly found = new AbortController();

  constructor(
    private readonly env: Env,
    private readonly nft: Nft,
    private readonly options: FamilyPoliciesOptions,
    private readonly signal: AbortSignal,
  ) {
    this.ruleset = new Ruleset(options.family);
    this.tracker = new PolicyTracker(this.ruleset);
    const target = { table: POLICY_TABLE, source: this.ruleset, nft };
    this.sync = new TableSync(env, { ...options, ...target }, signal);
  }

  setNamespace(name: string, labels: Labels | undefined): void {
    this.tracker.setNamespace(name, labels);
  }

  setPod(key: string, pod: Pod | undefined): void {
    this.tracker.setPod(key, pod && policyPod(pod, this.options.nodeName, this.options.family));
    if (this.needed) this.found.abort();
  }

  setPolicy(key: string, policy: NetworkPolicy | undefined): void {
    this.tracker.setPolicy(key, policy && buildPolicy(policy, this.options.family));
  }

  /** Requests a transaction for the changes. */
  request(): void {
    if (this.running) this.sync.request();
  }

  get activePolicies(): number {
    return this.tracker.activePolicies;
  }

  /** Whether all changes are in the kernel. */
  get settled(): boolean {
    return this.running ? this.sync.overdueMs === 0 : !this.needed;
  }

  /** Milliseconds that a pending change has waited for its transaction. */
  get overdueMs(): number {
    return this.sync.overdueMs;
  }

  private get needed(): boolean {
    return this.options.family === 4 || this.tracker.hasPods;
  }

  /** Runs from the first sync of the informers until abort. */
  async run(): Promise<void> {
    if (!this.needed) {
      // Removes a table that an earlier run left, if the node's last IPv6 pod ended meanwhile.
      const family = FAMILY_NAMES[this.options.family].nft;
      await this.nft
        .deleteTable(family, POLICY_TABLE)
        .catch((error: unknown) =>
          this.env.log.warn('cannot remove an old table', { family, error }),
        );
      await aborted(AbortSignal.any([this.found.signal, this.signal]));
    }
    if (this.signal.aborted) return;
    this.running = true;
    this.sync.requestFull();
    await this.sync.guard();
  }
}
