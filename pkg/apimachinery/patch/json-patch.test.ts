import assert from 'node:assert/strict';
import fc from 'fast-check';
import { StatusError } from '../errors/status-error.js';
import { cloneJson } from '../meta/clone.js';
import { MAX_JSON_PATCH_OPERATIONS } from '../limits.js';
import { applyJsonPatch } from './json-patch.js';
import { applyMergePatch } from './merge-patch.js';

const failsWith =
  (code: number, text: RegExp) =>
  (e: unknown): boolean =>
    e instanceof StatusError &&
    e.code === code &&
    (text.test(e.message) || text.test((e.cause as Error | undefined)?.message ?? ''));

describe('json patch', () => {
  // The examples of RFC 6902, appendix A.
  const cases: [string, unknown, unknown[], unknown][] = [
    [
      'A.1 add a member',
      { foo: 'bar' },
      [{ op: 'add', path: '/baz', value: 'qux' }],
      { baz: 'qux', foo: 'bar' },
    ],
    [
      'A.2 add an element',
      { foo: ['bar', 'baz'] },
      [{ op: 'add', path: '/foo/1', value: 'qux' }],
      { foo: ['bar', 'qux', 'baz'] },
    ],
    [
      'A.3 remove a member',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'remove', path: '/baz' }],
      { foo: 'bar' },
    ],
    [
      'A.4 remove an element',
      { foo: ['bar', 'qux', 'baz'] },
      [{ op: 'remove', path: '/foo/1' }],
      { foo: ['bar', 'baz'] },
    ],
    [
      'A.5 replace',
      { baz: 'qux', foo: 'bar' },
      [{ op: 'replace', path: '/baz', value: 'boo' }],
      { baz: 'boo', foo: 'bar' },
    ],
    [
      'A.6 move a value',
      { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
      [{ op: 'move', from: '/foo/waldo', path: '/qux/thud' }],
      { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
    ],
    [
      'A.7 move an element',
      { foo: ['all', 'grass', 'cows', 'eat'] },
      [{ op: 'move', from: '/foo/1', path: '/foo/3' }],
      { foo: ['all', 'cows', 'eat', 'grass'] },
    ],
    [
      'A.8 test',
      { baz: 'qux', foo: ['a', 2, 'c'] },
      [
        { op: 'test', path: '/baz', value: 'qux' },
        { op: 'test', path: '/foo/1', value: 2 },
      ],
      { baz: 'qux', foo: ['a', 2, 'c'] },
    ],
    [
      'A.10 nested add',
      { foo: 'bar' },
      [{ op: 'add', path: '/child', value: { grandchild: {} } }],
      { foo: 'bar', child: { grandchild: {} } },
    ],
    [
      'A.14 escapes',
      { '/': 9, '~1': 10 },
      [{ op: 'test', path: '/~01', value: 10 }],
      { '/': 9, '~1': 10 },
    ],
    [
      'A.16 append',
      { foo: ['bar'] },
      [{ op: 'add', path: '/foo/-', value: ['abc', 'def'] }],
      { foo: ['bar', ['abc', 'def']] },
    ],
    ['whole document', { a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    [
      'copy is independent',
      { a: { x: 1 } },
      [
        { op: 'copy', from: '/a', path: '/b' },
        { op: 'replace', path: '/b/x', value: 2 },
      ],
      { a: { x: 1 }, b: { x: 2 } },
    ],
    [
      'replace adds an absent member, but no parent',
      { a: {} },
      [
        { op: 'replace', path: '/a/b', value: 1 },
        { op: 'replace', path: '/c', value: { d: 2 } },
        { op: 'replace', path: '/c/e', value: 3 },
      ],
      { a: { b: 1 }, c: { d: 2, e: 3 } },
    ],
    [
      'an absent member is copied as null',
      { a: {} },
      [{ op: 'copy', from: '/a/b', path: '/c' }],
      { a: {}, c: null },
    ],
    [
      'negative indexes count from the end',
      { l: [1, 2, 3] },
      [
        { op: 'remove', path: '/l/-1' },
        { op: 'replace', path: '/l/-2', value: 0 },
        { op: 'add', path: '/l/-1', value: 9 },
      ],
      { l: [0, 2, 9] },
    ],
    [
      'null is a value',
      { a: 1 },
      [
        { op: 'add', path: '/b', value: null },
        { op: 'test', path: '/c', value: null },
      ],
      { a: 1, b: null },
    ],
  ];
  for (const [name, original, patch, expected] of cases) {
    it(name, () => {
      const before = cloneJson({ original, patch });
      assert.deepEqual(applyJsonPatch(original, patch), expected);
      assert.deepEqual({ original, patch }, before);
    });
  }

  it('returns 422 when an operation does not apply', () => {
    for (const operation of [
      { op: 'test', path: '/a', value: 2 },
      { op: 'remove', path: '/x' },
      { op: 'replace', path: '/x/y', value: 1 },
      { op: 'replace', path: '/l/0', value: 1 },
      { op: 'replace', path: '', value: 1 },
      { op: 'add', path: '/x/y', value: 1 },
      { op: 'add', path: '', value: {} },
      { op: 'copy', from: '/x/y', path: '/z' },
      { op: 'copy', from: '/l/0', path: '/z' },
      { op: 'add', path: '/l/5', value: 1 },
      { op: 'add', path: '/l/01', value: 1 },
      { op: 'move', from: '/x', path: '/y' },
      { op: 'jump', path: '/a' },
      { op: 'add', path: 'a', value: 1 },
      { op: 'add' },
      {},
      null,
      { op: 'move', from: '/o', path: '/o/p' },
    ]) {
      assert.throws(
        () => applyJsonPatch({ a: 1, l: [], o: {} }, [operation]),
        failsWith(422, /rejected our request/),
        JSON.stringify(operation),
      );
    }
  });

  it("reports reasons with the texts of upstream's library", () => {
    const cases: [unknown, string][] = [
      [
        { op: 'replace', path: '/l/2', value: 1 },
        'replace operation does not apply: doc is missing key: /l/2: missing value',
      ],
      [
        { op: 'replace', path: '/x/y', value: 1 },
        'replace operation does not apply: doc is missing path: /x/y: missing value',
      ],
      [
        { op: 'add', path: '/x/y', value: 1 },
        'add operation does not apply: doc is missing path: "/x/y": missing value',
      ],
      [
        { op: 'add', path: '/l/5', value: 1 },
        "error in add for path: '/l/5': Unable to access invalid index: 5: invalid index referenced",
      ],
      [
        { op: 'add', path: '/l/b', value: 1 },
        `error in add for path: '/l/b': value was not a proper array index: 'b': strconv.Atoi: parsing "b": invalid syntax`,
      ],
      [{ op: 'add' }, 'add operation failed to decode path: missing value'],
      [
        { op: 'test' },
        'test operation failed to decode path: operation missing path field: missing value',
      ],
      [
        { op: 'move', path: '/a' },
        'move operation failed to decode from: operation, missing from field: missing value',
      ],
      [
        { op: 'remove', path: '/x/y' },
        'remove operation does not apply: doc is missing path: "/x/y": missing value',
      ],
      [
        { op: 'remove', path: '/x' },
        "error in remove for path: '/x': Unable to remove nonexistent key: x: missing value",
      ],
      [
        { op: 'move', from: '/x', path: '/y' },
        "error in move for path: 'x': Unable to remove nonexistent key: x: missing value",
      ],
      [
        { op: 'copy', from: '/x/y', path: '/z' },
        'copy operation does not apply: doc is missing from path: /x/y: missing value',
      ],
      [{ op: 'test', path: '/a', value: 2 }, 'testing value /a failed: test failed'],
      [{ op: 'jump', path: '/a' }, 'Unexpected kind: jump'],
      [{ path: '/a' }, 'Unexpected kind: unknown'],
    ];
    for (const [operation, text] of cases)
      assert.throws(
        () => applyJsonPatch({ a: 1, l: [] }, [operation]),
        (error: Error) => {
          assert.equal((error.cause as Error).message, text);
          return true;
        },
      );
  });

  it('tells the client no reason, as upstream', () => {
    assert.throws(
      () => applyJsonPatch({}, [{ op: 'remove', path: '/x' }]),
      (error: StatusError) => {
        assert.deepEqual(error.status.details, {});
        return true;
      },
    );
  });

  it('returns 400 and 413 for malformed patches', () => {
    assert.throws(
      () => applyJsonPatch({}, {}),
      failsWith(400, /^json: cannot unmarshal object into Go value of type jsonpatch.Patch$/),
    );
    assert.throws(
      () => applyJsonPatch({}, ['a']),
      failsWith(400, /^json: cannot unmarshal string into Go value of type jsonpatch.Operation$/),
    );
    const many = Array.from({ length: MAX_JSON_PATCH_OPERATIONS + 1 }, () => ({
      op: 'test',
      path: '',
      value: {},
    }));
    assert.throws(
      () => applyJsonPatch({}, many),
      failsWith(413, /allowed maximum operations in a JSON patch is 10000, got 10001/),
    );
  });

  it('bounds what copies add, so that doubling ends', () => {
    const doubling = Array.from({ length: 40 }, (_, at) => ({
      op: 'copy',
      from: '/a',
      path: `/a/${at}`,
    }));
    assert.throws(
      () => applyJsonPatch({ a: { text: 'x'.repeat(1_000) } }, doubling),
      failsWith(
        422,
        /^Unable to complete the copy, the accumulated size increase of copy is \d+, exceeding the limit 3145728$/,
      ),
    );
    const text = 'x'.repeat(100_000);
    const flat = doubling.slice(0, 30).map(({ op }, at) => ({ op, from: '/t', path: `/${at}` }));
    assert.equal(Object.keys(applyJsonPatch({ t: text }, flat) as object).length, 31);
  });

  it('does not reach prototypes', () => {
    const result = applyJsonPatch({}, [
      { op: 'add', path: '/__proto__', value: { polluted: true } },
    ]) as Record<string, unknown>;
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
    assert.deepEqual(Object.keys(result), ['__proto__']);
    assert.throws(
      () => applyJsonPatch({}, [{ op: 'add', path: '/constructor/prototype/x', value: 1 }]),
      failsWith(422, /missing/),
    );
  });
});

describe('json merge patch', () => {
  // RFC 7396, appendix A.
  const cases: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ];
  for (const [original, patch, expected] of cases) {
    it(`${JSON.stringify(original)} + ${JSON.stringify(patch)}`, () =>
      assert.deepEqual(applyMergePatch(original, patch), expected));
  }

  it('changes neither argument and is idempotent', () => {
    const json = fc.jsonValue({ noUnicodeString: true } as never);
    fc.assert(
      fc.property(json, json, (original, patch) => {
        const before = cloneJson([original, patch]);
        const once = applyMergePatch(original, patch);
        assert.deepEqual([original, patch], before);
        assert.deepEqual(applyMergePatch(once, patch), once);
      }),
    );
  });
});

describe('the depth of a patched document', () => {
  const nested = (depth: number): unknown =>
    JSON.parse(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
  const path = (depth: number) => `/x${'/a'.repeat(depth)}`;
  const refused = (document: unknown, ...patch: object[]): void =>
    assert.throws(
      () => applyJsonPatch(document, patch),
      ({ cause, code }: StatusError) => code === 422 && /max depth/.test(String(cause)),
    );

  it('is bounded for every operation, also over several', () => {
    const document = { x: nested(900) };
    refused(document, { op: 'add', path: `${path(899)}/b`, value: nested(200) });
    refused(document, { op: 'replace', path: path(900), value: nested(200) });
    refused(document, { op: 'copy', from: '/x', path: path(400) });
    refused({ ...document, y: nested(200) }, { op: 'move', from: '/y', path: path(900) });
    refused(
      { x: nested(300) },
      ...Array.from({ length: 9 }, () => ({ op: 'copy', from: '/x', path: path(299) })),
    );
    assert.ok(applyJsonPatch(document, [{ op: 'add', path: path(500), value: nested(400) }]));
  });
});
