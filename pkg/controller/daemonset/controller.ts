// daemonset-controller: one pod on every node that the template fits (upstream: pkg/controller/daemon).
// Woken by its pods and by changes of nodes' labels and taints, not by their heartbeats.
import { isReason } from '../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { ControllerRevision, DaemonSet } from '../../apis/apps/v1/types.js';
import type { Node, Pod } from '../../apis/core/v1/types.js';
import { CONTROLLER_REVISIONS, DAEMON_SETS, NODES, PODS } from '../../apis/resource-types.js';
import { controllerOf, refersTo } from '../../component-helpers/owner-references.js';
import { terminalPhase } from '../../component-helpers/pods.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import { runAll, slowStart } from '../runtime/batches.js';
import {
  watch,
  type ChangeType,
  type Controller,
  type ControllerContext,
  type Informer,
  type ReconcileResult,
  type Watch,
} from '../runtime/controller.js';
import { equalJson } from '../runtime/equal.js';
import { Expectations } from '../runtime/expectations.js';
import {
  excessRevisions,
  keepHistory,
  removeRevisions,
  REVISION_HASH_LABEL,
} from '../runtime/history.js';
import {
  carryOutClaims,
  OWNERSHIP_INDEX,
  ownershipIndexers,
  planClaims,
} from '../runtime/ownership.js';
import { planDaemons, planDaemonStatus, type DaemonInput } from './plan.js';
import { daemonPod, nodeOf } from './pod.js';

/** Between deletions of finished pods of one node: from here, doubling, up to there (upstream: 1 s, 15 min). */
const FINISHED_FIRST_MS = 1_000;
const FINISHED_MAX_MS = 900_000;

export function createDaemonSetController(
  context: ControllerContext,
  options: { concurrentDaemonSetSyncs: number },
): Controller {
  return new DaemonSetController(context, options.concurrentDaemonSetSyncs);
}

class DaemonSetController implements Controller {
  readonly name = 'daemonset-controller';
  readonly watches: readonly Watch[];
  private readonly sets: Informer<DaemonSet>;
  private readonly pods: Informer<Pod>;
  private readonly nodes: Informer<Node>;
  private readonly revisions: Informer<ControllerRevision>;
  private readonly events: EventRecorder;
  private readonly expectations: Expectations;
  /** By set and node: how often its pod ended by itself, and when the next may be replaced. */
  private readonly finished = new Map<string, { times: number; notBefore: number }>();

  constructor(
    private readonly context: ControllerContext,
    readonly workers: number,
  ) {
    const { env, informers } = context;
    this.sets = informers.informer(DAEMON_SETS);
    this.pods = informers.informer(PODS);
    this.nodes = informers.informer(NODES);
    this.revisions = informers.informer(CONTROLLER_REVISIONS);
    this.pods.addIndexers(ownershipIndexers());
    this.revisions.addIndexers(ownershipIndexers());
    this.events = context.events('daemonset-controller');
    this.expectations = new Expectations(env.clock);
    this.watches = [
      watch(this.sets, (set) => [keyOf(set)]),
      watch(this.pods, (pod, _old, change) => this.keysOfPod(pod, change)),
      watch(this.nodes, (node, old) =>
        old && sameForDaemons(node, old) ? [] : this.sets.store.list().map(keyOf),
      ),
      watch(this.revisions, () => []), // only its cache is used
    ];
  }

  async reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult> {
    const { client, env } = this.context;
    const set = this.sets.store.get(key);
    if (!set) return this.forget(key);
    if (set.metadata.deletionTimestamp || selectorFromLabelSelector(set.spec.selector).empty)
      return;
    const history = await keepHistory(client, DAEMON_SETS, set, this.revisions.store, signal);
    const settled = this.expectations.satisfied(key);
    const pods = await this.claim(set, signal);
    const hash = history.update.metadata.labels?.[REVISION_HASH_LABEL] ?? '';
    const input: DaemonInput = {
      set,
      hash,
      nodes: this.nodes.store.list(),
      pods,
      now: env.clock.now(),
    };
    const waits = [
      settled ? await this.changePods(key, input, signal) : Infinity,
      this.expectations.openFor(key) || Infinity,
    ];
    const { changed, checkAgainInMs, status } = planDaemonStatus(input);
    if (changed)
      await client.update(DAEMON_SETS, { ...set, status }, { subresource: 'status', signal });
    const live = new Set(
      pods.map(({ metadata }) => `${set.metadata.name}-${metadata.labels?.[REVISION_HASH_LABEL]}`),
    );
    await removeRevisions(client, excessRevisions(history, set, live), signal);
    const wait = Math.min(checkAgainInMs ?? Infinity, ...waits);
    if (wait !== Infinity) return { requeueAfterMs: Math.max(1, wait) };
  }

  private keysOfPod(pod: Pod, change: ChangeType): string[] {
    const namespace = pod.metadata.namespace ?? '';
    const reference = controllerOf(pod);
    if (reference) {
      const key = `${namespace}/${reference.name}`;
      if (!refersTo(reference, DAEMON_SETS)) return [];
      if (change !== 'updated') this.expectations.seen(key, pod.metadata.uid ?? '');
      if (change === 'deleted' || pod.metadata.deletionTimestamp)
        this.expectations.deleted(key, pod.metadata.uid ?? '');
      return [key];
    }
    if (change === 'deleted' || pod.metadata.deletionTimestamp) return [];
    return this.sets.store
      .byIndex('namespace', namespace)
      .filter(({ spec }) => selectorFromLabelSelector(spec.selector).matches(pod.metadata.labels))
      .map(keyOf);
  }

  private forget(key: string): void {
    this.expectations.forget(key);
    for (const name of this.finished.keys())
      if (name.startsWith(`${key}/`)) this.finished.delete(name);
  }

  private claim(set: DaemonSet, signal: AbortSignal): Promise<Pod[]> {
    const { namespace, uid = '' } = set.metadata;
    const candidates = [
      ...this.pods.store.byIndex(OWNERSHIP_INDEX, uid),
      ...this.pods.store.byIndex(OWNERSHIP_INDEX, `orphan:${namespace}`),
    ];
    const owner = { type: DAEMON_SETS as ResourceType<ApiObject>, object: set as ApiObject };
    return carryOutClaims(
      this.context.client,
      owner,
      PODS,
      planClaims(set, selectorFromLabelSelector(set.spec.selector), candidates),
      signal,
    );
  }

  /** Milliseconds until finished pods that are held back may be replaced. Throws the first error. */
  private async changePods(key: string, input: DaemonInput, signal: AbortSignal): Promise<number> {
    const plan = planDaemons(input);
    let wait = Infinity;
    const replace = plan.finished.filter((pod) => {
      const left = this.finishedWaitMs(key, nodeOf(pod) ?? '', input.now);
      if (left > 0) wait = Math.min(wait, left);
      return left <= 0;
    });
    const going = [...plan.remove, ...replace];
    if (!going.length && !plan.create.length) return wait;
    this.expectations.expect(
      key,
      going.map(({ metadata }) => metadata.uid ?? ''),
    );
    for (const pod of replace) {
      const { metadata, spec } = pod;
      const [type, word] =
        terminalPhase(pod) === 'Failed'
          ? (['Warning', 'Failed'] as const)
          : (['Normal', 'Succeeded'] as const);
      const message = `Found ${word.toLowerCase()} daemon pod ${keyOf({ metadata })} on node ${spec.nodeName}, will try to ${word === 'Failed' ? 'kill' : 'delete'} it`;
      this.events.event(input.set, type, `${word}DaemonPod`, message);
    }
    const nodes = [...plan.create];
    const { errors } = await slowStart(nodes.length, () =>
      this.create(key, input, nodes.shift()!, signal),
    );
    const failures = await runAll(going, (pod) => this.remove(key, input.set, pod, signal));
    const error = errors[0] ?? failures[0];
    if (error) throw error as Error;
    return wait;
  }

  private finishedWaitMs(key: string, node: string, now: number): number {
    const name = `${key}/${node}`;
    const known = this.finished.get(name);
    if (known && known.notBefore > now) return known.notBefore - now;
    const times = known && now - known.notBefore < 2 * FINISHED_MAX_MS ? known.times + 1 : 1;
    this.finished.set(name, {
      times,
      notBefore: now + Math.min(FINISHED_MAX_MS, FINISHED_FIRST_MS * 2 ** Math.min(times - 1, 30)),
    });
    return 0;
  }

  private async create(
    key: string,
    { hash, set }: DaemonInput,
    node: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { metadata } = await this.context.client.create(PODS, daemonPod(set, node, hash), {
        signal,
      });
      this.expectations.created(key, metadata.uid ?? '');
      this.events.event(set, 'Normal', 'SuccessfulCreate', `Created pod: ${metadata.name}`);
    } catch (error) {
      if (!signal.aborted)
        this.events.event(
          set,
          'Warning',
          'FailedCreate',
          `Error creating: ${(error as Error).message}`,
        );
      throw error;
    }
  }

  private async remove(
    key: string,
    set: DaemonSet,
    { metadata }: Pod,
    signal: AbortSignal,
  ): Promise<void> {
    const { name, namespace, uid = '' } = metadata;
    try {
      await this.context.client.delete(
        PODS,
        { name, namespace: namespace! },
        { preconditions: { uid }, signal },
      );
      this.events.event(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
    } catch (error) {
      this.expectations.deleted(key, uid);
      if (isReason(error, 'NotFound')) return;
      if (!signal.aborted)
        this.events.event(
          set,
          'Warning',
          'FailedDelete',
          `Error deleting: ${(error as Error).message}`,
        );
      throw error;
    }
  }
}

function sameForDaemons(node: Node, old: Node): boolean {
  return (
    equalJson(node.metadata.labels, old.metadata.labels) &&
    equalJson(node.spec?.taints, old.spec?.taints)
  );
}
