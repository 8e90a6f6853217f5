// Bootstrap tokens: Secrets of kube-system with which machines join (upstream:
// k8s.io/cluster-bootstrap/util/secrets). Pure.
import { decodeBase64 } from '../apimachinery/codec/base64.js';
import type { Secret } from '../apis/core/v1/types.js';

export const BOOTSTRAP_TOKEN_TYPE = 'bootstrap.kubernetes.io/token';

/** The text of a field, such as 'token-id'; '' when it is absent. */
export const tokenField = ({ data }: Secret, name: string): string =>
  new TextDecoder().decode(decodeBase64(data?.[name] ?? ''));

/** Milliseconds until the token expires, Infinity for never. A time that is no time has passed. */
export function tokenExpiresInMs(secret: Secret, now: number): number {
  const expiration = tokenField(secret, 'expiration');
  return expiration ? Math.max(0, Date.parse(expiration) - now || 0) : Infinity;
}
