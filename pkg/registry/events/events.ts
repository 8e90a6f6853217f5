// events.k8s.io/v1: the stored core events with the fields of the newer group.
import {
  defaultEvent,
  fromCoreEvent,
  toCoreEvent,
  validateEvent,
  validateEventUpdate,
  validateNewEvent,
} from '../../apis/events/v1/event.js';
import type { Event } from '../../apis/events/v1/types.js';
import type { Event as CoreEvent } from '../../apis/core/v1/types.js';
import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import { EVENTS_EVENTS } from '../../apis/resource-types.js';
import { aboutFields, EVENT_TTL_SECONDS, eventRow } from '../core/core.js';
import { defineResource } from '../define.js';

export const eventsEvents = defineResource({
  type: EVENTS_EVENTS,
  stored: {
    fromStored: (object) => fromCoreEvent(object as CoreEvent),
    toStored: (object) => toCoreEvent(object as Event),
  },
  name: pathSegmentName,
  defaults: defaultEvent,
  row: (event, now) => eventRow(toCoreEvent(event), now),
  selectableFields: {
    ...aboutFields<Event>('regarding', (event) => event.regarding),
    reason: (event) => event.reason ?? '',
    reportingController: (event) => event.reportingController ?? '',
    type: (event) => event.type ?? '',
  },
  validate: (event) => validateEvent(toCoreEvent(event)),
  validateCreate: (event) => validateNewEvent(toCoreEvent(event)),
  validateUpdate: (next, old) => validateEventUpdate(toCoreEvent(next), toCoreEvent(old)),
  allowCreateOnUpdate: true,
  defaultPropagation: 'Unsupported',
  ttlSeconds: EVENT_TTL_SECONDS,
});
