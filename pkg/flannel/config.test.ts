import assert from 'node:assert/strict';
import { ConfigError, parseNetworkConfig } from './config.js';
import { formatIpv4 } from './subnet/ipv4.js';

const parse = (object: unknown) => parseNetworkConfig(JSON.stringify(object));
const refuses = (object: unknown, message: RegExp) => assert.throws(() => parse(object), (error: unknown) => error instanceof ConfigError && message.test(error.message));

describe('flannel network config', () => {
  it('has flannel\'s defaults', () => {
    const config = parse({ Network: '10.5.0.0/16' });
    assert.equal(config.subnetLength, 24);
    assert.equal(formatIpv4(config.subnetMin), '10.5.1.0');
    assert.equal(formatIpv4(config.subnetMax), '10.5.255.0');
    assert.deepEqual(config.backend, { type: 'udp', options: { Type: 'udp' } });
  });

  it('takes two bits more than a small network for subnets', () => {
    assert.equal(parse({ Network: '10.0.0.0/22' }).subnetLength, 24);
    assert.equal(parse({ Network: '10.0.0.0/23' }).subnetLength, 25);
    assert.equal(parse({ Network: '10.0.0.0/28' }).subnetLength, 30);
  });

  it('matches keys in any case and lowers the backend\'s type', () => {
    const config = parse({ network: '10.5.0.0/16', SUBNETLEN: 25, backend: { type: 'VXLAN', vni: 7 } });
    assert.equal(config.subnetLength, 25);
    assert.equal(config.backend.type, 'vxlan');
  });

  it('takes null for absent and the last of keys that differ in case, as Go does', () => {
    const config = parseNetworkConfig('{"Network":"10.5.0.0/16","SubnetLen":25,"subnetLen":26,"SubnetMin":null,"Backend":null}');
    assert.equal(config.subnetLength, 26);
    assert.equal(config.backend.type, 'udp');
  });

  it('keeps given bounds', () => {
    const config = parse({ Network: '10.5.0.0/16', SubnetMin: '10.5.10.0', SubnetMax: '10.5.20.0' });
    assert.deepEqual([config.subnetMin, config.subnetMax].map(formatIpv4), ['10.5.10.0', '10.5.20.0']);
  });

  it('refuses what flannel refuses', () => {
    refuses({}, /Network/);
    refuses({ Network: 'x' }, /CIDR/);
    refuses({ Network: '10.0.0.0/29' }, /too small/);
    refuses({ Network: '10.0.0.0/16', SubnetLen: 17 }, /at least four subnets/);
    refuses({ Network: '10.0.0.0/16', SubnetLen: 31 }, /less than/);
    refuses({ Network: '10.0.0.0/16', SubnetMin: '10.0.1.1' }, /boundary/);
    refuses({ Network: '10.0.0.0/16', SubnetMin: '10.1.0.0' }, /range of the Network/);
    refuses({ Network: '10.0.0.0/16', SubnetMin: '10.0.9.0', SubnetMax: '10.0.8.0' }, /above/);
    refuses({ Network: '10.0.0.0/16', EnableIPv6: true }, /IPv4 only/);
    refuses({ Network: '10.0.0.0/16', Backend: {} }, /Type/);
    refuses({ Network: '10.0.0.0/16', Backend: 'vxlan' }, /^network config Backend must be object$/);
    refuses({ Network: '10.0.0.0/16', subnetlen: '24' }, /^network config SubnetLen must be integer$/);
    refuses([], /must be object/);
    assert.throws(() => parseNetworkConfig('{'), ConfigError);
  });
});
