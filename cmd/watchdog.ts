// The main side of a process's watchdog: a thread that a stuck event loop cannot hold. It answers
// health checks, renews leases, and ends a process that hangs, so that its supervisor starts
// another (watchdog-thread.ts).
import { existsSync, writeFileSync } from 'node:fs';
import { url as debugged } from 'node:inspector';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  MessageChannel,
  Worker,
  type MessagePort,
  type TransferListItem,
} from 'node:worker_threads';
import type { ClientConfig } from '../pkg/client/kubeconfig.js';
import type { Renewer } from '../pkg/client/leader-election.js';
import type { KeptLease } from '../pkg/client/lease-keeper.js';
import type { HealthAnswer, HealthListener, HealthRequest } from '../pkg/system/health-server.js';
import { lastWork } from '../pkg/system/env.js';
import { HANG_MS, START_MS } from '../pkg/system/loop/limits.js';
import { startPulse, type Pulse } from '../pkg/system/loop/pulse.js';
import type { Env } from '../pkg/util/env/env.js';
import { onAbort } from '../pkg/util/wait/abortable.js';
import type { Asked, Ended, FirstMessage, Listening, Task } from './watchdog-tasks.js';

export interface Watchdog {
  /** Exports the stalls of the event loop among the metrics of a component. */
  export(env: Env): void;
  /** Each undefined without a thread: the event loop does the work itself. */
  listen?: HealthListener;
  renewer?(config: ClientConfig): Renewer;
  keepLease?(config: ClientConfig): (lease: KeptLease, signal: AbortSignal) => Promise<void>;
}

/**
 * The bundle of the thread, beside the folder of the program; images of single programs have none.
 */
const threadFile = (): string => join(dirname(process.argv[1] ?? '.'), '../watchdog-thread.js');

/** The variable that names the file by which a supervisor sees that the process runs. */
const HEARTBEAT = 'WHEELHOUSE_HEARTBEAT';

/**
 * Runs `work` under a watchdog until it settles. There is no thread where its bundle is missing,
 * and under a debugger, which may stop the loop for as long as it likes.
 */
export async function watched<T>(
  component: string,
  env: Env,
  work: (watchdog: Watchdog) => Promise<T>,
  file = threadFile(),
): Promise<T> {
  const pulse = startPulse(env, lastWork);
  let worker: Worker | undefined;
  const thread = () => (worker ??= startThread(component, pulse, file));
  const isWatched = existsSync(file) && !debugged();
  const heartbeat = process.env[HEARTBEAT];
  if (isWatched && heartbeat) writeFileSync(heartbeat, `${process.pid}\n`);
  const started = isWatched ? setTimeout(thread, START_MS) : undefined;
  try {
    return await work({
      export: (other) => pulse.export(other),
      ...(isWatched && partsOf(thread)),
    });
  } finally {
    clearTimeout(started);
    pulse.stop();
    await worker?.terminate();
  }
}

function startThread(component: string, pulse: Pulse, file: string): Worker {
  const first: FirstMessage = {
    component,
    counter: pulse.counter,
    clockOffset: Number(process.hrtime.bigint()) / 1e6 - performance.now(),
    heartbeatFile: process.env[HEARTBEAT],
    hangMs: Number(process.env['WHEELHOUSE_HANG_SECONDS']) * 1000 || HANG_MS,
  };
  const worker = new Worker(file, { workerData: first });
  // A process without its watchdog is not worth keeping; its supervisor starts another.
  worker.on('error', (error) => {
    throw error;
  });
  return worker;
}

/** Starts a task; the port carries its messages, and closes with it. */
function begin(thread: () => Worker, task: Task): MessagePort {
  const { port1, port2 } = new MessageChannel();
  thread().postMessage({ ...task, port: port2 }, [port2 as TransferListItem]);
  return port1;
}

/** Functions and the fence stay here. */
const portable = ({ tokenSource: _source, fence: _fence, ...config }: ClientConfig) => config;

/** Resolves with the last message of a task that abort ends. */
function ended<T>(port: MessagePort, signal: AbortSignal): Promise<T> {
  return new Promise((resolve) => {
    const withdraw = onAbort(signal, () => port.postMessage('stop'));
    port.once('message', (message: T) => {
      withdraw();
      port.close();
      resolve(message);
    });
  });
}

function partsOf(thread: () => Worker): Required<Omit<Watchdog, 'export'>> {
  return {
    listen: (bind, answer, signal) =>
      listenInThread(begin(thread, { name: 'listen', bind }), answer, signal),
    renewer: (config) => async (held, signal) => {
      const port = begin(thread, { name: 'renew', config: portable(config), held });
      return await ended<Ended>(port, signal);
    },
    keepLease: (config) => async (lease, signal) => {
      await ended(begin(thread, { name: 'keep', config: portable(config), lease }), signal);
    },
  };
}

function listenInThread(
  port: MessagePort,
  answer: (request: HealthRequest) => Promise<HealthAnswer>,
  signal: AbortSignal,
): Promise<number> {
  return new Promise((resolve, reject) => {
    port.on('message', (message: Asked | Listening) => {
      if ('error' in message) return reject(message.error);
      if ('listening' in message) return resolve(message.listening);
      void answer(message.request)
        .catch((error: Error): HealthAnswer => ({ code: 503, text: error.message }))
        .then((given) => port.postMessage({ id: message.id, answer: given }));
    });
    onAbort(signal, () => port.close());
  });
}
