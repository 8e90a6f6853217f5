// Enforces NetworkPolicy (networking.k8s.io/v1) for the pods of this node, in one nftables table
// per address family.
//   informers -> family-policies.ts: pods.ts, model.ts -> tracker.ts -> render.ts, ruleset.ts
//             -> table-sync.ts -> nft
//
// Policies judge packets forwarded to or from local pods, after DNAT and before masquerade, so they
// see the pods' own addresses. That includes packets between pods of one node: br_netfilter passes
// bridged packets to the same hook. Traffic of the node itself (probes of the kubelet, pods on the
// host network) passes the input and output hooks, where policies have no rules.
//
// Every packet is judged by the current policies, replies by mirrored rules, without a shortcut for
// established connections. A connection that a change forbids ends with its next packet; other
// connections are not affected. The cost is two map lookups per packet, and a few more for isolated
// pods.
//
// Invariants: without any NetworkPolicy there is no table, no pod watch and no process. Nothing is
// programmed before pods, namespaces and policies are listed. Nothing is removed when the process
// ends.
import { NAMESPACES, NETWORK_POLICIES, PODS } from '../../apis/resource-types.js';
import type { Namespace, Pod } from '../../apis/core/v1/types.js';
import type { NetworkPolicy } from '../../apis/networking/v1/types.js';
import { keyOf, type ApiObject } from '../../apimachinery/meta/object.js';
import type { Informer, InformerFactory } from '../../client/informer.js';
import type { Nft } from '../../system/nftables/nftables.js';
import type { Env } from '../../util/env/env.js';
import { aborted } from '../../util/wait/abortable.js';
import { removeTables } from '../family.js';
import type { Family } from '../../component-helpers/addresses.js';
import { registered } from '../../util/metrics/registered.js';
import { POLICY_METRICS } from '../metrics.generated.js';
import { POD_FIELD_SELECTOR, slimNamespace, slimPod } from './pods.js';
import { FamilyPolicies, type FamilyPoliciesOptions } from './family-policies.js';
import { POLICY_TABLE } from './ruleset.js';

export interface PolicyEnforcerOptions {
  nodeName: string;
  families: readonly Family[];
  /** Minimum time between two transactions of a burst. */
  minSyncPeriodMs: number;
}

export class PolicyEnforcer {
  private readonly families: readonly FamilyPolicies[];
  private readonly policies: Informer<NetworkPolicy>;
  private phase: 'starting' | 'idle' | 'enforcing' = 'starting';

  constructor(
    private readonly env: Env,
    private readonly informers: InformerFactory,
    private readonly nft: Nft,
    options: PolicyEnforcerOptions,
    private readonly signal: AbortSignal,
  ) {
    this.policies = informers.informer(NETWORK_POLICIES);
    const { nodeName, minSyncPeriodMs: minIntervalMs } = options;
    const common = { nodeName, minIntervalMs, ...this.reports() };
    this.families = options.families.map(
      (family) => new FamilyPolicies(env, nft, { family, ...common }, signal),
    );
  }

  private reports(): Pick<FamilyPoliciesOptions, 'synced' | 'failed'> {
    const { log, clock } = this.env;
    const metrics = registered(this.env.metrics, POLICY_METRICS);
    return {
      synced: ({ full, seconds }) => {
        const sum = (of: 'size' | 'isolatedPods') =>
          this.families.reduce((all, { ruleset }) => all + ruleset[of], 0);
        const [elements, isolatedPods] = [sum('size'), sum('isolatedPods')];
        metrics.duration.observe(seconds);
        metrics.last.set(clock.now() / 1000);
        metrics.elements.set(elements);
        metrics.isolated.set(isolatedPods);
        const milliseconds = Math.round(seconds * 1000);
        const done = { full, elements, isolatedPods, milliseconds };
        log[full ? 'info' : 'debug']('network policies synced', done);
      },
      failed: (error) => {
        log.error('cannot program network policies, retrying with a full load', { error });
        metrics.failures.inc();
      },
    };
  }

  /** Whether all changes are in the kernel. */
  get settled(): boolean {
    if (this.phase === 'idle') return this.policies.store.list().length === 0;
    return this.phase === 'enforcing' && this.families.every((family) => family.settled);
  }

  /** Milliseconds that a pending change has waited for its transaction. */
  get overdueMs(): number {
    return Math.max(...this.families.map((family) => family.overdueMs));
  }

  /** Runs until abort; the owner of the factory runs the informers. */
  async run(): Promise<void> {
    await this.policies.waitForSync(this.signal);
    if (!this.policies.store.list().length) {
      // Removes a table that an earlier run left, if all policies were deleted meanwhile.
      await removeTables(this.nft, POLICY_TABLE);
      this.phase = 'idle';
      await this.firstPolicy();
    }
    if (this.signal.aborted) return;
    await this.follow();
    this.phase = 'enforcing';
    await Promise.all(this.families.map((family) => family.run()));
  }

  private async firstPolicy(): Promise<void> {
    const first = new AbortController();
    const remove = this.policies.addHandler({ added: () => queueMicrotask(() => first.abort()) });
    await aborted(AbortSignal.any([first.signal, this.signal]));
    remove();
  }

  /** Feeds the tracker until abort; resolves when the tracker has the complete state. */
  private async follow(): Promise<void> {
    const pods = this.informers.informer<Pod>(PODS, {
      fieldSelector: POD_FIELD_SELECTOR,
      transform: slimPod,
    });
    const namespaces = this.informers.informer<Namespace>(NAMESPACES, { transform: slimNamespace });
    const { active } = registered(this.env.metrics, POLICY_METRICS);
    const changed = () => {
      active.set(Math.max(...this.families.map((family) => family.activePolicies)));
      for (const family of this.families) family.request();
    };
    const feed = <T extends ApiObject>(
      informer: Informer<T>,
      set: (key: string, object: T | undefined) => void,
    ) => {
      const put = (object: T, now: T | undefined) => {
        set(keyOf(object), now);
        changed();
      };
      informer.addHandler({
        added: (object) => put(object, object),
        updated: (object) => put(object, object),
        deleted: (object) => put(object, undefined),
      });
      return informer.waitForSync(this.signal);
    };
    // Namespaces first and policies last, so that fewer sets are filled twice.
    const each = (tell: (family: FamilyPolicies) => void) => this.families.forEach(tell);
    await feed(namespaces, (key, namespace) =>
      each((family) => family.setNamespace(key, namespace && (namespace.metadata.labels ?? {}))),
    );
    await feed(pods, (key, pod) => each((family) => family.setPod(key, pod)));
    await feed(this.policies, (key, policy) => each((family) => family.setPolicy(key, policy)));
  }
}
