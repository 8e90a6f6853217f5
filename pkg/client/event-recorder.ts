// The contract for recording core/v1 Events about objects. A repeated event increments the count of
// the first. Recording never throws and never waits.
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ObjectReference } from '../apis/core/v1/types.js';

/** An event without the object that it is about. */
export interface Notice {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

export interface EventRecorder {
  /**
   * `reason` is CamelCase ('Scheduled'), `message` is upstream's text where clients match on it.
   */
  event(about: ApiObject | ObjectRef, type: Notice['type'], reason: string, message: string): void;
  /** Resolves when the queued events are written. */
  flush(): Promise<void>;
}

export type ObjectRef = ObjectReference &
  Required<Pick<ObjectReference, 'apiVersion' | 'kind' | 'name'>>;
