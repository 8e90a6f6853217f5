// The tutorial's command blocks, and the rule by which an output is as the page shows it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './root.js';

export interface Block {
  /** The line of the page on which the commands begin, from 1. */
  line: number;
  commands: string;
  /** The reader repeats the commands until the output is as shown. */
  repeated: boolean;
  /** `undefined`: the page shows no output. */
  output?: string;
}

const FENCE = /^```(.*)$/;

/**
 * The `sh` blocks of a page, each with the `text` block that follows it as its output.
 *
 * @throws for a fence with another name, or an output without commands.
 */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = page.split('\n');
  let opened: { name: string; from: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const name = FENCE.exec(line)?.[1];
    if (name === undefined) continue;
    if (!opened) {
      opened = { name, from: index + 1 };
      continue;
    }
    add(blocks, opened.name, opened.from + 1, lines.slice(opened.from, index).join('\n'));
    opened = undefined;
  }
  if (opened) throw new Error(`line ${opened.from}: the block has no end`);
  return blocks;
}

function add(blocks: Block[], name: string, line: number, text: string): void {
  if (name === 'sh' || name === 'sh until') {
    blocks.push({ line, commands: text, repeated: name === 'sh until' });
    return;
  }
  const last = blocks.at(-1);
  if (name !== 'text' || !last || last.output !== undefined)
    throw new Error(`line ${line}: "${name}" is neither commands nor their output`);
  last.output = text;
}

export const readPage = (name: string): string => readFileSync(join(ROOT, 'docs', name), 'utf8');

const literal = (text: string): string =>
  text
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`).replace(/ +/g, ' +'))
    .join('.*');

/**
 * Tells whether an output is as a page shows it. A `…` stands for any text inside a line, a line
 * of `…` alone for any number of lines; how many spaces there are does not count, nor
 * do those around a line.
 */
export function isAsShown(output: string, shown: string): boolean {
  const trimmed = (text: string) => text.replace(/^ +|[ \r]+$/gm, '').trim();
  const pattern = trimmed(shown)
    .split('\n')
    .map((line) => (line.trim() === '…' ? '(?:.*\n)*' : `${literal(line)}\n`))
    .join('');
  return new RegExp(`^${pattern}$`).test(`${trimmed(output)}\n`);
}
