// The audit log of the flags (upstream apiserver/pkg/server/options/audit.go).
import { readFile } from 'node:fs/promises';
import { createAudit, type Audit, type AuditBackend } from '../../pkg/apiserver/audit/audit.js';
import {
  type AuditMode,
  type BackendOptions,
  createBackend,
  webhookWriter,
} from '../../pkg/apiserver/audit/backends.js';
import { openAuditFile } from '../../pkg/apiserver/audit/file.js';
import { parseAuditPolicy } from '../../pkg/apiserver/audit/policy.js';
import { openCallout } from '../../pkg/apiserver/webhook/callout.js';
import type { Env } from '../../pkg/util/env/env.js';
import { errorText } from '../../pkg/util/errors/error-text.js';
import { type Config, type Flag, FlagError } from '../flags.js';

const MODES = ['batch', 'blocking', 'blocking-strict'] as const;

const number = (value: number, help: string) =>
  ({ type: 'number', default: value, help }) as const satisfies Flag;
const boolean = (value: boolean, help: string) =>
  ({ type: 'boolean', default: value, help }) as const satisfies Flag;
const duration = (value: string, help: string) =>
  ({ type: 'duration', default: value, help }) as const satisfies Flag;

const BUFFER = 'The size of the buffer of events that wait. Only used in batch mode.';
const MAX_SIZE = 'The maximum size of a batch. Only used in batch mode.';
const MAX_WAIT = 'The time after which a batch is sent that is not full. Only used in batch mode.';
const BURST = 'Batches sent at once after a pause. Only used in batch mode.';
const THROTTLE = 'Whether batches are throttled. Only used in batch mode.';
const QPS = 'Average number of batches a second. Only used in batch mode.';
const TRUNCATE = 'Whether large events lose their objects.';
const MAX_EVENT = 'Maximum bytes of an event; larger ones lose their objects, then are dropped.';
const MAX_BATCH = 'Maximum bytes of a batch.';

export const AUDIT_FLAGS = {
  'audit-policy-file': {
    type: 'string',
    help: 'Path to the file that defines the audit policy. Without it no event is written.',
  },
  'audit-log-path': {
    type: 'string',
    help: "The file of the audit log; '-' means standard output.",
  },
  'audit-log-format': {
    type: 'string',
    default: 'json',
    choices: ['json', 'legacy'],
    help: 'Format of saved audits: "legacy" is one line of text for each event.',
  },
  'audit-log-maxage': number(0, 'Days that old audit log files are kept; 0: no limit.'),
  'audit-log-maxbackup': number(0, 'Number of old audit log files that are kept; 0: no limit.'),
  'audit-log-maxsize': number(0, 'Megabytes of the audit log file before it is rotated; 0: 100.'),
  'audit-log-compress': boolean(false, 'Compress rotated log files with gzip.'),
  'audit-log-mode': {
    type: 'string',
    default: 'blocking',
    choices: MODES,
    help: 'Strategy for writing audit events. Blocking writes before the server goes on; batch writes later; with blocking-strict a failure at the stage RequestReceived refuses the request.',
  },
  'audit-log-batch-buffer-size': number(10_000, BUFFER),
  'audit-log-batch-max-size': number(1, MAX_SIZE),
  'audit-log-batch-max-wait': duration('0s', MAX_WAIT),
  'audit-log-batch-throttle-burst': number(0, BURST),
  'audit-log-batch-throttle-enable': boolean(false, THROTTLE),
  'audit-log-batch-throttle-qps': number(0, QPS),
  'audit-log-truncate-enabled': boolean(false, TRUNCATE),
  'audit-log-truncate-max-batch-size': number(10_485_760, MAX_BATCH),
  'audit-log-truncate-max-event-size': number(102_400, MAX_EVENT),
  'audit-webhook-config-file': {
    type: 'string',
    help: 'Path to a kubeconfig file with the server that gets audit events.',
  },
  'audit-webhook-mode': {
    type: 'string',
    default: 'batch',
    choices: MODES,
    help: 'Strategy for sending audit events, see --audit-log-mode.',
  },
  'audit-webhook-initial-backoff': duration('10s', 'Time before the first retry.'),
  'audit-webhook-batch-buffer-size': number(10_000, BUFFER),
  'audit-webhook-batch-max-size': number(400, MAX_SIZE),
  'audit-webhook-batch-max-wait': duration('30s', MAX_WAIT),
  'audit-webhook-batch-throttle-burst': number(15, BURST),
  'audit-webhook-batch-throttle-enable': boolean(true, THROTTLE),
  'audit-webhook-batch-throttle-qps': number(10, QPS),
  'audit-webhook-truncate-enabled': boolean(false, TRUNCATE),
  'audit-webhook-truncate-max-batch-size': number(10_485_760, MAX_BATCH),
  'audit-webhook-truncate-max-event-size': number(102_400, MAX_EVENT),
} as const satisfies Record<string, Flag>;

type AuditConfig = Config<typeof AUDIT_FLAGS>;

const refuse = (why: string): never => {
  throw new FlagError(`kube-apiserver: ${why}`, 2);
};

/** Throws FlagError for values that upstream refuses. */
function backendOptions(config: AuditConfig, name: 'log' | 'webhook'): BackendOptions {
  const value = (what: string) => config[`audit-${name}-${what}` as keyof AuditConfig];
  const size = (what: string) => value(what) as number;
  const mode = value('mode') as AuditMode;
  const isThrottled = value('batch-throttle-enable') === true;
  if (mode === 'batch') {
    for (const what of ['batch-buffer-size', 'batch-max-size'])
      if (size(what) <= 0)
        refuse(
          `invalid audit batch ${name} ${what.slice(6)} ${size(what)}, must be a positive number`,
        );
    if (isThrottled)
      for (const what of ['batch-throttle-qps', 'batch-throttle-burst'])
        if (size(what) <= 0)
          refuse(
            `invalid audit batch ${name} ${what.slice(6)} ${size(what)}, must be a positive number`,
          );
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
      ...(isThrottled
        ? { throttle: { qps: size('batch-throttle-qps'), burst: size('batch-throttle-burst') } }
        : {}),
    },
    ...(truncates ? { truncate: { maxEventBytes, maxBatchBytes } } : {}),
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
  return createBackend(
    (events) => file.write(events),
    () => file.close(),
    backendOptions(config, 'log'),
    env,
  );
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
