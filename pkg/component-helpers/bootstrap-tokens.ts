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

/** The name of the secret of a token. */
export const tokenSecretName = (id: string): string => `bootstrap-token-${id}`;

/** The parts of a token such as abcdef.0123456789abcdef; undefined for another text. */
export function tokenParts(token: string): { id: string; secret: string } | undefined {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(token) ?? [];
  return id && secret ? { id, secret } : undefined;
}

/** The groups to which a token may add its user, as a pattern of Go. */
export const TOKEN_GROUP = '\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z';

export const isTokenGroup = (group: string): boolean =>
  new RegExp(TOKEN_GROUP.replace('\\A', '^').replace('\\z', '$')).test(group);

/** The groups to which a token adds its user, besides system:bootstrappers. */
export const tokenGroups = (secret: Secret): string[] =>
  tokenField(secret, 'auth-extra-groups')
    .split(',')
    .map((group) => group.trim())
    .filter(Boolean);

/** The keys of signatures in cluster-info begin so, and end with the token's ID. */
export const SIGNATURE = 'jws-kubeconfig-';
