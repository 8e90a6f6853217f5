// Validation of batch/v1 (upstream pkg/apis/batch/validation/validation.go).
import { copyFields } from '../../../apimachinery/meta/copy-fields.js';
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { selectorFromLabelSelector } from '../../../apimachinery/labels/selector.js';
import { isDns1123Label } from '../../../apimachinery/validation/names.js';
import { oneOf, optionalOneOf, validatePrefixedPath } from '../../core/v1/validation/fields.js';
import { validatePodTemplateSpec } from '../../core/v1/validation/pod-spec.js';
import { templateMatches } from '../../core/v1/validation/replication.js';
import { goLabelSelector, goStringMap } from '../../meta/v1/go-value.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import {
  IMMUTABLE,
  validateImmutableField,
  validateNonnegative,
} from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import { cronError } from '../../../util/cron/cron-syntax.js';
import {
  validateIndexes,
  validatePodFailurePolicy,
  validateSuccessPolicy,
} from './policy-validation.js';
import type { CronJob, Job, JobSpec } from './types.js';
import { COUNTS } from './facts.generated.js';

/** Characters that a cron job appends to the names of its jobs. */
const MAX_CRON_JOB_NAME = 52;
const JOB_RESTARTS = ['OnFailure', 'Never'];
const MAX_MANAGER_NAME = 63;

const validateManager = (name: string, path: string): FieldError[] => [
  ...validatePrefixedPath(name, path),
  ...fieldErrors.when(name.length > MAX_MANAGER_NAME).tooLong(path, MAX_MANAGER_NAME),
];

function validateJobSpec(spec: JobSpec, path: string): FieldError[] {
  const errors = COUNTS.flatMap((count) => validateNonnegative(spec[count], `${path}.${count}`));
  const { complain } = fieldErrors.below(path, errors);
  const { completionMode } = spec;
  errors.push(
    ...optionalOneOf(completionMode, ['NonIndexed', 'Indexed'], `${path}.completionMode`),
  );
  if (completionMode === 'Indexed' && spec.completions === undefined)
    complain.required('completions', 'when completion mode is Indexed');
  errors.push(
    ...(spec.managedBy === undefined ? [] : validateManager(spec.managedBy, `${path}.managedBy`)),
    ...validateIndexes(spec, path),
    ...validatePodFailurePolicy(spec, `${path}.podFailurePolicy`),
    ...validateSuccessPolicy(spec, `${path}.successPolicy`),
    ...optionalOneOf(
      spec.podReplacementPolicy,
      spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'],
      `${path}.podReplacementPolicy`,
    ),
    ...validatePodTemplateSpec(spec.template, `${path}.template`),
  );
  const policy = spec.template.spec?.restartPolicy ?? '';
  if (policy === 'Always') {
    complain.required('template.spec.restartPolicy', 'valid values: "OnFailure", "Never"');
  } else if (!JOB_RESTARTS.includes(policy)) {
    complain.notSupported('template.spec.restartPolicy', policy, JOB_RESTARTS);
  } else if (spec.podFailurePolicy && policy !== 'Never') {
    complain.invalid(
      'template.spec.restartPolicy',
      policy,
      'only "Never" is supported when podFailurePolicy is specified',
    );
  }
  return errors;
}

function hasLabel(labels: Record<string, string>, key: string, value: string): FieldError[] {
  const path = `spec.template.metadata.labels[${key}]`;
  if (labels[key] === undefined) return [fieldErrors.required(path, `must be '${value}'`)];
  return fieldErrors
    .unless(labels[key] === value)
    .invalid(path, goStringMap(labels), `must be '${value}'`);
}

/** A job that does not choose its pods by hand chooses them by its own uid. */
function validateGeneratedSelector({ metadata, spec }: Job): FieldError[] {
  if (spec.manualSelector || !spec.selector) return [];
  const labels = spec.template.metadata?.labels ?? {};
  const [uid, name] = [metadata.uid ?? '', metadata.name ?? ''];
  const expected = { 'batch.kubernetes.io/controller-uid': uid, 'controller-uid': uid };
  const isBad = validateLabelSelector(spec.selector, '').length > 0;
  return [
    ...fieldErrors.unless(uid).required('metadata.uid'),
    ...hasLabel(labels, 'batch.kubernetes.io/controller-uid', uid),
    ...hasLabel(labels, 'batch.kubernetes.io/job-name', name),
    ...fieldErrors
      .unless(isBad || selectorFromLabelSelector(spec.selector).matches(expected))
      .invalid('spec.selector', goLabelSelector(spec.selector), '`selector` not auto-generated'),
  ];
}

/** The pods of an Indexed job have the job's name and their index as host name. */
function validateHostName({ metadata, spec }: Job): FieldError[] {
  if (spec.completionMode !== 'Indexed' || !((spec.completions ?? 0) > 0)) return [];
  const last = `${metadata.name ?? ''}-${(spec.completions ?? 0) - 1}`;
  return fieldErrors
    .when(isDns1123Label(last).length)
    .invalid(
      'metadata.name',
      metadata.name ?? '',
      `will not able to create pod with invalid DNS label: ${last}`,
    );
}

function validateSpecAndSelector({ spec }: Job): FieldError[] {
  const { selector } = spec;
  const errors = selector
    ? validateLabelSelector(selector, 'spec.selector')
    : [fieldErrors.required('spec.selector')];
  const matches = (labels: Record<string, string>): boolean =>
    !!selector && (errors.length > 0 || selectorFromLabelSelector(selector).matches(labels));
  return [
    ...validateJobSpec(spec, 'spec'),
    ...errors,
    ...templateMatches(spec.template, matches, 'spec.template'),
  ];
}

export const validateJob = (job: Job): FieldError[] => [
  ...validateGeneratedSelector(job),
  ...validateHostName(job),
  ...validateSpecAndSelector(job),
];

/** The scheduling fields of a suspended job that has not started may change. */
const mutableTemplate = (next: Job, old: Job): boolean =>
  old.spec.suspend === true && !old.status?.startTime && next.spec.template.spec !== undefined;

function templateFixed(next: Job, old: Job): boolean {
  const template = structuredClone(next.spec.template);
  if (mutableTemplate(next, old) && template.spec) {
    const before = old.spec.template;
    for (const field of ['nodeSelector', 'tolerations', 'affinity', 'schedulingGates'] as const)
      Object.assign(template.spec, { [field]: before.spec?.[field] });
    copyFields(template, before, 'metadata');
  }
  return semanticEqual(template, old.spec.template);
}

/** An Indexed job grows and shrinks with its parallelism; no other job does. */
function validateCompletions({ spec }: Job, old: Job): FieldError[] {
  const { completions } = spec;
  if (completions === old.spec.completions) return [];
  const inTandem = completions === undefined || completions === spec.parallelism;
  const detail =
    spec.completionMode === 'Indexed'
      ? 'can only be modified in tandem with spec.parallelism'
      : IMMUTABLE;
  return fieldErrors
    .unless(spec.completionMode === 'Indexed' && inTandem)
    .invalid('spec.completions', completions, detail);
}

const IMMUTABLE_FIELDS = [
  'completionMode',
  'podFailurePolicy',
  'backoffLimitPerIndex',
  'managedBy',
  'successPolicy',
] as const;

/** Upstream validates the new spec once more in an update, so its errors come twice. */
export function validateJobUpdate(next: Job, old: Job): FieldError[] {
  const errors = [...validateSpecAndSelector(next), ...validateCompletions(next, old)];
  if (!semanticEqual(next.spec.selector, old.spec.selector)) {
    const shown = next.spec.selector && goLabelSelector(next.spec.selector);
    errors.push(fieldErrors.invalid('spec.selector', shown, IMMUTABLE));
  }
  if (!templateFixed(next, old))
    errors.push(fieldErrors.invalid('spec.template', next.spec.template, IMMUTABLE));
  const fixed = IMMUTABLE_FIELDS.flatMap((field) =>
    validateImmutableField(next.spec[field], old.spec[field], `spec.${field}`),
  );
  return [...errors, ...fixed];
}

function validateSchedule(schedule: string | undefined): FieldError[] {
  const path = 'spec.schedule';
  if (!schedule) return [fieldErrors.required(path)];
  const error = cronError(schedule);
  const zoned = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
  return [
    ...fieldErrors.when(error).invalid(path, schedule, error),
    ...fieldErrors.when(schedule.includes('TZ')).invalid(path, schedule, zoned),
  ];
}

/** Says why Go's time.LoadLocation does not know the zone. File names are case-sensitive. */
function zoneError(zone: string): string | undefined {
  if (/^[/\\]|\.\./.test(zone)) return 'time: invalid location name';
  const unknown = `unknown time zone ${zone}`;
  if (!/^[A-Z]/.test(zone)) return unknown;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return undefined;
  } catch {
    return unknown;
  }
}

function validateTimeZone(zone: string | undefined): FieldError[] {
  if (zone === undefined) return [];
  const detail =
    zone === ''
      ? 'timeZone must be nil or non-empty string'
      : zone.toLowerCase() === 'local'
        ? 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
        : zoneError(zone);
  return fieldErrors.when(detail).invalid('spec.timeZone', zone, detail);
}

export function validateCronJob({ metadata, spec }: CronJob): FieldError[] {
  const count = (field: keyof CronJob['spec'] & `${string}${'Limit' | 'Seconds'}`) =>
    validateNonnegative(spec[field], `spec.${field}`);
  return [
    ...fieldErrors
      .when((metadata.name ?? '').length > MAX_CRON_JOB_NAME)
      .invalid('metadata.name', metadata.name, 'must be no more than 52 characters'),
    ...validateSchedule(spec.schedule),
    ...count('startingDeadlineSeconds'),
    ...oneOf(spec.concurrencyPolicy, ['Allow', 'Forbid', 'Replace'], 'spec.concurrencyPolicy'),
    ...validateJobSpec(spec.jobTemplate.spec ?? { template: {} }, 'spec.jobTemplate.spec'),
    ...count('successfulJobsHistoryLimit'),
    ...count('failedJobsHistoryLimit'),
    ...validateTimeZone(spec.timeZone),
  ];
}
