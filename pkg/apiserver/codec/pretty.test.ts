import assert from 'node:assert/strict';
import fc from 'fast-check';
import { indentJson, wantsPretty } from './pretty.js';

describe('indented JSON', () => {
  it('is what JSON.stringify writes with two spaces, for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) =>
        assert.equal(
          indentJson(Buffer.from(JSON.stringify(value))).toString(),
          JSON.stringify(value, null, 2),
        ),
      ),
    );
  });

  it('keeps integers beyond the range of doubles', () => {
    assert.equal(
      indentJson(Buffer.from('{"a":9223372036854775807}\n')).toString(),
      '{\n  "a": 9223372036854775807\n}',
    );
  });

  it('is sent on request, and to curl, wget and browsers unless they decline', () => {
    const cases: [string, string | undefined, boolean][] = [
      ['/api', undefined, false],
      ['/api?pretty=true', undefined, true],
      ['/api?pretty=1', undefined, true],
      ['/api', 'curl/8.5.0', true],
      ['/api', 'Wget/1.21', true],
      ['/api', 'Mozilla/5.0 (X11)', true],
      ['/api', 'kubectl/v1.32.0', false],
      ['/api?pretty=false', 'curl/8.5.0', false],
      ['/api?pretty=', 'curl/8.5.0', true],
      ['/api/v1/namespaces/pretty', undefined, false],
    ];
    for (const [url, agent, expected] of cases)
      assert.equal(wantsPretty(url, agent), expected, `${url} ${agent}`);
  });
});
