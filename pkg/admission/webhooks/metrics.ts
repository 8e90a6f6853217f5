// Metrics of webhooks, with upstream's names (apiserver/pkg/admission/metrics/metrics.go).
import { HOOK_METRICS } from './metrics.generated.js';
import type { Metrics } from '../../util/env/env.js';
import { registered } from '../../util/metrics/registered.js';

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
  const { duration, requests, rejections, open, exclusions, conditionErrors } = registered(
    metrics,
    HOOK_METRICS,
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
