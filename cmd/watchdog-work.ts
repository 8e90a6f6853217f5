// The tasks of the watchdog thread for the event loop: it answers health checks and renews leases.
import type { MessagePort } from 'node:worker_threads';
import { renewLease } from '../pkg/client/leader-election.js';
import { keepLease } from '../pkg/client/lease-keeper.js';
import { createClient } from '../pkg/client/rest-client.js';
import { realEnv } from '../pkg/system/env.js';
import { listenForHealth, type HealthAnswer } from '../pkg/system/health-server.js';
import { ANSWER_MS } from '../pkg/system/loop/limits.js';
import type { Client } from '../pkg/client/client.js';
import type { ClientConfig } from '../pkg/client/kubeconfig.js';
import type { Env } from '../pkg/util/env/env.js';
import {
  mainClock,
  type Answered,
  type FirstMessage,
  type Loop,
  type Task,
  type TaskMessage,
} from './watchdog-tasks.js';

/** The environment of a thread, with the main thread's clock. */
export function threadEnv(first: FirstMessage): Env {
  const env = realEnv(first.component);
  return { ...env, clock: { ...env.clock, monotonic: () => mainClock(first) } };
}

/**
 * Passes health checks on to the loop. A loop that is busy has /healthz and /livez answered for it;
 * nothing else is known without it.
 */
async function listen(
  { bind }: Task & { name: 'listen' },
  port: MessagePort,
  loop: Loop,
): Promise<void> {
  const waiting = new Map<number, (answer: HealthAnswer) => void>();
  let asked = 0;
  port.on('message', ({ id, answer }: Answered) => waiting.get(id)?.(answer));
  const over = new AbortController();
  port.once('close', () => over.abort(new Error('over')));
  const busy = (path: string): HealthAnswer => {
    const text = `the event loop has been stuck for ${Math.round(loop.stalled())} ms\n`;
    if (!/^\/(healthz|livez)(\/|$)/.test(path)) return { code: 503, text };
    return loop.isHealthy() ? { code: 200, text: 'ok' } : { code: 500, text };
  };
  const listening = await listenForHealth(
    bind,
    (request) =>
      new Promise((resolve) => {
        const id = asked++;
        const done = (answer: HealthAnswer) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(answer);
        };
        const timer = setTimeout(() => done(busy(request.path)), ANSWER_MS);
        waiting.set(id, done);
        port.postMessage({ id, request });
      }),
    over.signal,
  );
  port.postMessage({ listening });
}

/** Runs `work` with a client until the main thread says stop; its result is the last message. */
async function withClient(
  config: ClientConfig,
  port: MessagePort,
  env: Env,
  work: (client: Client, signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  port.once('message', () => stop.abort(new Error('stopped')));
  const client = createClient(config, env);
  try {
    port.postMessage(await work(client, stop.signal));
  } finally {
    await client.close();
  }
}

/** Carries a task out until its port closes. */
export function run(task: TaskMessage, first: FirstMessage, loop: Loop): Promise<void> {
  const env = threadEnv(first);
  const { port } = task;
  switch (task.name) {
    case 'listen':
      return listen(task, port, loop).catch((error: Error) => port.postMessage({ error }));
    case 'renew':
      return withClient(task.config, port, env, (client, signal) =>
        renewLease(client, env, task.held, loop.isHealthy, signal),
      );
    case 'keep':
      return withClient(task.config, port, env, (client, signal) =>
        keepLease(client, env, task.lease, signal, loop.isHealthy),
      );
  }
}
