// Core events. events.k8s.io serves the same stored objects in its own shape (../events/events.ts).
import { ageSince } from '../../apimachinery/duration/human-duration.js';
import { defaultEvent } from '../../apis/core/v1/defaults.js';
import type { Event } from '../../apis/core/v1/types.js';
import { validateEvent } from '../../apis/events/v1/event.js';
import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import { EVENTS } from '../../apis/resource-types.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { defineResource } from '../define.js';

/** Upstream's --event-ttl. */
export const EVENT_TTL_SECONDS = 3600;

function source(event: Event): string {
  const component = event.source?.component || event.reportingComponent || '';
  const host = event.source?.host || event.reportingInstance || '';
  return host ? `${component}, ${host}` : component;
}

export function eventRow(event: Event, now: number): Cell[] {
  const first = ageSince(event.firstTimestamp || event.eventTime, now);
  const last = event.series?.lastObservedTime || event.lastTimestamp;
  const kind = (event.involvedObject.kind ?? '').toLowerCase();
  return [
    last ? ageSince(last, now) : first,
    event.type ?? '',
    event.reason ?? '',
    event.involvedObject.name ? `${kind}/${event.involvedObject.name}` : kind,
    event.involvedObject.fieldPath ?? '',
    source(event),
    (event.message ?? '').trim(),
    first,
    String(event.series?.count ?? (event.count || 1)),
    event.metadata.name,
  ];
}

export const events = defineResource({
  type: EVENTS,
  storage: 'events',
  name: pathSegmentName,
  validate: validateEvent,
  defaults: defaultEvent,
  row: eventRow,
  selectableFields: {
    'involvedObject.kind': ({ involvedObject }) => involvedObject.kind ?? '',
    'involvedObject.namespace': ({ involvedObject }) => involvedObject.namespace ?? '',
    'involvedObject.name': ({ involvedObject }) => involvedObject.name ?? '',
    'involvedObject.uid': ({ involvedObject }) => involvedObject.uid ?? '',
    'involvedObject.apiVersion': ({ involvedObject }) => involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': ({ involvedObject }) => involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': ({ involvedObject }) => involvedObject.fieldPath ?? '',
    reason: (event) => event.reason ?? '',
    reportingComponent: (event) => event.reportingComponent ?? '',
    source: (event) => event.source?.component || event.reportingComponent || '',
    type: (event) => event.type ?? '',
  },
  allowCreateOnUpdate: true,
  ttlSeconds: EVENT_TTL_SECONDS,
  defaultPropagation: 'Unsupported',
});
