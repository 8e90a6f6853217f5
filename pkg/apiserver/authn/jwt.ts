// JSON Web Tokens (RFC 7519) as service accounts use them: RS256, ES256, ES384, ES512, one signature,
// compact form. Synchronous, because authentication is on every request's way.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

export type Claims = Record<string, unknown>;

const EC_ALGORITHMS: Record<string, { alg: string; hash: string; crv: string }> = {
  prime256v1: { alg: 'ES256', hash: 'sha256', crv: 'P-256' },
  secp384r1: { alg: 'ES384', hash: 'sha384', crv: 'P-384' },
  secp521r1: { alg: 'ES512', hash: 'sha512', crv: 'P-521' },
};

export interface VerificationKey {
  key: KeyObject;
  /** SHA-256 of the public key's DER, base64url: upstream's key id. */
  kid: string;
  alg: string;
  hash: string;
}

export interface SigningKey extends VerificationKey {
  privateKey: KeyObject;
}

/** Reads a PEM public key, certificate or private key (its public part). Throws for other key types than RSA and EC. */
export function verificationKey(pem: string): VerificationKey {
  const key = createPublicKey(pem);
  const kid = createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('base64url');
  if (key.asymmetricKeyType === 'rsa') return { key, kid, alg: 'RS256', hash: 'sha256' };
  const curve = EC_ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (!curve) throw new Error(`service account keys are RSA or EC, not ${key.asymmetricKeyType}`);
  return { key, kid, alg: curve.alg, hash: curve.hash };
}

export function signingKey(pem: string): SigningKey {
  return { ...verificationKey(pem), privateKey: createPrivateKey(pem) };
}

/** Every public key in a PEM text, which may hold several. */
export function verificationKeys(text: string): VerificationKey[] {
  return (text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]+?-----END \1-----/g) ?? []).map(verificationKey);
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

export function signJwt(claims: Claims, key: SigningKey): string {
  const signed = `${encode({ alg: key.alg, kid: key.kid })}.${encode(claims)}`;
  const signature = sign(key.hash, Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

function decode(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** The claims of something shaped like a JWT, NOT verified; undefined for anything else. */
export function peekClaims(token: string): Claims | undefined {
  const parts = token.split('.');
  return parts.length === 3 ? decode(parts[1]!) : undefined;
}

/** The claims when one of the keys signed the token, else undefined. Times are the caller's to check. */
export function verifyJwt(token: string, keys: readonly VerificationKey[]): Claims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  const header = decode(parts[0]!);
  if (!header) return undefined;
  const signed = Buffer.from(`${parts[0]}.${parts[1]}`);
  const signature = Buffer.from(parts[2]!, 'base64url');
  for (const key of keys) {
    if (key.alg !== header['alg'] || (header['kid'] !== undefined && header['kid'] !== key.kid)) continue;
    if (verify(key.hash, signed, { key: key.key, dsaEncoding: 'ieee-p1363' }, signature)) return decode(parts[1]!);
  }
  return undefined;
}

/** JSON Web Key Set (RFC 7517) of the keys. */
export function jwks(keys: readonly VerificationKey[]): { keys: Record<string, unknown>[] } {
  return { keys: keys.map(({ key, kid, alg }) => ({ use: 'sig', kid, alg, ...key.export({ format: 'jwk' }) })) };
}
