// Texts in error messages as Go's %q prints them (strconv.Quote).

/** The characters that Go writes with a letter, and the quotes. */
export const GO_ESCAPES: Readonly<Record<string, string>> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '"': '\\"',
  '\\': '\\\\',
};

/** Quotes, backslashes, and characters that are not printable. */
const ESCAPED = /["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu;

function escape(character: string): string {
  const named = GO_ESCAPES[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  const hex = (digits: number): string => code.toString(16).padStart(digits, '0');
  if (code < 0x80) return `\\x${hex(2)}`;
  return code < 0x10000 ? `\\u${hex(4)}` : `\\U${hex(8)}`;
}

export const goQuote = (text: string): string => `"${text.replace(ESCAPED, escape)}"`;
