// Live events for the watchers of one group. A write to a stream costs the same for one event as
// for five: while events arrive fast, a large group gets them in batches of a few milliseconds.
// After a pause, and for small groups always, an event is sent immediately.
import type { Clock, Timer } from '../../util/env/env.js';
import { COALESCE_MS, COALESCED_WATCHERS, MAX_COALESCED_BYTES } from '../limits.js';
import type { Watcher } from './watcher.js';

interface Waiting {
  bytes: Buffer;
  revision: number;
}

export class Outbox {
  private waiting: Waiting[] = [];
  private waitingBytes = 0;
  private timer: Timer | undefined;
  private lastFlush = -Infinity;

  constructor(
    private readonly watchers: ReadonlySet<Watcher>,
    private readonly clock: Pick<Clock, 'monotonic' | 'after'>,
  ) {}

  /** Adds an event for all live watchers, which get it now or within COALESCE_MS. */
  put(bytes: Buffer, revision: number): void {
    if (this.watchers.size < COALESCED_WATCHERS && !this.waiting.length) {
      for (const watcher of this.watchers)
        if (watcher.live && watcher.wants(revision)) watcher.send(bytes, revision);
      return;
    }
    this.waiting.push({ bytes, revision });
    this.waitingBytes += bytes.length;
    const isFull = this.waitingBytes >= MAX_COALESCED_BYTES;
    if (this.timer && !isFull) return;
    const rest = this.lastFlush + COALESCE_MS - this.clock.monotonic();
    if (rest <= 0 || isFull) this.flush();
    else this.timer = this.clock.after(rest, () => this.flush());
  }

  /** Sends the pending events. Callers flush before a watcher joins, leaves or gets a bookmark. */
  flush(): void {
    this.timer?.cancel();
    this.timer = undefined;
    const { waiting } = this;
    if (!waiting.length) return;
    this.waiting = [];
    this.waitingBytes = 0;
    this.lastFlush = this.clock.monotonic();
    const all =
      waiting.length === 1 ? waiting[0]!.bytes : Buffer.concat(waiting.map(({ bytes }) => bytes));
    const { revision } = waiting[waiting.length - 1]!;
    for (const watcher of this.watchers) {
      if (!watcher.live) continue;
      if (watcher.wants(waiting[0]!.revision)) watcher.send(all, revision);
      else sendWanted(watcher, waiting);
    }
  }
}

function sendWanted(watcher: Watcher, waiting: readonly Waiting[]): void {
  const wanted = waiting.filter(({ revision }) => watcher.wants(revision));
  if (wanted.length)
    watcher.send(
      Buffer.concat(wanted.map(({ bytes }) => bytes)),
      wanted[wanted.length - 1]!.revision,
    );
}
