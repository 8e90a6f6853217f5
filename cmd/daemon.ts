// The frame of a binary with one component.
import { realEnv } from '../pkg/system/env.js';
import { runMain, type Run } from './run.js';
import { watched } from './watchdog.js';

type Parse<C> = (argv: readonly string[]) => C;

/** Runs a component with the flags of the command line, and a log of its name. */
export const runDaemon = <C extends { 'log-level': string }>(
  name: string,
  parseOptions: Parse<C>,
  run: Run<C>,
): Promise<void> =>
  runMain(name, (argv, signal) => {
    const config = parseOptions(argv);
    return run(config, realEnv(name, config['log-level']), signal);
  });

/** runDaemon under a watchdog. */
export const runWatched = <C extends { 'log-level': string }>(
  name: string,
  parseOptions: Parse<C>,
  run: Run<C>,
): Promise<void> =>
  runDaemon(name, parseOptions, (config, env, signal) =>
    watched(name, env, (watchdog) => run(config, env, signal, watchdog)),
  );
