// The watchdog of a process, in a thread of its own (watchdog.ts). It knows the pulse of the event
// loop. While the loop is stuck for less than three quarters of HANG_MS, health checks succeed and
// leases are renewed as if the loop ran; after HANG_MS the thread logs where the loop is and ends
// the process.
import { utimesSync, writeFileSync } from 'node:fs';
import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { renewLease } from '../pkg/client/leader-election.js';
import { keepLease } from '../pkg/client/lease-keeper.js';
import { createClient } from '../pkg/client/rest-client.js';
import { realEnv } from '../pkg/system/env.js';
import { listenForHealth, type HealthAnswer } from '../pkg/system/health-server.js';
import {
  ANSWER_MS,
  HEARTBEAT_MS,
  LOOK_MS,
  TRACE_MS,
  UNHEALTHY_FRACTION,
} from '../pkg/system/loop/limits.js';
import { measureStall } from '../pkg/system/loop/stall.js';
import { traceMainThread } from '../pkg/system/loop/trace.js';
import type { Client } from '../pkg/client/client.js';
import type { ClientConfig } from '../pkg/client/kubeconfig.js';
import type { Env } from '../pkg/util/env/env.js';
import type { Answered, FirstMessage, Task, TaskMessage } from './watchdog-tasks.js';

interface Loop {
  /** Milliseconds. */
  stalled(): number;
  isHealthy: () => boolean;
}

/** The main thread's clock, so that monotonic times mean the same in both threads. */
function threadEnv({ component, clockOffset }: FirstMessage): Env {
  const env = realEnv(component);
  const monotonic = () => Number(process.hrtime.bigint()) / 1e6 - clockOffset;
  return { ...env, clock: { ...env.clock, monotonic } };
}

function watchLoop({ counter, hangMs }: FirstMessage, env: Env): Loop {
  const measure = measureStall();
  let stalled = 0;
  let traced = false;
  const report = async (level: 'warn' | 'error', event: string): Promise<void> => {
    const stack = await traceMainThread().catch(String);
    env.log[level](event, { ms: Math.round(stalled), stack });
  };
  const end = async () => {
    await report('error', 'the event loop hangs; the process ends');
    process.kill(process.pid, 'SIGKILL');
  };
  const timer = setInterval(() => {
    stalled = measure(Atomics.load(counter, 0), env.clock.monotonic());
    if (stalled >= hangMs) {
      clearInterval(timer);
      void end();
    } else if (stalled < TRACE_MS) traced = false;
    else if (!traced) {
      traced = true;
      void report('warn', 'the event loop is stuck');
    }
  }, LOOK_MS);
  return { stalled: () => stalled, isHealthy: () => stalled < UNHEALTHY_FRACTION * hangMs };
}

/** Shows a supervisor that the threads of this process run. */
function beat(file: string): void {
  writeFileSync(file, `${process.pid}\n`);
  setInterval(() => {
    const now = Date.now() / 1000;
    utimesSync(file, now, now);
  }, HEARTBEAT_MS);
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

function run(task: TaskMessage, env: Env, loop: Loop): Promise<void> {
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

if (!isMainThread) {
  const first = workerData as FirstMessage;
  const env = threadEnv(first);
  const loop = watchLoop(first, env);
  if (first.heartbeatFile) beat(first.heartbeatFile);
  parentPort!.on('message', (task: TaskMessage) => void run(task, env, loop));
}
