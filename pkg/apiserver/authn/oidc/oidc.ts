// Tokens of OpenID Connect issuers (upstream plugin/pkg/authenticator/token/oidc). The package jose
// verifies signatures, as for service accounts: node:crypto alone knows no key sets, and a
// hand-written check of headers is where such code fails.
import type { JSONWebKeySet } from 'jose';
import { type Claims, peekClaims } from '../../../system/pki/jwt.js';
import type { Env } from '../../../util/env/env.js';
import { NOT_BEFORE_LEEWAY_MS } from '../limits.js';
import type { TokenAuthenticator } from '../service-account-tokens.js';
import { claimsReader, type ClaimsReader } from './claims.js';
import { type JwtAuthenticator, SIGNING_ALGORITHMS } from './config.js';
import { type IssuerKeys, issuerKeys } from './issuer-keys.js';

interface Issuer {
  jwt: JwtAuthenticator;
  keys: IssuerKeys;
  read: ClaimsReader;
}

/** The claims when a key of the set signed the token. Throws JOSEError. */
async function verified(
  token: string,
  set: JSONWebKeySet,
  algorithms: readonly string[],
): Promise<Claims> {
  const { compactVerify, createLocalJWKSet, errors } = await import('jose');
  const options = { algorithms: [...algorithms] };
  const read = (payload: Uint8Array) => JSON.parse(Buffer.from(payload).toString('utf8')) as Claims;
  try {
    return read((await compactVerify(token, createLocalJWKSet(set), options)).payload);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      try {
        return read((await compactVerify(token, key, options)).payload);
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      }
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

async function signedClaims(token: string, { jwt, keys }: Issuer): Promise<Claims> {
  const algorithms = jwt.signingAlgorithms ?? SIGNING_ALGORITHMS;
  const { errors } = await import('jose');
  try {
    return await verified(token, await keys.current(), algorithms);
  } catch (error) {
    const mayBeRotated =
      error instanceof errors.JWKSNoMatchingKey ||
      error instanceof errors.JWSSignatureVerificationFailed;
    if (!mayBeRotated) throw error;
    return verified(token, await keys.renewed(), algorithms);
  }
}

function checkTimes({ exp, nbf }: Claims, now: number): void {
  if (typeof exp !== 'number') throw new Error('oidc: verify token: no exp');
  if (now > exp * 1000)
    throw new Error(
      `oidc: verify token: oidc: token is expired (Token Expiry: ${new Date(exp * 1000).toISOString()})`,
    );
  if (nbf !== undefined && (typeof nbf !== 'number' || now + NOT_BEFORE_LEEWAY_MS < nbf * 1000))
    throw new Error('oidc: verify token: the token is not valid yet');
}

function checkAudience({ aud }: Claims, wanted: readonly string[]): void {
  const list = Array.isArray(aud) ? (aud as unknown[]) : [aud];
  if (!list.some((one) => typeof one === 'string' && wanted.includes(one)))
    throw new Error(
      `oidc: verify token: oidc: expected audience in ${JSON.stringify(wanted)} got ${JSON.stringify(list)}`,
    );
}

/**
 * Authenticates tokens of these issuers, and leaves all others. `apiAudiences` are those of the
 * API: the issuer's audiences say nothing about them. Rejects when an expression does not compile.
 */
export async function oidcAuthenticator(
  list: readonly JwtAuthenticator[],
  apiAudiences: readonly string[],
  { clock, log }: Pick<Env, 'clock' | 'log'>,
): Promise<TokenAuthenticator> {
  const issuers = new Map<string, Issuer>();
  for (const [index, jwt] of list.entries()) {
    const keys = issuerKeys(jwt, clock);
    issuers.set(jwt.issuer.url, { jwt, keys, read: await claimsReader(jwt, `jwt[${index}]`) });
    keys
      .current()
      .catch((error: unknown) =>
        log.warn('keys of an issuer cannot be read yet', { issuer: jwt.issuer.url, error }),
      );
  }
  const authenticate = async (token: string, issuer: Issuer, audiences: string[]) => {
    const claims = await signedClaims(token, issuer);
    if (claims['iss'] !== issuer.jwt.issuer.url)
      throw new Error('oidc: verify token: wrong issuer');
    checkAudience(claims, issuer.jwt.issuer.audiences);
    checkTimes(claims, clock.now());
    return { user: issuer.read(claims), audiences };
  };
  return (token, audiences) => {
    const iss = peekClaims(token)?.['iss'];
    const issuer = typeof iss === 'string' ? issuers.get(iss) : undefined;
    if (!issuer) return undefined;
    const common = audiences.filter((audience) => apiAudiences.includes(audience));
    return common.length ? authenticate(token, issuer, common) : undefined;
  };
}
