import assert from 'node:assert/strict';
import fc from 'fast-check';
import { escapeFieldValue, parseFieldSelector } from './selector.js';

describe('field selectors', () => {
  it('parses, matches and prints', () => {
    const selector = parseFieldSelector('metadata.name=x,status.phase!=Failed,spec.nodeName==');
    assert.deepEqual(selector.requirements, [
      { field: 'metadata.name', operator: '=', value: 'x' },
      { field: 'status.phase', operator: '!=', value: 'Failed' },
      { field: 'spec.nodeName', operator: '=', value: '' },
    ]);
    assert.equal(selector.toString(), 'metadata.name=x,status.phase!=Failed,spec.nodeName=');
    assert.equal(selector.exact('metadata.name'), 'x');
    assert.equal(selector.exact('status.phase'), undefined);
    const fields: Record<string, string> = { 'metadata.name': 'x', 'status.phase': 'Running' };
    assert.equal(
      selector.matches((f) => fields[f]),
      true,
    );
    fields['status.phase'] = 'Failed';
    assert.equal(
      selector.matches((f) => fields[f]),
      false,
    );
  });

  it('refuses malformed selectors', () => {
    assert.throws(
      () => parseFieldSelector('a,b=c'),
      /invalid selector: 'a,b=c'; can't understand 'a'/,
    );
    assert.throws(
      () => parseFieldSelector('a=\\x'),
      /invalid field selector: invalid escape sequence: \\x/,
    );
    assert.throws(() => parseFieldSelector('a=b=c'), /unescaped character in value/);
  });

  it('keeps any value through escaping', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        const selector = parseFieldSelector(`f!=${escapeFieldValue(value)}`);
        assert.deepEqual(selector.requirements, [{ field: 'f', operator: '!=', value }]);
      }),
    );
  });
});
