// The tree of a comparison of two Go values (go-cmp's compare.go and report_value.go).
import { editScript } from './edit-script.js';
import { atKey, type GoType, type GoValue, scalarText, sortedKeys } from './go-types.js';

/** A side of a comparison; undefined where a list or map has no such element. */
export type Side = { value: GoValue } | undefined;

export interface ValueNode {
  type: GoType;
  x: Side;
  y: Side;
  /** Leaves that are equal, and that differ. */
  same: number;
  different: number;
  children: number;
  depth: number;
  /** Fields, elements or entries; `key` is '' for elements. */
  records: { key: string; node: ValueNode }[];
  /** The value behind a pointer. */
  target?: ValueNode;
}

function report(node: ValueNode, equal: boolean): void {
  if (equal) node.same++;
  else node.different++;
}

function push(parent: ValueNode, type: GoType, x: Side, y: Side): ValueNode {
  const child = compareSides(type, x, y);
  parent.same += child.same;
  parent.different += child.different;
  parent.children += child.children + 1;
  parent.depth = Math.max(parent.depth, child.depth + 1);
  return child;
}

function compareLists(node: ValueNode, elem: GoType, x: GoValue[], y: GoValue[]): void {
  let [ix, iy] = [0, 0];
  const compare = (a: number, b: number) => compareSides(elem, { value: x[a] }, { value: y[b] });
  for (const edit of editScript(x.length, y.length, compare)) {
    const left = edit === 'Y' ? undefined : { value: x[ix++] };
    const right = edit === 'X' ? undefined : { value: y[iy++] };
    node.records.push({ key: '', node: push(node, elem, left, right) });
  }
}

/** Compares two values of one type. */
export function compareSides(type: GoType, x: Side, y: Side): ValueNode {
  const counts = { same: 0, different: 0, children: 0, depth: 0 };
  const node: ValueNode = { type, x, y, ...counts, records: [] };
  if (!x || !y) {
    report(node, false);
    return node;
  }
  const [a, b] = [x.value, y.value];
  if (type.kind === 'struct') {
    if (type.equal) report(node, type.equal(a, b));
    else
      for (const { name, type: of, read } of type.fields)
        node.records.push({
          key: name,
          node: push(node, of, { value: read(a) }, { value: read(b) }),
        });
    return node;
  }
  if (type.kind === 'bool' || type.kind === 'int' || type.kind === 'string') {
    report(node, scalarText(type.kind, a) === scalarText(type.kind, b));
    return node;
  }
  if (a === undefined || b === undefined) {
    report(node, a === b);
    return node;
  }
  if (type.kind === 'pointer') node.target = push(node, type.elem, x, y);
  else if (type.kind === 'slice') compareLists(node, type.elem, a as GoValue[], b as GoValue[]);
  else if (type.kind === 'map')
    for (const key of sortedKeys(a, b))
      node.records.push({ key, node: push(node, type.elem, atKey(a, key), atKey(b, key)) });
  return node;
}
