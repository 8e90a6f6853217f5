// The thread of one server or cluster. Timers, sockets and globals of the tests are not its own:
// fake clocks do not stop it, and it keeps no process alive. It answers each request of
// wheelhouse-test.ts by its number.
import { subscribe } from 'node:diagnostics_channel';
import { setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { StatusError } from '../../../pkg/apimachinery/errors/status-error.js';
import { chooseControllers } from '../../../pkg/controller/controllers.js';
import { realEnv } from '../../../pkg/system/env.js';
import { joinCluster } from './cluster.js';
import { readDefinitions } from './crds.js';
import type { ClusterOptions } from './wheelhouse-test.js';

/** The options as JSON: users may give objects that cannot be cloned. */
export interface ThreadData {
  call: 'startApiServer' | 'startCluster';
  options: string;
  /** Not 0 once the thread runs no more code. */
  ended: Int32Array;
}

export type Request =
  | { id: number; call: 'kubeconfigFor'; user: string; groups: readonly string[] }
  | { id: number; call: 'stop' }
  /** Has no answer but `ended`. */
  | { id: number; call: 'exit' };

/** Number 0 answers the start. */
export interface Answer {
  id: number;
  error?: { message: string; status?: unknown };
  value?: unknown;
}

export interface Started {
  url: string;
  port: number;
  kubeconfig: string;
  caPem: string;
}

const port = parentPort!;
const { ended } = workerData as ThreadData;
const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-test-'));
const ALL = ['*'];
/** Plugins that refuse or taint, and the controllers without which nobody makes up for it. */
const SERVED_BY = {
  ServiceAccount: 'serviceaccount-controller',
  TaintNodesByCondition: 'node-lifecycle-controller',
};

function errorOf(error: unknown): NonNullable<Answer['error']> {
  if (!(error instanceof StatusError)) return { message: (error as Error).message };
  // The message of several causes has them all on one line, in brackets.
  const causes = error.status.details?.causes ?? [];
  const [head = ''] = error.message.split(': [');
  const lines = causes.map(({ field, message }) => `\n  ${field}: ${message}`).join('');
  return { message: causes.length > 1 ? `${head}:${lines}` : error.message, status: error.status };
}

async function start({ call, options }: ThreadData) {
  const {
    crds = [],
    logLevel = 'error',
    nodes = 1,
    controllers = true,
    disableAdmission = [],
    ...rest
  } = JSON.parse(options) as ClusterOptions;
  const isCluster = call === 'startCluster';
  const env = realEnv('wheelhouse-test', logLevel);
  const wanted = controllers === true ? ALL : controllers || [];
  const chosen = isCluster ? chooseControllers(wanted) : [];
  const without = Object.entries(SERVED_BY).flatMap(([plugin, controller]) =>
    chosen.some(({ name }) => name === controller) ? [] : plugin,
  );
  const api = await startApiServer({
    ...rest,
    env,
    folder,
    crds: await readDefinitions(crds),
    disableAdmission: [...disableAdmission, ...without],
  });
  const life = new AbortController();
  setMaxListeners(0, life.signal);
  const parts: { ended?: Promise<unknown>; broken?: Promise<unknown> } = {};
  const stop = async () => {
    life.abort(new Error('stopped'));
    await parts.ended;
    await api.stop();
  };
  try {
    await api.ready();
    if (isCluster) {
      const hollow = typeof nodes === 'number' ? Array.from({ length: nodes }, () => ({})) : nodes;
      Object.assign(parts, await joinCluster(api, { chosen, nodes: hollow }, env, life.signal));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  // An error of a part is an error of the tests: it must not pass unseen.
  parts.broken?.catch((error: unknown) => {
    if (!life.signal.aborted) throw error;
  });
  return { api, stop };
}

/** Connections of the server. Node.js aborts when a thread ends with a request half read. */
const sockets = new Set<Socket>();
subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});
process.once('exit', () => {
  for (const socket of sockets) socket.destroy();
  rmSync(folder, { recursive: true, force: true });
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
});

const answer = (message: Answer): void => port.postMessage(message);

async function serve(request: Request, starting: ReturnType<typeof start>): Promise<void> {
  const { id } = request;
  try {
    const { api, stop } = await starting;
    if (request.call === 'exit') process.exit();
    if (request.call === 'kubeconfigFor')
      return answer({ id, value: api.kubeconfigFor(request.user, request.groups) });
    await stop();
    answer({ id });
    process.exit();
  } catch (error) {
    answer({ id, error: errorOf(error) });
  }
}

async function main(): Promise<void> {
  const starting = start(workerData as ThreadData);
  port.on('message', (request: Request) => void serve(request, starting));
  try {
    const { url, port, kubeconfig, caPem } = (await starting).api;
    answer({ id: 0, value: { url, port, kubeconfig, caPem } satisfies Started });
  } catch (error) {
    answer({ id: 0, error: errorOf(error) });
    process.exit();
  }
}

void main();
