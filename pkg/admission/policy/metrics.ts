// Metrics of policies, with upstream's names (plugin/policy/{validating,mutating}/metrics).
import type { Metrics } from '../../util/env/env.js';

const BUCKETS = [0.0000005, 0.001, 0.01, 0.1, 1];

type Outcome = 'no_error' | 'compile_error' | 'invalid_error' | 'out_of_budget';

/** The kind of an error by its text, as upstream tells them apart. */
export function outcomeOf(error: string | undefined): Outcome {
  if (error === undefined) return 'no_error';
  if (error.startsWith('compilation')) return 'compile_error';
  return error.startsWith('validation failed due to running out of cost budget')
    ? 'out_of_budget'
    : 'invalid_error';
}

/** Counts one check of a policy and its duration in seconds. */
export type CountCheck = (
  labels: Readonly<Record<string, string>>,
  error: string | undefined,
  seconds: number,
) => void;

function checks(
  metrics: Metrics,
  prefix: string,
  what: readonly [total: string, duration: string],
  more: readonly string[],
): CountCheck {
  const labels = ['policy', 'policy_binding', 'error_type', ...more];
  const total = metrics.counter(`${prefix}_check_total`, what[0], labels);
  const duration = metrics.histogram(`${prefix}_check_duration_seconds`, what[1], BUCKETS, labels);
  return (given, error, seconds) => {
    const all = { ...given, error_type: outcomeOf(error) };
    total.inc(all);
    duration.observe(seconds, all);
  };
}

export const validatingChecks = (metrics: Metrics): CountCheck =>
  checks(
    metrics,
    'apiserver_validating_admission_policy',
    [
      'Validation admission policy check total, labeled by policy and further identified by binding and enforcement action taken.',
      'Validation admission latency for individual validation expressions in seconds, labeled by policy and further including binding and enforcement action taken.',
    ],
    ['enforcement_action'],
  );

export const mutatingChecks = (metrics: Metrics): CountCheck =>
  checks(
    metrics,
    'apiserver_mutating_admission_policy',
    [
      'Mutation admission policy check total, labeled by policy and further identified by binding.',
      'Mutation admission latency for individual mutation expressions in seconds, labeled by policy and binding.',
    ],
    [],
  );
