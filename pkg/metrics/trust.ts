// How the API server proves to servers behind it that it speaks, and for whom: the config map
// extension-apiserver-authentication. (Upstream: k8s.io/apiserver
// pkg/authentication/request/headerrequest.)
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import type { ConfigMap } from '../apis/core/v1/types.js';
import {
  bearerCaller,
  certificateCaller,
  type AccessReviewer,
  type Caller,
} from '../client/access-review.js';

export const TRUST_MAP = { namespace: 'kube-system', name: 'extension-apiserver-authentication' };

export interface Trust {
  /** PEM of the front proxy's authority and of the authority of clients. */
  proxyCa: string;
  clientCa: string;
  /** Common names of front proxies; none: every certificate of the authority. */
  names: readonly string[];
  userHeaders: readonly string[];
  groupHeaders: readonly string[];
}

const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

export function trustOf({ data = {} }: ConfigMap): Trust {
  const list = (key: string) => JSON.parse(data[`requestheader-${key}`] || '[]') as string[];
  return {
    proxyCa: data['requestheader-client-ca-file'] ?? '',
    clientCa: data['client-ca-file'] ?? '',
    names: list('allowed-names'),
    userHeaders: list('username-headers'),
    groupHeaders: list('group-headers'),
  };
}

/** Whether the front proxy's authority has signed a certificate that TLS has verified. */
const isOfProxy = ({ proxyCa }: Trust, certificate: X509Certificate): boolean =>
  (proxyCa.match(PEM) ?? []).some((pem) => certificate.verify(new X509Certificate(pem).publicKey));

/**
 * The caller: whom the front proxy names, the subject of a client's certificate, or the owner of a
 * token. `undefined`: nobody. The headers of the front proxy count with its certificate only, and
 * its authority vouches for nobody else.
 */
export async function callerOf(
  request: IncomingMessage,
  trust: Trust,
  reviewer: Pick<AccessReviewer, 'authenticate'>,
): Promise<Caller | undefined> {
  const socket = request.socket as TLSSocket;
  const certificate = socket.authorized ? socket.getPeerX509Certificate() : undefined;
  const subject = certificateCaller(socket);
  const { authorization } = request.headers;
  if (!certificate || !isOfProxy(trust, certificate))
    return subject ?? bearerCaller(authorization, reviewer);
  const isNamed = !trust.names.length || trust.names.includes(subject?.name ?? '');
  const valuesOf = (names: readonly string[]) =>
    names.flatMap((name) => request.headersDistinct[name.toLowerCase()] ?? []);
  const [name] = isNamed ? valuesOf(trust.userHeaders) : [];
  return name
    ? { name, groups: valuesOf(trust.groupHeaders) }
    : bearerCaller(authorization, reviewer);
}
