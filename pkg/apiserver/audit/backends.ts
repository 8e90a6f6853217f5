// Ways of handing events to a log file or webhook: one by one while the request waits, or in
// batches (upstream apiserver/plugin/pkg/audit: buffered, truncate, webhook).
import { Backoff } from '../../util/backoff/backoff.js';
import type { Env, Timer } from '../../util/env/env.js';
import { retry } from '../../util/wait/retry.js';
import {
  AUDIT_RETRY_FACTOR,
  AUDIT_RETRY_JITTER,
  AUDIT_TRIES,
  MAX_AUDIT_BATCHES_IN_FLIGHT,
} from './limits.js';
import { tokenBucket } from '../../util/throttle/token-bucket.js';
import type { AuditBackend } from './audit.js';
import { type AuditEvent, eventJson } from './event.js';

export interface BatchOptions {
  bufferSize: number;
  maxSize: number;
  maxWaitMs: number;
  /** Batches a second, and batches at once after a pause; absent: as many as there are. */
  throttle?: { qps: number; burst: number };
}

export type AuditMode = 'batch' | 'blocking' | 'blocking-strict';

interface Truncation {
  maxEventBytes: number;
  /** Larger batches leave in parts. */
  maxBatchBytes: number;
}

export interface BackendOptions {
  /** The name in metrics: 'log' or 'webhook'. */
  name: string;
  mode: AuditMode;
  batch: BatchOptions;
  /** Absent: events have any size. */
  truncate?: Truncation;
}

type BackendEnv = Pick<Env, 'clock' | 'log' | 'metrics' | 'random'>;
type Write = (events: readonly AuditEvent[]) => void | Promise<void>;

/** The events in parts within the bound, each of one event at least. */
function parts(
  events: readonly AuditEvent[],
  { maxBatchBytes }: Truncation,
): (readonly AuditEvent[])[] {
  const out: AuditEvent[][] = [];
  let size = Infinity;
  for (const event of events) {
    const bytes = Buffer.byteLength(eventJson(event));
    if (size + bytes > maxBatchBytes) [size] = [0, out.push([])];
    size += bytes;
    out.at(-1)!.push(event);
  }
  return out;
}

/** The event within the bound: first without its objects; undefined when it is still too large. */
export function truncated(
  event: AuditEvent,
  { maxEventBytes }: Truncation,
): AuditEvent | undefined {
  const fits = (one: AuditEvent) => Buffer.byteLength(eventJson(one)) <= maxEventBytes;
  if (fits(event)) return event;
  const small: AuditEvent = {
    ...event,
    requestObject: undefined,
    responseObject: undefined,
    annotations: { ...event.annotations, 'audit.k8s.io/truncated': 'true' },
  };
  return fits(small) ? small : undefined;
}

/** Batches events until `maxSize` of them wait or `maxWaitMs` have passed. */
function batching(
  send: (events: readonly AuditEvent[]) => Promise<void>,
  options: BatchOptions,
  clock: Env['clock'],
  lost: (event: AuditEvent, why: string) => void,
): AuditBackend {
  const queue: AuditEvent[] = [];
  const sending = new Set<Promise<void>>();
  const { throttle } = options;
  const takeToken = throttle && tokenBucket(throttle.qps, throttle.burst, () => clock.monotonic());
  let timer: Timer | undefined;
  let isDue = false;
  let isPaused = false;
  let isStopped = false;
  const later = () => {
    timer = undefined;
    isDue = true;
    pump();
  };
  const pump = () => {
    while (queue.length && !isPaused && sending.size < MAX_AUDIT_BATCHES_IN_FLIGHT) {
      if (queue.length < options.maxSize && !isDue && !isStopped) break;
      const pause = isStopped ? 0 : (takeToken?.() ?? 0);
      if (pause) {
        isPaused = true;
        clock.after(pause, () => {
          isPaused = false;
          pump();
        });
        break;
      }
      isDue = false;
      const step = send(queue.splice(0, options.maxSize)).finally(() => {
        sending.delete(step);
        pump();
      });
      sending.add(step);
    }
    if (queue.length && !isDue) timer ??= clock.after(options.maxWaitMs, later);
  };
  return {
    process(event) {
      if (isStopped || queue.length >= options.bufferSize)
        return lost(event, 'audit buffer queue blocked');
      queue.push(event);
      pump();
    },
    async stop() {
      isStopped = true;
      isPaused = false;
      pump();
      while (sending.size) await Promise.all(sending);
      timer?.cancel();
    },
  };
}

export function createBackend(
  write: Write,
  close: () => void | Promise<void>,
  options: BackendOptions,
  env: BackendEnv,
): AuditBackend {
  const errors = env.metrics.counter(
    'apiserver_audit_error_total',
    'Counter of audit events that failed to be audited properly. Plugin identifies the plugin affected by the error.',
    ['plugin'],
  );
  const failed = (plugin: string, events: readonly AuditEvent[], error: unknown) => {
    errors.inc({ plugin }, events.length);
    env.log.error('audit events are lost', {
      plugin,
      events: events.length,
      auditID: events[0]?.auditID,
      error,
    });
  };
  const attempt = async (events: readonly AuditEvent[]) => {
    try {
      const batches = options.truncate ? parts(events, options.truncate) : [events];
      for (const batch of batches) await write(batch);
    } catch (error) {
      failed(options.name, events, error);
      throw error;
    }
  };
  const fit = (event: AuditEvent): AuditEvent | undefined => {
    const small = options.truncate ? truncated(event, options.truncate) : event;
    if (!small) failed('truncate', [event], 'event is too large');
    return small;
  };
  const isStrict = options.mode === 'blocking-strict';
  const inner: AuditBackend =
    options.mode === 'batch'
      ? batching(
          (events) => attempt(events).catch(() => {}),
          options.batch,
          env.clock,
          (event, why) => failed('buffered', [event], why),
        )
      : {
          process: (event) => (isStrict ? attempt([event]) : attempt([event]).catch(() => {})),
          stop: () => Promise.resolve(),
        };
  return {
    process(event) {
      const small = fit(event);
      if (small) return inner.process(small);
    },
    async stop() {
      await inner.stop();
      await close();
    },
  };
}

/** Posts a body; `mayRetry` judges a failure. */
interface EventReceiver {
  post(body: string): Promise<unknown>;
  mayRetry(error: unknown): boolean;
}

/** Sends events as an EventList, again after failures of the network and of the server. */
export function webhookWriter(
  receiver: EventReceiver,
  initialBackoffMs: number,
  { clock, random }: Pick<Env, 'clock' | 'random'>,
): Write {
  return async (events) => {
    const items = events.map(eventJson).join(',');
    const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${items}]}`;
    const wait = new Backoff(
      {
        baseMs: initialBackoffMs,
        maxMs: Infinity,
        factor: AUDIT_RETRY_FACTOR,
        jitter: AUDIT_RETRY_JITTER,
      },
      random,
    );
    const again = (error: unknown) => receiver.mayRetry(error);
    await retry({ clock, wait, tries: AUDIT_TRIES, again }, () => receiver.post(body));
  };
}
