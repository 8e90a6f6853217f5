// A work queue. A key is worked on once at a time, and again when it comes meanwhile. Failures are
// repeated after growing pauses.
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 30_000;

export function createQueue(work: (key: string) => Promise<void>) {
  const waiting = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let running: Promise<void> | undefined;
  let isStopped = false;

  async function run(): Promise<void> {
    for (const key of waiting) {
      waiting.delete(key);
      try {
        await work(key);
        failures.delete(key);
      } catch (error) {
        const count = failures.get(key) ?? 0;
        failures.set(key, count + 1);
        console.error(`${key}: ${error instanceof Error ? error.message : String(error)}`);
        const pause = Math.min(FIRST_PAUSE_MS * 2 ** count, LONGEST_PAUSE_MS);
        const timer = setTimeout(() => {
          timers.delete(timer);
          add(key);
        }, pause);
        timers.add(timer);
      }
    }
    running = undefined;
  }

  function add(key: string): void {
    if (isStopped) return;
    waiting.add(key);
    running ??= run();
  }

  return {
    add,
    async stop(): Promise<void> {
      isStopped = true;
      waiting.clear();
      timers.forEach(clearTimeout);
      await running;
    },
  };
}
