import assert from 'node:assert/strict';
import { columns } from './columns.js';

const ROWS = [
  ['TOKEN', 'TTL', 'USAGES'],
  ['abcdef.0123456789abcdef', '23h', 'signing'],
];

describe('columns', () => {
  it('are as wide as their longest cell and the gap, and no line ends in spaces', () => {
    assert.equal(
      columns(ROWS),
      'TOKEN                     TTL   USAGES\nabcdef.0123456789abcdef   23h   signing',
    );
  });

  it('keep a least width, as those of tabwriter', () => {
    assert.equal(
      columns(ROWS, 3, 10),
      'TOKEN                     TTL       USAGES\nabcdef.0123456789abcdef   23h       signing',
    );
  });
});
