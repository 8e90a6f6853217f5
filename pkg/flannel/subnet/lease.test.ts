// Bytes that a real flanneld wrote to etcd.
import assert from 'node:assert/strict';
import {
  encodeLeaseAttrs,
  parseLeaseAttrs,
  parseSubnetKey,
  sameLease,
  subnetKey,
  type Lease,
} from './lease.js';
import { parseNet } from '../../util/netaddr/net.js';

const RECORDED = [
  '{"PublicIP":"192.168.77.1","PublicIPv6":null,"BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"be:27:79:b0:5a:16"}}',
  '{"PublicIP":"192.168.77.1","PublicIPv6":null,"BackendType":"host-gw"}',
  '{"PublicIP":"192.168.77.1","PublicIPv6":null}',
  '{"PublicIP":"192.168.77.1","PublicIPv6":"fd00::1","BackendType":"host-gw"}',
  '{"PublicIP":"192.168.77.1","PublicIPv6":"fd00::1","BackendType":"vxlan","BackendData":{"VNI":1,"VtepMAC":"be:27:79:b0:5a:16"},"BackendV6Data":{"VNI":1,"VtepMAC":"be:27:79:b0:5a:17"}}',
];

describe('flannel lease', () => {
  for (const text of RECORDED)
    it(`is read and written as ${text}`, () =>
      assert.equal(encodeLeaseAttrs(parseLeaseAttrs(text)!), text));

  it('is invalid without a public IP', () => {
    for (const text of ['', '[]', 'null', '{}', '{"PublicIP":"x"}', '{"PublicIP":7}'])
      assert.equal(parseLeaseAttrs(text), undefined);
  });

  it('is compared by the fields that peers use', () => {
    const lease: Lease = {
      key: 'k',
      subnet: parseNet('10.5.34.0/24', 4)!,
      subnet6: parseNet('fd00::/64', 6)!,
      attrs: parseLeaseAttrs(RECORDED.at(-1)!)!,
      modRevision: 1,
    };
    assert.equal(sameLease(lease, { ...lease, modRevision: 2 }), true);
    assert.equal(sameLease(lease, { ...lease, subnet6: parseNet('fd00:0:0:1::/64', 6)! }), false);
    assert.equal(
      sameLease(lease, { ...lease, attrs: { ...lease.attrs, publicIPv6: 'fd00::2' } }),
      false,
    );
    assert.equal(sameLease(lease, undefined), false);
    assert.equal(sameLease(undefined, undefined), true);
  });

  it('has its subnet in the key', () => {
    const subnet = parseNet('10.5.34.0/24', 4)!;
    const subnet6 = parseNet('fc00:0:0:22::/64', 6)!;
    assert.equal(subnetKey({ subnet }), '10.5.34.0-24');
    assert.deepEqual(parseSubnetKey('10.5.34.0-24'), { subnet });
    assert.equal(subnetKey({ subnet, subnet6 }), '10.5.34.0-24&fc00:0:0:22::-64');
    assert.deepEqual(parseSubnetKey('10.5.34.0-24&fc00:0:0:22::-64'), { subnet, subnet6 });
    for (const name of [
      '',
      '10.5.34.0',
      '10.5.34.0-24-1',
      '10.5.300.0-24',
      '10.5.34.0-33',
      'x-24',
      '10.5.34.0-24&',
      '10.5.34.0-24&::1::-64',
      '10.5.34.0-24&fc00::-129',
      'fc00::-64',
    ])
      assert.equal(parseSubnetKey(name), undefined, name);
  });
});
