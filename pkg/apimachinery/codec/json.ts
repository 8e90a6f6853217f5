// Parses and writes JSON, with features that JSON.parse lacks: integers beyond 2^53 stay exact (as
// bigint), duplicate keys are found, and syntax errors have Go's texts, because clients see them.
// The common case takes one JSON.parse and two scans; the exact parser runs only when needed.
import { jsonText } from '../../util/json/json-text.js';
import { MAX_JSON_DEPTH } from '../limits.js';
import { parseExactly } from './json-exact.js';

export interface ParsedJson {
  value: unknown;
  /** Paths of keys that occur twice in one object ('spec.replicas'), in document order. */
  duplicates: string[];
  /** The problem of a YAML document with duplicate keys: their lines. */
  yamlProblem?: string;
  /** Problems of the patch that made the value. */
  patchProblems?: readonly string[];
}

const decoder = new TextDecoder();
/** Digits that stand for a number, not inside a string such as a digest. */
const BIG_INTEGER = /(?:"\s*:|[[,]|^)\s*-?[0-9]{16}/;

/** Escapes of halves of surrogate pairs; a lone one is U+FFFD in Go. */
const SURROGATE = /\\u[dD][89a-fA-F]/;

/**
 * @throws Error with Go's message for text that is not JSON. Integers beyond 2^53 become bigint.
 */
export function parseJson(input: Uint8Array | string): ParsedJson {
  const text = typeof input === 'string' ? input : decoder.decode(input);
  if (BIG_INTEGER.test(text) || SURROGATE.test(text)) return parseExactly(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return parseExactly(text);
  }
  return countMembers(text) === countKeys(value) ? { value, duplicates: [] } : parseExactly(text);
}

/** parseJson without the search for duplicate keys, for text that this program wrote. */
export function parseTrustedJson(input: Uint8Array | string): unknown {
  const text = typeof input === 'string' ? input : decoder.decode(input);
  return BIG_INTEGER.test(text) ? parseExactly(text).value : JSON.parse(text);
}

/** The number of members in valid JSON text: strings before a colon. */
function countMembers(text: string): number {
  let members = 0;
  let at = text.indexOf('"');
  while (at >= 0) {
    let end = text.indexOf('"', at + 1);
    while (end > 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    if (end < 0) return -1;
    let after = end + 1;
    let c = text.charCodeAt(after);
    while (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) c = text.charCodeAt(++after);
    if (c === 0x3a) members++;
    at = text.indexOf('"', after);
  }
  return members;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
  return backslashes % 2 === 1;
}

function countKeys(value: unknown, depth = 1): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > MAX_JSON_DEPTH) throw new Error('exceeded max depth');
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === 'object') count += countKeys(item, depth + 1);
    return count;
  }
  const object = value as Record<string, unknown>;
  const keys = Object.keys(object);
  count = keys.length;
  for (const key of keys) {
    const member = object[key];
    if (typeof member === 'object') count += countKeys(member, depth + 1);
  }
  return count;
}

/** The name of a JSON value's type in the errors of Go's encoding/json. */
export function jsonTypeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** Characters that Go's encoding/json escapes, so that JSON may stand in HTML and JavaScript. */
const ESCAPED = /[<>&\u2028\u2029]/;
const EACH_ESCAPED = new RegExp(ESCAPED, 'g');

const escapeOf = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON with the escapes of encoding/json; the characters stand in strings only. */
export const escapeHtml = (json: string): string =>
  ESCAPED.test(json) ? json.replace(EACH_ESCAPED, escapeOf) : json;

/**
 * JSON as Go's encoding/json writes it: integers beyond 2^53 (bigint) are exact, and five
 * characters are escaped. Members that are undefined are omitted.
 */
export const stringifyJson = (value: unknown): string => escapeHtml(jsonText(value));
