// Who may use the kubelet's port: holders of a client certificate of the cluster's CA that are the
// API server's kubelet client or in a group of cluster masters. Everybody else is refused.
// (Upstream asks the API server by TokenReview and SubjectAccessReview; that is `delegate` here.)
import type { TLSSocket } from 'node:tls';

export interface Caller {
  name: string;
  groups: string[];
}

export type Decision = { allow: true; caller: Caller } | { allow: false; code: 401 | 403; message: string };

const KUBELET_CLIENT = 'kube-apiserver-kubelet-client';
const MASTERS = new Set(['system:masters', 'kubeadm:cluster-admins']);

/** A question to the API server about a bearer token; undefined when it does not know the token. */
export type Delegate = (token: string, verb: string, path: string) => Promise<{ caller: Caller; allowed: boolean } | undefined>;

const list = (value: string | string[] | undefined): string[] => (value === undefined ? [] : Array.isArray(value) ? value : [value]);

function certificateCaller(socket: TLSSocket): Caller | undefined {
  if (!socket.authorized) return undefined;
  const subject = socket.getPeerCertificate()?.subject as { CN?: string | string[]; O?: string | string[] } | undefined;
  const name = list(subject?.CN)[0];
  return name ? { name, groups: list(subject?.O) } : undefined;
}

function forbidden(caller: Caller, verb: string, path: string): Decision {
  return { allow: false, code: 403, message: `Forbidden (user=${caller.name}, verb=${verb}, resource=nodes, subresource=${path.split('/')[1] ?? ''})` };
}

export async function authorize(socket: TLSSocket, authorization: string | undefined, verb: string, path: string, delegate: Delegate | undefined): Promise<Decision> {
  const caller = certificateCaller(socket);
  if (caller) {
    const trusted = caller.name === KUBELET_CLIENT || caller.groups.some((g) => MASTERS.has(g));
    return trusted ? { allow: true, caller } : forbidden(caller, verb, path);
  }
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  if (!token || !delegate) return { allow: false, code: 401, message: 'Unauthorized' };
  const answer = await delegate(token, verb, path);
  if (!answer) return { allow: false, code: 401, message: 'Unauthorized' };
  return answer.allowed ? { allow: true, caller: answer.caller } : forbidden(answer.caller, verb, path);
}
