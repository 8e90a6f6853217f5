// The seats that a request occupies (upstream util/flowcontrol/request): a list by the number of
// objects that it reads, a write by the number of watchers that hear of it.
import type { RequestInfo } from '../request/request-info.js';
import type { ServedResource } from '../served/served.js';
import { EVENT_MS_PER_SEAT, MAX_SEATS, OBJECTS_PER_SEAT, WATCHERS_PER_SEAT } from '../limits.js';

export interface Work {
  seats: number;
  /** Seats that stay occupied for `extraMs` after a write, while its events are sent. */
  finalSeats: number;
  extraMs: number;
}

const ONE_SEAT: Work = { seats: 1, finalSeats: 0, extraMs: 0 };
const READS = new Set(['get', 'list', 'watch', 'head']);

const limitOf = (query: URLSearchParams): number => {
  const limit = Number(query.get('limit') ?? 0);
  return limit > 0 ? limit : Infinity;
};

/** `maxSeats` is at most MAX_SEATS, less for a level with few seats. */
export function estimateWork(
  info: RequestInfo,
  query: URLSearchParams,
  resource: ServedResource | undefined,
  maxSeats: number,
): Work {
  const cache = resource?.maybeCache;
  if (!cache) return ONE_SEAT;
  if (info.verb === 'list') {
    if (info.name || info.fields?.['metadata.name']) return ONE_SEAT;
    const objects = Math.min(cache.index.size, limitOf(query));
    const seats = Math.min(maxSeats, Math.ceil(objects / OBJECTS_PER_SEAT));
    return seats > 1 ? { ...ONE_SEAT, seats } : ONE_SEAT;
  }
  if (READS.has(info.verb)) return ONE_SEAT;
  const wanted = Math.ceil(cache.watcherCount / WATCHERS_PER_SEAT);
  if (wanted <= 1) return ONE_SEAT;
  const finalSeats = Math.min(wanted, maxSeats);
  return { seats: 1, finalSeats, extraMs: (EVENT_MS_PER_SEAT * wanted) / finalSeats };
}

/** A share of the level's seats, so that one hand of queues cannot take them all. */
export const maxSeatsOf = (nominal: number, handSize: number): number =>
  Math.max(1, Math.min(MAX_SEATS, Math.ceil((nominal * 0.15) / Math.max(1, handSize))));
