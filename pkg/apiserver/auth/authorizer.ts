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
  /** The selectors of a collection request as the client wrote them, for authorizers elsewhere. */
  fieldSelector?: string;
  labelSelector?: string;
}

/** Whether a rule's URL is the path, or ends with a star and begins the path. */
export const matchesUrl = (url: string, path: string): boolean =>
  url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)));

/**
 * `denied: true` ends the chain of authorizers; a plain `allowed: false` means no opinion. `error`
 * says why an authorizer could not decide.
 */
export type Decision =
  | { allowed: true; reason?: string; error?: string }
  | { allowed: false; denied?: boolean; reason?: string; error?: string };

/**
 * Decides about one request: at once from caches, or later when another server is asked. Never
 * throws and never rejects.
 */
export type Authorizer = (attributes: Attributes) => Decision | Promise<Decision>;

/** An authorizer that has every answer at hand. */
export type ReadyAuthorizer = (attributes: Attributes) => Decision;

/**
 * Runs synchronous work that asks an authorizer, such as an expression. While an answer has to come
 * from another server, `work` is told no, and runs again once the answers to its questions are
 * there; so `work` must have no effect but its result.
 */
export function withAnswers<I extends { readonly authorize: Authorizer }, T>(
  input: I,
  work: (input: Omit<I, 'authorize'> & { readonly authorize: ReadyAuthorizer }) => T,
): T | Promise<T> {
  const answers = new Map<string, Decision>();
  const run = (): T | Promise<T> => {
    const pending: Promise<unknown>[] = [];
    const authorize: ReadyAuthorizer = (attributes) => {
      const known = answers.size ? answers.get(JSON.stringify(attributes)) : undefined;
      const answer = known ?? input.authorize(attributes);
      if (!(answer instanceof Promise)) return answer;
      pending.push(answer.then((one) => answers.set(JSON.stringify(attributes), one)));
      return { allowed: false };
    };
    const rerun = () => Promise.all(pending).then(run);
    try {
      const result = work({ ...input, authorize });
      return pending.length ? rerun() : result;
    } catch (error) {
      if (pending.length) return rerun();
      throw error;
    }
  };
  return run();
}
