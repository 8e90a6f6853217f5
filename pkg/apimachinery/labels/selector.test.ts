import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  EVERYTHING,
  formatLabelSelector,
  NOTHING,
  parseSelector,
  selectorFromLabelSelector,
  selectorFromMap,
} from './selector.js';

const fails = (text: string, message: string): void => {
  assert.throws(
    () => parseSelector(text),
    (error: Error) => {
      assert.equal(error.message, message);
      return true;
    },
  );
};

describe('label selectors', () => {
  const labels = { app: 'web', tier: 'front', level: '7' };
  const cases: [string, boolean][] = [
    ['', true],
    ['app', true],
    ['!app', false],
    ['app=web', true],
    ['app==web,tier=front', true],
    ['app!=web', false],
    ['other!=web', true],
    ['app in (web, db)', true],
    ['app notin (web,db)', false],
    ['other notin (x)', true],
    ['level>6', true],
    ['level<7', false],
    ['app>1', false],
    ['other=', false],
    ['in in (in)', false],
    ['!other , app', true],
  ];
  for (const [text, expected] of cases) {
    it(`'${text}' ${expected ? 'matches' : 'does not match'}`, () => {
      assert.equal(parseSelector(text).matches(labels), expected);
    });
  }

  it('prints canonically and sorted', () => {
    assert.equal(
      parseSelector('z notin (b,a), a==1,!q , m in (,x),n>5,e').toString(),
      'a==1,e,m in (,x),n>5,!q,z notin (a,b)',
    );
  });

  it('ignores inherited properties', () => {
    assert.equal(parseSelector('toString').matches({}), false);
    assert.equal(parseSelector('constructor').matches(undefined), false);
  });

  it('reports errors as upstream does', () => {
    fails('a in', "unable to parse requirement: found '' expected: '('");
    fails('a=b,', "found '', expected: identifier after ','");
    fails('a=b c', "found 'c', expected: ',' or 'end of string'");
    fails('=b', "found '=', expected: !, identifier, or 'end of string'");
    fails(
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    );
    fails(
      'app=b@d',
      "unable to parse requirement: values[0][app]: Invalid value: \"b@d\": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
    );
  });

  it('converts LabelSelector objects and maps', () => {
    assert.equal(selectorFromLabelSelector(undefined), NOTHING);
    assert.equal(selectorFromLabelSelector({}), EVERYTHING);
    const selector = selectorFromLabelSelector({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'NotIn', values: ['back'] },
        { key: 'x', operator: 'DoesNotExist' },
      ],
    });
    assert.equal(selector.toString(), 'app=web,tier notin (back),!x');
    assert.equal(selector.matches(labels), true);
    assert.throws(
      () => selectorFromLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Is' }] }),
      /"Is" is not a valid label selector operator/,
    );
    assert.equal(selectorFromMap({ app: 'web' }).matches(labels), true);
    assert.equal(selectorFromMap({}), EVERYTHING);
    assert.equal(formatLabelSelector({}), '<none>');
  });

  it('parses what it prints', () => {
    const key = fc.constantFrom('a', 'app', 'x.io/name', 'in');
    const value = fc.constantFrom('v', '1', 'a.b', 'in');
    const requirement = fc.oneof(
      key,
      key.map((k) => `!${k}`),
      fc.tuple(key, fc.constantFrom('=', '!=', '=='), value).map((p) => p.join('')),
      fc
        .tuple(key, fc.constantFrom(' in ', ' notin '), fc.array(value, { minLength: 1 }))
        .map(([k, o, v]) => `${k}${o}(${v.join(',')})`),
    );
    fc.assert(
      fc.property(fc.array(requirement), fc.dictionary(key, value), (parts, map) => {
        const first = parseSelector(parts.join(','));
        const second = parseSelector(first.toString());
        assert.equal(second.toString(), first.toString());
        assert.equal(second.matches(map), first.matches(map));
      }),
    );
  });
});
