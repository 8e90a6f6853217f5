import assert from 'node:assert/strict';
import { parseOptions } from './options.js';

describe('flanneld flags', () => {
  it('take one or two dashes, and fall back to the environment', () => {
    const environment = { FLANNELD_IFACE: 'eth7', FLANNELD_ETCD_PREFIX: '/from/env' };
    const config = parseOptions(['-ip-masq', '--etcd-prefix=/from/line'], environment);
    assert.equal(config['ip-masq'], true);
    assert.equal(config['etcd-prefix'], '/from/line');
    assert.deepEqual(config.iface, ['eth7']);
  });
  it("have flannel's defaults", () => {
    const config = parseOptions([]);
    assert.deepEqual(
      [
        config['subnet-file'],
        config['subnet-lease-renew-margin'],
        config['iptables-forward-rules'],
        config['ip-masq'],
        config['healthz-port'],
      ],
      ['/run/flannel/subnet.env', 60, true, false, 0],
    );
  });
  it('are refused when they are invalid', () => {
    for (const argv of [
      ['--subnet-lease-renew-margin=0'],
      ['--subnet-lease-renew-margin=1440'],
      ['--etcd-keyfile=x'],
      ['--subnet-lease-ttl=1'],
      ['--public-ip=x'],
      ['--public-ipv6=10.0.0.1'],
      ['--nonsense'],
    ]) {
      assert.throws(() => parseOptions(argv), { name: 'FlagError' }, argv.join());
    }
  });
});
