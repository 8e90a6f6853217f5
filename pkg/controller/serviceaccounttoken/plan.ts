// Fills Secrets of type kubernetes.io/service-account-token while their account exists (upstream:
// pkg/controller/serviceaccount/tokens_controller.go). Pure.
import type { Secret, ServiceAccount } from '../../apis/core/v1/types.js';

export const TOKEN_TYPE = 'kubernetes.io/service-account-token';
export const ACCOUNT_NAME = 'kubernetes.io/service-account.name';
export const ACCOUNT_UID = 'kubernetes.io/service-account.uid';

export const isTokenSecret = ({ type }: Secret): boolean => type === TOKEN_TYPE;
export const accountNameOf = ({ metadata }: Secret): string =>
  metadata.annotations?.[ACCOUNT_NAME] ?? '';

/**
 * The account that the secret refers to: by name, and by uid if the secret has a uid annotation.
 */
export function ownAccount(
  secret: Secret,
  account: ServiceAccount | undefined,
): ServiceAccount | undefined {
  const uid = secret.metadata.annotations?.[ACCOUNT_UID];
  return account && (!uid || uid === account.metadata.uid) ? account : undefined;
}

export interface TokenSecretUpdate {
  /** Claims of the token to sign; undefined when the secret has a token. */
  claims: Record<string, unknown> | undefined;
  /** Other data to write, in base64. */
  data: Record<string, string>;
  annotations: Record<string, string>;
}

/** Undefined when the secret is complete. `rootCa` is PEM; '' for none. */
export function planTokenSecret(
  secret: Secret,
  account: ServiceAccount,
  rootCa: string,
): TokenSecretUpdate | undefined {
  const { data = {}, metadata } = secret;
  const { name, namespace = '', uid = '' } = account.metadata;
  const needed: Record<string, string> = {};
  const ca = btoa(rootCa);
  if (rootCa && data['ca.crt'] !== ca) needed['ca.crt'] = ca;
  if (!data['namespace']) needed['namespace'] = btoa(namespace);
  const lacksToken = !data['token'];
  if (!lacksToken && !Object.keys(needed).length && metadata.annotations?.[ACCOUNT_UID] === uid)
    return undefined;
  return {
    claims: lacksToken ? claimsOf(metadata.name, namespace, name, uid) : undefined,
    data: needed,
    annotations: { [ACCOUNT_NAME]: name, [ACCOUNT_UID]: uid },
  };
}

/** The token has no expiry: it is valid while the secret and the account exist. */
function claimsOf(
  secret: string,
  namespace: string,
  account: string,
  uid: string,
): Record<string, unknown> {
  const prefix = 'kubernetes.io/serviceaccount';
  return {
    iss: 'kubernetes/serviceaccount',
    [`${prefix}/namespace`]: namespace,
    [`${prefix}/secret.name`]: secret,
    [`${prefix}/service-account.name`]: account,
    [`${prefix}/service-account.uid`]: uid,
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
}
