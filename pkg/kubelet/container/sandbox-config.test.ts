import { strict as assert } from 'node:assert';
import type { Pod } from '../../apis/core/v1/types.js';
import { sandboxConfig } from './sandbox-config.js';

function sysctls(spec: object, hasIPv6 = true): Record<string, string> {
  const pod = {
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    spec: { containers: [], ...spec },
  };
  const config = sandboxConfig(pod as unknown as Pod, {
    attempt: 0,
    logDirectory: '/logs',
    cgroupParent: '/pod',
    dns: { servers: [], searches: [], options: [] },
    clusterDomain: 'cluster.local',
    hasIPv6,
  });
  return config.linux?.sysctls ?? {};
}

const ACCEPT = 'net.ipv6.conf.eth0.accept_ra';

describe('sysctls of a sandbox', () => {
  it('accept no router advertisement, on the first interface and on later ones', () => {
    assert.deepEqual(sysctls({}), { [ACCEPT]: '0', 'net.ipv6.conf.default.accept_ra': '0' });
  });

  it('leave the host and a kernel without IPv6 as they are', () => {
    assert.deepEqual(sysctls({ hostNetwork: true }), {});
    assert.deepEqual(sysctls({}, false), {});
  });

  it("give way to the pod's own", () => {
    const own = { securityContext: { sysctls: [{ name: ACCEPT, value: '1' }] } };
    assert.equal(sysctls(own)[ACCEPT], '1');
  });
});
