// The shape of all controllers (after controller-runtime). A controller is a value; the runtime
// (run-controllers.ts) owns queue, workers, retries with back-off and metrics. `reconcile(key)`
// observes from caches, calls a pure plan, then writes with preconditions; it does not know the
// event that queued the key. Invariants: a key is never reconciled twice at once; nothing is
// reconciled before every informer of the controller has synced; a failed key is always requeued,
// unless its namespace is being deleted and refuses what the controller creates.
import { keyOf, type ApiObject, type ResourceType } from '../../apimachinery/meta/object.js';
import type { Client } from '../../client/client.js';
import type { EventRecorder } from '../../client/event-recorder.js';
import type { Informer, InformerFactory } from '../../client/informer.js';
import type { Env } from '../../util/env/env.js';

/** Nothing, or the milliseconds until the key is requeued. An exception requeues with back-off. */
export type ReconcileResult = void | { requeueAfterMs: number };

export interface ControllerContext {
  readonly env: Env;
  /** Its requests end with `signal`. */
  readonly client: Client;
  readonly informers: InformerFactory;
  /** Aborts at the end of the term. */
  readonly signal: AbortSignal;
  /** A recorder of events with `component` as their source. */
  events(component: string): EventRecorder;
}

export type ChangeType = 'added' | 'updated' | 'deleted';

/** A resource whose changes queue keys. Made by `watch`. */
export interface Watch {
  readonly informer: Informer<ApiObject>;
  /**
   * Keys to queue for a change; `old` only on updates. Called synchronously, in the order of
   * changes.
   */
  keys(object: ApiObject, old: ApiObject | undefined, change: ChangeType): readonly string[];
}

export interface Controller {
  readonly watches: readonly Watch[];
  /** Never runs twice at once for one key. */
  reconcile(key: string): Promise<ReconcileResult>;
  /**
   * A background loop (discovery); `add` queues a key. Starts after sync, runs until the signal of
   * the context aborts.
   */
  run?(add: (key: string) => void): Promise<void>;
}

/** A controller as the list of controllers has it. */
export interface NamedController extends Controller {
  /** Upstream's name: 'replicationcontroller-controller'. Queue, metrics and logs carry it. */
  readonly name: string;
  /** Keys that are reconciled at once. */
  readonly workers: number;
}

const ownKey = (object: ApiObject): string[] => [keyOf(object)];

/** A typed watch of an informer. Without `keys`, each change queues the object's own key. */
export const watch = <T extends ApiObject>(
  informer: Informer<T>,
  keys: (object: T, old: T | undefined, change: ChangeType) => readonly string[] = ownKey,
): Watch => ({
  informer: informer as unknown as Informer<ApiObject>,
  keys: keys as unknown as Watch['keys'],
});

export type { Informer, ResourceType };
