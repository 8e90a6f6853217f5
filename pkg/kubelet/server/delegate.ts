// Delegated authentication and authorization: TokenReviews and SubjectAccessReviews with cached
// answers. (Upstream: the webhook token authenticator and authorizer of k8s.io/apiserver, as in
// cmd/kubelet/app/auth.go.)
//
// Invariant: without an answer there is no access; an error of the API server is an error to the
// caller.
import { LRUCache } from 'lru-cache';
import { SUBJECT_ACCESS_REVIEWS, TOKEN_REVIEWS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import type { Clock } from '../../util/env/env.js';
import { CALLER_ALLOWED, CALLER_REFUSED, REMEMBERED_CALLERS, TOKEN_KNOWN } from '../limits.js';
import type { Caller, Delegate } from './auth.js';

export class ApiDelegate implements Delegate {
  private readonly callers: LRUCache<string, Caller>;
  private readonly verdicts: LRUCache<string, boolean>;

  constructor(
    private readonly client: Client,
    clock: Clock,
    private readonly nodeName: string,
    private readonly signal: AbortSignal,
  ) {
    // A resolution of 0 reads the clock each time; any other sets a timer of its own.
    const bounds = {
      max: REMEMBERED_CALLERS,
      ttlResolution: 0,
      perf: { now: () => clock.now() },
    };
    this.callers = new LRUCache({ ...bounds, ttl: TOKEN_KNOWN });
    this.verdicts = new LRUCache({ ...bounds, ttl: CALLER_ALLOWED });
  }

  async authenticate(token: string): Promise<Caller | undefined> {
    const known = this.callers.get(token);
    if (known) return known;
    const { status } = await this.client.create(
      TOKEN_REVIEWS,
      {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        metadata: {},
        spec: { token },
      },
      { signal: this.signal },
    );
    const user = status?.authenticated ? status.user : undefined;
    if (!user?.username) return undefined;
    const caller: Caller = {
      name: user.username,
      groups: user.groups ?? [],
      ...(user.uid ? { uid: user.uid } : {}),
    };
    this.callers.set(token, caller);
    return caller;
  }

  async isAllowed(
    { name, groups, uid }: Caller,
    verb: string,
    subresource: string,
  ): Promise<boolean> {
    const key = JSON.stringify([name, uid, groups, verb, subresource]);
    const known = this.verdicts.get(key);
    if (known !== undefined) return known;
    const resourceAttributes = {
      group: '',
      version: 'v1',
      resource: 'nodes',
      subresource,
      verb,
      name: this.nodeName,
    };
    const spec = { user: name, groups, ...(uid ? { uid } : {}), resourceAttributes };
    const { status } = await this.client.create(
      SUBJECT_ACCESS_REVIEWS,
      { apiVersion: 'authorization.k8s.io/v1', kind: 'SubjectAccessReview', metadata: {}, spec },
      { signal: this.signal },
    );
    const allowed = status?.allowed === true;
    this.verdicts.set(key, allowed, { ttl: allowed ? CALLER_ALLOWED : CALLER_REFUSED });
    return allowed;
  }
}
