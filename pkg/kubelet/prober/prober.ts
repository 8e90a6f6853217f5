// Probe workers: one per container and kind of probe, which count thresholds as upstream does
// (pkg/kubelet/prober/worker.go). The host runs the probes; this file decides when to run them and
// how results change readiness, liveness and startup. No Node API.
//
// Invariants: a result belongs to one container id; a new container starts with the initial result
// (readiness: failure, liveness: success, startup: unknown); the other probes wait for the startup
// probe; after a liveness or startup failure the worker pauses until there is a new container.
// Beyond upstream: within the first period of a container, readiness and startup probes run early
// and with growing delays (EARLY_PROBE_DELAYS). An early probe can only succeed; its failure is
// neither counted nor reported, so that thresholds keep their meaning. The first readiness probe,
// which runs before most containers are ready, is an early probe too.
import type { Container, Pod, Probe } from '../../apis/core/v1/types.js';
import { templateContainers } from '../../component-helpers/pods.js';
import type { Clock, Log, Random, Timer } from '../../util/env/env.js';
import { errorText } from '../../util/errors/error-text.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import type { ProbeOutcome, ProbeTarget } from '../host/pod-host.js';
import { EARLY_PROBE_DELAYS } from '../limits.js';
import { ProbeMetrics } from './probe-metrics.js';
import { containerStatuses } from '../status/container-status.js';
import type { ObservedContainer } from '../types/observed.js';
import type { RecordPodEvent } from '../types/record-pod-event.js';

export type ProbeResult = 'success' | 'failure' | 'unknown';

export interface ProberDeps {
  clock: Clock;
  random: Random;
  log: Log;
  /** Runs a probe once. An exception means that the probe itself failed, not the container. */
  probe(probe: Probe, target: ProbeTarget): Promise<ProbeOutcome>;
  /** Called when a result has changed, so that the pod's worker syncs. */
  changed(podUid: string): void;
  event: RecordPodEvent;
}

/** The kinds of probes, and the result before the first one. */
const INITIAL = { startup: 'unknown', liveness: 'success', readiness: 'failure' } as const;
export type ProbeKind = keyof typeof INITIAL;
const KINDS = Object.keys(INITIAL) as ProbeKind[];

const titleOf = (kind: ProbeKind): string => `${kind[0]!.toUpperCase()}${kind.slice(1)}`;

/** The events of other results than success. */
const REPORTED: Partial<Record<ProbeOutcome['result'], { reason: string; word: string }>> = {
  unknown: { reason: 'Unhealthy', word: 'errored' },
  failure: { reason: 'Unhealthy', word: 'failed' },
  warning: { reason: 'ProbeWarning', word: 'warning' },
};

interface Target {
  pod: Pod;
  container: Container;
  seen: ObservedContainer;
  podIP: string;
}

class ProbeWorker {
  private result: ProbeResult;
  private containerId = '';
  private onHold = false;
  private run = 0;
  private lastOutcome: 'success' | 'failure' | undefined;
  private timer: Timer | undefined;
  private busy = false;
  private stopped = false;
  private target: Target | undefined;
  /** Time of the next counted probe; earlier probes are early ones. */
  private countedAt = 0;
  private early = 0;

  constructor(
    private readonly deps: ProberDeps,
    private readonly kind: ProbeKind,
    private spec: Probe,
    private readonly startupPassed: () => boolean,
    private readonly metrics: ProbeMetrics,
  ) {
    this.result = INITIAL[kind];
  }

  /** The result for a container instance. */
  resultOf(containerId: string): ProbeResult {
    return containerId === this.containerId ? this.result : INITIAL[this.kind];
  }

  /** Updates the observed container. A new instance is probed after its initial delay. */
  observe(target: Target, spec: Probe): void {
    this.spec = spec;
    this.target = target;
    if (target.seen.state !== 'running') {
      if (target.seen.id === this.containerId && this.kind === 'readiness') this.result = 'failure';
      this.pause();
      return;
    }
    if (target.seen.id !== this.containerId) {
      this.containerId = target.seen.id;
      this.result = this.initialResult(target);
      this.onHold = false;
      this.run = 0;
      this.lastOutcome = undefined;
      const period = (spec.periodSeconds ?? 10) * 1000;
      this.countedAt =
        this.kind === 'readiness'
          ? target.seen.startedAt + (spec.initialDelaySeconds ?? 0) * 1000 + period
          : 0;
      this.early = 0;
      this.pause();
    }
    if (!this.timer && !this.busy) this.schedule(this.firstDelay());
  }

  /**
   * The initial result. After a restart of the kubelet, the API status of the same instance counts.
   */
  private initialResult(target: Target): ProbeResult {
    const known = containerStatuses(target.pod.status).find((s) =>
      s.containerID?.endsWith(`://${target.seen.id}`),
    );
    const passed =
      this.kind === 'readiness' ? known?.ready : this.kind === 'startup' ? known?.started : false;
    return passed ? 'success' : INITIAL[this.kind];
  }

  stop(): void {
    this.stopped = true;
    this.pause();
  }

  /** Called when the startup probe, for which this worker waits, has succeeded. */
  trigger(): void {
    if (this.stopped || this.busy || !this.target || this.target.seen.state !== 'running') return;
    this.pause();
    this.schedule(this.firstDelay());
  }

  private pause(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private firstDelay(): number {
    const due = this.target!.seen.startedAt + (this.spec.initialDelaySeconds ?? 0) * 1000;
    return Math.max(0, due - this.deps.clock.now());
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = this.deps.clock.after(ms, () => {
      this.timer = undefined;
      this.tick().catch((error: unknown) => this.deps.log.warn('probe failed', { error }));
    });
  }

  private async tick(): Promise<void> {
    const target = this.target;
    if (this.stopped || !target || target.seen.state !== 'running' || this.onHold) return;
    if (this.kind === 'startup' && this.result === 'success') return;
    // trigger() resumes the worker when the startup probe succeeds.
    if (this.kind !== 'startup' && !this.startupPassed()) return;
    if (target.pod.metadata.deletionTimestamp && this.kind !== 'readiness') return;
    this.busy = true;
    const { clock } = this.deps;
    const begun = clock.monotonic();
    const { pod, container, seen, podIP } = target;
    let outcome: ProbeOutcome;
    try {
      outcome = await this.deps.probe(this.spec, { container, containerId: seen.id, podIP });
    } catch (error) {
      outcome = { result: 'unknown', output: errorText(error) };
    } finally {
      this.busy = false;
    }
    const counted = clock.now() >= this.countedAt;
    const current = !this.stopped && this.containerId === seen.id;
    if (!this.stopped) {
      const seconds = (clock.monotonic() - begun) / 1000;
      this.metrics.observe(pod, container.name, titleOf(this.kind), outcome.result, seconds);
    }
    const passed = outcome.result === 'success' || outcome.result === 'warning';
    if (current && (counted || passed)) this.digest(target, outcome);
    if (this.target?.seen.state === 'running' && !this.timer)
      this.schedule(this.nextDelay(counted));
  }

  private nextDelay(counted: boolean): number {
    const now = this.deps.clock.now();
    if (counted) this.countedAt = now + (this.spec.periodSeconds ?? 10) * 1000;
    const rest = this.countedAt - now;
    const probesEarly = this.kind !== 'liveness' && this.result === INITIAL[this.kind];
    const delay = probesEarly ? EARLY_PROBE_DELAYS[this.early] : undefined;
    if (delay === undefined || delay >= rest) return rest;
    this.early++;
    return delay;
  }

  private digest(target: Target, outcome: ProbeOutcome): void {
    const { pod, container } = target;
    const reported = REPORTED[outcome.result];
    if (reported) {
      const message = `${titleOf(this.kind)} probe ${reported.word}: ${outcome.output}`;
      this.deps.event(pod, container.name, 'Warning', reported.reason, message);
    }
    if (outcome.result === 'unknown') return;
    const settled = outcome.result === 'failure' ? 'failure' : 'success';
    this.run = settled === this.lastOutcome ? this.run + 1 : 1;
    this.lastOutcome = settled;
    const threshold =
      settled === 'failure' ? (this.spec.failureThreshold ?? 3) : (this.spec.successThreshold ?? 1);
    if (this.run < threshold) return;
    const before = this.result;
    this.result = settled;
    if (settled === 'failure' && this.kind !== 'readiness') {
      this.onHold = true;
      this.run = 0;
    }
    if (before !== settled) this.deps.changed(pod.metadata.uid!);
  }
}

const probeOf = (container: Container, kind: ProbeKind): Probe | undefined =>
  container[`${kind}Probe`];

type ContainerWorkers = { [K in ProbeKind]?: ProbeWorker } & {
  /** The id of the newest instance. */
  current: string;
};

/** All probe workers of the node, by pod. */
export class ProberManager {
  readonly metrics = new ProbeMetrics();
  private readonly pods = new Map<string, Map<string, ContainerWorkers>>();

  constructor(private readonly deps: ProberDeps) {}

  /** Creates and updates the pod's probe workers. Call after every observation. */
  sync(
    pod: Pod,
    containers: readonly ObservedContainer[],
    podIP: string,
    starting: ReadonlySet<string>,
  ): void {
    const uid = pod.metadata.uid!;
    for (const container of templateContainers(pod.spec)) {
      if (!KINDS.some((kind) => probeOf(container, kind))) continue;
      const seen = containers.find((c) => c.name === container.name);
      if (!seen) continue;
      const workers = this.workersOf(uid, container);
      workers.current = seen.id;
      if (starting.has(seen.id)) continue;
      const target: Target = { pod, container, seen, podIP };
      for (const kind of KINDS) {
        const probe = probeOf(container, kind);
        if (probe) workers[kind]?.observe(target, probe);
      }
    }
  }

  private workersOf(uid: string, container: Container): ContainerWorkers {
    const pod = getOrInsert(this.pods, uid, () => new Map<string, ContainerWorkers>());
    return getOrInsert(pod, container.name, () => {
      const workers: ContainerWorkers = { current: '' };
      const passed = () =>
        !workers.startup || workers.startup.resultOf(workers.current) === 'success';
      for (const kind of KINDS) {
        const probe = probeOf(container, kind);
        const deps = this.depsFor(workers, kind);
        if (probe) workers[kind] = new ProbeWorker(deps, kind, probe, passed, this.metrics);
      }
      return workers;
    });
  }

  private depsFor(workers: ContainerWorkers, kind: ProbeKind): ProberDeps {
    if (kind !== 'startup') return this.deps;
    return {
      ...this.deps,
      changed: (uid) => {
        this.deps.changed(uid);
        workers.liveness?.trigger();
        workers.readiness?.trigger();
      },
    };
  }

  result(uid: string, container: ObservedContainer, kind: ProbeKind): ProbeResult {
    const worker = this.pods.get(uid)?.get(container.name)?.[kind];
    return worker ? worker.resultOf(container.id) : 'success';
  }

  /** Whether the startup probe has succeeded or there is none. */
  started(uid: string, container: ObservedContainer): boolean {
    return this.result(uid, container, 'startup') === 'success';
  }

  ready(uid: string, container: ObservedContainer): boolean {
    return this.started(uid, container) && this.result(uid, container, 'readiness') === 'success';
  }

  remove(uid: string): void {
    for (const workers of this.pods.get(uid)?.values() ?? [])
      for (const kind of KINDS) workers[kind]?.stop();
    this.pods.delete(uid);
    this.metrics.forget(uid);
  }
}
