// Which tokens in Secrets are invalidated and removed because nobody uses them (upstream:
// pkg/controller/serviceaccount/legacy_serviceaccount_token_cleaner.go). Pure.
import type { Secret, ServiceAccount } from '../../apis/core/v1/types.js';
import { INVALID_SINCE, LAST_USED } from '../../component-helpers/legacy-tokens.js';
import { timestamp } from '../../util/env/env.js';
import { isTokenSecret, ownAccount } from './plan.js';

const DAY_MS = 86_400_000;
const dateOf = (ms: number): string => timestamp(ms).slice(0, 'YYYY-MM-DD'.length);

/** A date of the calendar, written as YYYY-MM-DD. */
const isDate = (text: string | undefined): text is string => {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text ?? '') ? Date.parse(text!) : Number.NaN;
  return Number.isFinite(ms) && dateOf(ms) === text;
};

/** Uses are recorded in full from the day after `since`; throws for text that is no date. */
export function isTrackedFor(since: string | undefined, periodMs: number, now: number): boolean {
  if (!isDate(since)) throw new Error(`error parsing trackedSince time: ${since ?? ''}`);
  return now >= Date.parse(since) + DAY_MS + periodMs;
}

/**
 * The step for an unused token of an account that lists it: first a date of invalidity, and after
 * another period its removal. `isMounted` tells of the pods of its namespace.
 */
export function cleaningOf(
  secret: Secret,
  account: ServiceAccount | undefined,
  isMounted: () => boolean,
  periodMs: number,
  now: number,
): { invalidSince: string } | 'delete' | undefined {
  const { creationTimestamp = '', deletionTimestamp, labels = {}, name } = secret.metadata;
  if (!isTokenSecret(secret) || deletionTimestamp) return undefined;
  if (!(Date.parse(creationTimestamp) < now - periodMs)) return undefined;
  const keptSince = dateOf(now - periodMs);
  const used = labels[LAST_USED];
  if (used !== undefined && (!isDate(used) || used >= keptSince)) return undefined;
  // A token that its account does not list was made by a user, who may keep it elsewhere.
  if (!ownAccount(secret, account)?.secrets?.some((listed) => listed.name === name))
    return undefined;
  if (isMounted()) return undefined;
  const invalid = labels[INVALID_SINCE];
  if (!isDate(invalid)) return { invalidSince: dateOf(now) };
  return invalid < keptSince ? 'delete' : undefined;
}
