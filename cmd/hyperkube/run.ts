// Several components in one process, sharing only the process. They stop from the last to the
// first, so that controllers can release their leases while the API server still answers. When one
// ends or fails, the others stop too and the process ends with its error; the supervisor restarts
// them together.
import type { Env } from '../../pkg/util/env/env.js';
import { onAbort } from '../../pkg/util/wait/abortable.js';
import { COMPONENTS, type Component } from './components.js';
import type { Watchdog } from '../watchdog.js';
import type { Part } from './options.js';

/** Longest time for which a component may delay the stop of the components before it. */
const STOP_MS = 3000;

interface Running {
  name: string;
  controller: AbortController;
  /** Never rejects. */
  ended: Promise<void>;
}

/**
 * Stops the components one after the other, the last first; does not wait longer than the bound for
 * each.
 */
async function stopAll(running: readonly Running[], reason: unknown): Promise<void> {
  for (const { controller, ended } of running.toReversed()) {
    controller.abort(reason);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, STOP_MS)))]);
    clearTimeout(timer);
  }
}

interface HyperkubeOptions {
  components?: Readonly<Record<string, Component>>;
  watchdog?: Watchdog;
}

/** `envOf` makes the component's Env, so that logs and metrics of components stay separate. */
export async function runHyperkube(
  parts: readonly Part[],
  envOf: (component: string, logLevel: string) => Env,
  signal: AbortSignal,
  { components = COMPONENTS, watchdog }: HyperkubeOptions = {},
): Promise<void> {
  const prepared = await Promise.all(
    parts.map(async ({ name, argv }) => ({ name, ...(await components[name]!(argv)) })),
  );
  let failure: Error | undefined;
  let running: Running[] = [];
  const over = new Promise<unknown>((resolve) => {
    onAbort(signal, () => resolve(signal.reason));
    running = prepared.map(({ name, start, logLevel }): Running => {
      const controller = new AbortController();
      const ended = start(envOf(name, logLevel), controller.signal, watchdog)
        .catch((error: Error) => {
          if (!controller.signal.aborted)
            failure ??= new Error(`${name}: ${error.message}`, { cause: error });
        })
        .then(() => resolve(new Error(`${name} has ended`)));
      return { name, controller, ended };
    });
  });
  await stopAll(running, await over);
  await Promise.all(running.map(({ ended }) => ended));
  if (failure) throw failure;
}
