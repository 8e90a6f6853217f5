// The headers by which a server behind this one learns who asks (request header authentication).
import type { UserInfo } from '../auth/authenticator.js';
import type { Headers } from '../extension/handler.js';

const REMOTE = /^x-remote-(user|group|uid|extra-.*)$/;

/** Characters of a header's name; others are written as %XX. */
const escapeKey = (key: string): string =>
  [...Buffer.from(key)]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[a-z0-9!#$&'*+.^_`|~-]/.test(char)
        ? char
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

/** `headers` without those that a client might have forged, and with those of the user. */
export function withRemoteUser(headers: Headers, user: UserInfo): Headers {
  const out: Headers = {};
  for (const [name, value] of Object.entries(headers)) if (!REMOTE.test(name)) out[name] = value;
  out['x-remote-user'] = user.name;
  if (user.groups.length) out['x-remote-group'] = [...user.groups];
  for (const [key, values] of Object.entries(user.extra ?? {}))
    if (values.length) out[`x-remote-extra-${escapeKey(key.toLowerCase())}`] = [...values];
  return out;
}
