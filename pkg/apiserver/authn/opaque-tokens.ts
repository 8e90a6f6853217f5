// Opaque tokens, which are looked up: the static token file (--token-auth-file) and bootstrap
// tokens (secrets kube-system/bootstrap-token-ID; upstream
// plugin/pkg/auth/authenticator/token/bootstrap).
import { hash, timingSafeEqual } from 'node:crypto';
import { statusError } from '../../apimachinery/errors/status-error.js';
import { SECRETS } from '../../apis/resource-types.js';
import {
  BOOTSTRAP_TOKEN_TYPE,
  isTokenGroup,
  tokenExpiresInMs,
  tokenField,
  tokenGroups,
  tokenParts,
  tokenSecretName,
} from '../../component-helpers/bootstrap-tokens.js';
import type { Env } from '../../util/env/env.js';
import type { ObjectReader } from '../resource/reader.js';
import type { UserInfo } from '../auth/authenticator.js';
import type { TokenAuthenticator } from './service-account-tokens.js';

const digest = (text: string) => hash('sha256', text, 'base64');

/** Splits one CSV line; quoted fields may hold commas and doubled quotes. */
const csvFields = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    quoted !== undefined ? quoted.replaceAll('""', '"') : (plain ?? '').trim(),
  );

/**
 * Text of a token file: `token,user,uid[,"group1,group2"]` a line. Throws for a line with fewer
 * than three fields.
 */
export function staticTokenAuthenticator(csv: string): TokenAuthenticator {
  // keyed by digest, so that the time of a look-up reveals nothing about the token
  const users = new Map<string, UserInfo>();
  csv.split(/\r?\n/).forEach((line, index) => {
    if (!line.trim() || line.startsWith('#')) return;
    const [token, name, uid, groups = ''] = csvFields(line);
    if (!token || !name || uid === undefined)
      throw new Error(
        `token file line ${index + 1}: must have at least 3 columns (token, user name, user uid)`,
      );
    users.set(digest(token), {
      name,
      uid,
      groups: groups
        .split(',')
        .map((group) => group.trim())
        .filter(Boolean),
    });
  });
  return (token, audiences) => {
    const user = users.get(digest(token));
    return user && { user, audiences: [...audiences] };
  };
}

/** Authenticates joining machines as system:bootstrap:ID in group system:bootstrappers. */
export const bootstrapTokenAuthenticator =
  (env: Pick<Env, 'clock'>, reader: ObjectReader): TokenAuthenticator =>
  (token, audiences) => {
    const parts = tokenParts(token);
    if (!parts) return undefined;
    const { id, secret } = parts;
    const object = reader.get(SECRETS, 'kube-system', tokenSecretName(id));
    if (object?.type !== BOOTSTRAP_TOKEN_TYPE || object.metadata.deletionTimestamp)
      return undefined;
    const field = (name: string) => tokenField(object, name);
    const stored = Buffer.from(field('token-secret'));
    const given = Buffer.from(secret);
    if (
      field('token-id') !== id ||
      stored.length !== given.length ||
      !timingSafeEqual(stored, given)
    )
      return undefined;
    if (!tokenExpiresInMs(object, env.clock.now())) return undefined;
    if (field('usage-bootstrap-authentication') !== 'true') return undefined;
    const extra = tokenGroups(object);
    if (!extra.every(isTokenGroup))
      throw statusError('Unauthorized', `bootstrap token ${id} names an invalid group`);
    return {
      user: { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...extra] },
      audiences: [...audiences],
    };
  };
