// Times of a cron schedule: croner with the dialect of robfig/cron, which upstream uses ('?' means
// '*', 'N/S' runs to the end of the field, '@every 1h30m'). Times are milliseconds since the epoch.
// Pure.
import { Cron } from 'croner';
import { CRON_MACROS, cronError } from '../../util/cron/cron-syntax.js';
import { parseDuration } from '../../util/duration/go-duration.js';

export interface Schedule {
  /** The first scheduled time after `ms`; undefined when there is none. */
  next(ms: number): number | undefined;
  /** The last scheduled time in (after, until]. */
  latest(after: number, until: number): number | undefined;
}

/** Throws when the text is not a schedule. The default zone is the zone of the process. */
export function parseSchedule(text: string, timeZone: string | undefined): Schedule {
  const error = cronError(text);
  if (error) throw new Error(error);
  if (text.startsWith('@every ')) return every(text.slice('@every '.length));
  const pattern = (CRON_MACROS[text] ?? text).replaceAll('?', '*');
  const cron = new Cron(pattern, {
    mode: '5-part',
    sloppyRanges: true,
    paused: true,
    ...(timeZone && { timezone: timeZone }),
  });
  return {
    next: (ms) => cron.nextRun(new Date(ms))?.getTime(),
    latest(after, until) {
      // croner excludes the reference time itself, and has a precision of seconds.
      const last = cron
        .previousRuns(1, new Date(Math.floor(until / 1000) * 1000 + 1000))[0]
        ?.getTime();
      return last !== undefined && last > after ? last : undefined;
    },
  };
}

/** robfig/cron's constant delay: whole seconds, one at least. */
function every(text: string): Schedule {
  const period = parseDuration(text);
  const step = Math.max(1_000, Math.floor(period / 1_000) * 1_000);
  const whole = (ms: number): number => Math.floor(ms / 1_000) * 1_000;
  return {
    next: (ms) => whole(ms) + step,
    latest: (after, until) => {
      const steps = Math.floor((until - whole(after)) / step);
      return steps > 0 ? whole(after) + steps * step : undefined;
    },
  };
}
