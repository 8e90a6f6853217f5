// Objects as bytes. The stored form is JSON that begins with kind, apiVersion and metadata and has
// no resourceVersion; the served form has the revision spliced in behind `"metadata":{`. So reads
// parse nothing, and the metadata of an object can be cut out of its bytes.
import { parseTrustedJson, stringifyJson } from '../../apimachinery/codec/json.js';
import { decodeProtobuf, isProtobuf } from '../../apimachinery/codec/protobuf.js';
import { decodeObject } from '../../apimachinery/codec/strict.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import { schemaNameOf } from '../../apimachinery/schema/kinds.js';
import { MESSAGES } from '../../apis/facts/messages.js';

const METADATA = Buffer.from('"metadata":{');
const LABELS = Buffer.from('"labels"');
const VERSION_FIELD = '"resourceVersion":"';

export interface ServedBytes {
  readonly bytes: Buffer;
  /** Offset of the revision's first digit. */
  readonly revisionAt: number;
}

/** The stored form. Does not change `object`. */
export function encodeStored(object: ApiObject): Buffer {
  const { kind, apiVersion, metadata, ...rest } = object as ApiObject & Record<string, unknown>;
  const { resourceVersion: _revision, selfLink: _link, ...meta } = metadata;
  return Buffer.from(stringifyJson({ kind, apiVersion, metadata: meta, ...rest }));
}

/** Whether the bytes have the stored order, in which the first "metadata" is the object's own. */
const isOurs = (stored: Buffer): boolean =>
  stored[2] === 0x6b /* k */ && stored.subarray(0, 8).toString('latin1') === '{"kind":';

/** The object in bytes that another program wrote: JSON in any order, or upstream's protobuf. */
function foreignObject(stored: Buffer): ApiObject {
  if (!isProtobuf(stored)) return parseTrustedJson(stored) as ApiObject;
  const { object, apiVersion, kind } = decodeProtobuf(stored, MESSAGES);
  const schema = schemaNameOf(MESSAGES, apiVersion, kind)!;
  return decodeObject<ApiObject>(object, schema, MESSAGES, 'Ignore').object;
}

/**
 * The served form. Bytes that another program wrote are reordered first. Throws for a value that is
 * no object.
 */
export function spliceRevision(stored: Buffer, revision: number): ServedBytes {
  let source = stored;
  if (!isOurs(stored)) {
    const object = foreignObject(stored);
    if (!isJsonObject(object) || !isJsonObject(object.metadata))
      throw new Error('the value is no JSON object with metadata');
    source = encodeStored(object);
  }
  const found = source.indexOf(METADATA);
  if (found < 0 || source[source.length - 1] !== 0x7d)
    throw new Error('the value is no JSON object with metadata');
  const at = found + METADATA.length;
  const text = `${VERSION_FIELD}${revision}"${source[at] === 0x7d ? '' : ','}`;
  // Not from Node's pool: a kept buffer would hold the pool's 8 KB, twice the memory at 100,000
  // small objects.
  const bytes = Buffer.allocUnsafeSlow(source.length + text.length);
  source.copy(bytes, 0, 0, at);
  bytes.write(text, at, 'latin1');
  source.copy(bytes, at + text.length, at);
  return { bytes, revisionAt: at + VERSION_FIELD.length };
}

/**
 * The same object at another revision: the last state of a deleted object carries its deletion's.
 */
export function replaceRevision(served: ServedBytes, revision: number): Buffer {
  const end = served.bytes.indexOf(0x22, served.revisionAt);
  return Buffer.concat([
    served.bytes.subarray(0, served.revisionAt),
    Buffer.from(String(revision)),
    served.bytes.subarray(end),
  ]);
}

/** The stored form of served bytes. */
export function withoutRevision(served: ServedBytes): Buffer {
  const start = served.revisionAt - VERSION_FIELD.length;
  let end = served.bytes.indexOf(0x22, served.revisionAt) + 1;
  if (served.bytes[end] === 0x2c) end++;
  return Buffer.concat([served.bytes.subarray(0, start), served.bytes.subarray(end)]);
}

/** The range of the object's metadata in its bytes, braces included. */
export function metadataRange(bytes: Buffer): { start: number; end: number } | undefined {
  const found = bytes.indexOf(METADATA);
  if (found < 0) return undefined;
  const start = found + METADATA.length - 1;
  const end = walk(bytes, start);
  return end === undefined ? undefined : { start, end: end + 1 };
}

/** The object's labels. Most bytes of an object are its spec and status, which are not read. */
export function labelsOf(bytes: Buffer): Record<string, string> | undefined {
  const start = bytes.indexOf(METADATA) + METADATA.length - 1;
  const isLabels = (at: number): boolean =>
    LABELS.compare(bytes, at, at + LABELS.length) === 0 &&
    bytes[pastSpace(bytes, at + LABELS.length)] === 0x3a;
  const key = walk(bytes, start, isLabels);
  if (key === undefined || bytes[key] !== 0x22) return undefined;
  const value = pastSpace(bytes, pastSpace(bytes, key + LABELS.length) + 1);
  if (bytes[value] !== 0x7b) return undefined; // null
  return parseTrustedJson(bytes.subarray(value, walk(bytes, value)! + 1)) as Record<string, string>;
}

/** Position of the next byte from `at` on that is no white space of JSON. */
function pastSpace(bytes: Buffer, at: number): number {
  while (bytes[at]! <= 0x20) at++;
  return at;
}

/**
 * Position of the brace that closes the object at `start`, or of the first string of this object,
 * not of an object within, for which `isWanted` is true.
 */
function walk(
  bytes: Buffer,
  start: number,
  isWanted?: (at: number) => boolean,
): number | undefined {
  let depth = 0;
  for (let at = start; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x22) {
      if (depth === 1 && isWanted?.(at)) return at;
      at = endOfString(bytes, at);
    } else if (byte === 0x7b) depth++;
    else if (byte === 0x7d && --depth === 0) return at;
  }
  return undefined;
}

/** Position of the quote that ends the string beginning at `at`. */
function endOfString(bytes: Buffer, at: number): number {
  for (
    let quote = bytes.indexOf(0x22, at + 1);
    quote >= 0;
    quote = bytes.indexOf(0x22, quote + 1)
  ) {
    let slashes = 0;
    while (bytes[quote - 1 - slashes] === 0x5c) slashes++;
    if (slashes % 2 === 0) return quote;
  }
  return bytes.length;
}
