// Validation of batch/v1 (upstream pkg/apis/batch/validation/validation.go).
import { copyFields } from '../../../apimachinery/meta/copy-fields.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../../apimachinery/labels/selector.js';
import { oneOf, optionalOneOf } from '../../core/v1/validation/fields.js';
import { validatePodTemplateSpec } from '../../core/v1/validation/pod-spec.js';
import { goLabelSelector, goStringMap, invalidText } from '../../meta/v1/go-value.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { IMMUTABLE, validateNonnegative } from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import {
  validateIndexes,
  validatePodFailurePolicy,
  validateSuccessPolicy,
} from './policy-validation.js';
import type { CronJob, Job, JobSpec } from './types.js';

/** Characters that a cron job appends to the names of its jobs. */
const MAX_CRON_JOB_NAME = 52;
const COUNTS = [
  'parallelism',
  'completions',
  'activeDeadlineSeconds',
  'backoffLimit',
  'ttlSecondsAfterFinished',
  'backoffLimitPerIndex',
  'maxFailedIndexes',
] as const;
const CRON_FIELDS = 5;
const CRON_MACRO = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/;
const CRON_FIELD = /^[0-9A-Za-z*?/,-]+$/;

function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const errors = COUNTS.flatMap((count) => validateNonnegative(spec[count], `${path}.${count}`));
  if (spec.completionMode !== undefined) {
    errors.push(
      ...optionalOneOf(spec.completionMode, ['NonIndexed', 'Indexed'], `${path}.completionMode`),
    );
    if (spec.completionMode === 'Indexed' && spec.completions === undefined) {
      errors.push(fieldErrors.required(`${path}.completions`, 'when completion mode is Indexed'));
    }
  }
  errors.push(
    ...validateIndexes(spec, path),
    ...validatePodFailurePolicy(spec, `${path}.podFailurePolicy`),
    ...validateSuccessPolicy(spec, `${path}.successPolicy`),
  );
  errors.push(
    ...optionalOneOf(
      spec.podReplacementPolicy,
      spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'],
      `${path}.podReplacementPolicy`,
    ),
  );
  errors.push(...validatePodTemplateSpec(spec.template, `${path}.template`));
  if (spec.template.spec?.restartPolicy === 'Always') {
    errors.push(
      fieldErrors.required(
        `${path}.template.spec.restartPolicy`,
        'valid values: "OnFailure", "Never"',
      ),
    );
  } else if (spec.podFailurePolicy && spec.template.spec?.restartPolicy !== 'Never') {
    errors.push(
      fieldErrors.invalid(
        `${path}.template.spec.restartPolicy`,
        spec.template.spec?.restartPolicy,
        'only "Never" is supported when podFailurePolicy is specified',
      ),
    );
  }
  return errors;
}

export function validateJob({ spec }: Job): FieldError[] {
  const errors = validateJobSpec(spec, 'spec');
  if (!spec.selector) return [fieldErrors.required('spec.selector'), ...errors];
  const bad = validateLabelSelector(spec.selector, 'spec.selector');
  const labels = spec.template.metadata?.labels;
  if (bad.length === 0 && !selectorFromLabelSelector(spec.selector).matches(labels ?? {})) {
    bad.push(
      invalidText(
        'spec.template.metadata.labels',
        goStringMap(labels),
        '`selector` does not match template `labels`',
      ),
    );
  }
  return [...bad, ...errors];
}

/** The scheduling fields of a suspended job that has not started may change. */
function mutableTemplate(next: Job, old: Job): boolean {
  return (
    old.spec.suspend === true && !old.status?.startTime && next.spec.template.spec !== undefined
  );
}

function templateFixed(next: Job, old: Job): boolean {
  const template = structuredClone(next.spec.template);
  if (mutableTemplate(next, old) && template.spec) {
    const before = old.spec.template;
    for (const field of ['nodeSelector', 'tolerations', 'affinity', 'schedulingGates'] as const) {
      Object.assign(template.spec, { [field]: before.spec?.[field] });
    }
    copyFields(template, before, 'metadata');
  }
  return semanticEqual(template, old.spec.template);
}

export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const errors: FieldError[] = [];
  const indexedResize =
    next.spec.completionMode === 'Indexed' && next.spec.completions === next.spec.parallelism;
  if (next.spec.completions !== old.spec.completions && !indexedResize) {
    errors.push(fieldErrors.invalid('spec.completions', next.spec.completions ?? null, IMMUTABLE));
  }
  if (!semanticEqual(next.spec.selector, old.spec.selector)) {
    errors.push(invalidText('spec.selector', goLabelSelector(next.spec.selector), IMMUTABLE));
  }
  if (!templateFixed(next, old))
    errors.push(fieldErrors.invalid('spec.template', next.spec.template, IMMUTABLE));
  for (const field of [
    'completionMode',
    'podFailurePolicy',
    'backoffLimitPerIndex',
    'managedBy',
    'successPolicy',
  ] as const) {
    if (!semanticEqual(next.spec[field], old.spec[field])) {
      errors.push(fieldErrors.invalid(`spec.${field}`, next.spec[field] ?? null, IMMUTABLE));
    }
  }
  return errors;
}

function validateSchedule(schedule: string | undefined): FieldError[] {
  const path = 'spec.schedule';
  if (!schedule) return [fieldErrors.required(path)];
  if (/TZ/.test(schedule))
    return [
      fieldErrors.invalid(
        path,
        schedule,
        'cannot use TZ or CRON_TZ in schedule, use timeZone field instead',
      ),
    ];
  if (schedule.startsWith('@')) {
    return CRON_MACRO.test(schedule)
      ? []
      : [fieldErrors.invalid(path, schedule, `unrecognized descriptor: ${schedule}`)];
  }
  const fields = schedule.split(/\s+/).filter(Boolean);
  if (fields.length !== CRON_FIELDS) {
    return [
      fieldErrors.invalid(
        path,
        schedule,
        `expected exactly ${CRON_FIELDS} fields, found ${fields.length}: [${fields.join(' ')}]`,
      ),
    ];
  }
  const bad = fields.find((field) => !CRON_FIELD.test(field));
  return bad ? [fieldErrors.invalid(path, schedule, `failed to parse int from ${bad}`)] : [];
}

function validateTimeZone(zone: string | undefined): FieldError[] {
  if (zone === undefined) return [];
  if (!zone)
    return [fieldErrors.invalid('spec.timeZone', zone, 'timeZone must be nil or non-empty string')];
  if (zone.toLowerCase() === 'local')
    return [
      fieldErrors.invalid(
        'spec.timeZone',
        zone,
        'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones',
      ),
    ];
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return [];
  } catch {
    return [fieldErrors.invalid('spec.timeZone', zone, `unknown time zone ${zone}`)];
  }
}

export function validateCronJob({ metadata, spec }: CronJob): FieldError[] {
  const errors: FieldError[] = [];
  if ((metadata.name ?? '').length > MAX_CRON_JOB_NAME) {
    errors.push(
      fieldErrors.invalid('metadata.name', metadata.name, 'must be no more than 52 characters'),
    );
  }
  errors.push(...validateSchedule(spec.schedule));
  errors.push(...validateNonnegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds'));
  errors.push(
    ...oneOf(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], 'spec.concurrencyPolicy'),
  );
  const job = spec.jobTemplate.spec ?? { template: {} };
  errors.push(...validateJobSpec(job, 'spec.jobTemplate.spec'));
  errors.push(
    ...validateNonnegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit'),
  );
  errors.push(...validateNonnegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit'));
  return [...errors, ...validateTimeZone(spec.timeZone)];
}
