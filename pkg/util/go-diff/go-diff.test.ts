import { deepEqual, equal } from 'node:assert/strict';
import { editScript } from './edit-script.js';
import { goDiff } from './go-diff.js';
import type { GoType } from './go-types.js';

const TEXT: GoType = { kind: 'string', name: 'string' };
const INT: GoType = { kind: 'int', name: 'int' };
const TEXTS: GoType = { kind: 'slice', name: '[]string', elem: TEXT };
const NUMBERS: GoType = { kind: 'slice', name: '[]int', elem: INT };

function struct(name: string, fields: Record<string, GoType>): GoType {
  return {
    kind: 'struct',
    name,
    fields: Object.entries(fields).map(([field, type]) => ({
      name: field,
      type,
      read: (holder) => (holder as Record<string, unknown> | undefined)?.[field],
    })),
  };
}
const POINT = struct('p.Point', { X: INT, Y: INT });
const ROW = struct('p.Row', {
  A: INT,
  B: INT,
  C: INT,
  D: TEXT,
  E: { kind: 'pointer', name: '*p.Point', elem: POINT },
  F: TEXTS,
  G: NUMBERS,
  H: { kind: 'map', name: 'map[string]int', key: TEXT, elem: INT },
});
/** The difference with plain spaces. */
const diff = (x: unknown, y: unknown, type = ROW): string =>
  goDiff(type, x, y).replaceAll('\u00a0', ' ');
const lines = (...text: string[]): string => `${text.join('\n')}\n`;

describe('differences of Go values', () => {
  it('are empty for equal values, absent and zero being one', () =>
    equal(diff({ A: 0, D: 'x' }, { D: 'x' }), ''));

  it('begin each line with spaces that do not break', () =>
    equal(goDiff(POINT, { X: 1 }, { X: 2 }).split('\n')[1], '-\u00a0\tX: 1,'));

  it('show two fields around a change and count the others', () =>
    equal(
      diff({ D: 'a', E: { X: 1 } }, { D: 'b', E: { X: 1 } }),
      lines(
        '  p.Row{',
        '  \tA: 0,',
        '  \tB: 0,',
        '  \tC: 0,',
        '- \tD: "a",',
        '+ \tD: "b",',
        '  \tE: &{X: 1},',
        '  \tF: nil,',
        '  \t... // 2 identical fields',
        '  }',
      ),
    ));

  it('name the type of what comes and goes', () =>
    equal(
      diff({ F: ['a', 'b'] }, {})
        .split('\n')
        .slice(4, 6)
        .join('\n'),
      '- \tF: []string{"a", "b"},\n+ \tF: nil,',
    ));

  it('follow pointers and show a nil pointer', () =>
    equal(
      diff({ E: { X: 1, Y: 2 } }, {})
        .split('\n')
        .slice(4, 6)
        .join('\n'),
      '- \tE: &p.Point{X: 1, Y: 2},\n+ \tE: nil,',
    ));

  it('show lists of numbers in rows', () =>
    equal(
      diff({ G: [1, 2] }, { G: [3, 4] })
        .split('\n')
        .slice(4, 8)
        .join('\n'),
      '  \tG: []int{\n- \t\t1, 2,\n+ \t\t3, 4,\n  \t},',
    ));

  it('sort the keys of maps and align the values', () =>
    equal(
      diff({ H: { long: 1, a: 2 } }, { H: { long: 1, a: 3 } })
        .split('\n')
        .slice(4, 9)
        .join('\n'),
      '  \tH: map[string]int{\n- \t\t"a":    2,\n+ \t\t"a":    3,\n  \t\t"long": 1,\n  \t},',
    ));

  it('quote texts with quotes in backquotes', () =>
    equal(diff({ D: 'a"b' }, { D: 'c' }).split('\n')[4], '- \tD: `a"b`,'));

  it('are found in lists as go-cmp finds them', () => {
    const script = (x: string, y: string): string =>
      editScript(x.length, y.length, (i, j) =>
        x[i] === y[j] ? { same: 1, different: 0 } : { same: 0, different: 2 },
      ).join('');
    deepEqual(
      [
        script('abc', 'abc'),
        script('abc', 'ac'),
        script('ac', 'abc'),
        script('ab', 'xy'),
        script('', 'a'),
      ],
      ['...', '.X.', '.Y.', 'XYXY', 'Y'],
    );
  });
});
