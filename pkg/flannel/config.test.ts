import assert from 'node:assert/strict';
import { ConfigError, describeConfig, parseNetworkConfig } from './config.js';
import { formatIp } from '../util/netaddr/ip.js';

const parse = (object: unknown) => parseNetworkConfig(JSON.stringify(object));
const refuses = (object: unknown, message: RegExp) =>
  assert.throws(
    () => parse(object),
    (error: unknown) => error instanceof ConfigError && message.test(error.message),
  );

const text4 = (value: bigint) => formatIp({ family: 4, value });
const text6 = (value: bigint) => formatIp({ family: 6, value });

describe('flannel network config', () => {
  it("has flannel's defaults", () => {
    const config = parse({ Network: '10.5.0.0/16' });
    assert.equal(config.subnetLength, 24);
    assert.equal(text4(config.subnetMin), '10.5.1.0');
    assert.equal(text4(config.subnetMax), '10.5.255.0');
    assert.deepEqual(config.backend, { type: 'udp', options: { Type: 'udp' } });
  });

  it('makes subnets of a small network two bits longer than the network', () => {
    assert.equal(parse({ Network: '10.0.0.0/22' }).subnetLength, 24);
    assert.equal(parse({ Network: '10.0.0.0/23' }).subnetLength, 25);
    assert.equal(parse({ Network: '10.0.0.0/28' }).subnetLength, 30);
  });

  it("matches keys in any case and lowers the backend's type", () => {
    const config = parse({
      network: '10.5.0.0/16',
      SUBNETLEN: 25,
      backend: { type: 'VXLAN', vni: 7 },
    });
    assert.equal(config.subnetLength, 25);
    assert.equal(config.backend.type, 'vxlan');
  });

  it('treats null as absent and takes the last of keys that differ in case, as Go does', () => {
    const config = parseNetworkConfig(
      '{"Network":"10.5.0.0/16","SubnetLen":25,"subnetLen":26,"SubnetMin":null,"Backend":null}',
    );
    assert.equal(config.subnetLength, 26);
    assert.equal(config.backend.type, 'udp');
  });

  it('keeps configured bounds', () => {
    const config = parse({
      Network: '10.5.0.0/16',
      SubnetMin: '10.5.10.0',
      SubnetMax: '10.5.20.0',
    });
    assert.deepEqual([config.subnetMin, config.subnetMax].map(text4), ['10.5.10.0', '10.5.20.0']);
  });

  const dual = (more: object) =>
    parse({ Network: '10.5.0.0/16', EnableIPv6: true, IPv6Network: 'fd00:10::/48', ...more });

  it("has flannel's defaults for the IPv6 half", () => {
    const { ipv6 } = dual({});
    assert.deepEqual(
      [ipv6?.subnetLength, text6(ipv6!.subnetMin), text6(ipv6!.subnetMax)],
      [64, 'fd00:10:0:1::', 'fd00:10:0:ffff::'],
    );
    assert.equal(
      describeConfig(dual({})),
      'Network 10.5.0.0/16, subnets of /24; IPv6Network fd00:10::/48, subnets of /64',
    );
    assert.deepEqual(
      ['/62', '/63', '/124'].map(
        (length) => dual({ IPv6Network: `fd00::${length}` }).ipv6!.subnetLength,
      ),
      [64, 65, 126],
    );
    assert.equal(
      parse({ Network: '10.5.0.0/16', IPv6Network: 'fd00::/48' }).ipv6,
      undefined,
      'off unless EnableIPv6',
    );
    const bounded = dual({
      ipv6subnetlen: 56,
      IPv6SubnetMin: 'fd00:10:0:300::',
      IPv6SubnetMax: 'FD00:10:0:0700::',
    }).ipv6!;
    assert.deepEqual(
      [bounded.subnetLength, text6(bounded.subnetMin), text6(bounded.subnetMax)],
      [56, 'fd00:10:0:300::', 'fd00:10:0:700::'],
    );
  });

  it('refuses what flannel refuses of the IPv6 half', () => {
    const refused = (more: object, message: RegExp) =>
      assert.throws(
        () => dual(more),
        (error: unknown) => error instanceof ConfigError && message.test(error.message),
      );
    refused({ IPv6Network: undefined }, /IPv6Network/);
    refused({ IPv6Network: '10.0.0.0/8' }, /no IPv6 CIDR/);
    refused(
      { IPv6Network: 'fd00::/125' },
      /IPv6Network is too small. Minimum useful network prefix is \/124/,
    );
    refused({ IPv6SubnetLen: 49 }, /at least four subnets/);
    refused({ IPv6SubnetLen: 127 }, /less than \/127/);
    refused({ IPv6SubnetMin: 'fd00:10:0:1::1' }, /IPv6SubnetMin is not on a SubnetLen boundary/);
    refused({ IPv6SubnetMax: 'fd00:11::' }, /IPv6SubnetMax is not in the range/);
    refused({ IPv6SubnetMin: 'fd00:10:0:9::', IPv6SubnetMax: 'fd00:10:0:8::' }, /above/);
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
    refuses(
      { Network: '10.0.0.0/16', EnableIPv4: false, EnableIPv6: true, IPv6Network: 'fd00::/48' },
      /not IPv6 alone/,
    );
    refuses({ Network: '10.0.0.0/16', Backend: {} }, /Type/);
    refuses(
      { Network: '10.0.0.0/16', Backend: 'vxlan' },
      /^network config Backend must be object$/,
    );
    refuses(
      { Network: '10.0.0.0/16', subnetlen: '24' },
      /^network config SubnetLen must be integer$/,
    );
    refuses([], /must be object/);
    assert.throws(() => parseNetworkConfig('{'), ConfigError);
  });
});
