// Begins the audit of a request: evaluates the policy and makes the record (upstream
// endpoints/filters/audit.go, authn_audit.go, audit/request.go NewEventFromRequest).
import { formatIp, parseIp, unmapped } from '../../util/netaddr/ip.js';
import type { Env } from '../../util/env/env.js';
import { shownUser, type UserInfo } from '../auth/authenticator.js';
import { MAX_USER_AGENT } from './limits.js';
import type { RequestInfo } from '../request/request-info.js';
import type { AuditPolicy } from './policy.js';
import { type AuditAnnotation, AuditRecord, type AuditSink } from './record.js';
import { registered } from '../../util/metrics/registered.js';
import { AUDIT_METRICS } from './metrics.generated.js';

/** The parts of an exchange that events show. */
export interface AuditedExchange {
  readonly auditId: string;
  readonly url: string;
  readonly remoteAddress: string;
  readonly annotations: ReadonlyMap<string, AuditAnnotation>;
  header(name: string): string | undefined;
}

export interface Audit {
  /** The record of a request; undefined when the policy wants no events of it. */
  begin(
    exchange: AuditedExchange,
    info: RequestInfo,
    user: UserInfo | undefined,
    isLong: boolean,
  ): AuditRecord | undefined;
  /** Writes the event of a request whose credentials were refused. */
  refused(exchange: AuditedExchange, info: RequestInfo): void;
  /** Writes what is left in buffers. */
  stop(): Promise<void>;
}

/** A place for events. `process` rejects when the events are lost and its mode is strict. */
export interface AuditBackend {
  readonly process: AuditSink;
  stop(): Promise<void>;
}

const TRUNCATED = '...TRUNCATED';

const shortened = (userAgent: string | undefined): string | undefined =>
  userAgent && userAgent.length > MAX_USER_AGENT
    ? userAgent.slice(0, MAX_USER_AGENT) + TRUNCATED
    : userAgent;

/** 127.0.0.1 for ::ffff:127.0.0.1; undefined for texts that are no address. */
function address(text: string): string | undefined {
  const found = parseIp(text.trim());
  return found && formatIp(unmapped(found));
}

/** The addresses that the request names, and last the peer, which cannot be forged. */
export function sourceIPs(exchange: AuditedExchange): string[] | undefined {
  const forwarded = (exchange.header('x-forwarded-for') ?? '').split(',');
  const found = forwarded.flatMap((text) => address(text) ?? []);
  const real = address(exchange.header('x-real-ip') ?? '');
  if (real && !found.includes(real)) found.push(real);
  const peer = address(exchange.remoteAddress);
  if (peer && found.at(-1) !== peer) found.push(peer);
  return found.length ? found : undefined;
}

const hasCredentials = (exchange: AuditedExchange): string[] => {
  const kind = (exchange.header('authorization') ?? '').split(' ')[0]!;
  return kind ? [kind.toLowerCase() === 'bearer' ? 'bearer' : 'basic'] : [];
};

export function createAudit(
  policy: AuditPolicy,
  backends: readonly AuditBackend[],
  { clock, metrics }: Pick<Env, 'clock' | 'metrics'>,
): Audit {
  const { events, levels, rejected } = registered(metrics, AUDIT_METRICS);
  const sink: AuditSink = async (event) => {
    events.inc();
    try {
      await Promise.all(backends.map(async (backend) => backend.process(event)));
    } catch (error) {
      if (event.stage === 'RequestReceived') rejected.inc();
      throw error;
    }
  };
  const begin: Audit['begin'] = (exchange, info, user, isLong) => {
    const name = info.name || (info.fields?.['metadata.name'] ?? '');
    const { group, version, resource, subresource, namespace, verb, isResource } = info;
    const rule = policy({ ...info, user, name });
    levels.inc({ level: rule.level });
    if (rule.level === 'None') return undefined;
    const head = {
      auditID: exchange.auditId,
      requestURI: exchange.url,
      verb,
      user: user ? shownUser(user) : {},
      sourceIPs: sourceIPs(exchange),
      userAgent: shortened(exchange.header('user-agent')),
      objectRef: isResource
        ? {
            resource,
            ...(namespace && { namespace }),
            ...(name && { name }),
            ...(group && { apiGroup: group }),
            apiVersion: version,
            ...(subresource && { subresource }),
          }
        : undefined,
      get annotations() {
        return exchange.annotations;
      },
      receivedAt: clock.now(),
    };
    return new AuditRecord({ clock }, sink, rule, head, isLong);
  };
  return {
    begin,
    refused(exchange, info) {
      const methods = hasCredentials(exchange).join(', ');
      begin(exchange, info, undefined, false)?.refused(
        methods
          ? `Authentication failed, attempted: ${methods}`
          : 'Authentication failed, no credentials provided',
      );
    },
    stop: async () => void (await Promise.all(backends.map((backend) => backend.stop()))),
  };
}
