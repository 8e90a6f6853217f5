// Authorization: the chain of --authorization-mode. Members of system:masters are allowed
// everything before the modes are tried (upstream's privileged group).
import type { Attributes, Authorizer, Decision } from '../auth/authorizer.js';
import type { SubresourceCreator } from '../extension/handler.js';
import type { AuthorizerFactory } from '../extension/services.js';
import type { PolicyRule } from '../../apis/rbac/v1/types.js';
import type { Counter } from '../../util/env/env.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { registered } from '../../util/metrics/registered.js';
import { AUTHORIZATION_METRICS } from './metrics.generated.js';
import { nodeAuthorizer } from './node.js';
import { rbacFor } from './rbac.js';
import { accessReviews } from './reviews.js';

export const AUTHORIZATION_MODES = [
  'Node',
  'RBAC',
  'Webhook',
  'AlwaysAllow',
  'AlwaysDeny',
] as const;

export type AuthorizationMode = (typeof AUTHORIZATION_MODES)[number];

/** One of the chain. */
export interface AuthorizerMember {
  readonly type: AuthorizationMode;
  /** For metrics. */
  readonly name: string;
  /** Of a webhook. */
  readonly authorize?: Authorizer;
}

/** The members of --authorization-mode without a webhook. Throws Error. */
export function membersOf(modes: readonly string[]): AuthorizerMember[] {
  if (!modes.length) throw new Error('at least one authorization-mode must be passed');
  return modes.map((mode) => {
    const type = AUTHORIZATION_MODES.find((known) => known === mode);
    if (!type) throw new Error(`authorization-mode ${JSON.stringify(mode)} is not a valid mode`);
    return { type, name: mode.toLowerCase() };
  });
}

const ALLOWED: Decision = { allowed: true };

const privileged: Authorizer = ({ user }) =>
  user.groups.includes('system:masters') ? ALLOWED : { allowed: false };

const isFinal = (decision: Decision): boolean => decision.allowed || decision.denied === true;

const joined = (a: string | undefined, b: string | undefined, by: string): string | undefined =>
  a && b ? a + by + b : a || b;

const NO_OPINION: Decision = { allowed: false };

/** Two decisions without an opinion. */
function both(a: Decision, b: Decision): Decision {
  if (a === NO_OPINION || (!b.reason && !b.error)) return a === NO_OPINION ? b : a;
  const reason = joined(a.reason, b.reason, '\n');
  const error = joined(a.error, b.error, ', ');
  return { allowed: false, ...(reason && { reason }), ...(error && { error }) };
}

/**
 * Tries the authorizers until one allows or denies. The reasons and errors of those without an
 * opinion are joined. The answer is a promise only when an authorizer gives one.
 */
export function unionAuthorizer(authorizers: readonly Authorizer[]): Authorizer {
  const from = (
    start: number,
    attributes: Attributes,
    given: Decision,
  ): Decision | Promise<Decision> => {
    let so = given;
    for (let at = start; at < authorizers.length; at++) {
      const answer = authorizers[at]!(attributes);
      if (answer instanceof Promise) {
        const before = so;
        return answer.then((decision) =>
          isFinal(decision) ? decision : from(at + 1, attributes, both(before, decision)),
        );
      }
      if (isFinal(answer)) return answer;
      so = both(so, answer);
    }
    return so;
  };
  return (attributes) => from(0, attributes, NO_OPINION);
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

function counted({ type, name }: AuthorizerMember, authorize: Authorizer, decisions: Counter) {
  const allowed = { type, name, decision: 'allowed' };
  const denied = { type, name, decision: 'denied' };
  const count = (decision: Decision): Decision => {
    if (isFinal(decision)) decisions.inc(decision.allowed ? allowed : denied);
    return decision;
  };
  return (attributes: Attributes) => {
    const answer = authorize(attributes);
    return answer instanceof Promise ? answer.then(count) : count(answer);
  };
}

/**
 * Makes the chain of the current members, which may change while the server runs. `nodeRules` are
 * the permissions that the Node authorizer gives to every node.
 */
export function createAuthorization(
  members: () => readonly AuthorizerMember[],
  nodeRules: readonly PolicyRule[],
): Authorization {
  const authorizer: AuthorizerFactory = ({ reader, env }) => {
    const { decisions } = registered(env.metrics, AUTHORIZATION_METRICS);
    const makers: Record<AuthorizationMode, () => Authorizer> = {
      Node: () => nodeAuthorizer(reader, nodeRules),
      RBAC: () => rbacFor(reader).authorize,
      Webhook: () => () => NO_OPINION,
      AlwaysAllow: () => () => ALLOWED,
      AlwaysDeny: () => () => ({ allowed: false, reason: 'Everything is forbidden.' }),
    };
    const made = new Map<AuthorizationMode, Authorizer>();
    const builtIn = (type: AuthorizationMode): Authorizer => getOrInsert(made, type, makers[type]);
    const chain = (of: readonly AuthorizerMember[]) =>
      unionAuthorizer([
        privileged,
        ...of.map((one) => counted(one, one.authorize ?? builtIn(one.type), decisions)),
      ]);
    let current = members();
    let union = chain(current);
    return (attributes) => {
      if (members() !== current) union = chain((current = members()));
      return union(attributes);
    };
  };
  return { authorizer, creators: accessReviews(() => members().map(({ type }) => type)) };
}
