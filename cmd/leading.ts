// The frame of daemons with leader election (kube-scheduler, kube-controller-manager): their common
// flags, health server, and election.
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { reviewAccess } from '../pkg/client/access-review.js';
import type { Client } from '../pkg/client/client.js';
import { runWithLeadership } from '../pkg/client/leader-election.js';
import { serveHealth } from '../pkg/system/health-server.js';
import type { Env } from '../pkg/util/env/env.js';
import type { Config, Flag } from './flags.js';
import { TLS_FLAGS, tlsOf } from './tls-flags.js';

/** `name` is the name of the Lease; `port` serves health and metrics. */
export function leadingFlags(name: string, port: number) {
  return {
    'leader-elect': {
      type: 'boolean',
      default: true,
      help: 'Start a leader election client and gain leadership before working.',
    },
    'leader-elect-lease-duration': {
      type: 'duration',
      default: '15s',
      help: 'How long others wait after the last renewal before they take over.',
    },
    'leader-elect-renew-deadline': {
      type: 'duration',
      default: '10s',
      help: 'How long the leader tries to renew before it stops.',
    },
    'leader-elect-retry-period': {
      type: 'duration',
      default: '2s',
      help: 'Time between tries to acquire or renew leadership.',
    },
    'leader-elect-identity': {
      type: 'string',
      help: 'Name under which the Lease is held; default one of its own per process. A fixed one lets a restarted process go on at once, and must be used by one process at a time.',
    },
    'leader-elect-resource-name': { type: 'string', default: name, help: 'Name of the Lease.' },
    'leader-elect-resource-namespace': {
      type: 'string',
      default: 'kube-system',
      help: 'Namespace of the Lease.',
    },
    'bind-address': { type: 'string', default: '0.0.0.0', help: 'Address for health and metrics.' },
    'secure-port': {
      type: 'number',
      default: port,
      help: 'Port for /healthz, /readyz and /metrics; 0 switches them off. HTTPS when a certificate is given. Clients on other machines need HTTPS and a token that may get /metrics.',
    },
    ...TLS_FLAGS,
    'tls-cert-file': { type: 'string', help: 'Certificate for the secure port.' },
    'tls-private-key-file': { type: 'string', help: 'Private key for the secure port.' },
    'log-level': {
      type: 'string',
      default: 'info',
      choices: ['debug', 'info', 'warn', 'error'],
      help: 'Least severity that is logged.',
    },
  } as const satisfies Record<string, Flag>;
}

export type LeadingConfig = Config<ReturnType<typeof leadingFlags>>;

/**
 * Serves health at once, and runs `lead` while this process is the leader; every term runs `lead`
 * anew. Closes the client at the end. Throws the error of `lead`; /readyz fails from then on.
 */
export async function runLeading(
  { config, env, client }: { config: LeadingConfig; env: Env; client: Client },
  lead: (term: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let failure: Error | undefined;
  const check = () => {
    if (failure) throw failure;
  };
  const term = (termSignal: AbortSignal): Promise<void> => {
    setMaxListeners(0, termSignal); // every watch and worker adds a listener
    return lead(termSignal);
  };
  try {
    await serveOwnHealth({ config, env, client }, check, signal);
    if (!config['leader-elect']) return await term(signal);
    const election = {
      name: config['leader-elect-resource-name'],
      namespace: config['leader-elect-resource-namespace'],
      identity: config['leader-elect-identity'] || `${hostname()}_${env.random.uuid()}`,
      leaseDurationMs: config['leader-elect-lease-duration'],
      renewDeadlineMs: config['leader-elect-renew-deadline'],
      retryPeriodMs: config['leader-elect-retry-period'],
    };
    await runWithLeadership(client, env, election, term, signal);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    await client.close();
  }
}

async function serveOwnHealth(
  { config, env, client }: { config: LeadingConfig; env: Env; client: Client },
  check: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (config['secure-port'] <= 0) return;
  const [cert, key] = [config['tls-cert-file'], config['tls-private-key-file']];
  const settings = tlsOf(config['leader-elect-resource-name'], config);
  const tls =
    cert && key
      ? { tls: { cert: await readFile(cert), key: await readFile(key), ...settings } }
      : {};
  const reviewer = reviewAccess(client, env.clock, signal);
  await serveHealth(
    env,
    {
      address: config['bind-address'],
      port: config['secure-port'],
      checks: { work: check },
      metrics: async (token) => {
        const caller = await reviewer.authenticate(token);
        if (!caller) return 401;
        const nonResourceAttributes = { path: '/metrics', verb: 'get' };
        return (await reviewer.isAllowed(caller, { nonResourceAttributes })) ? 200 : 403;
      },
      ...tls,
    },
    signal,
  );
}
