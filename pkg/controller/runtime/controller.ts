// The one controller shape (after controller-runtime). A controller is a value; the runtime
// (run-controllers.ts) owns informers, queue, workers, retry with back-off, metrics and panics.
import type { ApiObject, ResourceType } from '../../apimachinery/meta/object.js';
import type { Client } from '../../client/client.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import type { Informer, InformerFactory } from '../../client/informer.js';
import type { Env } from '../../util/env/env.js';

/** Nothing, or look again after so many milliseconds. An exception means: again, with back-off. */
export type ReconcileResult = void | { requeueAfterMs: number };

export interface ControllerContext {
  readonly env: Env;
  readonly client: Client;
  readonly informers: InformerFactory;
  readonly events: EventRecorder;
}

/** Another resource whose changes wake the controller. */
export interface Watch {
  type: ResourceType<ApiObject>;
  /** Keys to reconcile for a change; `old` only on updates. */
  keys(object: ApiObject, old: ApiObject | undefined): string[];
}

export interface Controller {
  /** Upstream's name: 'replicationcontroller-controller'. Queue, metrics and logs carry it. */
  readonly name: string;
  readonly primary: ResourceType<ApiObject>;
  readonly watches: readonly Watch[];
  readonly workers: number;
  /** Keys to reconcile when a primary object changes; default its own key. */
  readonly primaryKeys?: (object: ApiObject, old: ApiObject | undefined) => string[];
  /** Never runs twice at once for one key. */
  reconcile(key: string, signal: AbortSignal): Promise<ReconcileResult>;
}

/** Makes a controller from its context; controllers.ts is the list of these. */
export type ControllerFactory = (context: ControllerContext) => Controller;

export type { Informer };
