// Conversion between events.k8s.io/v1 and the stored core events, which differ in field names
// (upstream pkg/apis/events/v1/conversion.go).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isQualifiedName } from '../../../apimachinery/validation/names.js';
import type { Event as CoreEvent } from '../../core/v1/types.js';
import { IMMUTABLE, validateWith } from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import type { Event } from './types.js';

const FIELD_LIMIT = 128;
const NOTE_LIMIT = 1024;

/** Field names of events.k8s.io and of core events. */
const RENAMED = {
  regarding: 'involvedObject',
  note: 'message',
  reportingController: 'reportingComponent',
  deprecatedSource: 'source',
  deprecatedFirstTimestamp: 'firstTimestamp',
  deprecatedLastTimestamp: 'lastTimestamp',
  deprecatedCount: 'count',
} as const;

function renamed(object: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [names[key] ?? key, value]),
  );
}

const BACK: Record<string, string> = Object.fromEntries(
  Object.entries(RENAMED).map(([here, there]) => [there, here]),
);

export function toCoreEvent(event: Event): CoreEvent {
  return {
    involvedObject: {},
    ...renamed(event, RENAMED),
    apiVersion: 'v1',
  } as unknown as CoreEvent;
}

export function fromCoreEvent(event: CoreEvent): Event {
  return { ...renamed(event, BACK), apiVersion: 'events.k8s.io/v1' } as unknown as Event;
}

export function defaultEvent(event: Event): void {
  event.regarding ??= {};
  event.deprecatedSource ??= {};
  event.reportingController ??= '';
  event.reportingInstance ??= '';
}

export function validateEvent(event: Event): FieldError[] {
  const errors: FieldError[] = [];
  const namespace = event.metadata.namespace ?? '';
  const about = event.regarding?.namespace ?? '';
  if (!event.eventTime) errors.push(fieldErrors.required('eventTime'));
  if (about ? about !== namespace : namespace !== 'default' && namespace !== 'kube-system') {
    errors.push(
      fieldErrors.invalid('regarding.namespace', about, 'does not match event.namespace'),
    );
  }
  if (event.type !== 'Normal' && event.type !== 'Warning')
    errors.push(
      fieldErrors.invalid('type', event.type ?? '', 'has invalid value: ' + (event.type ?? '')),
    );
  if (!event.reportingController) errors.push(fieldErrors.required('reportingController'));
  errors.push(
    ...validateWith(isQualifiedName, event.reportingController ?? '', 'reportingController'),
  );
  for (const field of ['reportingInstance', 'action', 'reason'] as const) {
    if (!event[field]) errors.push(fieldErrors.required(field));
    if ((event[field]?.length ?? 0) > FIELD_LIMIT)
      errors.push(fieldErrors.invalid(field, '', `can have at most ${FIELD_LIMIT} characters`));
  }
  if ((event.note?.length ?? 0) > NOTE_LIMIT)
    errors.push(fieldErrors.invalid('message', '', `can have at most ${NOTE_LIMIT} characters`));
  if (event.series && event.series.count < 2)
    errors.push(fieldErrors.invalid('series.count', '', 'should be at least 2'));
  return errors;
}

/** An update may change the series and the metadata, not the description of the event. */
export function validateEventUpdate(next: Event, old: Event): FieldError[] {
  const fixed = [
    'regarding',
    'reason',
    'reportingController',
    'reportingInstance',
    'action',
    'related',
    'note',
    'type',
  ] as const;
  return fixed.flatMap((field) =>
    semanticEqual(next[field], old[field])
      ? []
      : [fieldErrors.invalid(field, next[field] ?? null, IMMUTABLE)],
  );
}
