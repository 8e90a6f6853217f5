// The event recorder (client-go tools/record). Recording appends to a bounded queue, which one
// writer drains. Equal events become one Event with a count. Many events of one reason that differ
// in the message are combined. A rate limit per object drops the events beyond it. Invariant:
// recording never throws, never waits, and never holds more than limits.ts allows. Pure.
import { LRUCache } from 'lru-cache';
import { isReason, StatusError } from '../apimachinery/errors/status-error.js';
import { EVENTS } from '../apis/resource-types.js';
import type { Event, ObjectReference } from '../apis/core/v1/types.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import { Backoff } from '../util/backoff/backoff.js';
import { timestamp, type Env } from '../util/env/env.js';
import { retry } from '../util/wait/retry.js';
import type { Client } from './client.js';
import type { EventRecorder, ObjectRef } from './event-recorder.js';
import { EventCorrelator, type Occurrence } from './event-correlator.js';
import { EVENT_CACHE_ENTRIES, EVENT_MAX_TRIES, EVENT_QUEUE_LENGTH } from './limits.js';
import { RECORDER_METRICS } from './metrics.generated.js';
import { registered } from '../util/metrics/registered.js';

export interface EventSourceOptions {
  /** 'replication-controller', 'kubelet'. */
  component: string;
  /** Node name, for components of a node. */
  host?: string;
}

interface Series {
  namespace: string;
  name: string;
  count: number;
  message: string;
}

function referenceTo(about: ApiObject | ObjectRef): ObjectReference {
  const { name, namespace, uid, resourceVersion } = 'metadata' in about ? about.metadata : about;
  return {
    kind: about.kind,
    apiVersion: about.apiVersion,
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
    ...('fieldPath' in about && about.fieldPath && { fieldPath: about.fieldPath }),
  };
}

/** True when a later attempt may succeed: no response, 429 or 5xx. */
const isTransient = (error: unknown): boolean =>
  !(error instanceof StatusError) || error.code === 429 || error.code >= 500;

/**
 * Writes until `signal` aborts, then drops the queued events. Callers may flush before the abort.
 */
export function createEventRecorder(
  client: Client,
  env: Env,
  source: EventSourceOptions,
  signal: AbortSignal,
): EventRecorder {
  const { dropped } = registered(env.metrics, RECORDER_METRICS);
  const queue: Occurrence[] = [];
  const series = new LRUCache<string, Series>({ max: EVENT_CACHE_ENTRIES });
  const correlator = new EventCorrelator();
  let writing: Promise<void> | undefined;
  let order = 0;

  const write = async (occurrence: Occurrence): Promise<void> => {
    const { key, message } = correlator.seriesOf(occurrence);
    const known = series.get(key);
    if (known) {
      const count = known.count + 1;
      const lastTimestamp = timestamp(occurrence.at);
      const patch = { count, lastTimestamp, ...(message !== known.message && { message }) };
      try {
        await client.patch(EVENTS, known, patch, { type: 'strategic', signal });
        series.set(key, { ...known, count, message });
        return;
      } catch (error) {
        if (!isReason(error, 'NotFound')) throw error; // the event expired: start a new series
        series.delete(key);
      }
    }
    const event = newEvent(occurrence, message, source, order++);
    await client.create(EVENTS, event, { signal });
    const { name, namespace = '' } = event.metadata;
    series.set(key, { namespace, name, count: 1, message });
  };

  const drain = async (): Promise<void> => {
    await Promise.resolve(); // writing starts after the caller's turn
    for (let next = queue.shift(); next && !signal.aborted; next = queue.shift()) {
      const backoff = new Backoff({ baseMs: 500, maxMs: 10_000, jitter: 0.5 }, env.random);
      const { reason, about } = next;
      const occurrence = next;
      const bounds = { wait: backoff, tries: EVENT_MAX_TRIES, again: isTransient };
      await retry({ clock: env.clock, signal, ...bounds }, () => write(occurrence)).catch(
        (error: unknown) => {
          if (signal.aborted) return;
          dropped.inc({ cause: 'rejected' });
          const fields = { reason, about: about.name, error: (error as Error).message };
          env.log.info('event not written', fields);
        },
      );
    }
  };

  const kick = (): Promise<void> => {
    writing ??= drain().finally(() => {
      writing = undefined;
      if (queue.length && !signal.aborted) void kick();
    });
    return writing;
  };

  return {
    event(about, type, reason, message) {
      if (signal.aborted) return;
      const occurrence = { about: referenceTo(about), type, reason, message, at: env.clock.now() };
      if (queue.length >= EVENT_QUEUE_LENGTH) return dropped.inc({ cause: 'queue full' });
      if (correlator.isFlooding(occurrence)) return dropped.inc({ cause: 'flood' });
      queue.push(occurrence);
      void kick();
    },
    async flush() {
      while ((queue.length || writing) && !signal.aborted) await kick();
    },
  };
}

/** `order` makes names of one millisecond unique. */
function newEvent(
  occurrence: Occurrence,
  message: string,
  source: EventSourceOptions,
  order: number,
): Event {
  const { about, at, reason, type } = occurrence;
  const unique = (BigInt(at) * 1_000_000n + BigInt(order % 1_000_000)).toString(16);
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${about.name}.${unique}`, namespace: about.namespace ?? 'default' },
    involvedObject: about,
    reason,
    message,
    source: { component: source.component, ...(source.host && { host: source.host }) },
    firstTimestamp: timestamp(at),
    lastTimestamp: timestamp(at),
    count: 1,
    type,
    reportingComponent: source.component,
    reportingInstance: source.host ?? '',
  };
}
