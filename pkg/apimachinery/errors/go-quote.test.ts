import { equal } from 'node:assert/strict';
import { goQuote } from './go-quote.js';

describe('texts in error messages', () => {
  it('are printed as Go prints them', () => {
    equal(goQuote('a "b" \\ c'), '"a \\"b\\" \\\\ c"');
    equal(goQuote('\u0007\b\f\n\r\t\v'), '"\\a\\b\\f\\n\\r\\t\\v"');
    equal(goQuote('\u0000\u001f\u007f'), '"\\x00\\x1f\\x7f"');
    equal(goQuote('\u00a0\u200b\u{e0001}'), '"\\u00a0\\u200b\\U000e0001"');
    equal(goQuote('grün 日本 🙂'), '"grün 日本 🙂"');
  });
});
