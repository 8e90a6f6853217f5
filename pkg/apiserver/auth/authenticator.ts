// Contract of authenticators (upstream k8s.io/apiserver/pkg/authentication).
import type { UserInfo as ShownUser } from '../../apis/authentication/v1/types.js';

/** The authenticated user of a request. */
export interface UserInfo {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Record<string, string[]>;
}

/** The user as reviews, webhooks and the audit log show it, without members that have no value. */
export const shownUser = ({ name, uid, groups, extra }: UserInfo): ShownUser => ({
  ...(name && { username: name }),
  ...(uid && { uid }),
  ...(groups.length && { groups: groups as string[] }),
  ...(extra && Object.keys(extra).length && { extra }),
});

/** The parts of a request that authenticators read. */
export interface Credentials {
  /** From `Authorization: Bearer`. */
  bearerToken?: string;
  /** Subject of a client certificate that the TLS layer verified against the client CA. */
  certificate?: { commonName: string; organizations: string[]; fingerprint?: string; uid?: string };
  headers: Record<string, string | string[] | undefined>;
  remoteAddress?: string;
  /** The decoded path without query. */
  path?: string;
  /** Gets the authenticated user, before that user acts as another. */
  onUser?: (user: UserInfo) => void;
}

/**
 * Gives the user of `credentials`, or undefined when they are of another authenticator's kind.
 * Throws StatusError Unauthorized when they are of this kind and invalid.
 */
export type Authenticator = (
  credentials: Credentials,
) => UserInfo | undefined | Promise<UserInfo | undefined>;
