// JSON Web Tokens (RFC 7519) as service accounts use them: RS256, ES256, ES384, ES512, one
// signature, compact form. The package jose signs and verifies.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';

export type Claims = Record<string, unknown>;

const EC_ALGORITHMS: Record<string, string> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

export interface VerificationKey {
  key: KeyObject;
  /** SHA-256 of the DER of the public key in base64url: the key id of upstream. */
  kid: string;
  alg: string;
}

export interface SigningKey extends VerificationKey {
  privateKey: KeyObject;
}

/**
 * Reads a PEM public key, certificate or private key (its public part). Throws for key types other
 * than RSA and EC.
 */
export function verificationKey(pem: string): VerificationKey {
  const key = createPublicKey(pem);
  const kid = createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
  if (key.asymmetricKeyType === 'rsa') return { key, kid, alg: 'RS256' };
  const alg = EC_ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (!alg) throw new Error(`service account keys are RSA or EC, not ${key.asymmetricKeyType}`);
  return { key, kid, alg };
}

export function signingKey(pem: string): SigningKey {
  return { ...verificationKey(pem), privateKey: createPrivateKey(pem) };
}

/** All public keys in a PEM text. */
export const verificationKeys = (text: string): VerificationKey[] =>
  (text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g) ?? []).map(verificationKey);

/** Loaded with the first token, so that a server without tokens starts without it. */
const jose = () => import('jose');

export async function signJwt(claims: Claims, key: SigningKey): Promise<string> {
  const { CompactSign } = await jose();
  return new CompactSign(Buffer.from(JSON.stringify(claims)))
    .setProtectedHeader({ alg: key.alg, kid: key.kid })
    .sign(key.privateKey);
}

function parse(bytes: Uint8Array): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The claims of a JWT, NOT verified; undefined for other texts. */
export function peekClaims(token: string): Claims | undefined {
  const parts = token.split('.');
  return parts.length === 3 ? parse(Buffer.from(parts[1]!, 'base64url')) : undefined;
}

/**
 * Verifies a token: the claims when one of the keys signed it, else undefined. The caller checks
 * the times.
 */
export async function verifyJwt(
  token: string,
  keys: readonly VerificationKey[],
): Promise<Claims | undefined> {
  const { compactVerify, decodeProtectedHeader } = await jose();
  for (const key of keys) {
    try {
      const { kid } = decodeProtectedHeader(token);
      if (kid !== undefined && kid !== key.kid) continue;
      return parse((await compactVerify(token, key.key, { algorithms: [key.alg] })).payload);
    } catch {
      // Not signed by this key; another key may have signed it.
    }
  }
  return undefined;
}

/** The JSON Web Key Set (RFC 7517) of the keys. */
export const jwks = (keys: readonly VerificationKey[]): { keys: Record<string, unknown>[] } => ({
  keys: keys.map(({ key, kid, alg }) => ({
    use: 'sig',
    kid,
    alg,
    ...key.export({ format: 'jwk' }),
  })),
});
