// Connects the scheduler's parts. Only the leader schedules; the others serve health and hold no
// caches.
import { boundTo } from '../../pkg/client/bound-client.js';
import type { Client } from '../../pkg/client/client.js';
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { PLUGINS } from '../../pkg/scheduler/plugins/registry.js';
import { Scheduler } from '../../pkg/scheduler/scheduler.js';
import type { Env } from '../../pkg/util/env/env.js';
import { runLeading } from '../leading.js';
import type { Run } from '../run.js';
import type { KubeSchedulerConfig } from './options.js';
export { parseOptions } from './options.js';

export const runKubeScheduler: Run<KubeSchedulerConfig> = async (config, env, signal, watchdog) => {
  const userAgent = 'kube-scheduler';
  const clientConfig = { ...(await loadClientConfig(config.kubeconfig, process.env)), userAgent };
  const lead = (term: AbortSignal, client: Client) =>
    runTerm(env, client, config['scheduler-name'], term);
  await runLeading({ config, env, clientConfig, watchdog }, lead, signal);
};

/** Schedules for one term of leadership; each term starts with empty caches and an empty queue. */
export async function runTerm(
  env: Env,
  client: Client,
  schedulerName: string,
  term: AbortSignal,
): Promise<void> {
  const events = createEventRecorder(client, env, { component: schedulerName }, term);
  const informers = createInformerFactory(client, env);
  const scheduler = new Scheduler(env, {
    signal: term,
    client: boundTo(client, term),
    informers,
    events,
    plugins: PLUGINS,
    schedulerName,
  });
  await Promise.all([informers.run(term), scheduler.run()]);
}
