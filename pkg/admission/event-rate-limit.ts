// EventRateLimit: events are refused with 429 beyond the rates of its configuration, for the
// server, or for each namespace, user, or source and object (upstream
// plugin/pkg/admission/eventratelimit).
import { LRUCache } from 'lru-cache';
import { configured } from '../apimachinery/codec/configuration.js';
import { fieldErrors, statusError } from '../apimachinery/errors/status-error.js';
import type { ObjectReference } from '../apis/core/v1/types.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { getOrInsert } from '../util/map/get-or-insert.js';
import { tokenBucket, type TakeToken } from '../util/throttle/token-bucket.js';
import { EVENT_LIMIT_CACHE_ENTRIES } from './limits.js';

interface AnyEvent {
  source?: { component?: string; host?: string };
  deprecatedSource?: { component?: string; host?: string };
  involvedObject?: ObjectReference;
  regarding?: ObjectReference;
}

function sourceAndObject({ object }: AdmissionRequest): string {
  const event = object as AnyEvent | undefined;
  const source = event?.source ?? event?.deprecatedSource ?? {};
  const about = event?.involvedObject ?? event?.regarding ?? {};
  const { kind, namespace, name, uid, apiVersion } = about;
  return [source.component, source.host, kind, namespace, name, uid, apiVersion].join('');
}

const KEYS: Readonly<Record<string, (request: AdmissionRequest) => string>> = {
  Server: () => '',
  Namespace: ({ namespace }) => namespace,
  User: ({ context }) => context.user.name,
  SourceAndObject: sourceAndObject,
};

interface Limit {
  type: string;
  qps: number;
  burst: number;
  cacheSize: number;
}

/** Throws Error that names each wrong field. */
function limitsOf(config: unknown): Limit[] {
  if (config === undefined)
    throw new Error('EventRateLimit needs a configuration in --admission-control-config-file');
  const { limits = [] } = configured(
    config,
    'Configuration',
    ['eventratelimit.admission.k8s.io/v1alpha1'],
    { limits: [{ type: 'text', qps: 'integer', burst: 'integer', cacheSize: 'integer' }] },
  );
  const problems: string[] = [];
  if (!limits.length) problems.push('limits: Invalid value: []: must not be empty');
  const out = limits.map((limit, index): Limit => {
    const at = `limits[${index}]`;
    const { type = '', qps = 0, burst = 0, cacheSize = 0 } = limit;
    if (!Object.hasOwn(KEYS, type))
      problems.push(`${at}.type: ${fieldErrors.notSupported(at, type, Object.keys(KEYS)).message}`);
    if (burst <= 0) problems.push(`${at}.burst: Invalid value: ${burst}: must be positive`);
    if (qps <= 0) problems.push(`${at}.qps: Invalid value: ${qps}: must be positive`);
    if (cacheSize < 0)
      problems.push(`${at}.cacheSize: Invalid value: ${cacheSize}: must not be negative`);
    return { type, qps, burst, cacheSize: cacheSize || EVENT_LIMIT_CACHE_ENTRIES };
  });
  if (problems.length) throw new Error(problems.join(', '));
  return out;
}

/** `config` is a Configuration of eventratelimit.admission.k8s.io/v1alpha1. Throws Error. */
export function eventRateLimit(config: unknown): AdmissionPluginFactory {
  const limits = limitsOf(config);
  return ({ env }) => {
    const now = () => env.clock.monotonic();
    const enforcers = limits.map(({ type, qps, burst, cacheSize }) => {
      const buckets = new LRUCache<string, TakeToken>({ max: type === 'Server' ? 1 : cacheSize });
      return (request: AdmissionRequest): string | undefined => {
        const key = KEYS[type]!(request);
        const takeToken = getOrInsert(buckets, key, () => tokenBucket(qps, burst, now));
        return takeToken() === 0 ? undefined : `limit reached on type ${type} for key ${key}`;
      };
    });
    return {
      name: 'EventRateLimit',
      operations: ['CREATE', 'UPDATE'],
      resources: ['events', 'events.events.k8s.io'],
      validate(request) {
        if (request.context.dryRun) return;
        // Each limit counts the event, also after another has refused it.
        const refused = enforcers.map((refuses) => refuses(request)).filter(Boolean);
        if (refused.length)
          throw statusError('TooManyRequests', `Too many requests: ${refused.at(-1)!}`);
      },
    };
  };
}
