// Delegates answer for API groups and versions that this server does not serve itself, in their
// order; the rest is 404 (upstream chains three servers: aggregator, kube-apiserver,
// apiextensions). A delegate gets a request after authentication and authorization, within the
// limits of time and of requests in flight.
import type { HandlerRequest } from './handler.js';
import type { ServerServices } from './services.js';
import type { RequestInfo } from '../request/request-info.js';

export interface Delegate {
  /** For logs. */
  readonly name: string;
  /**
   * Whether this delegate answers. Called only for groups and versions that no definition serves;
   * it runs on every such request, so it must be cheap.
   */
  accepts(info: RequestInfo): boolean;
  /** A StatusError that is thrown before the answer began is sent as the answer. */
  handle(request: HandlerRequest, services: ServerServices): Promise<void>;
}

/**
 * The answer for unknown paths, as Go's http.NotFound. Clients tell it from the Status of a served
 * API.
 */
export const PAGE_NOT_FOUND = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  text: '404 page not found\n',
} as const;
