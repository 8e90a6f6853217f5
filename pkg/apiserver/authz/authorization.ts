// Authorization: the chain of --authorization-mode. Members of system:masters are allowed
// everything before the modes are tried (upstream's privileged group).
import type { Attributes, Authorizer, Decision } from '../auth/authorizer.js';
import type { SubresourceCreator } from '../extension/handler.js';
import type { AuthorizerFactory } from '../extension/services.js';
import type { PolicyRule } from '../../apis/rbac/v1/types.js';
import { nodeAuthorizer } from './node.js';
import { rbacFor } from './rbac.js';
import { accessReviews } from './reviews.js';

export type AuthorizationMode = 'Node' | 'RBAC' | 'AlwaysAllow' | 'AlwaysDeny';

export const AUTHORIZATION_MODES: readonly AuthorizationMode[] = [
  'Node',
  'RBAC',
  'AlwaysAllow',
  'AlwaysDeny',
];

const ALLOWED: Decision = { allowed: true };

const privileged: Authorizer = ({ user }) =>
  user.groups.includes('system:masters') ? ALLOWED : { allowed: false };

/**
 * Tries the authorizers until one allows or denies. The reasons of those without an opinion are
 * joined.
 */
export function unionAuthorizer(authorizers: readonly Authorizer[]): Authorizer {
  return (attributes: Attributes): Decision => {
    let reasons = '';
    for (const authorize of authorizers) {
      const decision = authorize(attributes);
      if (decision.allowed || decision.denied) return decision;
      if (decision.reason) reasons = reasons ? `${reasons}, ${decision.reason}` : decision.reason;
    }
    return reasons ? { allowed: false, reason: reasons } : { allowed: false };
  };
}

export interface Authorization {
  readonly authorizer: AuthorizerFactory;
  /** The handlers of subjectaccessreviews and the related kinds. */
  readonly creators: SubresourceCreator[];
}

/**
 * Whether requests without credentials may be the user system:anonymous. AlwaysAllow would give
 * that user every right (upstream AuthenticationOptions.ApplyAuthorization).
 */
export const allowsAnonymous = (modes: readonly string[]): boolean =>
  !modes.includes('AlwaysAllow');

/**
 * Makes the chain. Throws Error for an unknown mode and for no mode at all. `nodeRules` are the
 * permissions that the Node authorizer gives to every node.
 */
export function createAuthorization(
  modes: readonly string[],
  nodeRules: readonly PolicyRule[],
): Authorization {
  if (!modes.length) throw new Error('at least one authorization mode must be passed');
  for (const mode of modes) {
    if (!(AUTHORIZATION_MODES as readonly string[]).includes(mode))
      throw new Error(
        `unknown authorization mode ${mode}, choose from ${AUTHORIZATION_MODES.join(', ')}`,
      );
  }
  const authorizer: AuthorizerFactory = ({ reader }) =>
    unionAuthorizer([
      privileged,
      ...modes.map((mode): Authorizer => {
        if (mode === 'Node') return nodeAuthorizer(reader, nodeRules);
        if (mode === 'RBAC') return rbacFor(reader).authorize;
        return mode === 'AlwaysAllow'
          ? () => ALLOWED
          : () => ({ allowed: false, reason: 'Everything is forbidden.' });
      }),
    ]);
  return { authorizer, creators: accessReviews(modes.includes('Node')) };
}
