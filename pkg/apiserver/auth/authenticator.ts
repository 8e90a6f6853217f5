// Contract of authenticators.

export interface UserInfo {
  name: string;
  uid?: string;
  groups: readonly string[];
  extra?: Record<string, string[]>;
}

/** What authenticators look at. */
export interface Credentials {
  /** From `Authorization: Bearer`. */
  bearerToken?: string;
  /** Subject of a client certificate that the TLS layer verified against the client CA. */
  certificate?: { commonName: string; organizations: string[]; fingerprint?: string; uid?: string };
  headers: Record<string, string | string[] | undefined>;
  remoteAddress?: string;
}

/** A user; undefined when these credentials are not this authenticator's kind; throws StatusError Unauthorized when they are and are bad. */
export type Authenticator = (
  credentials: Credentials,
) => UserInfo | undefined | Promise<UserInfo | undefined>;
