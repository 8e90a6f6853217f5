// Joins the scheduler's parts. Followers serve health and keep no caches; the leader schedules.
import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { runWithLeadership } from '../../pkg/client/leader-election.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { PLUGINS } from '../../pkg/scheduler/plugins/registry.js';
import { Scheduler } from '../../pkg/scheduler/scheduler.js';
import { serveHealth } from '../../pkg/system/health-server.js';
import type { Env } from '../../pkg/util/env/env.js';
import type { KubeSchedulerConfig } from './options.js';

export async function runKubeScheduler(config: KubeSchedulerConfig, env: Env, signal: AbortSignal): Promise<void> {
  const client = createClient(await loadClientConfig(config.kubeconfig, process.env), env);
  let failure: Error | undefined;
  if (config['secure-port'] > 0) {
    const [cert, key] = [config['tls-cert-file'], config['tls-private-key-file']];
    const tls = cert && key ? { tls: { cert: await readFile(cert), key: await readFile(key) } } : {};
    const checks = {
      scheduler: () => {
        if (failure) throw failure;
      },
    };
    await serveHealth(env, { address: config['bind-address'], port: config['secure-port'], checks, ...tls }, signal);
  }
  const lead = async (term: AbortSignal): Promise<void> => {
    setMaxListeners(0, term); // every watch and binding listens to it
    const events = createEventRecorder(client, env, { component: config['scheduler-name'] }, term);
    const informers = createInformerFactory(client, env);
    const scheduler = new Scheduler(env, { client, informers, events, plugins: PLUGINS, schedulerName: config['scheduler-name'] });
    await Promise.all([informers.run(term), scheduler.run(term)]);
  };
  try {
    if (!config['leader-elect']) return await lead(signal);
    const options = {
      name: config['leader-elect-resource-name'],
      namespace: config['leader-elect-resource-namespace'],
      identity: `${hostname()}_${env.random.uuid()}`,
      leaseDurationMs: config['leader-elect-lease-duration'],
      renewDeadlineMs: config['leader-elect-renew-deadline'],
      retryPeriodMs: config['leader-elect-retry-period'],
    };
    await runWithLeadership(client, env, options, lead, signal);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    await client.close();
  }
}
