// Golden bytes: requests as iproute2 sends the same changes, messages as the kernel answered them.
import assert from 'node:assert/strict';
import {
  decodeAddress,
  decodeFdb,
  decodeLink,
  decodeNeighbour,
  decodeRoute,
  encodeChange,
} from './rtnetlink.js';
import { acknowledgementOf, messagesOf } from './wire.js';

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');
const indexOf = () => 4;

describe('rtnetlink codec', () => {
  it('writes an onlink route', () => {
    const message = encodeChange(
      {
        type: 'route-replace',
        route: { to: '10.5.76.0/24', via: '10.5.76.0', device: 'flannel.1', onlink: true },
      },
      indexOf,
    ).finish(7);
    assert.deepEqual(
      message,
      hex(`34000000 1800 0505 07000000 00000000  02 18 00 00 fe 03 00 01 04000000
      0800 0100 0a054c00  0800 0500 0a054c00  0800 0400 04000000`),
    );
  });

  it('writes a forwarding entry of a vxlan device', () => {
    const message = encodeChange(
      { type: 'fdb-replace', device: 'flannel.1', mac: 'be:27:79:b0:5a:16', to: '192.168.77.2' },
      indexOf,
    ).finish(8);
    assert.deepEqual(
      message,
      hex(`30000000 1c00 0505 08000000 00000000  07 00 0000 04000000 8000 02 00
      0a00 0200 be2779b05a16 0000  0800 0100 c0a84d02`),
    );
  });

  it('writes a vxlan device', () => {
    const vxlan = {
      vni: 1,
      local: '192.168.77.1',
      device: 'eth0',
      port: 8472,
      learning: false,
      gbp: false,
    };
    const message = encodeChange(
      {
        type: 'link-add',
        link: { kind: 'vxlan', name: 'flannel.1', mac: '02:00:00:00:00:01', vxlan },
      },
      indexOf,
    ).finish(9);
    assert.deepEqual(
      message,
      hex(`78000000 1000 0506 09000000 00000000  00000000 00000000 00000000 00000000
      0e00 0300 666c616e6e656c2e3100 0000  0a00 0100 020000000001 0000
      3c00 1280  0a00 0100 76786c616e00 0000
        2c00 0280  0800 0100 01000000  0800 0300 04000000  0800 0400 c0a84d01  0500 0700 00 000000  0600 0f00 2118 0000`),
    );
    const [back] = messagesOf(message);
    assert.deepEqual(
      { ...decodeLink(back!, () => 'eth0'), index: 0 },
      {
        index: 0,
        name: 'flannel.1',
        mtu: 0,
        up: false,
        running: false,
        mac: '02:00:00:00:00:01',
        kind: 'vxlan',
        vxlan,
      },
    );
  });

  it('writes a vxlan device over IPv6', () => {
    const vxlan = {
      vni: 1,
      local: 'fd77::1',
      device: 'eth0',
      port: 8472,
      learning: false,
      gbp: false,
    };
    const message = encodeChange(
      {
        type: 'link-add',
        link: { kind: 'vxlan', name: 'flannel-v6.1', mac: '02:00:00:00:00:02', vxlan },
      },
      indexOf,
    ).finish(9);
    assert.deepEqual(
      message,
      hex(`88000000 1000 0506 09000000 00000000  00000000 00000000 00000000 00000000
      1100 0300 666c616e6e656c2d76362e3100 000000  0a00 0100 020000000002 0000
      4800 1280  0a00 0100 76786c616e00 0000
        3800 0280  0800 0100 01000000  0800 0300 04000000  1400 1100 fd770000000000000000000000000001  0500 0700 00 000000  0600 0f00 2118 0000`),
    );
  });

  it('writes the IPv6 entries of a vxlan peer', () => {
    const of = (change: Parameters<typeof encodeChange>[0]) =>
      encodeChange(change, indexOf).finish(3);
    assert.deepEqual(
      of({
        type: 'route-replace',
        route: {
          to: 'fd00:5:0:4c::/64',
          via: 'fd00:5:0:4c::',
          device: 'flannel-v6.1',
          onlink: true,
        },
      }),
      hex(`4c000000 1800 0505 03000000 00000000  0a 40 00 00 fe 03 00 01 04000000
      1400 0100 fd0000050000004c0000000000000000  1400 0500 fd0000050000004c0000000000000000  0800 0400 04000000`),
    );
    assert.deepEqual(
      of({
        type: 'neigh-replace',
        device: 'flannel-v6.1',
        address: 'fd00:5:0:4c::',
        mac: 'be:27:79:b0:5a:26',
      }),
      hex(`3c000000 1c00 0505 03000000 00000000  0a 00 0000 04000000 8000 00 00
      1400 0100 fd0000050000004c0000000000000000  0a00 0200 be2779b05a26 0000`),
    );
    assert.deepEqual(
      of({ type: 'fdb-replace', device: 'flannel-v6.1', mac: 'be:27:79:b0:5a:26', to: 'fd77::2' }),
      hex(`3c000000 1c00 0505 03000000 00000000  07 00 0000 04000000 8000 02 00
      0a00 0200 be2779b05a26 0000  1400 0100 fd770000000000000000000000000002`),
    );
  });

  it('writes an ipip and a wireguard device', () => {
    const of = (change: Parameters<typeof encodeChange>[0]) =>
      encodeChange(change, indexOf).finish(9);
    assert.deepEqual(
      of({ type: 'link-add', link: { kind: 'ipip', name: 'flannel.ipip', local: '192.168.77.1' } }),
      hex(`50000000 1000 0506 09000000 00000000  00000000 00000000 00000000 00000000
      1100 0300 666c616e6e656c2e6970697000 000000  1c00 1280  0900 0100 6970697000 000000  0c00 0280  0800 0200 c0a84d01`),
    );
    assert.deepEqual(
      of({ type: 'link-add', link: { kind: 'wireguard', name: 'flannel-wg' } }),
      hex(`44000000 1000 0506 09000000 00000000  00000000 00000000 00000000 00000000
      0f00 0300 666c616e6e656c2d776700 00  1400 1280  0e00 0100 77697265677561726400 0000`),
    );
  });

  it('reads a route back from its own request', () => {
    for (const route of [
      { to: '10.5.76.0/24', via: '10.5.76.0', device: 'flannel.1', onlink: true },
      { to: '0.0.0.0/0', via: '192.168.77.254', device: 'flannel.1' },
      { to: 'fd00::/8', via: 'fd77::9', device: 'flannel.1', metric: 9 },
    ]) {
      const [message] = messagesOf(
        encodeChange({ type: 'route-replace', route }, indexOf).finish(1),
      );
      const read = decodeRoute(message!, () => 'flannel.1')!;
      assert.deepEqual(
        {
          to: read.to,
          via: read.via,
          device: read.device,
          onlink: read.onlink,
          metric: read.metric,
        },
        { onlink: false, metric: 0, ...route },
      );
    }
  });

  it('reads errors with the message of the kernel', () => {
    const [message] = messagesOf(
      hex(`40000000 0200 0003 2a000000 11111111  eaffffff 34000000 1800 0506 2a000000 00000000
      1c00 0100 4e657874686f702068617320696e76616c69642067772e00`),
    );
    assert.deepEqual(acknowledgementOf(message!), {
      sequence: 42,
      errno: 22,
      message: 'Nexthop has invalid gw.',
    });
  });

  it('reads messages and attributes that are too short as absent', () => {
    const nameOf = () => 'eth0';
    const [empty] = messagesOf(hex('10000000 1000 0000 00000000 00000000'));
    assert.deepEqual(decodeAddress(empty!, nameOf), undefined);
    assert.equal(decodeLink(empty!, nameOf).name, '');
    assert.equal(decodeNeighbour(empty!, 0, 'eth0'), undefined);
    assert.equal(decodeFdb(empty!, 0, 'eth0'), undefined);
    assert.equal(decodeRoute(empty!, nameOf, true)!.to, '0.0.0.0/0');
    // An MTU of one byte, and a gateway of three.
    const [link] = messagesOf(
      hex('25000000 1000 0000 00000000 00000000 00000000 01000000 00000000 00000000 0500 0400 07'),
    );
    assert.equal(decodeLink(link!, nameOf).mtu, 0);
    const [route] = messagesOf(
      hex('23000000 1800 0000 00000000 00000000 02000000 fe030001 00000000 0700 0500 0a0000'),
    );
    assert.equal(decodeRoute(route!, nameOf)!.via, undefined);
  });

  it('survives truncated and empty buffers', () => {
    assert.deepEqual([...messagesOf(Buffer.alloc(0))], []);
    assert.deepEqual([...messagesOf(hex('ff000000 1800 0000 00000000 00000000'))], []);
    assert.deepEqual([...messagesOf(hex('00000000 1800 0000 00000000 00000000'))], []);
  });
});
