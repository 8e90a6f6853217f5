// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { EventSource, ObjectReference } from '../../core/v1/types.js';
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.events.v1.Event */
export interface Event {
  action?: string;
  apiVersion: 'events.k8s.io/v1';
  deprecatedCount?: number;
  deprecatedFirstTimestamp?: string;
  deprecatedLastTimestamp?: string;
  deprecatedSource?: EventSource;
  eventTime: string;
  kind: 'Event';
  metadata: ObjectMeta;
  note?: string;
  reason?: string;
  regarding?: ObjectReference;
  related?: ObjectReference;
  reportingController?: string;
  reportingInstance?: string;
  series?: EventSeries;
  type?: string;
}

/** api.events.v1.EventList */
export interface EventList {
  apiVersion: 'events.k8s.io/v1';
  items: Event[];
  kind: 'EventList';
  metadata: ListMeta;
}

/** api.events.v1.EventSeries */
export interface EventSeries {
  count: number;
  lastObservedTime: string;
}
