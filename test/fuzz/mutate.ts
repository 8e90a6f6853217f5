// Mutations of the three shapes of input: bytes, text made of tokens, and JSON values.
import type { Choice } from './random.js';

export type Json = ReturnType<typeof JSON.parse>;

const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0xfe, 0x40, 0xc0, 0x20, 0x0a];
const LONG = 3_000;

/** Changes a few places: bits, edges of numbers, pieces cut, doubled, moved, or of `other`. */
export function mutateBytes(choice: Choice, input: Buffer, other?: Buffer): Buffer {
  let bytes = Buffer.from(input);
  for (let left = choice.between(1, 4); left > 0; left--) {
    const at = choice.below(bytes.length + 1);
    const size = choice.chance(0.9) ? choice.between(1, 8) : choice.between(1, 200);
    switch (choice.below(9)) {
      case 0:
        if (at < bytes.length) bytes[at] = bytes[at]! ^ (1 << choice.below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = choice.pick(EDGES);
        break;
      case 2:
        if (at < bytes.length) bytes[at] = choice.below(256);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]);
        break;
      case 4: {
        const piece = bytes.subarray(at, at + size);
        const many = choice.chance(0.02) ? Math.ceil(LONG / (piece.length || 1)) : 1;
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          ...Array(many + 1).fill(piece),
          bytes.subarray(at + size),
        ] as Buffer[]);
        break;
      }
      case 5:
        if (choice.chance(0.3)) bytes = bytes.subarray(0, at);
        break;
      case 6: {
        const width = choice.pick([2, 4]);
        if (at + width <= bytes.length)
          bytes.writeUIntBE(
            choice.pick([0, 1, 2 ** (8 * width - 1), 2 ** (8 * width) - 1, choice.below(1000)]),
            at,
            width,
          );
        break;
      }
      case 7: {
        const from = other ?? bytes;
        const start = choice.below(from.length + 1);
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          from.subarray(start, start + size),
          bytes.subarray(at),
        ]);
        break;
      }
      default:
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(choice.times(size, () => choice.below(256))),
          bytes.subarray(at),
        ]);
    }
  }
  return bytes;
}

/** Joins, cuts, doubles and replaces pieces of text; `tokens` are the language's words. */
export function mutateText(
  choice: Choice,
  text: string,
  tokens: readonly string[],
  other = text,
): string {
  for (let left = choice.between(1, 4); left > 0; left--) {
    const at = choice.below(text.length + 1);
    const size = choice.between(1, choice.chance(0.9) ? 6 : 40);
    switch (choice.below(7)) {
      case 0:
        text = text.slice(0, at) + choice.pick(tokens) + text.slice(at);
        break;
      case 1:
        text = text.slice(0, at) + choice.pick(tokens) + text.slice(at + size);
        break;
      case 2:
        text = text.slice(0, at) + text.slice(at + size);
        break;
      case 3: {
        const piece = text.slice(at, at + size);
        text =
          text.slice(0, at) +
          piece.repeat(choice.chance(0.02) ? Math.ceil(LONG / (piece.length || 1)) : 2) +
          text.slice(at + size);
        break;
      }
      case 4: {
        const start = choice.below(other.length + 1);
        text = text.slice(0, at) + other.slice(start, start + size) + text.slice(at);
        break;
      }
      case 5:
        text =
          text.slice(0, at) +
          String.fromCodePoint(
            choice.pick([
              0,
              9,
              10,
              32,
              0x7f,
              0xa0,
              0x2028,
              0xfeff,
              0x1f600,
              0x660,
              choice.below(0xd000),
            ]),
          ) +
          text.slice(at);
        break;
      default:
        text = text.slice(0, at) + String(choice.pick(NUMBERS)) + text.slice(at + size);
    }
  }
  return text;
}

const NUMBERS = [
  0,
  -1,
  1,
  2,
  255,
  65536,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 53,
  '9223372036854775807',
  '9223372036854775808',
  '-9223372036854775809',
  '1e308',
  '1e400',
  '0.1',
  '-0',
];

const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1,
  2 ** 31,
  9_007_199_254_740_991,
  -9_007_199_254_740_991,
  1e308,
  1.5,
  '',
  'x',
  'a.b/c',
  '\u0000',
  '\ud800',
  '99999999999999999999',
  '1Ki',
  '100m',
  '2025-01-01T00:00:00Z',
  '1.2.3.4',
  '::1',
  '10s',
  [],
  {},
  [null],
  [[]],
  [{}],
  { a: null },
  { '': '' },
  { $patch: 'delete' },
  { $patch: 'replace' },
  { name: 'x' },
];
const KEYS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'length',
  '$patch',
  '$retainKeys',
  '$setElementOrder/containers',
  '$setElementOrder/ports',
  '$deleteFromPrimitiveList/finalizers',
  'metadata',
  'spec',
  'status',
  'kind',
  'apiVersion',
  'name',
  'a/b',
  'a.b',
];

interface Place {
  holder: Json;
  key: string | number;
}

function placesOf(value: Json, into: Place[]): void {
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    into.push({ holder: value, key });
    placesOf(value[key], into);
  }
}

/** Changes `times` places in the value, which is changed, and gives it back. */
export function mutateJson(
  choice: Choice,
  value: Json,
  donor: Json = value,
  times = choice.between(1, 4),
): Json {
  for (; times > 0; times--) {
    const places: Place[] = [];
    placesOf(value, places);
    if (!places.length) return choice.chance(0.5) ? structuredClone(choice.pick(VALUES)) : value;
    const { holder, key } = choice.pick(places);
    const put = (name: string | number, one: Json): void => {
      if (Array.isArray(holder)) holder.splice(Number(name), choice.below(2), one);
      else
        Object.defineProperty(holder, name, {
          value: one,
          enumerable: true,
          configurable: true,
          writable: true,
        });
    };
    switch (choice.below(8)) {
      case 0:
        if (Array.isArray(holder)) holder.splice(Number(key), 1);
        else delete holder[key];
        break;
      case 1:
      case 2:
        put(key, structuredClone(choice.pick(VALUES)));
        break;
      case 3:
        put(Array.isArray(holder) ? key : choice.pick(KEYS), structuredClone(choice.pick(VALUES)));
        break;
      case 4: {
        const from: Place[] = [];
        placesOf(donor, from);
        const chosen = from.length ? choice.pick(from) : undefined;
        if (chosen)
          put(
            choice.chance(0.5) || Array.isArray(holder) ? key : chosen.key,
            structuredClone(chosen.holder[chosen.key]),
          );
        break;
      }
      case 5: {
        const one = holder[key];
        if (typeof one === 'string') put(key, mutateText(choice, one, KEYS));
        else if (typeof one === 'number')
          put(key, choice.chance(0.5) ? one + choice.pick([-1, 1, 0.5]) : -one);
        else if (Array.isArray(one) && one.length) one.push(structuredClone(choice.pick(one)));
        break;
      }
      case 6:
        if (choice.chance(0.1)) {
          let deep: Json = choice.pick(VALUES);
          for (let left = choice.between(1, 40); left > 0; left--)
            deep = choice.chance(0.5) ? [deep] : { [choice.pick(KEYS)]: deep };
          put(key, structuredClone(deep));
        } else if (Array.isArray(holder)) holder.reverse();
        break;
      default:
        put(key, choice.chance(0.1) ? 'x'.repeat(LONG) : structuredClone(choice.pick(VALUES)));
    }
  }
  return value;
}
