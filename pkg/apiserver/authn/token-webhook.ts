// Tokens that a webhook judges by TokenReview (upstream plugin/pkg/authenticator/token/webhook).
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import type { Env } from '../../util/env/env.js';
import type { UserInfo } from '../auth/authenticator.js';
import { withRetries, type Callout } from '../webhook/callout.js';
import type { TokenAuthenticator } from './service-account-tokens.js';

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

function userOf(value: unknown): UserInfo {
  const { username, uid, groups, extra } = isJsonObject(value) ? value : {};
  if (typeof username !== 'string' || !username)
    throw new Error('webhook authenticator: the answer names no user');
  const found = Object.entries(isJsonObject(extra) ? extra : {}).map(
    ([key, list]): [string, string[]] => [key, texts(list)],
  );
  return {
    name: username,
    groups: texts(groups),
    ...(typeof uid === 'string' && uid && { uid }),
    ...(found.length && { extra: Object.fromEntries(found) }),
  };
}

/** `apiAudiences` are those of a webhook that knows no audiences. */
export function tokenWebhook(
  callout: Callout,
  version: string,
  apiAudiences: readonly string[],
  env: Pick<Env, 'clock' | 'random'>,
): TokenAuthenticator {
  return async (token, audiences) => {
    const body = JSON.stringify({
      kind: 'TokenReview',
      apiVersion: `authentication.k8s.io/${version}`,
      metadata: { creationTimestamp: null },
      spec: { token, audiences },
      status: { user: {} },
    });
    const text = await withRetries(env, () => callout.post(body));
    const review: unknown = JSON.parse(text);
    const status = isJsonObject(review) ? review['status'] : undefined;
    if (!isJsonObject(status)) throw new Error('webhook authenticator: the answer has no status');
    if (status['authenticated'] !== true) {
      if (typeof status['error'] === 'string' && status['error']) throw new Error(status['error']);
      return undefined;
    }
    const given = texts(status['audiences']);
    const known = given.length ? given : apiAudiences;
    const common = audiences.filter((audience) => known.includes(audience));
    return common.length ? { user: userOf(status['user']), audiences: common } : undefined;
  };
}
