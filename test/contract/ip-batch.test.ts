import assert from 'node:assert/strict';
import { eventOf, failedLines, lineOf } from '../support/ip-batch.js';

describe('ip and bridge batches', () => {
  it('equal the commands of flannel', () => {
    const vxlan = {
      vni: 1,
      local: '192.168.77.1',
      device: 'eth0',
      port: 8472,
      learning: false,
      gbp: false,
    };
    assert.deepEqual(
      lineOf({
        type: 'link-add',
        link: { kind: 'vxlan', name: 'flannel.1', mac: '02:00:00:00:00:01', vxlan },
      }),
      {
        tool: 'ip',
        line: 'link add flannel.1 address 02:00:00:00:00:01 type vxlan id 1 dev eth0 local 192.168.77.1 dstport 8472 nolearning',
      },
    );
    assert.equal(
      lineOf({
        type: 'route-replace',
        route: { to: '10.5.76.0/24', via: '10.5.76.0', device: 'flannel.1', onlink: true },
      }).line,
      'route replace 10.5.76.0/24 via 10.5.76.0 dev flannel.1 onlink',
    );
    assert.deepEqual(
      lineOf({
        type: 'fdb-replace',
        device: 'flannel.1',
        mac: 'be:27:79:b0:5a:16',
        to: '192.168.77.2',
      }),
      {
        tool: 'bridge',
        line: 'fdb replace be:27:79:b0:5a:16 dev flannel.1 dst 192.168.77.2 self permanent',
      },
    );
  });

  it('create ipip and wireguard devices', () => {
    assert.equal(
      lineOf({
        type: 'link-add',
        link: { kind: 'ipip', name: 'flannel.ipip', local: '192.168.77.1' },
      }).line,
      'link add flannel.ipip type ipip local 192.168.77.1 remote any',
    );
    assert.equal(
      lineOf({ type: 'link-add', link: { kind: 'wireguard', name: 'flannel-wg', mtu: 1420 } }).line,
      'link add flannel-wg mtu 1420 type wireguard',
    );
  });

  it('never carry a second command', () => {
    for (const name of ['a b', 'a\nlink del eth0', '', '$(x)', 'a;b'])
      assert.throws(() => lineOf({ type: 'link-delete', name }), { code: 'EINVAL' });
  });

  it('report failures by line', () => {
    const text =
      'Error: Nexthop has invalid gateway.\nCommand failed -:1\nRTNETLINK answers: No such process\nCommand failed -:3\n';
    assert.deepEqual(
      [...failedLines(text)],
      [
        [1, 'Error: Nexthop has invalid gateway.'],
        [3, 'RTNETLINK answers: No such process'],
      ],
    );
  });

  it('report events with their device', () => {
    assert.equal(eventOf('[LINK]4: flannel.1: <BROADCAST,UP> mtu 1450'), 'link flannel.1');
    assert.equal(eventOf('[LINK]Deleted 9: veth1@if2: <BROADCAST>'), 'link veth1');
    assert.equal(eventOf('[ADDR]4: eth0    inet 10.0.0.1/24'), 'address eth0');
    assert.equal(
      eventOf('[ROUTE]Deleted 10.5.76.0/24 via 10.5.76.0 dev flannel.1 onlink '),
      'route flannel.1',
    );
    assert.equal(
      eventOf('[NEIGH]10.5.76.0 dev cni0 lladdr 02:00:00:00:00:01 REACHABLE'),
      'neigh cni0',
    );
    assert.equal(eventOf('[NSID]x'), '');
  });
});
