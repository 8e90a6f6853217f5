// The part of DER (ITU-T X.690) that certificates need: encoding values and walking encoded ones.
// node:crypto's X509Certificate reads whole certificates.

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Encodes tag, length and the concatenated parts. */
export function encode(tag: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 0x80) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length, ...length]), body]);
}

export const sequence = (...parts: Uint8Array[]): Buffer => encode(TAG.sequence, ...parts);

/** Context-specific constructed tag: `[number] { parts }`. */
export const context = (number: number, ...parts: Uint8Array[]): Buffer =>
  encode(0xa0 | number, ...parts);

/** A positive integer from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start++;
  const trimmed = bytes.subarray(start);
  const sign = (trimmed[0] ?? 0) >= 0x80 ? [Buffer.from([0])] : [];
  return encode(TAG.integer, ...sign, trimmed);
}

/** Encodes '2.5.4.3' as OBJECT IDENTIFIER. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const groups = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128))
      groups.unshift((left & 0x7f) | 0x80);
    bytes.push(...groups);
  }
  return encode(TAG.oid, Buffer.from(bytes));
}

export const utf8 = (text: string): Buffer => encode(TAG.utf8String, Buffer.from(text, 'utf8'));
export const bitString = (bytes: Uint8Array, unusedBits = 0): Buffer =>
  encode(TAG.bitString, Buffer.from([unusedBits]), bytes);
export const octetString = (bytes: Uint8Array): Buffer => encode(TAG.octetString, bytes);
export const nullValue = (): Buffer => encode(TAG.null);
export const boolean = (value: boolean): Buffer =>
  encode(TAG.boolean, Buffer.from([value ? 0xff : 0]));

/** UTCTime before 2050, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
export function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  return Number(digits.slice(0, 4)) < 2050
    ? encode(TAG.utcTime, Buffer.from(`${digits.slice(2)}Z`))
    : encode(TAG.generalizedTime, Buffer.from(`${digits}Z`));
}

export interface Element {
  tag: number;
  /** The value without tag and length. */
  body: Buffer;
  /** The whole element. */
  raw: Buffer;
}

/** The consecutive elements in `bytes`; throws RangeError on an invalid length. */
export function children(bytes: Buffer): Element[] {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at]!;
    let length = bytes[at + 1] ?? 0;
    let header = 2;
    if (length & 0x80) {
      const count = length & 0x7f;
      if (count < 1 || count > 4) throw new RangeError('unsupported DER length');
      length = bytes.readUIntBE(at + 2, count);
      header += count;
    }
    const end = at + header + length;
    if (end > bytes.length) throw new RangeError('DER element runs past its end');
    elements.push({ tag, body: bytes.subarray(at + header, end), raw: bytes.subarray(at, end) });
    at = end;
  }
  return elements;
}

export function pem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The bytes of the first PEM block with this label; throws when there is none. */
export function fromPem(label: string, text: string): Buffer {
  const match = new RegExp(
    `-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`,
  ).exec(text);
  if (!match) throw new Error(`no ${label} in PEM text`);
  return Buffer.from(match[1]!.replace(/\s/g, ''), 'base64');
}
