import { equal, ok } from 'node:assert/strict';
import { canonicalText, goLiteral, goText } from './go-text.js';

const VALUE = { b: [1, 'x y', null], a: { d: true, c: 2n ** 60n }, ä: 0.5 };

describe('texts of JSON values', () => {
  it('are as Go prints them', () => {
    equal(goText(VALUE), 'map[a:map[c:1152921504606846976 d:true] b:[1 x y <nil>] ä:0.5]');
    equal(
      goLiteral(VALUE),
      'map[string]interface {}{"a":map[string]interface {}{"c":1152921504606846976, "d":true}, "b":[]interface {}{1, "x y", interface {}(nil)}, "ä":0.5}',
    );
    equal(goText([]), '[]');
    equal(goLiteral({}), 'map[string]interface {}{}');
  });

  it('have one JSON form whatever the order of members', () => {
    const { b, ...rest } = VALUE;
    equal(canonicalText({ ...rest, b }), canonicalText({ b, ...rest }));
    equal(
      canonicalText(VALUE),
      '{"a":{"c":1152921504606846976,"d":true},"b":[1,"x y",null],"ä":0.5}',
    );
  });

  it('are made in linear time of deep values with much below', () => {
    let value: unknown = 'x'.repeat(2_000_000);
    for (let depth = 0; depth < 3000; depth++)
      value = depth % 2 ? [value, depth] : { a: value, b: 1 };
    for (const text of [goText, goLiteral, canonicalText]) ok(text(value).length > 2_000_000);
  });
});
