// Contracts of everything that plugs into the server beside plain verbs: connect handlers (exec, attach,
// port-forward, log, proxy), subresources that answer a POST (token), hooks after start, and extra paths
// (OpenAPI, UI). The server has done authentication, authorization and CONNECT admission before any
// handler runs. A StatusError thrown before an answer began is sent as metav1.Status, also on an
// upgrade socket.
import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { Env } from '../util/env/env.js';
import type { AdmissionReader } from './admission.js';
import type { Authenticator, Authorizer, UserInfo } from './auth.js';
import type { RequestInfo } from './request-info.js';
import type { RequestContext } from './resource.js';

export type Headers = Record<string, string | string[] | undefined>;

/** One request, whatever the protocol version. Header names are lower case. */
export interface HandlerRequest {
  readonly info: RequestInfo;
  readonly user: UserInfo;
  readonly method: string;
  /** As sent: path and query. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly remoteAddress: string;
  /** The request's body; for an upgrade it is empty. */
  readonly body: Readable;
  /** Aborts when the client is gone or the server stops. */
  readonly signal: AbortSignal;
  /** Whole answer at once. */
  respond(status: number, headers: Headers, body?: Uint8Array | string): void;
  /** Starts an answer of unknown length (log -f, proxied bodies). Destroying it resets the stream. */
  stream(status: number, headers: Headers): Writable;
  /** Present when an HTTP/1.1 client asked for an upgrade: then the handler owns the socket, `respond` answers a refusal on it. */
  readonly upgrade?: {
    readonly request: IncomingMessage;
    readonly socket: Duplex;
    readonly head: Buffer;
  };
}

export interface ConnectHandler {
  readonly group: string;
  readonly resource: string;
  /** '' with `proxyVerb` serves the v1.0 path /api/v1/proxy/... */
  readonly subresource: string;
  /** Resolves when the answer ended. */
  handle(request: HandlerRequest, services: ServerServices): Promise<void>;
}

/** POST to a subresource that stores nothing through the ordinary verbs: serviceaccounts/token. Returns the answer's object (201). */
export interface SubresourceCreator {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  create(
    object: ApiObject,
    target: { namespace: string; name: string; context: RequestContext },
    services: ServerServices,
  ): Promise<unknown>;
}

/** A path outside /api and /apis: '/openapi/v3'. `prefix` also takes everything below. */
export interface PathHandler {
  readonly path: string;
  readonly prefix?: boolean;
  handle(request: HandlerRequest, services: ServerServices): Promise<void> | void;
}

/** The server's own way to its objects: through admission and storage, as system:apiserver. */
export interface LocalClient {
  get<T>(type: ResourceType<T>, namespace: string, name: string): Promise<T | undefined>;
  create<T>(type: ResourceType<T>, object: T): Promise<T>;
  /** Needs metadata.resourceVersion for optimistic concurrency; without it overwrites. */
  update<T>(type: ResourceType<T>, object: T): Promise<T>;
  delete(type: ResourceType<unknown>, namespace: string, name: string): Promise<void>;
}

/** What plugged-in parts may use. `authorize` and `authenticate` are the finished chains. */
export interface ServerServices {
  readonly env: Env;
  /** Reads from the watch caches. */
  readonly reader: AdmissionReader;
  readonly local: LocalClient;
  readonly authorize: Authorizer;
  readonly authenticate: Authenticator;
}

/** Made once the caches are filled; `authorize` of the services may be called only after start. */
export type AuthenticatorsFactory = (services: ServerServices) => Authenticator[];
export type AuthorizerFactory = (services: ServerServices) => Authorizer;

/** Runs once after the server listens; readyz waits for it. Retried with back-off until it resolves. Must be idempotent: several servers may run it. */
export interface PostStartHook {
  /** 'rbac/bootstrap-roles': also the name of the readyz check, with 'poststarthook/' before it. */
  readonly name: string;
  run(services: ServerServices, signal: AbortSignal): Promise<void>;
  /** Runs when the server begins to stop, if `run` has resolved; it has SHUTDOWN_GRACE_MS. */
  stop?(services: ServerServices): Promise<void>;
}
