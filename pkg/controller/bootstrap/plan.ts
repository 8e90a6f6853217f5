// Which bootstrap tokens sign cluster-info (upstream: pkg/controller/bootstrap). Pure.
import type { Secret } from '../../apis/core/v1/types.js';
import {
  SIGNATURE,
  tokenExpiresInMs,
  tokenField,
  tokenSecretName,
} from '../../component-helpers/bootstrap-tokens.js';
import { detachedSignature } from '../../system/pki/detached-jws.js';

type Data = Record<string, string>;

/** Whether the token may sign. */
export function signs(token: Secret, now: number): boolean {
  const id = tokenField(token, 'token-id');
  return (
    /^[a-z0-9]{6}$/.test(id) &&
    token.metadata.name === tokenSecretName(id) &&
    tokenField(token, 'token-secret') !== '' &&
    tokenField(token, 'usage-bootstrap-signing') === 'true' &&
    tokenExpiresInMs(token, now) > 0
  );
}

/** The data with the signatures of these tokens and no others. */
export function signedData(data: Data, tokens: readonly Secret[]): Data {
  const sign = (token: Secret): [string, string] => {
    const [id, secret] = [tokenField(token, 'token-id'), tokenField(token, 'token-secret')];
    return [SIGNATURE + id, detachedSignature(data['kubeconfig'] ?? '', id, secret)];
  };
  const others = Object.entries(data).filter(([key]) => !key.startsWith(SIGNATURE));
  return Object.fromEntries([...others, ...tokens.map(sign)]);
}
