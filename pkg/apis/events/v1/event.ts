// Conversion between events.k8s.io/v1 and the stored core events, which differ in field names
// (upstream pkg/apis/events/v1/conversion.go), and validation of both (core/validation/events.go).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.js';
import type { Event as CoreEvent } from '../../core/v1/types.js';
import { required, whenSet } from '../../core/v1/validation/fields.js';
import { shownAs } from '../../meta/v1/go-value.js';
import { IMMUTABLE, utf8Length, validateWith } from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import type { Event } from './types.js';
import { FIXED, RENAMED } from './facts.generated.js';

const FIELD_LIMIT = 128;
const NOTE_LIMIT = 1024;

function renamed(object: object, names: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [names[key] ?? key, value]),
  );
}

const BACK: Record<string, string> = Object.fromEntries(
  Object.entries(RENAMED).map(([here, there]) => [there, here]),
);

export const toCoreEvent = (event: Event): CoreEvent =>
  ({ involvedObject: {}, ...renamed(event, RENAMED), apiVersion: 'v1' }) as unknown as CoreEvent;

export function fromCoreEvent(event: CoreEvent): Event {
  const shown = { ...renamed(event, BACK), apiVersion: 'events.k8s.io/v1' } as unknown as Event;
  // Core events always have the two fields; these have them only when they are set.
  if (!shown.reportingController) delete shown.reportingController;
  if (!shown.reportingInstance) delete shown.reportingInstance;
  return shown;
}

export function defaultEvent(event: Event): void {
  event.regarding ??= {};
  event.deprecatedSource ??= {};
  event.reportingController ??= '';
  event.reportingInstance ??= '';
}

/** The rules of both groups (upstream legacyValidateEvent). */
export function validateEvent(event: CoreEvent): FieldError[] {
  const about = event.involvedObject?.namespace ?? '';
  const { namespace = '' } = event.metadata;
  const homes = about ? [about] : event.eventTime ? ['default', 'kube-system'] : ['', 'default'];
  const elsewhere = !homes.includes(namespace) && !(event.eventTime && about);
  return [
    ...fieldErrors
      .when(elsewhere)
      .invalid('involvedObject.namespace', about, 'does not match event.namespace'),
    ...(event.eventTime ? validateReport(event) : []),
    ...validateWith(isDns1123Subdomain, namespace, 'namespace'),
  ];
}

/** The reporter and its action are required as soon as an event has the newer field eventTime. */
function validateReport(event: CoreEvent): FieldError[] {
  const controller = event.reportingComponent ?? '';
  const limits = { reportingInstance: FIELD_LIMIT, action: FIELD_LIMIT, reason: FIELD_LIMIT };
  const long = (text: string | undefined, path: string, limit: number): FieldError[] =>
    fieldErrors
      .when(utf8Length(text ?? '') > limit)
      .invalid(path, '', `can have at most ${limit} characters`);
  return [
    ...required(controller, 'reportingController'),
    ...validateWith(isQualifiedName, controller, 'reportingController'),
    ...Object.entries(limits).flatMap(([field, limit]) => {
      const text = event[field as keyof typeof limits];
      return [...required(text, field), ...long(text, field, limit)];
    }),
    ...long(event.message, 'message', NOTE_LIMIT),
  ];
}

function validateSeries({ series }: CoreEvent): FieldError[] {
  if (!series) return [];
  return [
    ...fieldErrors
      .when((series.count ?? 0) < 2)
      .invalid('series.count', '', 'should be at least 2'),
    ...required(series.lastObservedTime, 'series.lastObservedTime'),
  ];
}

/** The rules of events.k8s.io for new events, beyond validateEvent. */
export function validateNewEvent(event: CoreEvent): FieldError[] {
  const { type = '' } = event;
  const given = {
    firstTimestamp: event.firstTimestamp,
    lastTimestamp: event.lastTimestamp,
    count: event.count,
    source: event.source?.component || event.source?.host,
  };
  return [
    ...whenSet(isDns1123Subdomain, event.metadata.name, 'metadata.name'),
    ...validateSeries(event),
    ...required(event.eventTime, 'eventTime'),
    ...fieldErrors
      .unless(type === 'Normal' || type === 'Warning')
      .invalid('type', '', `has invalid value: ${type}`),
    ...Object.entries(given).flatMap(([field, value]) =>
      fieldErrors.when(value).invalid(field, '', 'needs to be unset'),
    ),
  ];
}

const OBJECTS: ReadonlySet<string> = new Set(['involvedObject', 'source', 'related']);

/** An update by events.k8s.io may change the series and the metadata, not the event itself. */
export function validateEventUpdate(next: CoreEvent, old: CoreEvent): FieldError[] {
  const errors = semanticEqual(next.series, old.series) ? [] : validateSeries(next);
  for (const field of FIXED) {
    if (semanticEqual(next[field], old[field])) continue;
    const path = field === 'reportingComponent' ? 'reportingController' : field;
    const shown = OBJECTS.has(field) ? shownAs(`v1.${field}{}`) : (next[field] ?? '');
    errors.push(fieldErrors.invalid(path, shown, IMMUTABLE));
  }
  return errors;
}
