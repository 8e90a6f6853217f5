// Builds ObservedPods from the runtime's lists. Details (times, exit code, addresses) are queried
// once per instance and state, so that observing an idle pod takes two list calls.
import type { Log } from '../../util/env/env.js';
import {
  isNotFound,
  type Runtime,
  type RuntimeContainer,
  type RuntimeContainerStatus,
  type Sandbox,
} from '../runtime/runtime.js';
import {
  CONTAINER_NAME_LABEL,
  POD_NAME_LABEL,
  POD_NAMESPACE_LABEL,
  POD_UID_LABEL,
  readAnnotations,
} from '../types/labels.js';
import type {
  ObservedContainer,
  ObservedPod,
  ObservedSandbox,
  ObservedState,
  PodIdentity,
} from '../types/observed.js';
import { orderPodIPs } from './pod-ips.js';

const STATES: Record<RuntimeContainer['state'], ObservedState> = {
  CONTAINER_CREATED: 'created',
  CONTAINER_RUNNING: 'running',
  CONTAINER_EXITED: 'exited',
  CONTAINER_UNKNOWN: 'unknown',
};

const milliseconds = (nanoseconds: number) => Math.round(nanoseconds / 1e6);

export interface ObserverDeps {
  runtime: Runtime;
  log: Log;
  hostIPs(): readonly string[];
  terminationMessage(status: RuntimeContainerStatus): Promise<string>;
}

export class Observer {
  private readonly containers = new Map<string, ObservedContainer>();
  private readonly sandboxes = new Map<string, ObservedSandbox>();
  /** Pod uid by id of container or sandbox, to map runtime events to pods. */
  private readonly owners = new Map<string, string>();

  constructor(private readonly deps: ObserverDeps) {}

  ownerOf(id: string): string | undefined {
    return this.owners.get(id);
  }

  setOwner(id: string, uid: string): void {
    this.owners.set(id, uid);
  }

  private list(filter?: { podUid: string }): Promise<[Sandbox[], RuntimeContainer[]]> {
    const { runtime } = this.deps;
    return Promise.all([runtime.sandboxes(filter), runtime.containers(filter)]);
  }

  async observe({ uid, name, namespace }: PodIdentity): Promise<ObservedPod> {
    return this.assemble({ uid, name, namespace }, ...(await this.list({ podUid: uid })));
  }

  /** All pods of the runtime. */
  async observeAll(): Promise<ObservedPod[]> {
    const [sandboxes, containers] = await this.list();
    const present = new Set([...sandboxes.map((s) => s.id), ...containers.map((c) => c.id)]);
    for (const map of [this.containers, this.sandboxes, this.owners])
      for (const id of map.keys()) if (!present.has(id)) map.delete(id);
    const pods = new Map<string, PodIdentity>();
    for (const { labels } of [...containers, ...sandboxes]) {
      const { [POD_UID_LABEL]: uid, [POD_NAME_LABEL]: name = '' } = labels;
      const namespace = labels[POD_NAMESPACE_LABEL] ?? '';
      if (uid) pods.set(uid, { uid, name, namespace });
    }
    return Promise.all(
      [...pods.values()].map((pod) => {
        const ours = <T extends { labels: Record<string, string> }>(list: T[]) =>
          list.filter((o) => o.labels[POD_UID_LABEL] === pod.uid);
        return this.assemble(pod, ours(sandboxes), ours(containers));
      }),
    );
  }

  private async assemble(
    pod: PodIdentity,
    sandboxes: Sandbox[],
    containers: RuntimeContainer[],
  ): Promise<ObservedPod> {
    for (const { id } of [...sandboxes, ...containers]) this.owners.set(id, pod.uid);
    const [seenSandboxes, seenContainers] = await Promise.all([
      Promise.all(sandboxes.map((s) => this.sandbox(s))),
      Promise.all(containers.map((c) => this.container(c))),
    ]);
    return {
      ...pod,
      sandboxes: seenSandboxes
        .filter((s) => s !== undefined)
        .sort((a, b) => b.attempt - a.attempt || b.createdAt - a.createdAt),
      containers: seenContainers
        .filter((c) => c !== undefined)
        .sort((a, b) => b.createdAt - a.createdAt || b.attempt - a.attempt),
    };
  }

  private async sandbox(listed: Sandbox): Promise<ObservedSandbox | undefined> {
    const ready = listed.state === 'SANDBOX_READY';
    const known = this.sandboxes.get(listed.id);
    if (known && (known.ready === ready || !ready)) {
      known.ready = ready;
      return known;
    }
    const status = await this.deps.runtime.sandboxStatus(listed.id).catch(undefinedIfNotFound);
    if (!status) return undefined;
    const observed: ObservedSandbox = {
      id: listed.id,
      attempt: listed.metadata.attempt,
      ready,
      createdAt: milliseconds(listed.createdAt),
      ips: orderPodIPs([status.ip, ...status.additionalIps], this.deps.hostIPs()),
      hostNetwork: status.networkMode === 'NODE',
    };
    if (ready && (observed.ips.length || observed.hostNetwork))
      this.sandboxes.set(listed.id, observed);
    return observed;
  }

  private async container(listed: RuntimeContainer): Promise<ObservedContainer | undefined> {
    const state = STATES[listed.state];
    const known = this.containers.get(listed.id);
    if (known?.state === state) return known;
    const status = await this.deps.runtime.containerStatus(listed.id).catch(undefinedIfNotFound);
    if (!status) return undefined;
    const actual = STATES[status.state];
    const annotations = readAnnotations(status.annotations);
    const message = actual === 'exited' ? await this.message(status) : '';
    const observed: ObservedContainer = {
      id: listed.id,
      name: listed.labels[CONTAINER_NAME_LABEL] ?? listed.metadata.name,
      attempt: listed.metadata.attempt,
      sandboxId: listed.podSandboxId,
      state: actual,
      createdAt: listed.createdAt / 1e6,
      startedAt: milliseconds(status.startedAt),
      finishedAt: milliseconds(status.finishedAt),
      exitCode: status.exitCode,
      reason: status.reason,
      message,
      image: status.image,
      imageRef: status.imageRef,
      logPath: status.logPath,
      hash: annotations.hash,
      restartCount: annotations.restartCount,
      graceSeconds: annotations.graceSeconds,
    };
    this.containers.set(listed.id, observed);
    return observed;
  }

  private async message(status: RuntimeContainerStatus): Promise<string> {
    const written = await this.deps.terminationMessage(status).catch((error: unknown) => {
      this.deps.log.warn('termination message unreadable', { container: status.id, error });
      return '';
    });
    return written || status.message;
  }
}

/** A container or sandbox can be removed between the list call and its status call. */
function undefinedIfNotFound(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}
