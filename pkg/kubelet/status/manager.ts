// Holds the latest status of every pod and writes it to the API: one write at a time per pod,
// always the latest status, with back-off after failures. A terminated pod that has a deletion
// timestamp is deleted here, with grace period 0 and its uid as precondition. No Node API.
// (Upstream: status/status_manager.go.)
//
// Invariants: a pod object is removed only after its final status was written; a pod that another
// component has ended (pod GC, eviction) never runs again.
import { StatusError } from '../../apimachinery/errors/status-error.js';
import type { Pod, PodStatus } from '../../apis/core/v1/types.js';
import { PODS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import { isTerminalPhase } from '../../component-helpers/pods.js';
import { Backoff } from '../../util/backoff/backoff.js';
import { sleep, type Clock, type Log } from '../../util/env/env.js';
import { STATUS_RETRY } from '../limits.js';
import { identityOf } from '../types/observed.js';
import { endedElsewhere, OWNED_CONDITIONS, overwritten, statusPatch } from './patch.js';

/** The status manager as pod workers see it. */
export interface StatusSink {
  /**
   * Our latest status, or else the API's; the API's after a foreign end. Conditions of other
   * writers come from the API.
   */
  old(pod: Pod): PodStatus;
  /** `over`: all containers have terminated and none will start again. */
  set(pod: Pod, status: PodStatus, over: boolean): void;
}

interface Entry {
  pod: Pod;
  status: PodStatus;
  over: boolean;
  /** JSON of the last status that the API accepted. */
  sent: string;
  /** Revision after our last write; older versions of the object cannot show a foreign change. */
  revision: bigint;
  writing: boolean;
  removed: boolean;
}

export interface StatusManagerDeps {
  clock: Clock;
  log: Log;
  client: Client | undefined;
  /** The API object of a pod: the pod itself, or the mirror pod of a static pod. */
  target(pod: Pod): Pod | undefined;
  /** Called when the object no longer exists in the API. */
  gone(pod: Pod): void;
}

/** Whether another writer has changed the status since our last write. */
const isOverwritten = ({ metadata, status }: Pod, entry: Entry): boolean =>
  BigInt(metadata.resourceVersion ?? 0) > entry.revision && overwritten(status, entry.status);

export class StatusManager implements StatusSink {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly deps: StatusManagerDeps,
    private readonly signal: AbortSignal,
  ) {}

  old(pod: Pod): PodStatus {
    const ours = this.entries.get(pod.metadata.uid!)?.status;
    const api = this.deps.target(pod)?.status ?? pod.status ?? {};
    if (!ours || endedElsewhere(api, ours)) return api;
    return {
      ...ours,
      conditions: [
        ...(ours.conditions ?? []).filter((c) => OWNED_CONDITIONS.has(c.type)),
        ...(api.conditions ?? []).filter((c) => !OWNED_CONDITIONS.has(c.type)),
      ],
    };
  }

  get(uid: string): PodStatus | undefined {
    return this.entries.get(uid)?.status;
  }

  set(pod: Pod, status: PodStatus, over: boolean): void {
    const uid = pod.metadata.uid!;
    const fresh = { over, sent: '', revision: 0n, writing: false, removed: false };
    const entry = Object.assign(this.entries.get(uid) ?? fresh, { pod, status });
    entry.over ||= over;
    this.entries.set(uid, entry);
    this.kick(uid);
  }

  /** Handles a new version of the object: a status that another writer changed is written again. */
  apiChanged(pod: Pod, uid = pod.metadata.uid!): void {
    const entry = this.entries.get(uid);
    if (!entry || entry.writing) return; // the write looks again when it is done
    if (isOverwritten(pod, entry)) entry.sent = '';
    this.kick(uid);
  }

  remove(uid: string): void {
    const entry = this.entries.get(uid);
    if (entry) entry.removed = true;
    this.entries.delete(uid);
  }

  private kick(uid: string): void {
    const entry = this.entries.get(uid);
    if (!entry || entry.writing || !this.deps.client) return;
    entry.writing = true;
    this.write(entry, this.deps.client).catch((error: unknown) => {
      if (!this.signal.aborted) this.deps.log.warn('pod status not written', { uid, error });
    });
  }

  /**
   * `writing` ends in the same turn as the last check of the API object, so that no change is
   * missed.
   */
  private async write(entry: Entry, client: Client): Promise<void> {
    const backoff = new Backoff(STATUS_RETRY);
    try {
      while (!entry.removed && !this.signal.aborted) {
        const target = this.deps.target(entry.pod);
        // The worker hears of a foreign end, too, and ends with a status of its own.
        if (!target || endedElsewhere(target.status, entry.status)) return;
        const wanted = JSON.stringify(entry.status);
        try {
          const { over } = entry;
          if (wanted !== entry.sent) await this.patch(client, target, entry, wanted);
          if (over && target.metadata.deletionTimestamp) return await this.delete(client, target);
        } catch (error) {
          if (this.signal.aborted || this.settles(entry, target, error)) return;
          const pod = target.metadata.name;
          this.deps.log.warn('pod status write failed, will retry', { pod, error });
          await sleep(this.deps.clock, backoff.next(), this.signal);
          continue;
        }
        const current = this.deps.target(entry.pod);
        if (current && isOverwritten(current, entry)) entry.sent = '';
        const isDeletable = entry.over && current?.metadata.deletionTimestamp;
        if (entry.sent === JSON.stringify(entry.status) && !isDeletable) return;
      }
    } finally {
      entry.writing = false;
    }
  }

  private async patch(client: Client, target: Pod, entry: Entry, wanted: string): Promise<void> {
    const known = BigInt(target.metadata.resourceVersion ?? 0);
    // A phase that is not final must not follow one that is.
    const revision = known > entry.revision ? known : entry.revision;
    const isFinal = isTerminalPhase(entry.status.phase);
    const body = statusPatch(target, entry.status, isFinal ? undefined : revision);
    const options = { type: 'strategic', subresource: 'status' } as const;
    const { metadata } = await client.patch(PODS, identityOf(target), body, options);
    entry.sent = wanted;
    entry.revision = BigInt(metadata.resourceVersion ?? 0);
  }

  private async delete(client: Client, target: Pod): Promise<void> {
    const preconditions = { uid: target.metadata.uid! };
    await client.delete(PODS, identityOf(target), { gracePeriodSeconds: 0, preconditions });
  }

  /** Whether a retry is useless: the object is deleted, or replaced by another of the same name. */
  private settles(entry: Entry, target: Pod, error: unknown): boolean {
    if (!(error instanceof StatusError)) return false;
    if (error.code === 404 && !entry.removed) this.deps.gone(target);
    // Any other conflict ends when the watch brings the newest object.
    if (error.code === 409) return error.message.includes('Precondition failed: UID');
    if (error.code === 404) return true;
    if (error.code === 422 || error.code === 400 || error.code === 403) {
      this.deps.log.error('the API refuses a pod status', { pod: target.metadata.name, error });
      return error.code !== 403;
    }
    return false;
  }
}
