// The real Env: the clock and randomness of the machine, logs as JSON lines on standard error,
// Prometheus metrics.
// Only cmd, packages, hack and tests import this file.
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { pino } from 'pino';
import prometheus from 'prom-client';
import type { Clock, Env, Log, LogFields, Metrics, Random } from '../util/env/env.js';

export const realClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(0, ms), 2 ** 31 - 1));
    return { cancel: () => clearTimeout(timer) };
  },
};

export const realRandom: Random = { next: () => Math.random(), uuid: () => randomUUID() };

function logOver(logger: pino.Logger): Log {
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: LogFields) =>
      fields ? logger[level](fields, event) : logger[level](event);
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => logOver(logger.child(fields)),
  };
}

/**
 * Prometheus metrics in a separate registry, so that several components of one process stay apart.
 */
function realMetrics(): Metrics {
  const registry = new prometheus.Registry();
  const registered = new Map<string, unknown>();
  const once = <T>(name: string, make: () => T): T => {
    if (!registered.has(name)) registered.set(name, make());
    return registered.get(name) as T;
  };
  const settings = (name: string, help: string, labelNames: readonly string[]) => ({
    name,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  });
  return {
    counter: (name, help, labelNames = []) =>
      once(name, () => {
        const metric = new prometheus.Counter(settings(name, help, labelNames));
        return { inc: (labels = {}, by = 1) => metric.inc(labels, by) };
      }),
    gauge: (name, help, labelNames = []) =>
      once(name, () => {
        const metric = new prometheus.Gauge(settings(name, help, labelNames));
        return { set: (value, labels = {}) => metric.set(labels, value) };
      }),
    histogram: (name, help, buckets, labelNames = []) =>
      once(name, () => {
        const metric = new prometheus.Histogram({
          ...settings(name, help, labelNames),
          buckets: [...buckets],
        });
        return { observe: (value, labels = {}) => metric.observe(labels, value) };
      }),
    render: () => registry.metrics(),
  };
}

/** The work of this event loop that began last; components of one process share the loop. */
const last = { kind: '', what: '' };

export const lastWork = (): string => `${last.kind} ${last.what}`.trim();

/** `component` is a field of every log line; `level` is debug, info, warn or error. */
export function realEnv(component: string, level = 'info'): Env {
  const logger = pino(
    {
      level,
      base: { component },
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
    },
    pino.destination({ fd: 2, sync: true }),
  );
  return {
    clock: realClock,
    random: realRandom,
    log: logOver(logger),
    metrics: realMetrics(),
    begins: (kind, what) => {
      last.kind = kind;
      last.what = what;
    },
  };
}
