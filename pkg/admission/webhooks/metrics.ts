// Metrics of webhooks, with upstream's names (apiserver/pkg/admission/metrics/metrics.go).
import type { Metrics } from '../../util/env/env.js';

const LABELS = ['name', 'type', 'operation', 'rejected'];
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 2.5, 10, 25];
const CONDITION_LABELS = ['name', 'kind', 'type', 'operation'];
/** Codes above this are counted as this, so that a webhook cannot make series. */
const MAX_COUNTED_CODE = 600;

export type HookType = 'admit' | 'validating';
type ErrorType = 'calling_webhook_error' | 'apiserver_internal_error' | 'no_error';

export interface HookMetrics {
  /** `error` is set when the request is refused. */
  called(
    name: string,
    operation: string,
    seconds: number,
    code: number,
    error: ErrorType | undefined,
  ): void;
  failedOpen(name: string): void;
  excluded(name: string, operation: string): void;
  conditionFailed(name: string, operation: string): void;
}

export function hookMetrics(metrics: Metrics, type: HookType): HookMetrics {
  const prefix = 'apiserver_admission_webhook';
  const duration = metrics.histogram(
    `${prefix}_admission_duration_seconds`,
    'Admission webhook latency histogram in seconds, identified by name and broken out for each operation and API resource and type (validate or admit).',
    BUCKETS,
    LABELS,
  );
  const requests = metrics.counter(
    `${prefix}_request_total`,
    'Admission webhook request total, identified by name and broken out for each admission type (validating or mutating) and operation. Additional labels specify whether the request was rejected or not and an HTTP status code. Codes greater than 600 are truncated to 600, to keep the metrics cardinality bounded.',
    ['name', 'type', 'operation', 'code', 'rejected'],
  );
  const rejections = metrics.counter(
    `${prefix}_rejection_count`,
    'Admission webhook rejection count, identified by name and broken out for each admission type (validating or admit) and operation. Additional labels specify an error type (calling_webhook_error or apiserver_internal_error if an error occurred; no_error otherwise) and optionally a non-zero rejection code if the webhook rejects the request with an HTTP status code (honored by the apiserver when the code is greater or equal to 400). Codes greater than 600 are truncated to 600, to keep the metrics cardinality bounded.',
    ['name', 'type', 'operation', 'error_type', 'rejection_code'],
  );
  const open = metrics.counter(
    `${prefix}_fail_open_count`,
    'Admission webhook fail open count, identified by name and broken out for each admission type (validating or mutating).',
    ['name', 'type'],
  );
  const exclusions = metrics.counter(
    'apiserver_admission_match_condition_exclusions_total',
    'Admission match condition evaluation exclusions count, identified by name of resource containing the match condition and broken out for each kind containing matchConditions (webhook or policy), operation and admission type (validate or admit).',
    CONDITION_LABELS,
  );
  const conditionErrors = metrics.counter(
    'apiserver_admission_match_condition_evaluation_errors_total',
    'Admission match condition evaluation errors count, identified by name of resource containing the match condition and broken out for each kind containing matchConditions (webhook or policy), operation and admission type (validate or admit).',
    CONDITION_LABELS,
  );
  return {
    called(name, operation, seconds, code, error) {
      const rejected = String(error !== undefined);
      const counted = Math.min(code, MAX_COUNTED_CODE);
      duration.observe(seconds, { name, type, operation, rejected });
      requests.inc({ name, type, operation, code: counted, rejected });
      if (error === undefined) return;
      rejections.inc({ name, type, operation, error_type: error, rejection_code: counted });
    },
    failedOpen: (name) => open.inc({ name, type }),
    excluded: (name, operation) => exclusions.inc({ name, kind: 'webhook', type, operation }),
    conditionFailed: (name, operation) =>
      conditionErrors.inc({ name, kind: 'webhook', type, operation }),
  };
}
