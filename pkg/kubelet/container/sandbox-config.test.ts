import { strict as assert } from 'node:assert';
import type { Pod } from '../../apis/core/v1/types.js';
import { sandboxConfig } from './sandbox-config.js';

function configOf(spec: object, hasIPv6 = true) {
  const pod = {
    metadata: { name: 'p', namespace: 'n', uid: 'u' },
    spec: { containers: [], ...spec },
  };
  return sandboxConfig(pod as unknown as Pod, {
    attempt: 0,
    logDirectory: '/logs',
    cgroupParent: '/pod',
    dns: { servers: [], searches: [], options: [] },
    clusterDomain: 'cluster.local',
    hasIPv6,
  });
}

const sysctls = (spec: object, hasIPv6 = true) => configOf(spec, hasIPv6).linux?.sysctls ?? {};

describe('host name of a sandbox', () => {
  const named = (hostname: string) =>
    configOf({ hostname, subdomain: 'sub', setHostnameAsFQDN: true }).hostname;
  const domain = 'sub.n.svc.cluster.local';

  it('is the whole name when the pod asks for it', () => {
    assert.equal(named('web'), `web.${domain}`);
    assert.equal(named('x'.repeat(40)).length, 64);
  });

  it('is no longer than the kernel takes', () => {
    assert.throws(() => named('x'.repeat(41)), {
      message: `failed to construct FQDN from pod hostname and cluster domain, FQDN ${'x'.repeat(41)}.${domain} is too long (64 characters is the max, 65 characters requested)`,
    });
  });
});

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
