// The frame of daemons with leader election (kube-scheduler, kube-controller-manager): their common
// flags, health server, and election.
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { reviewAccess } from '../pkg/client/access-review.js';
import type { Client } from '../pkg/client/client.js';
import type { ClientConfig } from '../pkg/client/kubeconfig.js';
import { openFence, runWithLeadership } from '../pkg/client/leader-election.js';
import { createClient } from '../pkg/client/rest-client.js';
import { serveHealth } from '../pkg/system/health-server.js';
import type { Env } from '../pkg/util/env/env.js';
import { LEADING_FLAGS } from './flags.generated.js';
import { type Config, type Flag, LOG_LEVEL } from './flags.js';
import { TLS_FLAGS, tlsOf } from './tls-flags.js';
import type { Watchdog } from './watchdog.js';

/** `name` is the name of the Lease; `port` serves health and metrics. */
export const leadingFlags = (name: string, port: number) =>
  ({
    ...LEADING_FLAGS,
    ...TLS_FLAGS,
    'leader-elect-resource-name': { ...LEADING_FLAGS['leader-elect-resource-name'], default: name },
    'secure-port': { ...LEADING_FLAGS['secure-port'], default: port },
    'log-level': LOG_LEVEL,
  }) as const satisfies Record<string, Flag>;

export type LeadingConfig = Config<ReturnType<typeof leadingFlags>>;

interface Leading {
  config: LeadingConfig;
  env: Env;
  /** Of the client with which the process works. */
  clientConfig: ClientConfig;
  watchdog?: Watchdog | undefined;
}

/**
 * Serves health at once, and runs `lead` while this process is the leader; every term runs `lead`
 * anew. Clients that `lead` makes from its client configuration write nothing after their term.
 * Throws the error of `lead`; /readyz fails from then on.
 */
export async function runLeading(
  { config, env, clientConfig, watchdog }: Leading,
  lead: (term: AbortSignal, client: Client, clientConfig: ClientConfig) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const fence = openFence();
  const fenced = { ...clientConfig, fence };
  const client = createClient(fenced, env);
  let failure: Error | undefined;
  const check = () => {
    if (failure) throw failure;
  };
  const term = (termSignal: AbortSignal): Promise<void> => {
    setMaxListeners(0, termSignal); // every watch and worker adds a listener
    return lead(termSignal, client, fenced);
  };
  try {
    watchdog?.export(env);
    await serveOwnHealth({ config, env, client, watchdog }, check, signal);
    if (!config['leader-elect']) return await term(signal);
    const election = {
      name: config['leader-elect-resource-name'],
      namespace: config['leader-elect-resource-namespace'],
      identity: config['leader-elect-identity'] || `${hostname()}_${env.random.uuid()}`,
      leaseDurationMs: config['leader-elect-lease-duration'],
      renewDeadlineMs: config['leader-elect-renew-deadline'],
      retryPeriodMs: config['leader-elect-retry-period'],
      renewer: watchdog?.renewer?.(clientConfig),
      fence,
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
  { config, env, client, watchdog }: Omit<Leading, 'clientConfig'> & { client: Client },
  check: () => void,
  signal: AbortSignal,
): Promise<void> {
  if (config['secure-port'] <= 0) return;
  const [cert, key] = [config['tls-cert-file'], config['tls-private-key-file']];
  const settings = tlsOf(config['leader-elect-resource-name'], config);
  const tls = cert && key && { cert: await readFile(cert), key: await readFile(key), ...settings };
  const reviewer = reviewAccess(client, env.clock, signal);
  await serveHealth(
    env,
    {
      address: config['bind-address'],
      port: config['secure-port'],
      checks: { work: check },
      listen: watchdog?.listen,
      metrics: async (token) => {
        const caller = await reviewer.authenticate(token);
        if (!caller) return 401;
        const nonResourceAttributes = { path: '/metrics', verb: 'get' };
        return (await reviewer.isAllowed(caller, { nonResourceAttributes })) ? 200 : 403;
      },
      ...(tls && { tls }),
    },
    signal,
  );
}
