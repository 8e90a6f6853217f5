// Authentication and authorization on the kubelet's port. A caller presents a client certificate of
// the cluster's CA or a bearer token, which the API server reviews (delegate.ts); there are no
// anonymous callers. The API server's kubelet client and system:masters may use everything; for
// other callers the API server decides by access to the node's subresource.
import type { TLSSocket } from 'node:tls';

export interface Caller {
  name: string;
  uid?: string;
  groups: string[];
}

export type Decision =
  | { allow: true; caller: Caller }
  | { allow: false; code: 401 | 403; message: string };

const KUBELET_CLIENT = 'kube-apiserver-kubelet-client';
const MASTERS = new Set(['system:masters', 'kubeadm:cluster-admins']);

/** Reviews by the API server. */
export interface Delegate {
  /** `undefined`: the API server does not accept the token. */
  authenticate(token: string): Promise<Caller | undefined>;
  isAllowed(caller: Caller, verb: string, subresource: string): Promise<boolean>;
}

/** The node subresource that a path belongs to (upstream: NewNodeAuthorizerAttributesGetter). */
export function subresourceOf(path: string): string {
  const [first = ''] = path.split('/').slice(1);
  return first === 'stats' || first === 'metrics' || first === 'spec'
    ? first
    : first === 'logs'
      ? 'log'
      : 'proxy';
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

function certificateCaller(socket: TLSSocket): Caller | undefined {
  if (!socket.authorized) return undefined;
  const subject = socket.getPeerCertificate()?.subject as
    | { CN?: string | string[]; O?: string | string[] }
    | undefined;
  const name = list(subject?.CN)[0];
  return name ? { name, groups: list(subject?.O) } : undefined;
}

function forbidden(caller: Caller, verb: string, path: string): Decision {
  return {
    allow: false,
    code: 403,
    message: `Forbidden (user=${caller.name}, verb=${verb}, resource=nodes, subresource=${subresourceOf(path)})`,
  };
}

export async function authorize(
  socket: TLSSocket,
  authorization: string | undefined,
  verb: string,
  path: string,
  delegate: Delegate | undefined,
): Promise<Decision> {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  const certified = certificateCaller(socket);
  const caller = certified ?? (token && delegate ? await delegate.authenticate(token) : undefined);
  if (!caller) return { allow: false, code: 401, message: 'Unauthorized' };
  // Only certificates of the cluster's CA grant these names; tokens are reviewed by the API server.
  const trusted =
    certified && (caller.name === KUBELET_CLIENT || caller.groups.some((g) => MASTERS.has(g)));
  const allowed =
    trusted || (delegate && (await delegate.isAllowed(caller, verb, subresourceOf(path))));
  return allowed ? { allow: true, caller } : forbidden(caller, verb, path);
}
