// Processes as /proc shows them: whether they are alive, their resource use, and how to end them by
// pid.
import { readFileSync } from 'node:fs';
import { tolerating } from './tolerate.js';
import { until } from './wait.js';

const TICKS_PER_SECOND = 100; // USER_HZ is 100 on every Linux that Node runs on.
const KILL_MS = 10_000;

export interface Usage {
  /**
   * Proportional set size: pages shared by n processes count 1/n. `rssBytes` counts them in full.
   */
  rssBytes: number;
  pssBytes: number;
  /** User and system time since its start. */
  cpuSeconds: number;
  uptimeSeconds: number;
}

/** Empty for a process that is gone, and for memory in detail, which is for root's eyes only. */
const read = (pid: number, file: string): string =>
  tolerating(['ENOENT', 'ESRCH', 'EACCES'], () => readFileSync(`/proc/${pid}/${file}`, 'utf8')) ??
  '';

/** The fields of /proc/PID/stat after the command's name; [0] is the state. */
const statOf = (pid: number) => {
  const text = read(pid, 'stat');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

/** A zombie counts as dead: it holds only its exit code. */
export const isAlive = (pid: number) => !['', 'Z', 'X'].includes(statOf(pid)[0] ?? '');

/** The command line; empty when the process is gone. */
export const commandOf = (pid: number) => read(pid, 'cmdline').split('\0').filter(Boolean);

export function usageOf(pid: number): Usage | undefined {
  const stat = statOf(pid);
  if (stat.length < 20) return undefined;
  const field = (text: string, name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
  const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
  return {
    rssBytes: field(read(pid, 'status'), 'VmRSS'),
    pssBytes: field(read(pid, 'smaps_rollup'), 'Pss'),
    cpuSeconds: (Number(stat[11]) + Number(stat[12])) / TICKS_PER_SECOND,
    uptimeSeconds: uptime - Number(stat[19]) / TICKS_PER_SECOND,
  };
}

/**
 * Passes SIGTERM on to our children, as the terminal does with ^C. Daemons in sessions of their own
 * are spared.
 */
export function endChildren(): void {
  const group = (pid: number) => statOf(pid)[2];
  const children = read(process.pid, `task/${process.pid}/children`).split(/\s+/).map(Number);
  const own = children.filter((pid) => pid && group(pid) === group(process.pid));
  signalAll(own, 'SIGTERM');
}

/** Sends the signal to the processes that still live. */
function signalAll(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids.filter(isAlive)) tolerating(['ESRCH'], () => process.kill(pid, name));
}

/** Sends SIGTERM, waits, then kills the processes that remain. */
export async function terminate(pids: Iterable<number>, patienceMs: number): Promise<void> {
  const all = [...pids];
  const haveEnded = () => !all.some(isAlive);
  if (patienceMs > 0) {
    signalAll(all, 'SIGTERM');
    await until(haveEnded, patienceMs, '').catch(() => {}); // SIGKILL ends the rest
  }
  signalAll(all, 'SIGKILL');
  const why = () => `processes ${all.filter(isAlive).join(', ')} do not die`;
  await until(haveEnded, KILL_MS, why);
}
