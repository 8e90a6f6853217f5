// The one way for a test to step aside: with what is missing. test/run/main.ts lists every skipped
// test with its reason; with CI=true one that lacks `setup` (root, a package, a build) has failed,
// since that run could have had it.
import { existsSync } from 'node:fs';
import type { Context, Runnable, Suite } from 'mocha';

/**
 * `setup`: what whoever runs the tests can mend. `kernel`: what this machine's kernel does not
 * have.
 */
export type Lack = { setup: string } | { kernel: string };

/** Skips the test, or in a hook all that the hook serves. */
export function skip(context: Context, lack: Lack): never {
  const at = context.test as Runnable & { type?: string };
  Object.assign(at.type === 'test' ? at : (at.parent as Suite), { lack });
  return context.skip();
}

/** Skips unless this is root and every file is there. */
export function needRoot(context: Context, files: readonly string[] = []): void {
  const lack = rootLack(files);
  if (lack) skip(context, lack);
}

function rootLack(files: readonly string[]): Lack | undefined {
  if (process.getuid?.() !== 0) return { setup: 'root' };
  const missing = files.filter((file) => !existsSync(file));
  const devices = missing.filter((file) => file.startsWith('/dev/'));
  if (missing.length > devices.length)
    return { setup: missing.filter((file) => !devices.includes(file)).join(', ') };
  return devices.length ? { kernel: devices.join(', ') } : undefined;
}
