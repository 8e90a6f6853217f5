import { watch, type FSWatcher } from 'node:fs';

/**
 * Calls back at a change below a path, and when the watch fails. Undefined when the path cannot be
 * watched: the caller looks again from time to time.
 */
export function watchPath(path: string, onChange: () => void): FSWatcher | undefined {
  try {
    return watch(path, onChange).on('error', onChange);
  } catch {
    return undefined;
  }
}
