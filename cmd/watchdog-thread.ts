// The watchdog of a process, in a thread of its own (watchdog.ts). It knows the pulse of the event
// loop. While the loop is stuck for less than three quarters of HANG_MS, health checks succeed and
// leases are renewed as if the loop ran; after HANG_MS the thread logs where the loop is and ends
// the process.
import { utimesSync } from 'node:fs';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { HEARTBEAT_MS, LOOK_MS, TRACE_MS, UNHEALTHY_FRACTION } from '../pkg/system/loop/limits.js';
import { measureStall } from '../pkg/system/loop/stall.js';
import { traceMainThread } from '../pkg/system/loop/trace.js';
import { mainClock, type FirstMessage, type Loop, type TaskMessage } from './watchdog-tasks.js';

/** Logs, servers and clients take memory; a thread loads them when it needs one. */
const work = () => import('./watchdog-work.js');

function watchLoop(first: FirstMessage): Loop {
  const measure = measureStall();
  let stalled = 0;
  let traced = false;
  const tell = async (level: 'warn' | 'error', event: string) => {
    const stack = await traceMainThread().catch(String);
    const { log } = (await work()).threadEnv(first);
    log[level](event, { ms: Math.round(stalled), stack });
  };
  const end = async () => {
    await tell('error', 'the event loop hangs; the process ends');
    process.kill(process.pid, 'SIGKILL');
  };
  const timer = setInterval(() => {
    stalled = measure(Atomics.load(first.counter, 0), mainClock(first));
    if (stalled >= first.hangMs) {
      clearInterval(timer);
      void end();
    } else if (stalled < TRACE_MS) traced = false;
    else if (!traced) {
      traced = true;
      void tell('warn', 'the event loop is stuck');
    }
  }, LOOK_MS);
  return { stalled: () => stalled, isHealthy: () => stalled < UNHEALTHY_FRACTION * first.hangMs };
}

/** Shows a supervisor that the threads of this process run. */
function beat(file: string): void {
  setInterval(() => {
    const now = Date.now() / 1000;
    utimesSync(file, now, now);
  }, HEARTBEAT_MS);
}

if (!isMainThread) {
  const first = workerData as FirstMessage;
  const loop = watchLoop(first);
  if (first.heartbeatFile) beat(first.heartbeatFile);
  parentPort!.on('message', (task: TaskMessage) => {
    void work().then(({ run }) => run(task, first, loop));
  });
}
