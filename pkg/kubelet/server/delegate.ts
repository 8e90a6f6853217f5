// Delegated authentication and authorization: TokenReviews and SubjectAccessReviews with cached
// answers. (Upstream: the webhook token authenticator and authorizer of k8s.io/apiserver, as in
// cmd/kubelet/app/auth.go.)
//
// Invariant: without an answer there is no access; an error of the API server is an error to the
// caller.
import { SUBJECT_ACCESS_REVIEWS, TOKEN_REVIEWS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import type { Clock } from '../../util/env/env.js';
import { CALLER_ALLOWED, CALLER_REFUSED, REMEMBERED_CALLERS, TOKEN_KNOWN } from '../limits.js';
import type { Caller, Delegate } from './auth.js';

/** A bounded cache; the oldest entry is removed first. */
class Memory<V> {
  private readonly entries = new Map<string, { value: V; until: number }>();

  get(key: string, now: number): V | undefined {
    const entry = this.entries.get(key);
    if (!entry) return undefined;
    if (entry.until > now) return entry.value;
    this.entries.delete(key);
    return undefined;
  }

  set(key: string, value: V, until: number): void {
    this.entries.delete(key);
    this.entries.set(key, { value, until });
    if (this.entries.size > REMEMBERED_CALLERS)
      this.entries.delete(this.entries.keys().next().value!);
  }
}

export class ApiDelegate implements Delegate {
  private readonly callers = new Memory<Caller>();
  private readonly verdicts = new Memory<boolean>();

  constructor(
    private readonly client: Client,
    private readonly clock: Clock,
    private readonly nodeName: string,
    private readonly signal: AbortSignal,
  ) {}

  async authenticate(token: string): Promise<Caller | undefined> {
    const now = this.clock.now();
    const known = this.callers.get(token, now);
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
    this.callers.set(token, caller, now + TOKEN_KNOWN);
    return caller;
  }

  async isAllowed(
    { name, groups, uid }: Caller,
    verb: string,
    subresource: string,
  ): Promise<boolean> {
    const now = this.clock.now();
    const key = JSON.stringify([name, uid, groups, verb, subresource]);
    const known = this.verdicts.get(key, now);
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
    this.verdicts.set(key, allowed, now + (allowed ? CALLER_ALLOWED : CALLER_REFUSED));
    return allowed;
  }
}
