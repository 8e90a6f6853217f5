// Kernel settings under /proc/sys. Network settings are those of the network namespace of the
// process.
import { writeFile } from 'node:fs/promises';
import { readIfPresent } from '../files/atomic-write.js';

function pathOf(name: string): string {
  if (name.includes('..')) throw new Error(`"${name}" is not a sysctl name`);
  return `/proc/sys/${name}`;
}

/** Undefined when the kernel lacks the setting. */
export const readSysctl = async (name: string): Promise<string | undefined> =>
  (await readIfPresent(pathOf(name)))?.trim();

/**
 * Writes the setting when its value differs; `name` uses slashes ('net/ipv4/ip_forward'). Returns
 * whether it changed; false also when the kernel lacks the setting.
 */
export async function ensureSysctl(name: string, value: string | number): Promise<boolean> {
  const now = await readSysctl(name);
  if (now === undefined || now === String(value)) return false;
  await writeFile(pathOf(name), String(value));
  return true;
}
