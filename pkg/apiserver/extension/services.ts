// Contract of the services that the server gives to the parts that plug into it: handlers,
// creators, delegates, hooks, authenticators and the authorizer.
import type { ResourceType } from '../../apimachinery/meta/object.js';
import type { Env } from '../../util/env/env.js';
import type { Authenticator } from '../auth/authenticator.js';
import type { Authorizer } from '../auth/authorizer.js';
import type { ObjectReader } from '../resource/reader.js';
import type { WebhookClient } from './webhooks.js';

/**
 * The server's own client: the same verbs, with admission and storage, as the user
 * system:apiserver. Throws StatusError as a remote client would get it.
 */
export interface LocalClient {
  get<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined>;
  /** With a status, the object is stored as if an update of its status followed at once. */
  create<T>(type: ResourceType<T>, object: T, status?: object): Promise<void>;
  /** Compares metadata.resourceVersion; an object without one overwrites the stored object. */
  update<T>(type: ResourceType<T>, object: T): Promise<void>;
  /** As update, for the status endpoint. */
  updateStatus<T>(type: ResourceType<T>, object: T): Promise<void>;
  delete(type: ResourceType<unknown>, namespace: string, name: string): Promise<void>;
}

/**
 * The services for the parts that plug in. `authorize` and `authenticate` are the finished chains.
 */
export interface ServerServices {
  readonly env: Env;
  /** Reads from the watch caches. */
  readonly reader: ObjectReader;
  readonly local: LocalClient;
  readonly authorize: Authorizer;
  readonly authenticate: Authenticator;
  readonly webhooks: WebhookClient;
}

/**
 * Called when the caches are filled. `authorize` of the services may be called only after start.
 */
export type AuthenticatorsFactory = (services: ServerServices) => Authenticator[];
export type AuthorizerFactory = (services: ServerServices) => Authorizer;
