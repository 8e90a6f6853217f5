// The difference of two Go values as text, as go-cmp's Diff prints it (report_compare.go,
// report_reflect.go, report_slices.go). Upstream's API server shows such a text where an update
// changes what may not change. Strings are never taken apart here.
import { compareSides, type Side, type ValueNode } from './compare.js';
import { editScript } from './edit-script.js';
import {
  type GoMap,
  type GoType,
  type GoValue,
  isZero,
  scalarText,
  sortedKeys,
} from './go-types.js';
import {
  addStats,
  appendEllipsis,
  differencesOf,
  equalTexts,
  lengthOf,
  line,
  type List,
  type Mode,
  NIL,
  noStats,
  print,
  type Record,
  type Stats,
  type Text,
  wrap,
} from './text.js';

const CONTEXT = 2;
const LEAST_VERBOSITY = 3;
const CHUNK = 8;

interface Options {
  mode: Mode;
  /** Print the type always, never, or for structs, lists and maps. */
  types: 'emit' | 'elide' | 'auto';
  /** How much to print below; 0 prints '...'. */
  verbosity: number;
}

const isComposite = ({ kind }: GoType): boolean =>
  kind === 'struct' || kind === 'slice' || kind === 'map';

function withType(type: GoType, text: Text, options: Options): Text {
  if (options.types === 'elide') return text;
  if (options.types === 'auto') {
    if (!isComposite(type) || equalTexts(text, NIL) || options.mode === ' ') return text;
  }
  const isBraced = text.kind === 'wrap' && /^[({]/.test(text.prefix) && /[)}]$/.test(text.suffix);
  return wrap(type.name, isBraced ? text : wrap('(', text, ')'));
}

/** Go's quotes, or backquotes where quotes would need escapes. */
function quoted(text: string): string {
  const plain = JSON.stringify(text);
  if (plain.length === text.length + 2) return plain;
  // oxlint-disable-next-line no-control-regex
  return /[`\u0000-\u0008\u000a-\u001f\u007f]/.test(text) ? plain : `\`${text}\``;
}

function stringText(text: string, prefix: string, verbosity: number): Text {
  const limit = (1 << verbosity) << 5;
  return text.length > limit + 3
    ? line(`${prefix}${quoted(text.slice(0, limit))}...`)
    : line(`${prefix}${quoted(text)}`);
}

/** How many parts a value shows: 0, 4, 8, 16... */
const shownOf = (verbosity: number): number => ((1 << verbosity) >> 1) << 2;
const lower = (options: Options, types: Options['types']): Options => ({
  ...options,
  types,
  verbosity: Math.max(options.verbosity - 1, 0),
});

function parts<T>(items: readonly T[], verbosity: number, part: (item: T) => Record): Text {
  const shown = shownOf(verbosity);
  const list: List = { kind: 'list', records: items.slice(0, shown).map(part) };
  if (items.length > shown) appendEllipsis(list);
  return wrap('{', list, '}');
}

const mapKey = (type: GoType, key: string): string =>
  type.kind === 'map' && type.key.text ? `s${quoted(type.key.text(key))}` : quoted(key);

function formatValue(type: GoType, value: GoValue, options: Options): Text {
  const { verbosity } = options;
  const isNil = value === undefined || value === null;
  if (type.text && !(type.kind === 'pointer' && isNil))
    return stringText(type.text(value), 's', verbosity);
  if (type.kind === 'pointer')
    return isNil ? NIL : wrap('&', formatValue(type.elem, value, options));
  return withType(type, bareValue(type, value, options), options);
}

function bareValue(type: GoType, value: GoValue, options: Options): Text {
  const { verbosity } = options;
  if (type.kind === 'string') return stringText(scalarText(type.kind, value), '', verbosity);
  if (type.kind === 'struct') {
    const fields = type.fields.filter((field) => !isZero(field.type, field.read(value)));
    const inner = lower(options, 'auto');
    return parts(fields, verbosity, ({ name, type: of, read }) => ({
      key: name,
      value: formatValue(of, read(value), inner),
    }));
  }
  if (type.kind !== 'slice' && type.kind !== 'map') return line(scalarText(type.kind, value));
  if (value === undefined || value === null) return NIL;
  const inner = lower(options, 'elide');
  if (type.kind === 'slice')
    return parts(value as GoValue[], verbosity, (item) => ({
      value: formatValue(type.elem, item, inner),
    }));
  return parts(sortedKeys(value), verbosity, (key) => ({
    key: mapKey(type, key),
    value: formatValue(type.elem, (value as GoMap)[key], inner),
  }));
}

const sideText = (node: ValueNode, side: Side, options: Options): Text | undefined =>
  side && formatValue(node.type, side.value, options);

/** A record for each side that there is. */
const bothSides = ({ x, y }: ValueNode, record: (mode: '-' | '+', side: Side) => Record) => [
  ...(x ? [record('-', x)] : []),
  ...(y ? [record('+', y)] : []),
];

function formatLeaf(node: ValueNode, options: Options): Text {
  if (options.mode === '-') return sideText(node, node.x, options)!;
  if (options.mode === '+') return sideText(node, node.y, options)!;
  if (node.different === 0) {
    const [x, y] = [sideText(node, node.x, options)!, sideText(node, node.y, options)!];
    return lengthOf(x) < lengthOf(y) ? x : y;
  }
  const elided: Options = { ...options, types: 'elide' };
  const records = bothSides(node, (mode, side) => ({ mode, value: sideText(node, side, elided)! }));
  return withType(node.type, { kind: 'list', records }, { ...options, types: 'emit' });
}

function formatDiff(node: ValueNode, given: Options): Text {
  const options: Options = {
    ...given,
    verbosity: given.mode === ' ' ? 1 : Math.max(given.verbosity, LEAST_VERBOSITY),
  };
  if (isNumberList(node, options)) return formatNumberList(node, options);
  if (node.depth === 0) return formatLeaf(node, options);
  if (node.target) return wrap('&', formatDiff(node.target, options));
  return withType(node.type, formatRecords(node, options), options);
}

const NAMES: Readonly<{ [kind: string]: string }> = {
  struct: 'field',
  slice: 'element',
  map: 'entry',
};

/** Parts of a value of which one side is shown, or of which both sides are equal. */
function formatOneSide(node: ValueNode, options: Options, most: number): Text {
  const list: List = { kind: 'list', records: [] };
  const inner = lower(options, node.type.kind === 'struct' ? 'auto' : 'elide');
  let dropped = false;
  for (const { key, node: child } of node.records) {
    if (list.records.length === most) {
      dropped = true;
      break;
    }
    const sides =
      options.mode === ' ' ? [child.x, child.y] : options.mode === '-' ? [child.x] : [child.y];
    const isUnset = sides.some((side) => !side || isZero(child.type, side.value));
    if (node.type.kind === 'struct' && isUnset) continue;
    if (options.mode !== ' ' && !sides[0]) continue;
    list.records.push({ key: keyText(node.type, key), value: formatDiff(child, inner) });
  }
  if (dropped) appendEllipsis(list);
  return wrap('{', list, '}');
}

const keyText = (type: GoType, key: string): string =>
  type.kind === 'map' ? mapKey(type, key) : key;

/** Runs of equal and of different records. */
function groupsOf(node: ValueNode): Stats[] {
  const name = NAMES[node.type.kind] ?? '';
  const groups: Stats[] = [];
  let wasEqual: boolean | undefined;
  for (const { node: child } of node.records) {
    const equal = child.different === 0;
    if (equal !== wasEqual) groups.push(noStats(name));
    wasEqual = equal;
    const stats = groups.at(-1)!;
    if (equal) stats.identical++;
    else if (!child.y) stats.removed++;
    else if (!child.x) stats.inserted++;
    else stats.modified++;
  }
  return groups;
}

function formatUnequal(node: ValueNode, key: string, options: Options): Record[] {
  // A chain of single children shows both sides as a whole.
  if (node.children !== node.depth || isNumberList(node, options))
    return [{ key, value: formatDiff(node, options) }];
  return bothSides(node, (mode) => ({ mode, key, value: formatDiff(node, { ...options, mode }) }));
}

function formatRecords(node: ValueNode, options: Options): Text {
  const { type } = node;
  if (options.mode !== '') {
    const most = options.mode === ' ' ? shownOf(options.verbosity) : (1 << options.verbosity) << 1;
    return formatOneSide(node, options, most);
  }
  const inner = lower(options, type.kind === 'struct' ? 'auto' : 'elide');
  const most = (1 << options.verbosity) << 1;
  const list: List = { kind: 'list', records: [] };
  const groups = groupsOf(node);
  let rest = node.records;
  let differences = 0;
  let left = noStats(NAMES[type.kind] ?? '');
  for (const [index, stats] of groups.entries()) {
    if (differences >= most) {
      left = addStats(left, stats);
      continue;
    }
    const changes = differencesOf(stats);
    if (changes > 0) {
      for (const { key, node: child } of rest.slice(0, changes))
        list.records.push(...formatUnequal(child, keyText(type, key), inner));
      rest = rest.slice(changes);
      differences += changes;
      continue;
    }
    const count = stats.identical;
    // Equal records are shown after and before their different neighbours.
    const low = index === 0 ? 0 : Math.min(CONTEXT, count);
    let high = index === groups.length - 1 ? 0 : Math.min(CONTEXT, count - low);
    if (count - low - high === 1) high++;
    const show = (from: number, to: number): void => {
      for (const { key, node: child } of rest.slice(from, to))
        list.records.push({
          key: keyText(type, key),
          value: formatDiff(child, { ...inner, mode: ' ' }),
        });
    };
    show(0, low);
    if (count > low + high) appendEllipsis(list, { ...stats, identical: count - low - high });
    show(count - high, count);
    rest = rest.slice(count);
  }
  if (left.identical + differencesOf(left) > 0) appendEllipsis(list, left);
  return wrap('{', list, '}');
}

const listsOf = ({ x, y }: ValueNode): [GoValue[], GoValue[]] => [
  (x?.value ?? []) as GoValue[],
  (y?.value ?? []) as GoValue[],
];

/** Lists of numbers of which most differ are shown in rows. */
function isNumberList(node: ValueNode, { mode }: Options): boolean {
  const { type, different, same } = node;
  if (mode !== '' || different === 0 || type.kind !== 'slice' || type.elem.kind !== 'int')
    return false;
  const [a, b] = listsOf(node);
  if (!a.length || !b.length) return false;
  return different > same || (a.length >= 32 && b.length >= 32);
}

function formatNumberList(node: ValueNode, options: Options): Text {
  const [a, b] = listsOf(node);
  const list: List = { kind: 'list', records: [] };
  const rows = (items: GoValue[], mode?: Mode): void => {
    for (let at = 0; at < items.length; at += CHUNK) {
      const row = items.slice(at, at + CHUNK).map(String);
      list.records.push({ ...(mode && { mode }), value: line(row.join(', ')) });
    }
  };
  const edits = editScript(a.length, b.length, (i, j) =>
    String(a[i]) === String(b[j]) ? { same: 1, different: 0 } : { same: 0, different: 2 },
  );
  let [ix, iy] = [0, 0];
  for (const run of edits.join('').match(/\.+|[XYM]+/g) ?? []) {
    if (run.startsWith('.')) {
      rows(a.slice(ix, ix + run.length));
      [ix, iy] = [ix + run.length, iy + run.length];
      continue;
    }
    const [nx, ny] = [run.replaceAll('Y', '').length, run.replaceAll('X', '').length];
    rows(a.slice(ix, ix + nx), '-');
    rows(b.slice(iy, iy + ny), '+');
    [ix, iy] = [ix + nx, iy + ny];
  }
  return withType(node.type, wrap('{', list, '}'), options);
}

/** '' for equal values. */
export function goDiff(type: GoType, x: GoValue, y: GoValue): string {
  const root = compareSides(type, { value: x }, { value: y });
  if (root.different === 0) return '';
  return print(formatDiff(root, { mode: '', types: 'emit', verbosity: 0 }));
}
