// Contract of authorizers (upstream k8s.io/apiserver/pkg/authorization/authorizer).
import type { UserInfo } from './authenticator.js';

/** One request as authorization sees it (authorization.k8s.io/v1 SubjectAccessReviewSpec). */
export interface Attributes {
  user: UserInfo;
  /**
   * get, list, watch, create, update, patch, delete, deletecollection, proxy, impersonate, bind,
   * ...; for non-resource paths the HTTP method in lower case.
   */
  verb: string;
  /** Absent for resource requests. */
  path?: string;
  group: string;
  version: string;
  resource: string;
  subresource: string;
  namespace: string;
  name: string;
  /** The equality terms of a collection request's field selector: {'spec.nodeName': 'a'}. */
  fields?: Readonly<Record<string, string>>;
}

/** `denied: true` ends the chain of authorizers; a plain `allowed: false` means no opinion. */
export type Decision =
  | { allowed: true; reason?: string }
  | { allowed: false; denied?: boolean; reason?: string };

/**
 * Decides about one request. Authorizers are synchronous: they read caches only, and never throw.
 */
export type Authorizer = (attributes: Attributes) => Decision;
