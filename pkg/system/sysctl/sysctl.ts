// Kernel settings under /proc/sys. Network settings are those of the process's own network namespace.
import { readFile, writeFile } from 'node:fs/promises';

function pathOf(name: string): string {
  if (name.includes('..')) throw new Error(`"${name}" is no sysctl name`);
  return `/proc/sys/${name}`;
}

/** Undefined when the kernel has no such setting. */
export async function readSysctl(name: string): Promise<string | undefined> {
  try {
    return (await readFile(pathOf(name), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes when the value differs; `name` with slashes ('net/ipv4/ip_forward'). Returns whether it was
 * changed; false also when the kernel has no such setting.
 */
export async function ensureSysctl(name: string, value: string | number): Promise<boolean> {
  const now = await readSysctl(name);
  if (now === undefined || now === String(value)) return false;
  await writeFile(pathOf(name), String(value));
  return true;
}
