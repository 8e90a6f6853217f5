// Service account tokens for projected volumes: TokenRequests bound to the pod, cached until 80 %
// of their lifetime or a day has passed (upstream: pkg/kubelet/token/token_manager.go). No Node
// API.
import type { Pod, ServiceAccountTokenProjection } from '../../apis/core/v1/types.js';
import { SERVICE_ACCOUNTS } from '../../apis/resource-types.js';
import type { Client } from '../../client/client.js';
import type { Clock } from '../../util/env/env.js';
import { TOKEN_MAX_AGE, TOKEN_REFRESH_FRACTION } from '../limits.js';

const DEFAULT_EXPIRATION = 3600;

export class TokenManager {
  private readonly tokens = new Map<string, { text: string; refreshAt: number }>();

  constructor(
    private readonly clock: Clock,
    private readonly client: Client | undefined,
  ) {}

  async get(pod: Pod, projection: ServiceAccountTokenProjection): Promise<string> {
    if (!this.client) throw new Error('service account tokens need an API server');
    const expirationSeconds = projection.expirationSeconds ?? DEFAULT_EXPIRATION;
    const account = pod.spec.serviceAccountName || 'default';
    const { namespace = 'default', name, uid } = pod.metadata;
    const key = JSON.stringify([uid, account, projection.audience ?? '', expirationSeconds]);
    const known = this.tokens.get(key);
    if (known && this.clock.now() < known.refreshAt) return known.text;
    const request = {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      metadata: {},
      spec: {
        audiences: projection.audience ? [projection.audience] : [],
        expirationSeconds,
        boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid },
      },
    };
    const of = { namespace, name: account };
    const { status } = await this.client.createSubresource<{
      status: { token: string; expirationTimestamp: string };
    }>(SERVICE_ACCOUNTS, of, 'token', request);
    const now = this.clock.now();
    const left = Date.parse(status.expirationTimestamp) - now;
    const life = Math.min(expirationSeconds * 1000, left) * TOKEN_REFRESH_FRACTION;
    const refreshAt = now + Math.min(TOKEN_MAX_AGE, life);
    this.tokens.set(key, { text: status.token, refreshAt });
    return status.token;
  }

  /** When the pod's first token is due for renewal; `undefined`: the pod has no token. */
  nextRefresh(podUid: string): number | undefined {
    const times = [...this.tokens]
      .filter(([key]) => key.startsWith(`["${podUid}"`))
      .map(([, token]) => token.refreshAt);
    return times.length ? Math.min(...times) : undefined;
  }

  forget(podUid: string): void {
    for (const key of this.tokens.keys())
      if (key.startsWith(`["${podUid}"`)) this.tokens.delete(key);
  }
}
