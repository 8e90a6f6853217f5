// A watch on etcd: a gRPC stream that resumes at its revision after a disconnect. Fragments are
// joined, so that the reader gets complete revisions only.
//
// The request starts one revision early, and that revision is dropped: etcd lets a watch begin at
// the revision of the compaction, but before 3.4.34 and 3.5.15 it then leaves out a deletion made
// there (etcd issue 18089). A request for the revision before reports the compaction.
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env } from '../../util/env/env.js';
import { DONE, every } from '../../util/wait/every.js';
import { RECONNECT } from '../limits.js';
import { BatchQueue } from '../memory/batch-queue.js';
import {
  CompactedError,
  type StorageEvent,
  type WatchBatch,
  type WatchOptions,
} from '../storage.js';
import type { Duplex, GrpcConnection } from './grpc-connection.js';
import { readWatchResponse, watchCreateRequest, watchProgressRequest } from './messages.js';
import { WireReader } from './wire.js';
import { onAbort } from '../../util/wait/abortable.js';

const WATCH_PATH = '/etcdserverpb.Watch/Watch';

export class EtcdWatch {
  private stream: Duplex | undefined;
  private progressWanted = false;
  private started = false;
  private from: number;
  private failure: Error | undefined;
  private broken: (() => void) | undefined;
  private partial: StorageEvent[] = [];

  constructor(
    private readonly connection: GrpcConnection,
    private readonly env: Pick<Env, 'clock' | 'log' | 'random'>,
    private readonly prefix: string,
    private readonly options: WatchOptions,
  ) {
    this.from = options.fromRevision;
  }

  requestProgress(): void {
    if (this.started && this.stream) this.stream.send(watchProgressRequest().finishFrame());
    else this.progressWanted = true;
  }

  /** Fills `queue` until abort. Rejects with CompactedError when the start is compacted. */
  async run(queue: BatchQueue): Promise<void> {
    const { signal } = this.options;
    const backoff = new Backoff(RECONNECT, this.env.random);
    const failed = (error: unknown) => {
      if (this.failure) throw this.failure;
      this.env.log.warn('etcd watch broke, resuming', {
        prefix: this.prefix,
        from: this.from,
        cause: (error as Error).message,
      });
    };
    await every({ env: this.env, signal, periodMs: () => backoff.next(), failed }, async () => {
      if (this.connection.closed) return DONE;
      try {
        await this.session(queue, () => backoff.reset());
      } catch (error) {
        if (this.connection.closed) return DONE;
        throw error;
      }
      if (this.failure) throw this.failure;
    });
  }

  private async session(queue: BatchQueue, onCreated: () => void): Promise<void> {
    const { signal } = this.options;
    this.partial = [];
    let ended: Error | undefined;
    const over = new Promise<void>((resolve) => (this.broken = resolve));
    const stream = await this.connection.duplex(WATCH_PATH, {
      onMessage: (message) => {
        if (this.onMessage(message, queue)) onCreated();
      },
      onEnd: (error) => {
        ended = error;
        this.broken?.();
      },
    });
    const withdraw = onAbort(signal, () => stream.close());
    this.stream = stream;
    const { previous = false } = this.options;
    const request = watchCreateRequest(this.prefix, Math.max(1, this.from - 1), previous);
    stream.send(request.finishFrame());
    await over;
    withdraw();
    this.stream = undefined;
    this.started = false;
    stream.close();
    if (ended) throw ended;
  }

  /** True for the message that establishes the watch. */
  private onMessage(message: Buffer, queue: BatchQueue): boolean {
    const response = readWatchResponse(new WireReader(message));
    if (response.compactRevision) this.failure = new CompactedError(response.compactRevision);
    else if (response.canceled)
      this.failure = new Error(`etcd cancelled the watch: ${response.cancelReason}`);
    if (response.canceled) {
      this.broken?.();
      return false;
    }
    if (response.created) {
      this.started = true;
      this.options.onStart?.();
      if (this.progressWanted) this.requestProgress();
      this.progressWanted = false;
      return true;
    }
    this.deliver(response.events, response.fragment, response.revision, queue);
    return false;
  }

  private deliver(
    events: StorageEvent[],
    fragment: boolean,
    headerRevision: number,
    queue: BatchQueue,
  ): void {
    if (fragment) {
      for (const event of events) this.partial.push(event);
      return;
    }
    const told = this.partial.length ? [...this.partial, ...events] : events;
    this.partial = [];
    if (!told.length) {
      queue.push({ revision: headerRevision, events: [] });
      return;
    }
    const all =
      told[0]!.kv.modRevision < this.from
        ? told.filter(({ kv }) => kv.modRevision >= this.from)
        : told;
    if (!all.length) return;
    // The header has the newest revision of the store, which may be ahead of this watch.
    const batch: WatchBatch = { revision: all[all.length - 1]!.kv.modRevision, events: all };
    this.from = batch.revision + 1;
    queue.push(batch);
  }
}
