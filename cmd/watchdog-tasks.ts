// The messages between a process and its watchdog thread.
import type { MessagePort } from 'node:worker_threads';
import type { ClientConfig } from '../pkg/client/kubeconfig.js';
import type { HeldLease, Renewer } from '../pkg/client/leader-election.js';
import type { KeptLease } from '../pkg/client/lease-keeper.js';
import type { HealthAnswer, HealthBind, HealthRequest } from '../pkg/system/health-server.js';

/** The thread's workerData. */
export interface FirstMessage {
  component: string;
  /** Counts up while the event loop runs. */
  counter: Int32Array;
  /** Milliseconds from the origin of CLOCK_MONOTONIC to that of the main thread's clock. */
  clockOffset: number;
  /** A file that the thread touches, for a supervisor that looks for processes that are stopped. */
  heartbeatFile: string | undefined;
  /** A stall of this many milliseconds ends the process. */
  hangMs: number;
}

/** Milliseconds by the main thread's clock: monotonic times mean the same in all threads. */
export const mainClock = ({ clockOffset }: FirstMessage): number =>
  Number(process.hrtime.bigint()) / 1e6 - clockOffset;

/** The event loop, as the thread knows it. */
export interface Loop {
  /** Milliseconds. */
  stalled(): number;
  isHealthy: () => boolean;
}

export type Task =
  | { name: 'listen'; bind: HealthBind }
  | { name: 'renew'; config: ClientConfig; held: HeldLease }
  | { name: 'keep'; config: ClientConfig; lease: KeptLease };

export type TaskMessage = Task & { port: MessagePort };

export type Ended = Awaited<ReturnType<Renewer>>;
export type Listening = { listening: number } | { error: Error };
export interface Asked {
  id: number;
  request: HealthRequest;
}
export interface Answered {
  id: number;
  answer: HealthAnswer;
}
