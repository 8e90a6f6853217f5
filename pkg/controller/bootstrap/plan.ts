// The signatures of cluster-info: detached JWS of its kubeconfig, each with one bootstrap token as
// the key (upstream: pkg/controller/bootstrap, k8s.io/cluster-bootstrap/token/jws). Pure.
import type { Secret } from '../../apis/core/v1/types.js';
import {
  tokenExpiresInMs,
  tokenField,
  tokenSecretName,
} from '../../component-helpers/bootstrap-tokens.js';

const SIGNATURE = 'jws-kubeconfig-';

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
export async function signedData(data: Data, tokens: readonly Secret[]): Promise<Data> {
  const { CompactSign } = await import('jose');
  const bytes = (text: string) => new TextEncoder().encode(text);
  const sign = async (token: Secret): Promise<[string, string]> => {
    const kid = tokenField(token, 'token-id');
    const whole = await new CompactSign(bytes(data['kubeconfig'] ?? ''))
      .setProtectedHeader({ alg: 'HS256', kid })
      .sign(bytes(tokenField(token, 'token-secret')));
    return [SIGNATURE + kid, whole.replace(/\..*\./, '..')];
  };
  const others = Object.entries(data).filter(([key]) => !key.startsWith(SIGNATURE));
  return Object.fromEntries([...others, ...(await Promise.all(tokens.map(sign)))]);
}
