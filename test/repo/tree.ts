// Input of the repository laws: tracked and new files of the checkout, and their imports.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { ROOT } from '../support/root.js';

/** Paths relative to the root, without what git ignores. */
export function files(pattern: RegExp): string[] {
  const out = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return [...new Set(out.split('\n'))].filter((f) => pattern.test(f) && existsSync(join(ROOT, f)));
}

export const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

export const isGenerated = (file: string): boolean =>
  read(file).slice(0, 300).includes('do not edit');

export interface Import {
  specifier: string;
  /** Relative imports, resolved against the root: 'pkg/util/env/env.ts'. */
  path?: string;
  typeOnly: boolean;
}

export function importsOf(file: string): Import[] {
  const text = read(file);
  const found = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/gm,
  );
  const dynamic = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  const make = (specifier: string, typeOnly: boolean): Import => ({
    specifier,
    typeOnly,
    ...(specifier.startsWith('.')
      ? { path: posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts') }
      : {}),
  });
  return [
    ...[...found].map((m) => make(m[2]!, m[1] !== undefined)),
    ...[...dynamic].map((m) => make(m[1]!, false)),
  ];
}
