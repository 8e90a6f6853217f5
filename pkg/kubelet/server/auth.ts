// Authentication and authorization on the kubelet's port. A caller presents a client certificate of
// the cluster's CA or a bearer token, which the API server reviews; there are no anonymous callers.
// The API server decides by access to the node's subresource; no name and no group is trusted here,
// so that a certificate with a lucky group is worth nothing.
import type { TLSSocket } from 'node:tls';
import {
  bearerCaller,
  certificateCaller,
  type AccessReviewer,
  type Caller,
} from '../../client/access-review.js';

export type Decision =
  | { allow: true; caller: Caller }
  | { allow: false; code: 401 | 403; message: string };

/**
 * The parts of a path, decoded. Authorization and dispatch both read these: an encoded letter must
 * not turn one endpoint into another between them.
 */
export const segmentsOf = (pathname: string): string[] =>
  pathname.split('/').slice(1).map(decodeURIComponent);

/** Commands and tunnels are begun by GET too (WebSocket): a right to read must not run anything. */
const RUNS = new Set(['exec', 'attach', 'portForward', 'run', 'cri']);

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

export function verbOf(method: string, path: string): string {
  const [first = ''] = segmentsOf(path);
  return RUNS.has(first) ? 'create' : (VERBS[method] ?? 'get');
}

/** The node subresource that a path belongs to (upstream: NewNodeAuthorizerAttributesGetter). */
export function subresourceOf(path: string): string {
  const [first = ''] = segmentsOf(path);
  return first === 'stats' || first === 'metrics' || first === 'spec'
    ? first
    : first === 'logs'
      ? 'log'
      : 'proxy';
}

const forbidden = (caller: Caller, verb: string, path: string): Decision => ({
  allow: false,
  code: 403,
  message: `Forbidden (user=${caller.name}, verb=${verb}, resource=nodes, subresource=${subresourceOf(path)})`,
});

/** `name` is the node's. */
export async function authorize(
  socket: TLSSocket,
  authorization: string | undefined,
  verb: string,
  path: string,
  name: string,
  reviewer: AccessReviewer | undefined,
): Promise<Decision> {
  const caller = certificateCaller(socket) ?? (await bearerCaller(authorization, reviewer));
  if (!caller) return { allow: false, code: 401, message: 'Unauthorized' };
  const node = { group: '', version: 'v1', resource: 'nodes', name };
  const resourceAttributes = { ...node, verb, subresource: subresourceOf(path) };
  const allowed = reviewer && (await reviewer.isAllowed(caller, { resourceAttributes }));
  return allowed ? { allow: true, caller } : forbidden(caller, verb, path);
}
