// The contract for recording core/v1 Events about objects. A repeated event increments the count of
// the first. Recording never throws and never waits.
import type { ApiObject } from '../apimachinery/meta/object.js';

export interface EventRecorder {
  /**
   * `reason` is CamelCase ('Scheduled'), `message` is upstream's text where clients match on it.
   */
  event(
    about: ApiObject | ObjectRef,
    type: 'Normal' | 'Warning',
    reason: string,
    message: string,
  ): void;
  /** Resolves when the queued events are written. */
  flush(): Promise<void>;
}

export interface ObjectRef {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  /** 'spec.containers{redis}' */
  fieldPath?: string;
}
