import assert from 'node:assert/strict';
import { networkRows } from './network-status.js';

describe('hack/status --network', () => {
  it('shows nodes with their devices and paths, or the reason for missing data', () => {
    const { nodes, paths } = networkRows([
      {
        node: 'node-1',
        subnet: '10.244.1.0/24',
        subnet6: 'fd00:0:0:1::/64',
        backend: 'vxlan',
        publicIP: '172.30.0.11',
        devices: [
          { name: 'flannel.1', mtu: 1450, rxBytes: 1500, txBytes: 2_500_000, drops: 3 },
          { name: 'flannel-v6.1', mtu: 1430, rxBytes: 0, txBytes: 0, drops: 0 },
        ],
        peers: [
          {
            subnet: '10.244.2.0/24',
            publicIP: '172.30.0.12',
            path: { reachable: true, rttSeconds: 0.00025, mtu: 1500 },
          },
          { subnet: '10.244.3.0/24', publicIP: '172.30.0.13', path: { reachable: false } },
          {
            subnet: '10.244.4.0/24',
            publicIP: '172.30.0.14',
            publicIPv6: 'fd30::14',
            path6: { reachable: true, rttSeconds: 0.001, mtu: 1280 },
          },
        ],
      },
      { node: 'node-2', problem: 'connect ECONNREFUSED', peers: [], devices: [] },
    ]);
    assert.deepEqual(nodes[1], [
      'node-1',
      '10.244.1.0/24 fd00:0:0:1::/64',
      'vxlan',
      'flannel.1, MTU 1450',
      '1.5 kB',
      '2.5 MB',
      '3',
    ]);
    assert.deepEqual(nodes[2], ['', '', '', 'flannel-v6.1, MTU 1430', '0.0 kB', '0.0 kB', '0']);
    assert.equal(nodes[3]![1], '? connect ECONNREFUSED');
    assert.deepEqual(
      paths.map((row) => row.at(-1)),
      ['PATH', '0.25 ms, MTU 1500', 'no answer', 'not asked yet', '1.00 ms, MTU 1280'],
    );
  });
});
