// One mail address, with or without a name: `a@b.c`, `Name <a@b.c>`, `"a b"@c` (RFC 5322, as Go's
// net/mail.ParseAddress reads it: words of a name and of the part before @ may be quoted, comments
// may follow).

/** Parts of a phrase or address; each ends at another part, so matching is linear. */
const ATOM = /[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~\u0080-\u{10ffff}]+/uy;
const QUOTED = /"(?:[^"\\\r\n]|\\[^\r\n])*"/y;
const SPACE = /[ \t]*/y;
const LITERAL = /\[[!-Z^-~]*\]/y;

/** A position in a text. */
interface Reader {
  readonly text: string;
  at: number;
}

function take(reader: Reader, pattern: RegExp): boolean {
  pattern.lastIndex = reader.at;
  if (!pattern.test(reader.text)) return false;
  reader.at = pattern.lastIndex;
  return true;
}

function takeSign(reader: Reader, sign: string): boolean {
  if (reader.text[reader.at] !== sign) return false;
  reader.at++;
  return true;
}

/** Atoms with dots between them. */
function takeDotAtom(reader: Reader): boolean {
  if (!take(reader, ATOM)) return false;
  while (takeSign(reader, '.')) if (!take(reader, ATOM)) return false;
  return true;
}

function takeSpec(reader: Reader): boolean {
  const { at, text } = reader;
  const local = text[at] === '"' ? take(reader, QUOTED) && reader.at > at + 2 : takeDotAtom(reader);
  if (!local || !takeSign(reader, '@')) return false;
  return text[reader.at] === '[' ? take(reader, LITERAL) : takeDotAtom(reader);
}

/** Words before an address in angle brackets; dots in them are allowed. */
function takePhrase(reader: Reader): void {
  for (;;) {
    take(reader, SPACE);
    if (!take(reader, QUOTED) && !take(reader, ATOM) && !takeSign(reader, '.')) return;
  }
}

/** Spaces and comments, which may be nested. */
function takeComments(reader: Reader): boolean {
  take(reader, SPACE);
  let depth = 0;
  for (; reader.at < reader.text.length; reader.at++) {
    const sign = reader.text[reader.at];
    if (sign === '(') depth++;
    else if (sign === ')') depth--;
    else if (sign === '\\' && depth > 0) reader.at++;
    else if (depth === 0 && sign !== ' ' && sign !== '\t') return false;
    if (depth < 0) return false;
  }
  return depth === 0;
}

export function isMailAddress(text: string): boolean {
  const bare: Reader = { text, at: 0 };
  take(bare, SPACE);
  if (takeSpec(bare) && takeComments(bare)) return true;
  const named: Reader = { text, at: 0 };
  takePhrase(named);
  if (!takeSign(named, '<')) return false;
  take(named, SPACE);
  if (!takeSpec(named)) return false;
  take(named, SPACE);
  return takeSign(named, '>') && takeComments(named);
}
