import assert from 'node:assert/strict';
import * as names from './names.js';

describe('names', () => {
  it('accepts good names', () => {
    for (const name of ['a', 'web-1', '0', 'a'.repeat(63)])
      assert.deepEqual(names.isDns1123Label(name), [], name);
    for (const name of ['a.b', 'x-1.example.com'])
      assert.deepEqual(names.isDns1123Subdomain(name), [], name);
    for (const name of ['app', 'k8s.io/App_1', 'a.b/c'])
      assert.deepEqual(names.isQualifiedName(name), [], name);
    for (const name of ['', 'a', 'A_b.c-d'])
      assert.deepEqual(names.isValidLabelValue(name), [], name);
    assert.deepEqual(names.isDns1035Label('web'), []);
    assert.deepEqual(names.isPathSegmentName('system:node'), []);
    assert.deepEqual(names.isConfigMapKey('app.conf'), []);
    assert.deepEqual(names.isValidPortName('http-2'), []);
    assert.deepEqual(names.isRelaxedEnvVarName('1 odd-NAME'), []);
    assert.deepEqual(names.isWildcardDns1123Subdomain('*.a.com'), []);
  });

  it("has upstream's messages", () => {
    assert.deepEqual(names.isDns1123Label('Web'), [
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ]);
    assert.deepEqual(names.isDns1123Label('a.b'), ['must not contain dots']);
    assert.deepEqual(names.isDns1123Subdomain('A'), [
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
    ]);
    assert.deepEqual(names.isDns1123Label('a'.repeat(64)), ['must be no more than 63 characters']);
    assert.deepEqual(names.isQualifiedName('/a'), ['prefix part must be non-empty']);
    assert.match(
      names.isQualifiedName('a/b/c')[0]!,
      /^a qualified name must consist .* with an optional DNS subdomain prefix and '\/' \(e\.g\. 'example\.com\/MyName'\)$/,
    );
    assert.deepEqual(names.isConfigMapKey('..a'), ["must not start with '..'"]);
    assert.deepEqual(names.isValidPortNum(0), ['must be between 1 and 65535, inclusive']);
    assert.deepEqual(names.isValidPortName('1--'), [
      'must contain at least one letter (a-z)',
      'must not contain consecutive hyphens',
      'must not begin or end with a hyphen',
    ]);
    assert.deepEqual(names.isPathSegmentName('a/b'), ["may not contain '/'"]);
    assert.equal(names.isRelaxedEnvVarName('a=b').length, 1);
    assert.equal(names.isDns1035Label('1a').length, 1);
  });
});
