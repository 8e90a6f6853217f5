// Joins the scheduler's parts. Followers serve health and keep no caches; the leader schedules.
import { createInformerFactory } from '../../pkg/client/informer-factory.js';
import { loadClientConfig } from '../../pkg/client/kubeconfig.js';
import { createEventRecorder } from '../../pkg/client/record-events.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { PLUGINS } from '../../pkg/scheduler/plugins/registry.js';
import { Scheduler } from '../../pkg/scheduler/scheduler.js';
import type { Env } from '../../pkg/util/env/env.js';
import { runLeading } from '../leading.js';
import type { KubeSchedulerConfig } from './options.js';

export async function runKubeScheduler(config: KubeSchedulerConfig, env: Env, signal: AbortSignal): Promise<void> {
  const client = createClient({ ...(await loadClientConfig(config.kubeconfig, process.env)), userAgent: 'kube-scheduler' }, env);
  const lead = async (term: AbortSignal): Promise<void> => {
    const events = createEventRecorder(client, env, { component: config['scheduler-name'] }, term);
    const informers = createInformerFactory(client, env);
    const scheduler = new Scheduler(env, { client, informers, events, plugins: PLUGINS, schedulerName: config['scheduler-name'] });
    await Promise.all([informers.run(term), scheduler.run(term)]);
  };
  await runLeading({ config, env, client }, lead, signal);
}
