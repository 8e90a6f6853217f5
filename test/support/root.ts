// The root folder of the checkout, found from the folder of the compiled test.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(from: string): string {
  for (let dir = from; dir !== dirname(dir); dir = dirname(dir))
    if (existsSync(join(dir, 'test/repo/layers.ts'))) return dir;
  throw new Error('not inside the checkout');
}

export const ROOT = findRoot(dirname(fileURLToPath(import.meta.url)));
