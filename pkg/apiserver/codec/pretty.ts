// Indented JSON for people: on ?pretty, or by the user agent, as upstream decides
// (apiserver/pkg/endpoints/handlers/negotiation isPrettyPrint). Numbers and strings keep their
// spelling.

const TRUE = /^(1|t|T|true|True|TRUE)$/;
const PEOPLE = /^(curl|Wget|Mozilla\/5\.0)/;
const SPACE = 0x20;
const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** `url` includes the query, which has precedence over the user agent. */
export function wantsPretty(url: string, userAgent: string | undefined): boolean {
  if (url.includes('pretty')) {
    const asked = new URLSearchParams(url.slice(url.indexOf('?') + 1)).get('pretty');
    if (asked) return TRUE.test(asked);
  }
  return userAgent !== undefined && PEOPLE.test(userAgent);
}

/** Indents JSON without white space by two spaces a level; empty values stay `{}` and `[]`. */
export function indentJson(json: Buffer): Buffer {
  const parts: string[] = [];
  const text = json.toString('latin1'); // one UTF-16 unit a byte
  let from = 0;
  let depth = 0;
  const lineBreak = () => `\n${'  '.repeat(depth)}`;
  for (let at = 0; at < json.length; at++) {
    const byte = json[at]!;
    if (byte === QUOTE) at = endOfString(json, at);
    else if (byte === COMMA) {
      parts.push(text.slice(from, at + 1), lineBreak());
      from = at + 1;
    } else if (byte === COLON) {
      parts.push(text.slice(from, at + 1), ' ');
      from = at + 1;
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      const next = json[at + 1];
      if (next === CLOSE_OBJECT || next === CLOSE_LIST) {
        at++;
        continue;
      }
      depth++;
      parts.push(text.slice(from, at + 1), lineBreak());
      from = at + 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      depth--;
      parts.push(text.slice(from, at), lineBreak());
      from = at;
    } else if (byte <= SPACE) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return Buffer.from(parts.join(''), 'latin1');
}

/** Offset of the closing quote of the string that opens at `at`. */
function endOfString(json: Buffer, at: number): number {
  for (at++; at < json.length && json[at] !== QUOTE; at++) if (json[at] === BACKSLASH) at++;
  return at;
}
