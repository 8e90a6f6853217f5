// Positions in an expression, and error messages with a caret, in cel-go's form (common/source.go,
// common/error.go).
import { MAX_ERROR_TEXT, MAX_REPORTED_ERRORS } from '../limits.js';

export interface Issue {
  /** Offset in UTF-16 units; -1 for an error of the whole expression. */
  readonly offset: number;
  readonly message: string;
}

interface Location {
  /** Counted from 1; -1 without a position. */
  readonly line: number;
  /** Code points before it in its line. */
  readonly column: number;
  readonly snippet: string;
}

function locate(text: string, offset: number): Location {
  if (offset < 0) return { line: -1, column: 0, snippet: '' };
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return {
    line,
    column: Array.from(text.slice(start, offset)).length,
    snippet: text.slice(start, end < 0 ? text.length : end),
  };
}

const isWide = (c: string): boolean => new TextEncoder().encode(c).length > 1;

function display({ line, column, snippet }: Location, message: string): string {
  const head = `ERROR: <input>:${line}:${line < 0 ? 0 : column + 1}: ${message}`;
  if (line < 0) return head;
  const shown = snippet.replaceAll('\t', ' ');
  const characters = Array.from(shown);
  const dots = characters.slice(0, column).map((c) => (isWide(c) ? '．' : '.'));
  const marked = characters[column];
  const caret = marked !== undefined && isWide(marked) ? '＾' : '^';
  return `${head}\n | ${shown}\n | ${dots.join('')}${caret}`;
}

/** The errors in the order of their positions, one after the other; each repeats its line. */
export function displayIssues(text: string, issues: readonly Issue[]): string {
  const sorted = [...issues].sort((a, b) => a.offset - b.offset);
  const lines: string[] = [];
  let length = 0;
  for (const { offset, message } of sorted.slice(0, MAX_REPORTED_ERRORS)) {
    if (length > MAX_ERROR_TEXT) break;
    const line = display(locate(text, offset), message);
    length += line.length;
    lines.push(line);
  }
  const hidden = issues.length - lines.length;
  if (hidden > 0) lines.push(`${hidden} more errors were truncated`);
  return lines.join('\n');
}

/** Thrown by parsing and checking; the message has one line of text and a caret for each issue. */
export class CompileError extends Error {
  override name = 'CompileError';
  constructor(
    text: string,
    readonly issues: readonly Issue[],
  ) {
    super(displayIssues(text, issues));
  }
}
