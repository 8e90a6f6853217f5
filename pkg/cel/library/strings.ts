// The extended strings library, version 2 (cel-go ext/strings.go). Positions count code points.
import { GO_ESCAPES } from '../../apimachinery/errors/go-quote.js';
import { declare } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import { MAX_TEXT_SIZE } from '../limits.js';
import { EvalError, listItems, type Value } from '../values/value.js';
import { formatString } from './format.js';

type Int = number | bigint;

const SURROGATES = /[\ud800-\udfff]/;
/** The characters of a text; the text itself serves when each has one unit. */
const charactersOf = (text: string): string | string[] =>
  SURROGATES.test(text) ? Array.from(text) : text;
const joined = (characters: string | string[]): string =>
  typeof characters === 'string' ? characters : characters.join('');

const TOO_LONG = new EvalError('text is too long');
const outOfRange = (index: Int): EvalError => new EvalError(`index out of range: ${index}`);

function charAt(text: string, index: Int): Value {
  const characters = charactersOf(text);
  const at = Number(index);
  if (at < 0 || at > characters.length) return outOfRange(index);
  return characters[at] ?? '';
}

/** The unit at which a character begins. */
const unitOf = (characters: string | string[], at: number): number =>
  typeof characters === 'string' ? at : joined(characters.slice(0, at)).length;
const characterOf = (text: string, characters: string | string[], unit: number): number =>
  typeof characters === 'string' || unit < 0 ? unit : Array.from(text.slice(0, unit)).length;

function indexOf(text: string, part: string, from?: Int): Value {
  if (part === '') return from ?? 0;
  const characters = charactersOf(text);
  const at = Number(from ?? 0);
  if (at < 0) return outOfRange(at);
  if (at >= characters.length) return -1;
  return characterOf(text, characters, text.indexOf(part, unitOf(characters, at)));
}

function lastIndexOf(text: string, part: string, from?: Int): Value {
  const characters = charactersOf(text);
  if (part === '') return from ?? characters.length;
  const at = Number(from ?? characters.length - 1);
  if (at < 0) return outOfRange(at);
  if (at >= characters.length) return -1;
  return characterOf(text, characters, text.lastIndexOf(part, unitOf(characters, at)));
}

function substring(text: string, start: Int, end?: Int): Value {
  const characters = charactersOf(text);
  const last = end ?? characters.length;
  if (end !== undefined && start > end)
    return new EvalError(`invalid substring range. start: ${start}, end: ${end}`);
  if (start < 0 || start > characters.length) return outOfRange(start);
  if (last < 0 || last > characters.length) return outOfRange(last);
  return joined(characters.slice(Number(start), Number(last)));
}

/** The first `limit` occurrences; all of them when it is negative. */
function replace(text: string, part: string, by: string, limit: Int = -1): Value {
  const most = part === '' ? text.length + 1 : Math.ceil(text.length / part.length);
  if (by.length > part.length && text.length + most * by.length > MAX_TEXT_SIZE) return TOO_LONG;
  if (limit < 0) {
    if (part !== '') return text.replaceAll(part, () => by);
    limit = Infinity;
  }
  let out = '';
  let at = 0;
  for (let count = 0; count < limit; count++) {
    const found = text.indexOf(part, at);
    if (found < 0) break;
    if (part !== '') {
      out += text.slice(at, found) + by;
      at = found + part.length;
      continue;
    }
    const character = at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : undefined;
    out += by + (character ?? '');
    if (character === undefined) return out;
    at += character.length;
  }
  return out + text.slice(at);
}

function split(text: string, by: string, limit: Int = -1): Value {
  const parts = by === '' ? Array.from(text) : text.split(by);
  if (limit === 0) return [];
  const count = Number(limit);
  if (count < 0 || parts.length <= count) return parts;
  return [...parts.slice(0, count - 1), parts.slice(count - 1).join(by)];
}

function join(list: Value, by = ''): Value {
  const items = listItems(list);
  if (!items.every((item) => typeof item === 'string')) return new EvalError('no such overload');
  const size = items.reduce((sum, item) => sum + item.length, by.length * items.length);
  return size > MAX_TEXT_SIZE ? TOO_LONG : items.join(by);
}

const SPACE =
  '[\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`);
const isSpace = new RegExp(SPACE);

function trim(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace.test(text[end - 1]!)) end--;
  return text.slice(0, end).replace(LEADING, '');
}

const quote = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- these characters are what is escaped
  `"${text.replace(/[\u0007\b\f\n\r\t\v\\"]/g, (c) => GO_ESCAPES[c]!)}"`;

const lowerAscii = (text: string): string => text.replace(/[A-Z]+/g, (c) => c.toLowerCase());
const upperAscii = (text: string): string => text.replace(/[a-z]+/g, (c) => c.toUpperCase());

export const STRINGS: Library = {
  functions: declare([
    ['string_char_at_int', 'string.charAt(int) string', charAt],
    ['string_format', 'string.format(list(dyn)) string', formatString],
    ['string_index_of_string', 'string.indexOf(string) int', indexOf],
    ['string_index_of_string_int', 'string.indexOf(string, int) int', indexOf],
    ['list_join', 'list(string).join() string', join],
    ['list_join_string', 'list(string).join(string) string', join],
    ['string_last_index_of_string', 'string.lastIndexOf(string) int', lastIndexOf],
    ['string_last_index_of_string_int', 'string.lastIndexOf(string, int) int', lastIndexOf],
    ['string_lower_ascii', 'string.lowerAscii() string', lowerAscii],
    ['strings_quote', '~strings.quote(string) string', quote],
    ['string_replace_string_string', 'string.replace(string, string) string', replace],
    ['string_replace_string_string_int', 'string.replace(string, string, int) string', replace],
    ['string_split_string', 'string.split(string) list(string)', split],
    ['string_split_string_int', 'string.split(string, int) list(string)', split],
    ['string_substring_int', 'string.substring(int) string', substring],
    ['string_substring_int_int', 'string.substring(int, int) string', substring],
    ['string_trim', 'string.trim() string', trim],
    ['string_upper_ascii', 'string.upperAscii() string', upperAscii],
  ]),
};
