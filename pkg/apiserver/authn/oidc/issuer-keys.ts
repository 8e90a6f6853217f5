// The public keys of an OpenID issuer: discovery, then its key set, which is fetched again when a
// token names a key that is not in it (OpenID Connect Discovery 1.0).
import type { JSONWebKeySet } from 'jose';
import { boundedGet } from '../../../system/bounded-get.js';
import type { Clock } from '../../../util/env/env.js';
import { ISSUER_TIMEOUT_MS, KEY_FETCH_PAUSE_MS, MAX_ISSUER_ANSWER_BYTES } from '../limits.js';
import type { JwtAuthenticator } from './config.js';

async function fetchJson(url: string, ca: string | undefined): Promise<Record<string, unknown>> {
  const bounds = { timeoutMs: ISSUER_TIMEOUT_MS, maxBytes: MAX_ISSUER_ANSWER_BYTES };
  try {
    const { status, text } = await boundedGet(url, { ...bounds, ...(ca && { ca }) });
    if (status !== 200) throw new Error(`status ${status}`);
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    const why = error instanceof SyntaxError ? 'the answer is no JSON' : (error as Error).message;
    throw new Error(`oidc: GET ${url}: ${why}`, { cause: error });
  }
}

export interface IssuerKeys {
  /** The newest key set that is known; the first call fetches. Rejects when there is none. */
  current(): Promise<JSONWebKeySet>;
  /** Fetches again, unless that happened just now. */
  renewed(): Promise<JSONWebKeySet>;
}

export function issuerKeys({ issuer }: JwtAuthenticator, clock: Clock): IssuerKeys {
  const { url, discoveryURL, certificateAuthority } = issuer;
  let known: JSONWebKeySet | undefined;
  let fetching: Promise<JSONWebKeySet> | undefined;
  let failure: unknown;
  let fetchedAt = -Infinity;
  const discover = async (): Promise<JSONWebKeySet> => {
    const at = discoveryURL || `${url.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const found = await fetchJson(at, certificateAuthority);
    if (found['issuer'] !== url)
      throw new Error(
        `oidc: issuer did not match the issuer returned by provider, expected ${JSON.stringify(url)} got ${JSON.stringify(found['issuer'])}`,
      );
    const keys = found['jwks_uri'];
    if (typeof keys !== 'string' || !keys.startsWith('https://'))
      throw new Error('oidc: the provider names no jwks_uri with https');
    const set = await fetchJson(keys, certificateAuthority);
    if (!Array.isArray(set['keys'])) throw new Error('oidc: the key set has no keys');
    return set as unknown as JSONWebKeySet;
  };
  const fetch = (): Promise<JSONWebKeySet> => {
    // Tokens with invented key ids must not make this server ask the issuer without pause.
    const isEarly = clock.monotonic() - fetchedAt < KEY_FETCH_PAUSE_MS;
    if (!fetching && isEarly)
      return known ? Promise.resolve(known) : Promise.reject(failure as Error);
    fetching ??= discover()
      .then((set) => (known = set))
      .catch((error: unknown) => {
        failure = error;
        throw error;
      })
      .finally(() => {
        fetchedAt = clock.monotonic();
        fetching = undefined;
      });
    return fetching;
  };
  return { current: () => (known ? Promise.resolve(known) : fetch()), renewed: fetch };
}
