import { strict as assert } from 'node:assert';
import type { Node } from '../apis/core/v1/types.js';
import { preferredAddress } from './nodes.js';

describe('the preferred address of a node', () => {
  const node = {
    status: {
      addresses: [
        { type: 'Hostname', address: 'h' },
        { type: 'InternalDNS', address: '' },
        { type: 'InternalIP', address: '10.0.0.1' },
        { type: 'InternalIP', address: 'fd00::1' },
      ],
    },
  } as Node;
  for (const [types, address] of [
    [['ExternalIP', 'InternalIP', 'Hostname'], '10.0.0.1'],
    [['InternalDNS', 'Hostname'], 'h'],
    [['ExternalDNS'], undefined],
    [[], undefined],
  ] as const)
    it(`by ${types.join() || 'no type'} is ${address}`, () =>
      assert.equal(preferredAddress(node, types), address));

  it('is absent before the kubelet has set the status', () =>
    assert.equal(preferredAddress({} as Node, ['InternalIP']), undefined));
});
