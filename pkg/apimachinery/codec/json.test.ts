import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseExactly } from './json-exact.js';
import { MAX_JSON_DEPTH } from '../limits.js';
import { parseJson, stringifyJson } from './json.js';
import { canonicalBase64, corruptBase64At } from './base64.js';
import { normalizeMicroTime, normalizeTime, timeProblem } from './time.js';
import { parseYaml, warningsOf } from './yaml.js';

describe('json', () => {
  it('keeps integers beyond 2^53', () => {
    const text =
      '{"a":9007199254740993,"b":-9223372036854775808,"c":[18446744073709551615],"d":1.5,"e":12345678901234567e0}';
    const { value } = parseJson(text);
    assert.deepEqual(value, {
      a: 9007199254740993n,
      b: -9223372036854775808n,
      c: [18446744073709551615n],
      d: 1.5,
      e: 12345678901234568,
    });
    assert.equal(
      stringifyJson({ a: 9007199254740993n, b: [1n, undefined], c: undefined }),
      '{"a":9007199254740993,"b":[1,null]}',
    );
  });

  it('replaces lone halves of surrogate pairs, as Go does', () => {
    const cases: [string, string][] = [
      ['\\ud83d\\ude00', '😀'],
      ['\\ud800', '\ufffd'],
      ['\\udc00x', '\ufffdx'],
      ['\\ud800\\ud83d\\ude00', '\ufffd😀'],
      ['\\ud800\\u0041', '\ufffdA'],
      ['\\\\ud800', '\\ud800'],
    ];
    for (const [escaped, text] of cases) {
      const json = `{"a":"${escaped}","${escaped}":1}`;
      assert.deepEqual(parseJson(json).value, { a: text, [text]: 1 }, json);
    }
  });

  it('finds duplicate keys, of which the last wins', () => {
    const parsed = parseJson('{"a":1,"b":{"c":[{"d":1,"d":2}]},"a":":\\"x\\":"}');
    assert.deepEqual(parsed, {
      value: { a: ':"x":', b: { c: [{ d: 2 }] } },
      duplicates: ['b.c[0].d', 'a'],
    });
    assert.deepEqual(parseJson('{"a":"\\\\","b":"\\"a\\":"}').duplicates, []);
  });

  it("reports errors with Go's texts", () => {
    const cases: [string, string][] = [
      ['', 'unexpected end of JSON input'],
      ['{"a":1', 'unexpected end of JSON input'],
      ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
      ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
      ['{"a" 1}', "invalid character '1' after object key"],
      ['{"a":1 "b"', "invalid character '\"' after object key:value pair"],
      ['[1 2]', "invalid character '2' after array element"],
      ['{} x', "invalid character 'x' after top-level value"],
      ['{"a":tru}', "invalid character '}' in literal true (expecting 'e')"],
      ['{"a":"\n"}', "invalid character '\\n' in string literal"],
      ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
      ['nope', "invalid character 'o' in literal null (expecting 'u')"],
    ];
    for (const [text, message] of cases) assert.throws(() => parseJson(text), { message }, text);
  });

  it('agrees with JSON.parse', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        fc.pre(!/[0-9]{16}/.test(text));
        assert.deepEqual(parseExactly(text).value, JSON.parse(text));
        assert.deepEqual(parseJson(text), { value: JSON.parse(text) as unknown, duplicates: [] });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) assert.deepEqual(parseExactly(text).value, JSON.parse(text));
        else assert.throws(() => parseExactly(text), SyntaxError);
      }),
    );
  });
});

describe('yaml', () => {
  it('has the semantics of sigs.k8s.io/yaml', () => {
    const text =
      'mode: 0644\non: yes\nday: 2024-01-01\ntime: 12:30:45\nbase: &b {q: 1}\nsame:\n  <<: *b\n  r: 2\n1: one\nnone: ~\nbig: 9007199254740993\n';
    assert.deepEqual(parseYaml(text).value, {
      1: 'one',
      mode: 420,
      true: true,
      day: '2024-01-01',
      time: '12:30:45',
      base: { q: 1 },
      same: { q: 1, r: 2 },
      none: null,
      big: 9007199254740993n,
    });
  });

  it('refuses aliases without an anchor', () => {
    for (const text of ['a: *x', '[*x, &x 1]', '*x : 1'])
      assert.throws(
        () => parseYaml(text),
        { message: "yaml: unknown anchor 'x' referenced" },
        text,
      );
  });

  it('refuses keys that are no scalars', () => {
    for (const text of ['? {a: 1}\n: b\n', '? [a]\n: b\n', 'x:\n  - {[]: 1}\n', '{{}: 1}'])
      assert.throws(() => parseYaml(text), /^Error: yaml: invalid map key: /, text);
  });

  it('reports duplicate keys and line numbers', () => {
    assert.deepEqual(parseYaml('a: 1\na: 2\n'), {
      value: { a: 2 },
      duplicates: [],
      yamlProblem: 'yaml: unmarshal errors:\n  line 2: key "a" already set in map',
    });
    assert.throws(() => parseYaml('a: [1,\nb: }'), /^Error: yaml: line 2: /);
  });

  it('warns of each duplicate key', () => {
    const { yamlProblem } = parseYaml('a: 1\na: 2\na: 3\n');
    const lines = ['line 2', 'line 3'].map((line) => `${line}: key "a" already set in map`);
    assert.deepEqual(warningsOf(yamlProblem!), lines);
    assert.deepEqual(warningsOf(`error converting YAML to JSON: ${yamlProblem}`), lines);
    assert.deepEqual(warningsOf('unknown field "a"'), ['unknown field "a"']);
  });
});

describe('times', () => {
  it('are stored in UTC', () => {
    assert.equal(normalizeTime('2024-01-02T03:04:05+02:00'), '2024-01-02T01:04:05Z');
    assert.equal(normalizeTime('2024-01-02T03:04:05.999Z'), '2024-01-02T03:04:05Z');
    assert.equal(
      normalizeMicroTime('2024-01-02T03:04:05.123456+02:00'),
      '2024-01-02T01:04:05.123456Z',
    );
    for (const bad of ['', '2024-01-02', '2024-13-02T03:04:05Z', 'yesterday'])
      assert.equal(normalizeTime(bad), undefined, bad);
    for (const bad of ['2024-01-02t03:04:05Z', '2024-01-02T03:04:05z'])
      assert.equal(normalizeTime(bad), undefined, bad);
  });
});

describe('what Go complains about', () => {
  const times: readonly [text: string, problem: string][] = [
    ['2024-01-02T03:04:05Zx', ': extra text: "x"'],
    ['x', ' as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"'],
    ['', ' as "2006-01-02T15:04:05Z07:00": cannot parse "" as "2006"'],
    ['2024-01-02', ' as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T"'],
    ['2024-01-02T03:04:05', ' as "2006-01-02T15:04:05Z07:00": cannot parse "" as "Z07:00"'],
    ['2024-13-02T03:04:05Z', ': month out of range'],
    ['2024-01-02T25:04:05Z', ': hour out of range'],
    ['2024-01-40T03:04:05Z', ': day out of range'],
  ];
  for (const [text, problem] of times) {
    it(`in the time ${JSON.stringify(text)}`, () => {
      assert.equal(normalizeTime(text), undefined);
      assert.equal(timeProblem(text, false), `parsing time ${JSON.stringify(text)}${problem}`);
    });
  }

  const layout = ' as "2006-01-02T15:04:05.000000Z07:00": cannot parse ';
  const microTimes: readonly [text: string, problem: string][] = [
    ['2024-01-02T03:04:05Z', `${layout}"Z" as ".000000"`],
    ['2024-01-02T03:04:05.12345Z', `${layout}".12345Z" as ".000000"`],
    ['2024-01-02T03:04:05.1234567Z', `${layout}"7Z" as "Z07:00"`],
    ['2024-01-02T03:04:05+02:00', `${layout}"+02:00" as ".000000"`],
  ];
  for (const [text, problem] of microTimes) {
    it(`in the micro time ${JSON.stringify(text)}`, () => {
      assert.equal(normalizeMicroTime(text), undefined);
      assert.equal(timeProblem(text, true), `parsing time ${JSON.stringify(text)}${problem}`);
    });
  }

  const base64: readonly [text: string, at: number | undefined][] = [
    ['', undefined],
    ['QQ==', undefined],
    ['QQ=\n=\n', undefined],
    ['QUJD', undefined],
    ['QQ==x', 4],
    ['AAECx', 4],
    ['QQ=', 3],
    ['QQ=x', 2],
    ['Q=', 1],
    ['QUJ', 0],
    ['-x', 0],
    ['/x/../y', 3],
  ];
  for (const [text, at] of base64) {
    it(`in the base64 text ${JSON.stringify(text)}`, () => assert.equal(corruptBase64At(text), at));
  }
});

describe('base64 in other forms', () => {
  for (const text of ['', 'QQ==', 'QUI=', 'QUJD', '/+8='])
    it(`keeps ${JSON.stringify(text)}`, () => assert.equal(canonicalBase64(text), text));
  for (const [text, canonical] of [
    ['QUJD\n', 'QUJD'],
    ['Q\r\nQ=\n=', 'QQ=='],
    ['QR==', 'QQ=='],
    ['QUJ=', 'QUI='],
    ['\n', ''],
  ] as const)
    it(`${JSON.stringify(text)} is ${canonical}`, () =>
      assert.equal(canonicalBase64(text), canonical));

  it('has the text of the same bytes, whatever breaks or bits the sender added', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 9 }), fc.nat(12), (bytes, at) => {
        const text = Buffer.from(bytes).toString('base64');
        assert.equal(canonicalBase64(`${text.slice(0, at)}\n${text.slice(at)}`), text);
        assert.equal(canonicalBase64(text), text);
      }),
    );
  });
});

// A regular expression that V8 compiles at the end of the stack ends the process.
describe('deep documents', () => {
  const lists = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const maps = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const blocks = (depth: number) =>
    Array.from({ length: depth }, (_, at) => `${' '.repeat(at)}a:`).join('\n');

  it('are refused as Go refuses them, at any depth', () => {
    for (const depth of [MAX_JSON_DEPTH + 1, 9_000, 100_000]) {
      for (const text of [lists(depth), maps(depth), maps(depth).replace('1', '12345678901234567')])
        assert.throws(() => parseJson(text), { message: /exceeded max depth/ });
      // Broken documents take the exact parser, which recurs too.
      assert.throws(() => parseJson('['.repeat(depth)), { message: /exceeded max depth/ });
      assert.throws(() => parseYaml(lists(depth)), { message: 'yaml: exceeded max depth' });
      assert.throws(() => parseYaml(maps(depth)), { message: 'yaml: exceeded max depth' });
    }
    assert.throws(() => parseYaml(blocks(1_000)), { message: 'yaml: exceeded max depth' });
  });

  it('are read up to the bound', () => {
    for (const text of [lists(MAX_JSON_DEPTH), maps(MAX_JSON_DEPTH)])
      assert.deepEqual(parseJson(text).duplicates, []);
    assert.deepEqual(parseYaml(blocks(50)).duplicates, []);
    assert.deepEqual(parseYaml(`x: ${lists(100)}`).duplicates, []);
  });
});
