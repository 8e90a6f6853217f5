// The Impersonate-* headers (upstream endpoints/filters/impersonation.go). Each part of the wanted
// identity needs the right to impersonate that part.
import { forbidden, statusError } from '../../apimachinery/errors/status-error.js';
import type { Credentials, UserInfo } from '../auth/authenticator.js';
import type { Authorizer } from '../auth/authorizer.js';
import { forbiddenReason } from '../../apimachinery/errors/forbidden.js';
import { serviceAccountGroups, splitServiceAccount } from './service-account-tokens.js';

interface Wanted {
  user: string;
  groups: string[];
  uid: string;
  extra: Record<string, string[]>;
}

const EXTRA_PREFIX = 'impersonate-extra-';

const values = (header: string | string[] | undefined): string[] =>
  header === undefined ? [] : Array.isArray(header) ? header : [header];

/** A key with a malformed escape is taken literally, as upstream does. */
function unescapeKey(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

function wantedIdentity(headers: Credentials['headers']): Wanted | undefined {
  let found = false;
  for (const name in headers) if (name.startsWith('impersonate-')) found = true;
  if (!found) return undefined;
  const wanted: Wanted = {
    user: values(headers['impersonate-user'])[0] ?? '',
    groups: [],
    uid: values(headers['impersonate-uid'])[0] ?? '',
    extra: {},
  };
  // Node joins repeated HTTP/1.1 headers with ', '. A group name has no comma followed by a space.
  for (const header of values(headers['impersonate-group']))
    wanted.groups.push(...header.split(', '));
  for (const [name, header] of Object.entries(headers)) {
    if (!name.startsWith(EXTRA_PREFIX)) continue;
    const key = unescapeKey(name.slice(EXTRA_PREFIX.length));
    wanted.extra[key] = values(header).flatMap((value) => value.split(', '));
  }
  if (!wanted.user && (wanted.groups.length || wanted.uid || Object.keys(wanted.extra).length))
    throw statusError(
      'InternalError',
      'Internal error occurred: requested groups, uid or extra without impersonating a user',
    );
  return wanted.user ? wanted : undefined;
}

/**
 * The effective user of the request. Throws Forbidden when `user` may not impersonate that
 * identity.
 */
export function impersonate(
  user: UserInfo,
  headers: Credentials['headers'],
  authorize: Authorizer,
): UserInfo | Promise<UserInfo> {
  const wanted = wantedIdentity(headers);
  return wanted ? become(wanted, user, authorize) : user;
}

async function become(wanted: Wanted, user: UserInfo, authorize: Authorizer): Promise<UserInfo> {
  const check = async (
    group: string,
    resource: string,
    name: string,
    namespace = '',
    subresource = '',
  ) => {
    const part = { group, version: group ? 'v1' : '', resource, subresource, namespace, name };
    const attributes = { user, verb: 'impersonate', ...part };
    const decision = await authorize(attributes);
    if (!decision.allowed)
      throw forbidden({ group, resource }, name, forbiddenReason(attributes, decision.reason));
  };
  const account = splitServiceAccount(wanted.user);
  if (account) await check('', 'serviceaccounts', account.name, account.namespace);
  else await check('', 'users', wanted.user);
  for (const group of wanted.groups) await check('', 'groups', group);
  if (wanted.uid) await check('authentication.k8s.io', 'uids', wanted.uid);
  for (const [key, list] of Object.entries(wanted.extra)) {
    for (const value of list) await check('authentication.k8s.io', 'userextras', value, '', key);
  }
  const groups =
    account && !wanted.groups.length ? serviceAccountGroups(account.namespace) : wanted.groups;
  return {
    name: wanted.user,
    groups:
      wanted.user === 'system:anonymous'
        ? withGroup(groups, 'system:unauthenticated')
        : withAuthenticated(groups),
    ...(wanted.uid && { uid: wanted.uid }),
    ...(Object.keys(wanted.extra).length && { extra: wanted.extra }),
  };
}

const withGroup = (groups: readonly string[], group: string): string[] =>
  groups.includes(group) ? [...groups] : [...groups, group];

/** Adds system:authenticated to the groups of every user except unauthenticated ones. */
export const withAuthenticated = (groups: readonly string[]): string[] =>
  groups.includes('system:unauthenticated')
    ? [...groups]
    : withGroup(groups, 'system:authenticated');
