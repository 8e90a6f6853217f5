// A worker per pod uid runs a sync loop: it observes the pod (spec, runtime, probes), plans,
// executes and publishes the status. Only the worker changes its pod, one step at a time; other
// code calls wake(). States: syncing -> terminating -> terminated, which is final.
//
// Invariants: no container starts outside syncing; the final status is published only after all
// containers have terminated; a worker may be lost at any time (kill -9), and a new one recovers
// from the state of the runtime.
import { durationSeconds } from '../../apimachinery/codec/time.js';
import type { Pod, PodStatus } from '../../apis/core/v1/types.js';
import {
  allContainers,
  deletionGracePeriod,
  isPodTerminal,
  isTerminalPhase,
  terminationGracePeriod,
} from '../../component-helpers/pods.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { KeyedBackoff } from '../../util/backoff/keyed-backoff.js';
import type { Timer } from '../../util/env/env.js';
import {
  CONTAINER_BACKOFF,
  CONTAINER_BACKOFF_FORGET,
  EXIT_SETTLE_DELAYS,
  SYNC_BACKOFF,
  SYNC_FREQUENCY,
} from '../limits.js';
import { countedRestarts, type WaitingReason } from '../status/container-status.js';
import { generateStatus, type Ended } from '../status/generate.js';
import {
  anyRunning,
  nothingObserved,
  type ObservedContainer,
  type ObservedPod,
  type PodIdentity,
} from '../types/observed.js';
import { backoffKey } from '../types/labels.js';
import { SyncError } from '../types/sync-error.js';
import { executePlan, stopPod, type WorkerState } from './execute-plan.js';
import { noteCrashLoops } from './crash-loop.js';
import { planPod, type ProbeVerdict } from './plan.js';
import { sameMetadata, sameDesiredState } from './pod-changes.js';
import type { WorkerDeps } from './worker-deps.js';

type Mode = 'syncing' | 'terminating' | 'terminated';

export interface Termination {
  graceSeconds: number;
  /** The reason if the node terminates the pod; `undefined`: its owner deleted it. */
  ended?: Ended;
}

export class PodWorker {
  mode: Mode = 'syncing';
  observed: ObservedPod;
  private readonly state: WorkerState;
  private termination: Termination | undefined;
  private stopAbort: AbortController | undefined;
  private readonly syncAbort = new AbortController();
  private dirty = false;
  private running = false;
  private closed = false;
  private timer: Timer | undefined;
  private readonly exits = new Map<string, number>();
  private readonly failures = new Backoff(SYNC_BACKOFF);
  private prepared = false;
  private block: WaitingReason | undefined;
  /** The last step failed. A relist ends its back-off early. */
  failing = false;
  /** Monotonic time when a new pod was first seen; `undefined` once it runs. */
  private firstSeenAt: number | undefined;

  constructor(
    private readonly deps: WorkerDeps,
    readonly identity: PodIdentity,
    public pod: Pod | undefined,
  ) {
    this.observed = nothingObserved(identity);
    if ((pod?.status?.phase ?? 'Pending') === 'Pending') this.firstSeenAt = deps.clock.monotonic();
    this.state = {
      deps,
      waiting: new Map<string, WaitingReason>(),
      starting: new Set<string>(),
      backoff: new KeyedBackoff(CONTAINER_BACKOFF, CONTAINER_BACKOFF_FORGET),
      retryAt: new Map<string, number>(),
      signal: this.syncAbort.signal,
      podIP: () => this.podIPs()[0] ?? '',
      progress: () => this.refresh(),
    };
    // A pod whose phase is already final is only cleaned up.
    if (pod && isPodTerminal(pod))
      this.terminate({ graceSeconds: terminationGracePeriod(pod.spec) });
  }

  /** Handles a change of the object. An update that carries only our own status is ignored. */
  update(pod: Pod): void {
    const old = this.pod;
    this.pod = pod;
    const isEnded = isTerminalPhase(pod.status?.phase); // perhaps by another component
    if (old && old !== pod && sameDesiredState(old, pod) && !isEnded) return;
    if (old && !sameMetadata(old, pod)) this.prepared = false;
    if (pod.metadata.deletionTimestamp) this.terminate({ graceSeconds: deletionGracePeriod(pod) });
    this.wake();
  }

  /** Terminates the pod. A second call can only shorten the grace period. */
  terminate(termination: Termination): void {
    if (this.termination && termination.graceSeconds >= this.termination.graceSeconds) return;
    this.termination = { ...this.termination, ...termination };
    if (this.mode === 'syncing') {
      this.mode = 'terminating';
      this.syncAbort.abort(new Error('the pod is being terminated'));
    } else this.stopAbort?.abort(new Error('shorter grace period'));
    this.wake();
  }

  get isRejected(): boolean {
    return this.termination?.ended?.rejected === true;
  }

  /** Handles an exit event, which the runtime's state may not show yet. */
  expectExit(id: string): void {
    this.exits.set(id, 0);
    this.wake();
  }

  wake(): void {
    this.dirty = true;
    if (this.running || this.closed) return;
    this.running = true;
    this.loop().catch((error: unknown) =>
      this.deps.log.error('pod worker failed', { pod: this.identity.name, error }),
    );
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
    this.syncAbort.abort(new Error('the kubelet stops'));
    this.stopAbort?.abort(new Error('the kubelet stops'));
  }

  private wakeIn(ms: number): void {
    this.timer?.cancel();
    this.timer = this.deps.clock.after(ms, () => this.wake());
  }

  private async loop(): Promise<void> {
    try {
      while (this.dirty && !this.closed) {
        this.dirty = false;
        try {
          await this.step();
          this.failures.reset();
          this.failing = false;
        } catch (error) {
          const aborts = [this.syncAbort, this.stopAbort].filter((stop) => stop?.signal.aborted);
          if (aborts.some((stop) => stop?.signal.reason === error)) continue;
          if (this.closed) return;
          this.failing = true;
          this.noteFailure(error);
          this.wakeIn(this.failures.next());
        }
      }
    } finally {
      this.running = false;
    }
  }

  private async step(): Promise<void> {
    await this.observe();
    if (this.mode === 'syncing' && this.pod) await this.sync(this.pod);
    else if (this.mode === 'terminating') await this.syncTerminating();
    else if (this.mode === 'terminated') await this.syncTerminated();
  }

  private async observe(): Promise<void> {
    this.observed = await this.deps.observer.observe(this.identity);
    let again: number | undefined;
    for (const [id, tries] of this.exits) {
      const alive =
        this.observed.containers.some((c) => c.id === id && c.state === 'running') ||
        this.observed.sandboxes.some((s) => s.id === id && s.ready);
      const delay = EXIT_SETTLE_DELAYS[tries];
      if (!alive || delay === undefined) this.exits.delete(id);
      else {
        this.exits.set(id, tries + 1);
        again = Math.min(again ?? delay, delay);
      }
    }
    if (again !== undefined) this.wakeIn(again);
    if (!this.pod || this.mode === 'terminated') return;
    const podIP = this.state.podIP();
    this.deps.probers.sync(this.pod, this.observed.containers, podIP, this.state.starting);
  }

  podIPs(): string[] {
    return this.pod?.spec.hostNetwork
      ? this.deps.hostIPs()
      : (this.observed.sandboxes[0]?.ips ?? []);
  }

  private readonly started = (c: ObservedContainer) =>
    !this.state.starting.has(c.id) && this.deps.probers.started(this.identity.uid, c);

  status(options: { final?: boolean } = {}): PodStatus | undefined {
    if (!this.pod) return undefined;
    return generateStatus({
      pod: this.pod,
      observed: this.observed,
      old: this.deps.status.old(this.pod),
      runtimeName: this.deps.runtime.name,
      waiting: this.state.waiting,
      starting: this.state.starting,
      started: this.started,
      ready: (c) => this.started(c) && this.deps.probers.ready(this.identity.uid, c),
      hostIPs: this.deps.hostIPs(),
      now: this.deps.clock.now(),
      ...(this.termination?.ended && { ended: this.termination.ended }),
      ...(options.final ? { final: true } : this.block ? { block: this.block } : {}),
    });
  }

  private publish(): PodStatus | undefined {
    const status = this.status();
    if (status && this.pod) this.deps.status.set(this.pod, status, false);
    if (status?.phase === 'Running' && this.firstSeenAt !== undefined) {
      this.deps.onStarted((this.deps.clock.monotonic() - this.firstSeenAt) / 1000);
      this.firstSeenAt = undefined;
    }
    return status;
  }

  /** Observes and publishes during a long step, so that the status does not wait for its end. */
  private async refresh(): Promise<void> {
    await this.observe();
    this.publish();
  }

  private async sync(pod: Pod): Promise<void> {
    if (this.pastDeadline(pod)) return;
    const keys = new Set(['', ...allContainers(pod.spec).map(backoffKey)]);
    for (const key of this.state.retryAt.keys()) if (!keys.has(key)) this.state.retryAt.delete(key);
    this.block = this.deps.block(pod);
    if (this.block) {
      this.publish();
      return this.schedule(false, []);
    }
    const plan = planPod({
      pod,
      observed: this.observed,
      backoffUntil: (container, last) =>
        Math.max(
          this.state.backoff.until(backoffKey(container), last.finishedAt),
          this.state.retryAt.get(backoffKey(container)) ?? 0,
        ),
      countedRestarts: (name) => countedRestarts(this.deps.status.old(pod), name),
      verdict: (c) => this.verdict(c),
      started: this.started,
      now: this.deps.clock.now(),
    });
    noteCrashLoops(this.state, pod, plan.waiting);
    const status = this.publish();
    if (isTerminalPhase(status?.phase)) return this.finish();
    if (!this.prepared && plan.createSandbox === undefined) await this.prepare(pod);
    const acted = await executePlan(this.state, pod, this.observed, plan);
    if (plan.createSandbox !== undefined && acted) this.prepared = true;
    const ends = plan.waiting.map(({ until }) => until);
    this.schedule(acted, ends);
  }

  /**
   * Sets up or refreshes volumes. A failure is fatal for the sync only if no container runs yet;
   * otherwise the next sync tries again.
   */
  private async prepare(pod: Pod): Promise<void> {
    this.prepared = true;
    try {
      await this.deps.host.prepare(pod, this.syncAbort.signal);
    } catch (error) {
      this.prepared = false;
      if (!anyRunning(this.observed)) throw error;
      this.noteFailure(error);
    }
  }

  /** Called when the contents of the pod's volumes have changed. */
  refreshVolumes(): void {
    this.prepared = false;
    this.wake();
  }

  private noteFailure(error: unknown): void {
    const { namespace, name } = this.identity;
    this.deps.log.warn('pod sync failed', { pod: `${namespace}/${name}`, error });
    if (this.pod && error instanceof SyncError && error.reason === 'FailedMount')
      this.deps.event(this.pod, undefined, 'Warning', 'FailedMount', error.message);
  }

  private schedule(acted: boolean, untils: number[]): void {
    if (acted) {
      this.dirty = true;
      return;
    }
    const now = this.deps.clock.now();
    const next = Math.min(
      SYNC_FREQUENCY,
      ...[...untils, ...this.state.retryAt.values()].map((t) => Math.max(10, t - now)),
    );
    const deadline = this.deadline(this.pod!);
    if (!this.exits.size)
      this.wakeIn(deadline === undefined ? next : Math.min(next, Math.max(10, deadline - now)));
  }

  private verdict(c: ObservedContainer): ProbeVerdict {
    const hasFailed = (kind: 'liveness' | 'startup') =>
      this.deps.probers.result(this.identity.uid, c, kind) === 'failure';
    return hasFailed('liveness') ? 'liveness' : hasFailed('startup') ? 'startup' : 'ok';
  }

  private deadline(pod: Pod): number | undefined {
    const seconds = pod.spec.activeDeadlineSeconds;
    const start = this.deps.status.old(pod).startTime;
    return seconds === undefined || !start
      ? undefined
      : Date.parse(start) + durationSeconds(seconds) * 1000;
  }

  private pastDeadline(pod: Pod): boolean {
    const deadline = this.deadline(pod);
    if (deadline === undefined || this.deps.clock.now() < deadline) return false;
    const reason = 'DeadlineExceeded';
    const message = 'Pod was active on the node longer than the specified deadline';
    this.deps.event(pod, undefined, 'Normal', reason, message);
    const graceSeconds = terminationGracePeriod(pod.spec);
    this.terminate({ graceSeconds, ended: { reason, message } });
    return true;
  }

  /** The pod has completed: stop its remaining containers. */
  private finish(): void {
    this.mode = 'terminating';
    this.termination ??= { graceSeconds: terminationGracePeriod(this.pod?.spec ?? {}) };
    this.dirty = true;
  }

  private async syncTerminating(): Promise<void> {
    const grace = this.termination!.graceSeconds;
    if (this.pod && anyRunning(this.observed)) this.publish();
    this.stopAbort = new AbortController();
    await stopPod(this.state, this.pod, this.observed, grace, this.stopAbort.signal);
    await this.observe();
    if (anyRunning(this.observed))
      throw new SyncError('KillPod', 'containers still run after they were stopped');
    this.mode = 'terminated';
    this.deps.probers.remove(this.identity.uid);
    this.deps.images.forgetPod(this.identity.uid);
    await this.deps.host.cleanUp(this.identity);
    const status = this.status({ final: true });
    if (this.pod && status) this.deps.status.set(this.pod, status, true);
    this.dirty = true;
  }

  /**
   * Removes a terminated pod's containers and sandboxes once the API deletes it or never knew it.
   */
  private async syncTerminated(): Promise<void> {
    if (this.pod && !this.pod.metadata.deletionTimestamp && !this.orphaned) {
      this.deps.onTerminated(this, false);
      return;
    }
    // The object can be deleted from the API while the containers are removed.
    if (this.pod) this.deps.status.set(this.pod, this.status({ final: true })!, true);
    await Promise.all(this.observed.containers.map((c) => this.deps.runtime.removeContainer(c.id)));
    await Promise.all(this.observed.sandboxes.map((s) => this.deps.runtime.removeSandbox(s.id)));
    await this.deps.host.removeDirectories(this.identity);
    this.deps.onTerminated(this, true);
  }

  /** No source knows the pod anymore. */
  orphaned = false;

  orphan(graceSeconds: number): void {
    this.orphaned = true;
    this.terminate({ graceSeconds });
    this.wake();
  }
}
