// Who may use the kubelet's port. A caller is known by a client certificate of the cluster's CA or by a bearer token,
// of which the API server is asked (delegate.ts); nobody is anonymous. The API server's kubelet client and cluster
// masters may do all; for others the API server says whether they may use this node's subresource.
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

/** Questions to the API server. */
export interface Delegate {
  /** Undefined when it does not know the token. */
  authenticate(token: string): Promise<Caller | undefined>;
  isAllowed(caller: Caller, verb: string, subresource: string): Promise<boolean>;
}

/** What of the node a path is about (upstream: NewNodeAuthorizerAttributesGetter). */
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
  // Only the cluster's CA vouches for these; what a token says is for the API server to judge.
  const trusted =
    certified && (caller.name === KUBELET_CLIENT || caller.groups.some((g) => MASTERS.has(g)));
  const allowed =
    trusted || (delegate && (await delegate.isAllowed(caller, verb, subresourceOf(path))));
  return allowed ? { allow: true, caller } : forbidden(caller, verb, path);
}
