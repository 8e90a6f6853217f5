// The caller of a request. The cluster's API server proves with the front proxy's certificate that
// it speaks, and names the user in headers. A config map says which certificate and which headers
// these are.
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { CoreV1Api } from '@kubernetes/client-node';
import { refusal } from './refusal.js';

export interface FrontProxy {
  ca: string;
  names: string[];
  userHeaders: string[];
  groupHeaders: string[];
}

export interface Caller {
  user: string;
  groups: string[];
}

export async function readFrontProxy(api: CoreV1Api): Promise<FrontProxy> {
  const { data = {} } = await api.readNamespacedConfigMap({
    name: 'extension-apiserver-authentication',
    namespace: 'kube-system',
  });
  const list = (key: string) => JSON.parse(data[`requestheader-${key}`] ?? '[]') as string[];
  return {
    ca: data['requestheader-client-ca-file'] ?? '',
    names: list('allowed-names'),
    userHeaders: list('username-headers'),
    groupHeaders: list('group-headers'),
  };
}

export function callerOf(request: IncomingMessage, frontProxy: FrontProxy): Caller {
  const socket = request.socket as TLSSocket;
  const { CN: name = '' } = socket.getPeerCertificate().subject ?? {};
  const isAllowed = !frontProxy.names.length || frontProxy.names.includes(String(name));
  const first = (headers: string[]): string => {
    const found = headers.map((header) => request.headers[header.toLowerCase()]).find(Boolean);
    return String(found ?? '');
  };
  const user = first(frontProxy.userHeaders);
  if (!socket.authorized || !isAllowed || !user) throw refusal(401, 'Unauthorized', 'Unauthorized');
  // Node joins repeated headers by commas.
  const groups = first(frontProxy.groupHeaders).split(', ').filter(Boolean);
  return { user, groups: [...groups, 'system:authenticated'] };
}
