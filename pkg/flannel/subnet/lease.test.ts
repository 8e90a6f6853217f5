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
import { parseIpv4Cidr } from '../../util/netaddr/ipv4.js';
import { parseIpv6Cidr } from '../../util/netaddr/ipv6.js';

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
      subnet: parseIpv4Cidr('10.5.34.0/24')!,
      subnet6: parseIpv6Cidr('fd00::/64')!,
      attrs: parseLeaseAttrs(RECORDED.at(-1)!)!,
      modRevision: 1,
    };
    assert.equal(sameLease(lease, { ...lease, modRevision: 2 }), true);
    assert.equal(sameLease(lease, { ...lease, subnet6: parseIpv6Cidr('fd00:0:0:1::/64')! }), false);
    assert.equal(
      sameLease(lease, { ...lease, attrs: { ...lease.attrs, publicIPv6: 'fd00::2' } }),
      false,
    );
    assert.equal(sameLease(lease, undefined), false);
    assert.equal(sameLease(undefined, undefined), true);
  });

  it('has its subnet in the key', () => {
    const subnet = parseIpv4Cidr('10.5.34.0/24')!;
    const subnet6 = parseIpv6Cidr('fc00:0:0:22::/64')!;
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
