import { readFile } from 'node:fs/promises';

/** The mount points of this process, oldest first. The kernel writes blanks in octal. */
export async function mountPoints(): Promise<string[]> {
  const table = await readFile('/proc/self/mounts', 'utf8');
  return table
    .split('\n')
    .filter(Boolean)
    .map((line) =>
      line
        .split(' ')[1]!
        .replace(/\\([0-7]{3})/g, (_all, octal: string) => String.fromCharCode(parseInt(octal, 8))),
    );
}
