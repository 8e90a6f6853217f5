// Contracts of authentication and authorization (authn/, authz/).

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

/** One request as authorization sees it (authorization.k8s.io/v1 SubjectAccessReviewSpec). */
export interface Attributes {
  user: UserInfo;
  /** get, list, watch, create, update, patch, delete, deletecollection, proxy, impersonate, bind, ...; for other paths the lower-case HTTP method. */
  verb: string;
  /** Absent for resource requests. */
  path?: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** What a collection request's field selector demands: {'spec.nodeName': 'a'}. */
  fields?: Readonly<Record<string, string>>;
}

export type Decision =
  | { allowed: true; reason?: string }
  | { allowed: false; denied?: boolean; reason?: string };

/** Synchronous: authorizers read from caches. `denied: true` ends the chain, otherwise the next is asked. */
export type Authorizer = (attributes: Attributes) => Decision;
