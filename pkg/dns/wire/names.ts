// Names on the wire (RFC 1035 3.1, 4.1.4) and as text (RFC 1035 5.1): dots separate labels; a dot
// or a backslash inside a label has a backslash before it, and bytes outside printable ASCII are
// \DDD.

const MAX_NAME_BYTES = 255;
const MAX_LABEL_BYTES = 63;
/** Compression pointers followed in one name; a name has fewer labels than this. */
const MAX_POINTERS = 127;
const POINTER = 0xc0;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

export class WireError extends Error {
  override name = 'WireError';
}

function labelText(bytes: Buffer, start: number, end: number): string {
  let plain = true;
  for (let at = start; at < end && plain; at++) {
    const byte = bytes[at]!;
    plain = byte > 0x20 && byte < 0x7f && byte !== DOT && byte !== BACKSLASH;
  }
  const text = bytes.toString('latin1', start, end);
  if (plain) return text;
  return text.replace(/[^!-~]|[.\\]/g, (char) =>
    char === '.' || char === '\\'
      ? `\\${char}`
      : `\\${String(char.charCodeAt(0)).padStart(3, '0')}`,
  );
}

/**
 * Reads a name: its text without the final dot, in the letter case of the message, and the offset
 * behind it. Throws WireError for bytes that are no name.
 */
export function readName(
  bytes: Buffer,
  offset: number,
  pointers: 'allowed' | 'refused' = 'allowed',
): { text: string; end: number } {
  let text = '';
  let end = -1;
  let jumps = pointers === 'allowed' ? 0 : MAX_POINTERS;
  let length = 1;
  for (let at = offset; ;) {
    const size = bytes[at];
    if (size === undefined) throw new WireError('name beyond the end of the message');
    if (size === 0) return { text, end: end < 0 ? at + 1 : end };
    if ((size & POINTER) === POINTER) {
      if (end < 0) end = at + 2;
      const target = ((size & ~POINTER) << 8) | (bytes[at + 1] ?? 0);
      if (++jumps > MAX_POINTERS || target >= at) throw new WireError('bad compression pointer');
      at = target;
      continue;
    }
    length += size + 1;
    if (size > MAX_LABEL_BYTES || length > MAX_NAME_BYTES || at + size >= bytes.length)
      throw new WireError('bad label');
    const label = labelText(bytes, at + 1, at + 1 + size);
    text = text === '' ? label : `${text}.${label}`;
    at += size + 1;
  }
}

/** The offset behind a name, which may end in a compression pointer. Throws WireError. */
export function skipName(bytes: Buffer, offset: number): number {
  for (let at = offset; ;) {
    const size = bytes[at];
    if (size === undefined) throw new WireError('name beyond the end of the message');
    if (size === 0) return at + 1;
    if ((size & POINTER) === POINTER) return at + 2;
    if (size > MAX_LABEL_BYTES) throw new WireError('bad label');
    at += size + 1;
  }
}

/** Whether a record may have the name: an address, or labels that fit into a message. */
export function isName(text: string): boolean {
  try {
    labelsOf(text);
    return true;
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** The labels of a name in text form. Throws WireError for a text that is no name. */
export function labelsOf(text: string): Buffer[] {
  const name = text.endsWith('.') && !text.endsWith('\\.') ? text.slice(0, -1) : text;
  if (name === '') return [];
  const parts = name.includes('\\')
    ? (name.match(/(?:\\\d{3}|\\.|[^.\\])+|(?<=\.)(?=\.)/g) ?? [])
    : name.split('.');
  const labels = parts.map((part) =>
    part.includes('\\')
      ? Buffer.from(
          part.replace(/\\(\d{3})|\\(.)/g, (_, code: string | undefined, char: string) =>
            code === undefined ? char : String.fromCharCode(Number(code) & 0xff),
          ),
          'latin1',
        )
      : Buffer.from(part),
  );
  let length = 1;
  for (const label of labels) {
    length += label.length + 1;
    if (!label.length || label.length > MAX_LABEL_BYTES || length > MAX_NAME_BYTES)
      throw new WireError(`not a domain name: ${text.slice(0, MAX_NAME_BYTES)}`);
  }
  return labels;
}
