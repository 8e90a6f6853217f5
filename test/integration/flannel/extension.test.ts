// The extension backend runs the operator's commands: their environment, input and order.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Netlink } from '../../../pkg/system/netlink/netlink.js';
import { extension } from '../../../pkg/flannel/backend/extension.js';
import { parseNetworkConfig } from '../../../pkg/flannel/config.js';
import { parseNet } from '../../../pkg/util/netaddr/net.js';
import type { Lease } from '../../../pkg/flannel/subnet/lease.js';
import { realEnv } from '../../../pkg/system/env.js';

describe('flannel extension backend', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'wh-extension-'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  const said = async () =>
    (await readFile(join(dir, 'log'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const note = (name: string) =>
    `echo "${name} subnet=$SUBNET ip=$PUBLIC_IP net=$NETWORK data=$(cat)" >> ${join(dir, 'log')}`;
  const open = (commands: Record<string, string>) => {
    const config = parseNetworkConfig(
      JSON.stringify({ Network: '10.5.0.0/16', Backend: { Type: 'extension', ...commands } }),
    );
    const external = { name: 'eth0', ip: '192.168.77.1', publicIP: '192.168.77.1', mtu: 1500 };
    return extension.open({
      env: realEnv('test', 'error'),
      netlink: {} as Netlink,
      config,
      external,
      runDir: dir,
      nativeDir: dir,
      signal: new AbortController().signal,
    });
  };
  const own = { subnet: parseNet('10.5.34.0/24', 4)! };
  const peer = (subnet: string, publicIP: string, backendData?: unknown): Lease => ({
    key: subnet,
    subnet: parseNet(subnet, 4)!,
    attrs: {
      publicIP,
      backendType: 'extension',
      ...(backendData === undefined ? {} : { backendData }),
    },
    modRevision: 1,
  });

  it("publishes the output of PreStartupCommand, and runs each command with flannel's environment", async () => {
    const backend = await open({
      PreStartupCommand: `${note('pre')}; echo " my data "`,
      PostStartupCommand: note('post'),
      SubnetAddCommand: note('add'),
      SubnetRemoveCommand: note('remove'),
    });
    assert.deepEqual(backend.attrs, { backendType: 'extension', backendData: 'my data' });
    assert.equal(await backend.ensureDevice(own, []), true);
    assert.equal(await backend.ensureDevice(own, []), false, 'once');
    const one = peer('10.5.76.0/24', '192.168.77.2', 'theirs');
    const two = peer('10.5.80.0/24', '192.168.77.3', { a: 1 });
    await backend.setPeers!(own, [one, two]);
    await backend.setPeers!(own, [one, two]);
    await backend.setPeers!(own, [{ ...one, attrs: { ...one.attrs, publicIP: '192.168.77.9' } }]);
    assert.deepEqual(await said(), [
      'pre subnet= ip=192.168.77.1 net=10.5.0.0/16 data=',
      'post subnet=10.5.34.0/24 ip=192.168.77.1 net=10.5.0.0/16 data=',
      'add subnet=10.5.76.0/24 ip=192.168.77.2 net=10.5.0.0/16 data=theirs',
      'add subnet=10.5.80.0/24 ip=192.168.77.3 net=10.5.0.0/16 data={"a":1}',
      'remove subnet=10.5.80.0/24 ip=192.168.77.3 net=10.5.0.0/16 data={"a":1}',
      'add subnet=10.5.76.0/24 ip=192.168.77.9 net=10.5.0.0/16 data=theirs',
    ]);
  });

  it('retries a failed command with the next leases, and runs nothing without commands', async () => {
    const backend = await open({
      SubnetAddCommand: `${note('add')}; [ -e ${join(dir, 'ok')} ] || { touch ${join(dir, 'ok')}; exit 3; }`,
    });
    const peers = [peer('10.5.76.0/24', '192.168.77.2')];
    await assert.rejects(backend.setPeers!(own, peers));
    await backend.setPeers!(own, peers);
    await backend.setPeers!(own, peers);
    assert.equal((await said()).length, 2);
    const silent = await open({});
    assert.deepEqual(silent.attrs, { backendType: 'extension' });
    await silent.setPeers!(own, peers);
    assert.equal((await said()).length, 2);
  });
});
