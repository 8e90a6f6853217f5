import assert from 'node:assert/strict';
import { assigned, commandsFor } from './slots.js';

describe('slots of a backend', () => {
  it('keep their servers, and give free slots to new ones', () => {
    const first = assigned([], ['a 1', 'b 1']);
    assert.deepEqual(first, ['a 1', 'b 1', undefined, undefined]);
    const second = assigned(first, ['b 1', 'c 1', 'd 1']);
    assert.deepEqual(second, ['c 1', 'b 1', 'd 1', undefined]);
    assert.deepEqual(assigned(second, []), [undefined, undefined, undefined, undefined]);
  });

  it('have room for the surge of a rolling update, and grow when it does not suffice', () => {
    const servers = (count: number) => Array.from({ length: count }, (_, at) => `${at} 1`);
    const full = assigned([], servers(4));
    assert.equal(full.length, 8);
    assert.equal(assigned(full, servers(8)).length, 8);
    assert.equal(assigned(full, servers(9)).length, 16);
    assert.equal(assigned(full, []).length, 8);
  });

  it('change by commands alone', () => {
    const before = ['10.0.0.1 80', undefined, 'fd00::1 80', undefined];
    const after = [undefined, undefined, '10.0.0.2 81', 'fd00::2 80'];
    assert.deepEqual(commandsFor('shop:web:80', before, before), []);
    assert.deepEqual(commandsFor('shop:web:80', before, after), [
      'set server shop:web:80/s1 state maint',
      'set server shop:web:80/s3 state maint',
      'set server shop:web:80/s3 addr 10.0.0.2 port 81',
      'set server shop:web:80/s3 state ready',
      'set server shop:web:80/s4 state maint',
      'set server shop:web:80/s4 addr fd00::2 port 80',
      'set server shop:web:80/s4 state ready',
    ]);
  });
});
