// The output of commands that show something: text for people, or JSON.
import type { Flag } from '../../cmd/flags.js';

export const OUTPUT = {
  type: 'string',
  default: 'text',
  choices: ['text', 'json'],
  help: 'text or json; -o for short.',
} as const satisfies Flag;

/** Writes -o out in full: '-o json', '-o=json', '-ojson'. */
export const withShortOutput = (argv: readonly string[]): string[] =>
  argv.flatMap((word) =>
    word.startsWith('-o')
      ? ['--output', ...(word === '-o' ? [] : [word.replace(/^-o=?/, '')])]
      : [word],
  );

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
