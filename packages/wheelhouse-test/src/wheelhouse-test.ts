/// <reference lib="esnext.disposable" preserve="true" />
// The public API of the package. This file loads nothing but Node's own modules: the server is in a
// thread (thread.ts), so it is neither slowed by the tests nor seen by their mocks.
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { checkOptions } from './options.js';
import type { Answer, Request, Started, ThreadData } from './thread.js';

export interface ApiServerOptions {
  /** A port of 127.0.0.1; default 0: the system chooses a free one. */
  port?: number;
  /** Default 'memory'. */
  storage?: 'memory' | { etcd: readonly string[] };
  /**
   * CustomResourceDefinitions, or paths of YAML or JSON files of them. Their kinds are served when
   * the start resolves.
   */
  crds?: readonly (string | object)[];
  /** Admission plugins to leave out, by upstream's names. */
  disableAdmission?: readonly string[];
  /** Log lines on standard error; default 'error'. */
  logLevel?: 'debug' | 'info' | 'warn' | 'error';
}

/** A simulated node: its pods run, become ready and end, but no process is behind them. */
export interface NodeOptions {
  /** Default 'node-0', 'node-1' and so on. */
  name?: string;
  labels?: Record<string, string>;
  /** Default 4. */
  cpus?: number;
  /** Default 16 GiB. */
  memoryBytes?: number;
  /** Default 110. */
  maxPods?: number;
}

export interface ClusterOptions extends ApiServerOptions {
  /** A number of nodes, or their properties; default 1. */
  nodes?: number | readonly NodeOptions[];
  /** Default true: all; otherwise a list as of kube-controller-manager's --controllers. */
  controllers?: boolean | readonly string[];
}

export interface TestServer {
  /** 'https://127.0.0.1:PORT' */
  readonly url: string;
  readonly port: number;
  /** Path of an administrator's kubeconfig. */
  readonly kubeconfig: string;
  /** PEM of the authority that signed the server's certificate. */
  readonly caPem: string;
  /** The text of a kubeconfig for any user: kubeconfigFor('alice', ['developers']). */
  kubeconfigFor(user: string, groups?: readonly string[]): Promise<string>;
  /** Ends everything and removes the kubeconfig; a second call waits for the first. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** The error of a request that the API server refused, with the Status of its answer. */
export interface StartError extends Error {
  status?: { reason?: string; message?: string; details?: object };
}

const NEEDED_NODE = [20, 19];
/** The new generation of the thread's heap: less memory, and collections that are as fast. */
const YOUNG_MB = 16;

function checkNode(): void {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needed = 0, least = 0] = NEEDED_NODE;
  if (major < needed || (major === needed && minor < least))
    throw new Error(
      `wheelhouse-test needs Node.js ${NEEDED_NODE.join('.')} or newer, this is ${process.version}`,
    );
}

/** Functions that end the threads of a process that exits, each before it returns. */
const ends = new Set<() => void>();
const endAll = (): void => ends.forEach((end) => end());
const END_MS = 5_000;

function errorOf({ message, status }: NonNullable<Answer['error']>): StartError {
  const error: StartError = new Error(message);
  if (status) error.status = status;
  return error;
}

async function start(call: ThreadData['call'], options: object): Promise<TestServer> {
  checkNode();
  checkOptions(call, options);
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const workerData: ThreadData = { call, options: JSON.stringify(options), ended };
  const thread = new Worker(join(import.meta.dirname, 'thread.cjs'), {
    workerData,
    // Loaders and debuggers of the tests are not for this thread.
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let next = 0;
  thread.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
  });
  const end = (): void => {
    thread.postMessage({ id: 0, call: 'exit' } satisfies Request);
    Atomics.wait(ended, 0, 0, END_MS);
  };
  if (ends.size === 0) process.once('exit', endAll);
  ends.add(end);
  const exited = new Promise<void>((resolve) => thread.once('exit', () => resolve())).then(() => {
    ends.delete(end);
    if (ends.size === 0) process.off('exit', endAll);
  });
  /** The process stays alive until the answer. */
  const answerOf = async (id: number): Promise<unknown> => {
    thread.ref();
    let fail: ((error: Error) => void) | undefined;
    try {
      const answer = await new Promise<Answer>((resolve, reject) => {
        fail = reject;
        waiting.set(id, resolve);
        thread.once('error', reject);
        void exited.then(() => reject(new Error('the server has stopped')));
      });
      if (answer.error) throw errorOf(answer.error);
      return answer.value;
    } finally {
      thread.off('error', fail!);
      waiting.delete(id);
      if (waiting.size === 0) thread.unref();
    }
  };
  const ask = (request: { [R in Request as R['call']]: Omit<R, 'id'> }[Request['call']]) => {
    const id = ++next;
    thread.postMessage({ ...request, id });
    return answerOf(id);
  };
  let started: Started;
  try {
    started = (await answerOf(0)) as Started;
  } catch (error) {
    thread.ref();
    await exited;
    (error as Error).message = `${call}: ${(error as Error).message}`;
    throw error;
  }
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await ask({ call: 'stop' });
    thread.ref();
    await exited;
  };
  return {
    ...started,
    kubeconfigFor: async (user, groups = []) =>
      (await ask({ call: 'kubeconfigFor', user, groups })) as string,
    stop: () => (stopping ??= stop()),
    [Symbol.asyncDispose]: () => (stopping ??= stop()),
  };
}

/**
 * Starts a Kubernetes API server, which is ready when this resolves: with TLS, RBAC, admission,
 * custom resources. No controller runs. Rejects with TypeError for wrong options and with
 * StartError when the server cannot start.
 */
export const startApiServer = (options: ApiServerOptions = {}): Promise<TestServer> =>
  start('startApiServer', options);

/**
 * Starts an API server with all controllers, the scheduler and simulated nodes, which are ready
 * when this resolves. Rejects as startApiServer does.
 */
export const startCluster = (options: ClusterOptions = {}): Promise<TestServer> =>
  start('startCluster', options);
