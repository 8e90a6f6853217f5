// Remembers the answers of authenticators that ask others or verify signatures (upstream
// apiserver/pkg/authentication/token/cache).
import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../util/env/env.js';
import { TOKEN_CACHE_ENTRIES } from './limits.js';
import type { TokenAuthentication, TokenAuthenticator } from './service-account-tokens.js';

interface Entry {
  answer: Promise<TokenAuthentication | undefined>;
  /** On the monotonic clock. */
  until: number;
}

/**
 * Callers with the same token share one call and its answer. Milliseconds; errors are never kept.
 * `failureMs` is for the answer that the token is not known.
 */
export function cachedTokens(
  inner: TokenAuthenticator,
  { successMs, failureMs }: { successMs: number; failureMs: number },
  clock: Clock,
): TokenAuthenticator {
  const entries = new LRUCache<string, Entry>({ max: TOKEN_CACHE_ENTRIES });
  return (token, audiences) => {
    // The cache holds no token, so that a dump of the memory shows none.
    const key = hash('sha256', JSON.stringify([token, audiences]), 'base64');
    const known = entries.get(key);
    if (known && clock.monotonic() < known.until) return known.answer;
    const pending = inner(token, audiences);
    if (!(pending instanceof Promise)) return pending;
    const entry: Entry = { answer: pending, until: Infinity };
    entries.set(key, entry);
    pending.then(
      (answer) => (entry.until = clock.monotonic() + (answer ? successMs : failureMs)),
      () => entries.get(key) === entry && entries.delete(key),
    );
    return pending;
  };
}
