// Who answers for API groups and versions that this server does not serve itself: the delegates in their
// order, then nobody (upstream chains three servers: aggregator, kube-apiserver, apiextensions). A
// delegate is asked after authentication and authorization, within the limits of time and flight.
import type { HandlerRequest } from './handler.js';
import type { ServerServices } from './services.js';
import type { RequestInfo } from '../request/request-info.js';

export interface Delegate {
  /** For logs. */
  readonly name: string;
  /** True for what it answers. It is asked only about groups and versions that no definition serves; keep it cheap. */
  accepts(info: RequestInfo): boolean;
  /** As a path handler: a StatusError thrown before an answer began is sent. */
  handle(request: HandlerRequest, services: ServerServices): Promise<void>;
}

/** What Go's http.NotFound says: nobody knows the path. Clients tell it from a Status of an API that is there. */
export const PAGE_NOT_FOUND = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  text: '404 page not found\n',
} as const;
