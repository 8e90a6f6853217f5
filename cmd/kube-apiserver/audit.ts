// The audit log of the flags (upstream apiserver/pkg/server/options/audit.go).
import { readFile } from 'node:fs/promises';
import { createAudit, type Audit, type AuditBackend } from '../../pkg/apiserver/audit/audit.js';
import {
  type AuditMode,
  type BackendOptions,
  createBackend,
  webhookWriter,
} from '../../pkg/apiserver/audit/backends.js';
import type { AuditEvent } from '../../pkg/apiserver/audit/event.js';
import { openAuditFile } from '../../pkg/apiserver/audit/file.js';
import { parseAuditPolicy } from '../../pkg/apiserver/audit/policy.js';
import { openCallout } from '../../pkg/apiserver/webhook/callout.js';
import type { Env } from '../../pkg/util/env/env.js';
import { errorText } from '../../pkg/util/errors/error-text.js';
import { type Config, FlagError } from '../flags.js';
import type { AUDIT_FLAGS } from './flags.generated.js';

type AuditConfig = Config<typeof AUDIT_FLAGS>;

const refuse = (why: string): never => {
  throw new FlagError(`kube-apiserver: ${why}`);
};

/** Throws FlagError for values that upstream refuses. */
function backendOptions(config: AuditConfig, name: 'log' | 'webhook'): BackendOptions {
  const value = (what: string) => config[`audit-${name}-${what}` as keyof AuditConfig];
  const size = (what: string) => value(what) as number;
  const mode = value('mode') as AuditMode;
  const isThrottled = value('batch-throttle-enable') === true;
  if (mode === 'batch') {
    const sizes = ['buffer-size', 'max-size'];
    if (isThrottled) sizes.push('throttle-qps', 'throttle-burst');
    for (const what of sizes) {
      const given = size(`batch-${what}`);
      if (given <= 0)
        refuse(`invalid audit batch ${name} ${what} ${given}, must be a positive number`);
    }
  }
  const maxEventBytes = size('truncate-max-event-size');
  const maxBatchBytes = size('truncate-max-batch-size');
  const truncates = value('truncate-enabled') === true;
  if (truncates && (maxEventBytes <= 0 || maxBatchBytes < maxEventBytes))
    refuse(
      `invalid audit truncate ${name} max batch size ${maxBatchBytes}, must be greater than max event size (${maxEventBytes})`,
    );
  return {
    name,
    mode,
    batch: {
      bufferSize: size('batch-buffer-size'),
      maxSize: size('batch-max-size'),
      maxWaitMs: size('batch-max-wait'),
      ...(isThrottled && {
        throttle: { qps: size('batch-throttle-qps'), burst: size('batch-throttle-burst') },
      }),
    },
    ...(truncates && { truncate: { maxEventBytes, maxBatchBytes } }),
  };
}

async function logBackend(config: AuditConfig, path: string, env: Env): Promise<AuditBackend> {
  const file = openAuditFile(
    {
      path,
      format: config['audit-log-format'] as 'json' | 'legacy',
      maxAgeDays: config['audit-log-maxage'],
      maxBackups: config['audit-log-maxbackup'],
      maxSizeMb: config['audit-log-maxsize'],
      compress: config['audit-log-compress'],
    },
    env,
  );
  const write = (events: readonly AuditEvent[]) => file.write(events);
  return createBackend(write, () => file.close(), backendOptions(config, 'log'), env);
}

async function webhookBackend(config: AuditConfig, path: string, env: Env): Promise<AuditBackend> {
  const callout = await openCallout(path, env);
  const write = webhookWriter(callout, config['audit-webhook-initial-backoff'], env);
  return createBackend(write, () => callout.close(), backendOptions(config, 'webhook'), env);
}

/** Undefined without a policy or without a backend. Throws FlagError. */
export async function openAudit(config: AuditConfig, env: Env): Promise<Audit | undefined> {
  const policyFile = config['audit-policy-file'];
  const [log, webhook] = [config['audit-log-path'], config['audit-webhook-config-file']];
  if (!policyFile) {
    if (log || webhook) env.log.warn('No audit policy file provided, no events will be recorded');
    return undefined;
  }
  try {
    const policy = parseAuditPolicy(await readFile(policyFile, 'utf8'));
    const backends = await Promise.all([
      ...(log ? [logBackend(config, log, env)] : []),
      ...(webhook ? [webhookBackend(config, webhook, env)] : []),
    ]);
    return backends.length ? createAudit(policy, backends, env) : undefined;
  } catch (error) {
    if (error instanceof FlagError) throw error;
    return refuse(`loading audit policy file: ${errorText(error)}`);
  }
}
