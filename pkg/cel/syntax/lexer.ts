// Tokens of CEL (cel-go parser/gen/CEL.g4). Text that starts no token is reported as ANTLR reports
// it, and the lexer goes on behind it.
import type { Issue } from './source.js';

type Literal = 'NUM_INT' | 'NUM_UINT' | 'NUM_FLOAT' | 'STRING' | 'BYTES';
type Name = 'IDENTIFIER' | 'ESC_IDENTIFIER';
export type TokenKind = 'EOF' | Name | Literal | 'WORD' | 'PUNCTUATION';

export interface Token {
  readonly kind: TokenKind;
  /** As written; for words and punctuation it identifies the token. */
  readonly text: string;
  readonly offset: number;
}

/** Literals of the grammar that look like identifiers. */
const WORDS: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in']);
const BLANK = /(?:[\t\n\f\r ]|\/\/[^\n]*)+/y;
const IDENTIFIER = /[A-Za-z_][A-Za-z0-9_]*/y;
const ESCAPED = /`[A-Za-z0-9_.\-/ ]+`/y;
const NUMBER =
  /(?<float>[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?)|(?<uint>(?:0x[0-9a-fA-F]+|[0-9]+)[uU])|(?<int>0x[0-9a-fA-F]+|[0-9]+)/y;
const PUNCTUATION = /==|!=|<=|>=|&&|\|\||[<>[\]{}().,\-!?:+*/%]/y;
const STRING_START = /[bB]?[rR]?(?:"""|'''|"|')/y;
const ESCAPE =
  /\\(?:[abfnrtv"'\\?`]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7][0-7])/y;

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/**
 * Where the string that begins with `open` ends; `failedAt` is the first character that does not
 * fit.
 */
function scanString(
  text: string,
  from: number,
  open: string,
): { end: number } | { failedAt: number } {
  const quote = open.replace(/^[bBrR]*/, '');
  const isRaw = /[rR]/.test(open);
  const isLong = quote.length === 3;
  let at = from + open.length;
  while (at < text.length) {
    if (text.startsWith(quote, at)) return { end: at + quote.length };
    const c = text[at]!;
    if (!isLong && (c === '\n' || c === '\r')) return { failedAt: at };
    if (c === '\\' && !isRaw) {
      const escape = match(ESCAPE, text, at);
      if (!escape) return { failedAt: failureOfEscape(text, at) };
      at += escape[0].length;
    } else at++;
  }
  return { failedAt: text.length };
}

/** The first character that cannot go on with the escape sequence at `at`. */
function failureOfEscape(text: string, at: number): number {
  const kind = text[at + 1] ?? '';
  const [digits, pattern] = /[xX]/.test(kind)
    ? [2, /[0-9a-fA-F]/]
    : kind === 'u'
      ? [4, /[0-9a-fA-F]/]
      : kind === 'U'
        ? [8, /[0-9a-fA-F]/]
        : /[0-3]/.test(kind)
          ? [2, /[0-7]/]
          : [0, /./];
  for (let i = 0; i < digits; i++) if (!pattern.test(text[at + 2 + i] ?? '')) return at + 2 + i;
  return at + 1;
}

function failedToken(text: string, at: number): number {
  if (text[at] === '`') {
    let end = at + 1;
    while (/[A-Za-z0-9_.\-/ ]/.test(text[end] ?? '')) end++;
    return end;
  }
  return '|&='.includes(text[at]!) ? at + 1 : at;
}

/** The character at `at`, whole even outside of the basic plane. */
const characterAt = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '';

/** All tokens, with EOF at the end; text that is none goes to `issues`. Takes linear time. */
export function tokenize(text: string, issues: Issue[]): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (kind: TokenKind, length: number): void => {
    tokens.push({ kind, text: text.slice(at, at + length), offset: at });
    at += length;
  };
  const refuse = (failedAt: number): void => {
    const end = failedAt + characterAt(text, failedAt).length;
    const shown = text.slice(at, end).replaceAll('\n', '\\n').replaceAll('\t', '\\t');
    issues.push({
      offset: at,
      message: `Syntax error: token recognition error at: '${shown.replaceAll('\r', '\\r')}'`,
    });
    at = end;
  };
  while (at < text.length) {
    const blank = match(BLANK, text, at);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const string = match(STRING_START, text, at);
    if (string) {
      const scanned = scanString(text, at, string[0]);
      if ('failedAt' in scanned) refuse(scanned.failedAt);
      else take(/^[bB]/.test(string[0]) ? 'BYTES' : 'STRING', scanned.end - at);
      continue;
    }
    const word = match(IDENTIFIER, text, at);
    if (word) {
      take(WORDS.has(word[0]) ? 'WORD' : 'IDENTIFIER', word[0].length);
      continue;
    }
    const number = match(NUMBER, text, at);
    if (number) {
      const { float, uint } = number.groups!;
      take(float ? 'NUM_FLOAT' : uint ? 'NUM_UINT' : 'NUM_INT', number[0].length);
      continue;
    }
    const sign = match(PUNCTUATION, text, at);
    const escaped = sign ? null : match(ESCAPED, text, at);
    if (sign) take('PUNCTUATION', sign[0].length);
    else if (escaped) take('ESC_IDENTIFIER', escaped[0].length);
    else refuse(failedToken(text, at));
  }
  tokens.push({ kind: 'EOF', text: '<EOF>', offset: text.length });
  return tokens;
}
