// Authentication and authorization by the API server, for the ports of other programs: TokenReviews
// and SubjectAccessReviews with cached answers. (Upstream: the webhook token authenticator and
// authorizer of k8s.io/apiserver, options DelegatingAuthenticationOptions.)
//
// Invariant: without an answer there is no access; an error of the API server is an error to the
// caller.
import type { TLSSocket } from 'node:tls';
import { LRUCache } from 'lru-cache';
import type { SubjectAccessReviewSpec } from '../apis/authorization/v1/types.js';
import { SUBJECT_ACCESS_REVIEWS, TOKEN_REVIEWS } from '../apis/resource-types.js';
import type { Clock } from '../util/env/env.js';
import type { Client } from './client.js';
import {
  CALLER_ALLOWED_MS,
  CALLER_REFUSED_MS,
  REMEMBERED_CALLERS,
  TOKEN_KNOWN_MS,
} from './limits.js';

export interface Caller {
  name: string;
  uid?: string;
  groups: string[];
}

/** The question of a SubjectAccessReview. */
export type AccessAttributes = Pick<
  SubjectAccessReviewSpec,
  'resourceAttributes' | 'nonResourceAttributes'
>;

export interface AccessReviewer {
  /** `undefined`: the API server does not accept the token. Rejects without an answer. */
  authenticate(token: string): Promise<Caller | undefined>;
  /** Rejects without an answer. */
  isAllowed(caller: Caller, attributes: AccessAttributes): Promise<boolean>;
}

const list = (value: string | string[] | undefined): string[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

/** The subject of a connection's verified client certificate. */
export function certificateCaller(socket: TLSSocket): Caller | undefined {
  if (!socket.authorized) return undefined;
  const subject = socket.getPeerCertificate()?.subject as
    | { CN?: string | string[]; O?: string | string[] }
    | undefined;
  const name = list(subject?.CN)[0];
  return name ? { name, groups: [...list(subject?.O), 'system:authenticated'] } : undefined;
}

/** The owner of a bearer token, by the value of the field Authorization. */
export async function bearerCaller(
  authorization: string | undefined,
  reviewer: Pick<AccessReviewer, 'authenticate'> | undefined,
): Promise<Caller | undefined> {
  const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
  return token ? reviewer?.authenticate(token) : undefined;
}

export function reviewAccess(client: Client, clock: Clock, signal: AbortSignal): AccessReviewer {
  // A resolution of 0 reads the clock each time; any other sets a timer of its own.
  const bounds = { max: REMEMBERED_CALLERS, ttlResolution: 0, perf: { now: () => clock.now() } };
  const callers = new LRUCache<string, Caller>({ ...bounds, ttl: TOKEN_KNOWN_MS });
  const verdicts = new LRUCache<string, boolean>({ ...bounds, ttl: CALLER_ALLOWED_MS });
  return {
    async authenticate(token) {
      const known = callers.get(token);
      if (known) return known;
      const { status } = await client.create(
        TOKEN_REVIEWS,
        {
          apiVersion: 'authentication.k8s.io/v1',
          kind: 'TokenReview',
          metadata: {},
          spec: { token },
        },
        { signal },
      );
      const user = status?.authenticated ? status.user : undefined;
      if (!user?.username) return undefined;
      const caller: Caller = {
        name: user.username,
        groups: user.groups ?? [],
        ...(user.uid && { uid: user.uid }),
      };
      callers.set(token, caller);
      return caller;
    },

    async isAllowed({ name, groups, uid }, attributes) {
      const spec = { user: name, groups, ...(uid && { uid }), ...attributes };
      const key = JSON.stringify(spec);
      const known = verdicts.get(key);
      if (known !== undefined) return known;
      const { status } = await client.create(
        SUBJECT_ACCESS_REVIEWS,
        { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec },
        { signal },
      );
      const allowed = status?.allowed === true;
      verdicts.set(key, allowed, { ttl: allowed ? CALLER_ALLOWED_MS : CALLER_REFUSED_MS });
      return allowed;
    },
  };
}
