// The queue of batches for one watcher: filled synchronously, read by one consumer.
import type { WatchBatch } from '../storage.js';

export class BatchQueue {
  /** The start revision of the watch, for diagnostics only. */
  from = 0;
  private batches: WatchBatch[] = [];
  private wake: (() => void) | undefined;
  private closed = false;
  private readonly onAbort = () => this.wake?.();

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  push(batch: WatchBatch): void {
    if (this.closed) return;
    this.batches.push(batch);
    this.wake?.();
  }

  /** The next batch; rejects with the signal's reason on abort, or when closed. */
  async next(): Promise<WatchBatch> {
    for (;;) {
      this.signal.throwIfAborted();
      const batch = this.batches.shift();
      if (batch) return batch;
      if (this.closed) throw new Error('storage closed');
      await new Promise<void>((resolve) => (this.wake = resolve));
      this.wake = undefined;
    }
  }

  close(): void {
    this.closed = true;
    this.signal.removeEventListener('abort', this.onAbort);
    this.wake?.();
  }
}
