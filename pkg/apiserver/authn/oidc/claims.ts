// From verified claims to a user, by the mappings and rules of one issuer (upstream
// plugin/pkg/authenticator/token/oidc/oidc.go).
import type { Claims } from '../../../system/pki/jwt.js';
import { errorText } from '../../../util/errors/error-text.js';
import type { UserInfo } from '../../auth/authenticator.js';
import type { ClaimOrExpression, JwtAuthenticator } from './config.js';

/** Throws Error when a rule refuses the claims. */
export type ClaimsReader = (claims: Claims) => UserInfo;

type Reader = (claims: Claims) => unknown;

/** Throws unless the address is verified, or the issuer does not say. */
function checkEmail(claims: Claims): void {
  const verified = claims['email_verified'];
  if (verified === undefined) return;
  if (typeof verified !== 'boolean')
    throw new Error("oidc: parse 'email_verified' claim: not a boolean");
  if (!verified) throw new Error('oidc: email not verified');
}

const hasExpressions = ({
  claimMappings: { username, groups, uid, extra },
  claimValidationRules = [],
  userValidationRules = [],
}: JwtAuthenticator): boolean =>
  [username, groups, uid, ...claimValidationRules].some((one) => one?.expression) ||
  Boolean(extra?.length || userValidationRules.length);

function textsOf(value: unknown, what: string): string[] {
  if (value === null || value === undefined || value === '') return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string'))
    return (value as string[]).filter(Boolean);
  throw new Error(`oidc: ${what} must return a string or a list of strings`);
}

/** Compiles the issuer's rules. Rejects with an Error that names the wrong expression. */
export async function claimsReader(jwt: JwtAuthenticator, at: string): Promise<ClaimsReader> {
  const cel = hasExpressions(jwt) ? await import('./expressions.js') : undefined;
  const compile = (scope: 'claims' | 'user', text: string, bool: boolean, field: string) => {
    try {
      return cel!.compileExpression(scope, text, bool);
    } catch (error) {
      throw new Error(
        `${at}.${field}: Invalid value: ${JSON.stringify(text)}: compilation failed: ${errorText(error)}`,
      );
    }
  };
  const { claimMappings, claimValidationRules = [], userValidationRules = [] } = jwt;
  const read = (mapping: ClaimOrExpression | undefined, field: string): Reader | undefined => {
    if (mapping?.expression)
      return compile('claims', mapping.expression, false, `claimMappings.${field}.expression`);
    const { claim } = mapping ?? {};
    return claim ? (claims) => claims[claim] : undefined;
  };
  const { username, groups } = claimMappings;
  const nameOf = read(username, 'username')!;
  const groupsOf = read(groups, 'groups');
  const uidOf = read(claimMappings.uid, 'uid');
  const extras = (claimMappings.extra ?? []).map(({ key, valueExpression }, index) => ({
    key,
    valueOf: compile(
      'claims',
      valueExpression,
      false,
      `claimMappings.extra[${index}].valueExpression`,
    ),
  }));
  const conditions = (rules: typeof claimValidationRules, scope: 'claims' | 'user', list: string) =>
    rules.map(({ claim, requiredValue = '', expression, message }, index) => {
      const test = expression
        ? compile(scope, expression, true, `${list}[${index}].expression`)
        : undefined;
      return (value: Claims) => {
        if (test) {
          if (test(value) === true) return;
          throw new Error(message || `validation expression '${expression!}' failed`);
        }
        if (!Object.hasOwn(value, claim!))
          throw new Error(`oidc: required claim ${claim!} not present in ID token`);
        if (value[claim!] !== requiredValue)
          throw new Error(`oidc: required claim ${claim!} value does not match`);
      };
    });
  const claimRules = conditions(claimValidationRules, 'claims', 'claimValidationRules');
  const userRules = conditions(userValidationRules, 'user', 'userValidationRules');
  const text = (value: unknown, what: string): string => {
    if (typeof value === 'string') return value;
    throw new Error(`oidc: ${what} is no string`);
  };
  return (claims) => {
    if (username.claim === 'email') checkEmail(claims);
    const name = text(nameOf(claims), 'the username');
    if (!name) throw new Error('oidc: empty username is not allowed');
    const prefix = groups?.prefix ?? '';
    const found = groupsOf ? textsOf(groupsOf(claims), 'the groups expression') : [];
    const uid = uidOf ? text(uidOf(claims), 'the uid') : '';
    const extra: Record<string, string[]> = {};
    for (const { key, valueOf } of extras) {
      const values = textsOf(valueOf(claims), `the expression of ${key}`);
      if (values.length) extra[key] = values;
    }
    for (const rule of claimRules) rule(claims);
    const user: UserInfo = {
      name: (username.prefix ?? '') + name,
      groups: found.map((group) => prefix + group),
      ...(uid && { uid }),
      ...(Object.keys(extra).length && { extra }),
    };
    const shown = { username: user.name, uid, groups: [...user.groups], extra };
    for (const rule of userRules) rule(shown);
    return user;
  };
}
