// The output of commands that show something: text for people, or JSON.
import type { Flag } from '../../cmd/flags.js';
import { columns } from '../../pkg/util/columns/columns.js';

export const OUTPUT = {
  type: 'string',
  default: 'text',
  choices: ['text', 'json'],
  help: 'text or json; -o for short.',
} as const satisfies Flag;

/** The rows as lines of text with columns. */
export const table = (rows: readonly (readonly string[])[]): string => columns(rows, 2);
