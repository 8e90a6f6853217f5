import assert from 'node:assert/strict';
import { Durations, labelsText } from './durations.js';

describe('durations', () => {
  it('are written as a Prometheus histogram, once there are any', () => {
    const durations = new Durations([0.1, 1]);
    assert.equal(durations.lines('x_seconds', 'a="b"'), '');
    for (const seconds of [0.05, 0.1, 0.5, 7]) durations.observe(seconds);
    assert.equal(
      durations.lines('x_seconds', 'a="b"'),
      'x_seconds_bucket{a="b",le="0.1"} 2\nx_seconds_bucket{a="b",le="1"} 3\nx_seconds_bucket{a="b",le="+Inf"} 4\nx_seconds_sum{a="b"} 7.65\nx_seconds_count{a="b"} 4\n',
    );
  });

  it('have labels in the text format', () => {
    assert.equal(labelsText({ a: 'x', b: '"\\\n' }), String.raw`a="x",b="\"\\\n"`);
  });
});
