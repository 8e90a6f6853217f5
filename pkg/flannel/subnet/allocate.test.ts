import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SeededRandom } from '../../util/env/virtual-env.js';
import { parseNetworkConfig } from '../config.js';
import { chooseSubnet, freeSubnets, isCompatible } from './allocate.js';
import { formatNet, overlaps, parseCidr, type Ipv4Net } from './ipv4.js';
import type { Lease } from './lease.js';

const config = parseNetworkConfig('{"Network":"10.5.0.0/16"}');
const lease = (cidr: string, publicIP: string): Lease => ({ key: cidr, subnet: parseCidr(cidr)!, attrs: { publicIP, backendType: 'vxlan' }, modRevision: 1, leaseId: '1' });
const choose = (leases: Lease[], publicIP: string, previous?: string) =>
  chooseSubnet({ config, publicIP, ...(previous ? { previous: parseCidr(previous)! } : {}) }, leases, new SeededRandom(7));
const subnetOf = (choice: ReturnType<typeof choose>['choice']) => (choice.type === 'create' ? formatNet(choice.subnet) : choice.type === 'reuse' ? formatNet(choice.lease.subnet) : '');

describe('subnet choice', () => {
  it('takes the lease with our public IP again', () => {
    const { choice } = choose([lease('10.5.7.0/24', '1.1.1.1'), lease('10.5.8.0/24', '2.2.2.2')], '2.2.2.2');
    assert.equal(choice.type, 'reuse');
    assert.equal(subnetOf(choice), '10.5.8.0/24');
  });

  it('prefers the previous one of two of ours', () => {
    assert.equal(subnetOf(choose([lease('10.5.7.0/24', '1.1.1.1'), lease('10.5.8.0/24', '1.1.1.1')], '1.1.1.1', '10.5.8.0/24').choice), '10.5.8.0/24');
  });

  it('gives up a lease that the config no longer allows', () => {
    const { choice, stale } = choose([lease('10.9.7.0/24', '1.1.1.1')], '1.1.1.1');
    assert.equal(choice.type, 'create');
    assert.deepEqual(stale.map((l) => l.key), ['10.9.7.0/24']);
  });

  it('takes the previous subnet when it is free, another when it is not', () => {
    assert.equal(subnetOf(choose([], '1.1.1.1', '10.5.200.0/24').choice), '10.5.200.0/24');
    assert.notEqual(subnetOf(choose([lease('10.5.200.0/24', '2.2.2.2')], '1.1.1.1', '10.5.200.0/24').choice), '10.5.200.0/24');
    assert.notEqual(subnetOf(choose([], '1.1.1.1', '10.9.200.0/24').choice), '10.9.200.0/24');
  });

  it('says so when nothing is left', () => {
    const small = parseNetworkConfig('{"Network":"10.5.0.0/22"}');
    const leases = ['10.5.1.0/24', '10.5.2.0/24', '10.5.3.0/24'].map((cidr, at) => lease(cidr, `2.2.2.${at}`));
    assert.equal(chooseSubnet({ config: small, publicIP: '1.1.1.1' }, leases, new SeededRandom()).choice.type, 'none');
  });

  it('never overlaps a lease and stays inside the range', () => {
    const subnet = fc.record({ at: fc.integer({ min: 0, max: 0xffff }), length: fc.integer({ min: 18, max: 28 }) }).map(({ at, length }): Ipv4Net => ({ ip: (0x0a050000 | at) >>> 0, length }));
    fc.assert(
      fc.property(fc.array(subnet, { maxLength: 60 }), fc.integer(), (taken, seed) => {
        for (const free of freeSubnets(config, taken)) {
          assert.ok(isCompatible(config, free));
          assert.ok(!taken.some((other) => overlaps(other, free)));
        }
        const leases = taken.map((net, at) => ({ ...lease(formatNet(net), `2.2.0.${at}`) }));
        const { choice } = chooseSubnet({ config, publicIP: '1.1.1.1' }, leases, new SeededRandom(seed));
        if (choice.type === 'create') assert.ok(!taken.some((other) => overlaps(other, choice.subnet)));
        else assert.equal(choice.type, 'none');
      }),
    );
  });
});
