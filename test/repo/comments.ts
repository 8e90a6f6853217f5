// Separates the comments of a source file from its code, for the laws about words and exports.
import { read } from './tree.js';

export interface Comment {
  /** Counted from 1. */
  line: number;
  /**
   * Neighbouring `//` or `#` lines are one comment; lines are joined with '\n', without their
   * marks.
   */
  text: string;
}

export interface Source {
  /** The file without comments; strings stay. */
  code: string;
  comments: readonly Comment[];
}

const REGEX_MAY_FOLLOW = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|void))\s*$/;
const TOKEN = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`|[{}]|\//g;
const REGEX = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
const TEMPLATE = /(?:\\[\s\S]|[^`\\$]|\$(?!\{))*(?:`|\$\{)/y;

interface Span {
  from: number;
  to: number;
}

/** Spans of the comments of TypeScript, JavaScript or C. */
function spansOf(text: string, hasRegex: boolean): Span[] {
  const spans: Span[] = [];
  // Open braces; true where a template string goes on after the closing brace.
  const braces: boolean[] = [];
  const token = new RegExp(TOKEN);
  const skip = (pattern: RegExp, from: number): string => {
    pattern.lastIndex = from;
    const found = pattern.exec(text)?.[0] ?? '';
    token.lastIndex = from + Math.max(found.length, 1);
    return found;
  };
  const template = (from: number): void => {
    if (skip(TEMPLATE, from).endsWith('{')) braces.push(true);
  };
  for (let m = token.exec(text); m; m = token.exec(text)) {
    const [found] = m;
    if (found.startsWith('//') || found.startsWith('/*'))
      spans.push({ from: m.index, to: m.index + found.length });
    else if (found === '`') template(m.index + 1);
    else if (found === '{') braces.push(false);
    else if (found === '}') {
      if (braces.pop()) template(m.index + 1);
    } else if (found === '/' && hasRegex) {
      if (REGEX_MAY_FOLLOW.test(text.slice(Math.max(0, m.index - 20), m.index)))
        skip(REGEX, m.index);
    }
  }
  return spans;
}

/** Spans of whole-line comments of shell scripts and YAML. */
function hashSpans(text: string): Span[] {
  return [...text.matchAll(/^[ \t]*#.*$/gm)].map((m) => ({
    from: m.index,
    to: m.index + m[0].length,
  }));
}

const withoutMarks = (text: string): string =>
  text
    .replace(/^\s*\/\*\*?|\*\/$/g, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(?:\/\/|\*|#)?!? ?/, '').trimEnd())
    .join('\n')
    .trim();

function commentsOf(text: string, spans: readonly Span[]): Comment[] {
  const comments: (Comment & { to: number; joins: boolean })[] = [];
  for (const { from, to } of spans) {
    const raw = text.slice(from, to);
    const startOfLine = text.slice(text.lastIndexOf('\n', from - 1) + 1, from).trim() === '';
    const last = comments.at(-1);
    const joins = startOfLine && !raw.startsWith('/*');
    if (last?.joins && joins && /^[ \t]*\n[ \t]*$/.test(text.slice(last.to, from))) {
      last.text += `\n${withoutMarks(raw)}`;
      last.to = to;
    } else {
      const line = text.slice(0, from).split('\n').length;
      comments.push({ line, text: withoutMarks(raw), to, joins });
    }
  }
  return comments.map(({ line, text: words }) => ({ line, text: words }));
}

/**
 * Reads a file of the checkout: TypeScript, JavaScript, C; or a shell script or YAML, whose
 * comments start with '#'.
 */
export function sourceOf(file: string): Source {
  const text = read(file);
  const isCode = /\.(tsx?|[cm]?js|c|h|proto)$/.test(file);
  const spans = isCode ? spansOf(text, !/\.(c|h|proto)$/.test(file)) : hashSpans(text);
  let code = '';
  let at = 0;
  for (const { from, to } of spans) {
    code += text.slice(at, from);
    at = to;
  }
  return { code: code + text.slice(at), comments: commentsOf(text, spans) };
}
