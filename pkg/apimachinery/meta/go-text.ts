// JSON values as texts that Go and encoding/json would make. All parts go to one list, so that the
// time is linear in the value however deep it is.

/** How a style writes lists, objects and scalars. */
interface Style {
  readonly list: readonly [open: string, between: string, close: string];
  readonly object: readonly [open: string, between: string, close: string];
  readonly key: (key: string) => string;
  readonly scalar: (value: unknown) => string;
}

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function write(value: unknown, style: Style, out: string[]): void {
  if (typeof value !== 'object' || value === null) {
    out.push(style.scalar(value));
    return;
  }
  const [open, between, close] = Array.isArray(value) ? style.list : style.object;
  out.push(open);
  if (Array.isArray(value))
    for (let i = 0; i < value.length; i++) {
      if (i > 0) out.push(between);
      write(value[i], style, out);
    }
  else {
    const keys = Object.keys(value).sort(byCodeUnit);
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i]!;
      out.push(i > 0 ? between : '', style.key(key));
      write((value as Record<string, unknown>)[key], style, out);
    }
  }
  out.push(close);
}

function textOf(value: unknown, style: Style): string {
  const out: string[] = [];
  write(value, style, out);
  return out.join('');
}

const quoted = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value);
const isAbsent = (value: unknown): boolean => value === null || value === undefined;

const PLAIN: Style = {
  list: ['[', ' ', ']'],
  object: ['map[', ' ', ']'],
  key: (key) => `${key}:`,
  scalar: (value) => (isAbsent(value) ? '<nil>' : String(value)),
};
const LITERAL: Style = {
  list: ['[]interface {}{', ', ', '}'],
  object: ['map[string]interface {}{', ', ', '}'],
  key: (key) => `${JSON.stringify(key)}:`,
  scalar: (value) => (isAbsent(value) ? 'interface {}(nil)' : quoted(value)),
};
const JSON_STYLE: Style = {
  list: ['[', ',', ']'],
  object: ['{', ',', '}'],
  key: (key) => `${JSON.stringify(key)}:`,
  scalar: (value) => (isAbsent(value) ? 'null' : quoted(value)),
};

/** Go's %v of a value. */
export const goText = (value: unknown): string => textOf(value, PLAIN);

/** Go's %T of a value of JSON. */
export function goTypeOf(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  return typeof value === 'bigint' || Number.isInteger(value) ? 'int64' : 'float64';
}

/** Go's %#v of a value. */
export const goLiteral = (value: unknown): string => textOf(value, LITERAL);

/** JSON with sorted members: equal values have equal texts. */
export const canonicalText = (value: unknown): string => textOf(value, JSON_STYLE);
