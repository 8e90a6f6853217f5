// Contracts of the code that answers requests beside the plain verbs: connect handlers (exec,
// attach, port-forward, log, proxy), subresources that answer a POST (token) and extra paths
// (OpenAPI, UI). Authentication, authorization and CONNECT admission come before any handler. A
// StatusError that is thrown before an answer began is sent as metav1.Status, also on an upgrade
// socket.
import type { IncomingMessage } from 'node:http';
import type { Duplex, Readable, Writable } from 'node:stream';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { ServerServices } from './services.js';
import type { RequestContext } from '../resource/definition.js';
import type { RequestInfo } from '../request/request-info.js';

export type Headers = Record<string, string | string[] | undefined>;

/** One request, whatever the protocol version. Header names are lower case. */
export interface HandlerRequest {
  readonly info: RequestInfo;
  readonly user: UserInfo;
  readonly method: string;
  /** Path and query as the client sent them. */
  readonly url: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly remoteAddress: string;
  /** The request's body; for an upgrade it is empty. */
  readonly body: Readable;
  /** Aborts when the client is gone or the server stops. */
  readonly signal: AbortSignal;
  /** Sends the whole answer. */
  respond(status: number, headers: Headers, body?: Uint8Array | string): void;
  /**
   * Starts an answer of unknown length (log -f, proxied bodies). Destroying the stream resets it.
   */
  stream(status: number, headers: Headers): Writable;
  /**
   * Present when an HTTP/1.1 client asked for an upgrade. The handler then owns the socket;
   * `respond` sends a refusal on it.
   */
  readonly upgrade?: Upgrade;
}

export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/**
 * Serves a subresource for which upstream's verb is CONNECT: exec, attach, port-forward, proxy,
 * log.
 */
export interface ConnectHandler {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  /** Verbs of requests; without the list each but watch. Others than upstream's give no access. */
  readonly verbs?: readonly string[];
  /** Resolves when the answer ended. */
  handle(request: HandlerRequest, services: ServerServices): Promise<void>;
}

/**
 * Answers a POST that stores nothing through the ordinary verbs: serviceaccounts/token, reviews.
 * `create` resolves to the object of the 201 answer; it throws StatusError to refuse.
 */
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

/** Serves a path outside of /api and /apis: '/openapi/v3'. With `prefix` also every path below. */
export interface PathHandler {
  readonly path: string;
  readonly prefix?: boolean;
  handle(request: HandlerRequest, services: ServerServices): Promise<void> | void;
}
