// Several components under one signal: they share a process and nothing else. When one ends or fails, the others are
// told to stop and the process ends with its error, so that the supervisor restarts them together.
import type { Env } from '../../pkg/util/env/env.js';
import { COMPONENTS } from './components.js';
import type { Part } from './options.js';

/** `envOf` makes the component's own Env: its logs and metrics stay apart. */
export async function runHyperkube(parts: readonly Part[], envOf: (component: string, logLevel: string) => Env, signal: AbortSignal): Promise<void> {
  const prepared = await Promise.all(parts.map(async ({ name, argv }) => ({ name, ...(await COMPONENTS[name]!.prepare(argv)) })));
  const group = new AbortController();
  const stop = () => group.abort(signal.reason);
  signal.addEventListener('abort', stop, { once: true });
  let failure: Error | undefined;
  await Promise.all(
    prepared.map(async ({ name, start, logLevel }) => {
      try {
        await start(envOf(name, logLevel), group.signal);
      } catch (error) {
        if (!group.signal.aborted) failure ??= new Error(`${name}: ${(error as Error).message}`, { cause: error });
      }
      group.abort(new Error(`${name} has ended`));
    }),
  );
  signal.removeEventListener('abort', stop);
  if (failure) throw failure;
}
