// Every bound of the watch over an event loop, in milliseconds.

/** The loop shows this often that it runs; it measures its stalls to this precision. */
export const PULSE_MS = 100;
/** A shorter stall is not reported. */
export const STALL_MS = 200;
/** The thread starts this late: it would take a core from the start of the process. */
export const START_MS = 1_000;
/** The thread looks this often. A longer pause between two looks held the thread, too. */
export const LOOK_MS = 250;
/** From a stall of this length on, the log shows where the loop is. */
export const TRACE_MS = 5_000;
/** The debugger takes this long at most to stop the loop; native code cannot be stopped. */
export const TRACE_WAIT_MS = 2_000;
/** The process ends after a stall of this length, and its supervisor starts another. */
export const HANG_MS = 40_000;
/** From this part of it on, health checks fail and no lease is renewed. */
export const UNHEALTHY_FRACTION = 0.75;
/** The loop has this long to answer a health check before the thread answers for it. */
export const ANSWER_MS = 1_000;
/** The thread touches the heartbeat file this often. */
export const HEARTBEAT_MS = 2_000;
