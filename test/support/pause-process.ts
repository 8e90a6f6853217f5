import { readdirSync, readFileSync } from 'node:fs';

/**
 * Stops a process (SIGSTOP), and returns when none of its threads runs any more: on a busy machine
 * threads go on for some milliseconds after kill(2), long enough to answer a request.
 */
export function pauseProcess(pid: number): void {
  process.kill(pid, 'SIGSTOP');
  while (readdirSync(`/proc/${pid}/task`).some((thread) => isRunning(pid, thread)));
}

function isRunning(pid: number, thread: string): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
    return !/\) [TtZX] /.test(stat);
  } catch {
    return false; // The thread has ended.
  }
}
