// Nodes and supervision without a cluster: namespaces, the network between them, restarts, and
// clean-up.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { cgroupOf, createCgroup, processesIn } from '../../hack/cluster/cgroups.js';
import { enterNode, layoutOf } from '../../hack/cluster/layout.js';
import { createNode, mountRun } from '../../hack/cluster/node.js';
import { isAlive } from '../../hack/cluster/processes.js';
import { decide, observeHost, writeRecord, type ClusterRecord } from '../../hack/cluster/record.js';
import { Runit } from '../../hack/cluster/runit.js';
import { QUICK_STOP_MS, releaseHost, stopProcesses } from '../../hack/cluster/teardown.js';
import { createBridge } from '../../hack/cluster/underlay.js';
import { until } from '../../hack/cluster/wait.js';
import { exec, tryExec } from '../../pkg/system/exec.js';

describe('hack: nodes and supervision', function () {
  this.timeout(60_000);
  const name = `p-${randomBytes(3).toString('hex')}`;
  let record: ClusterRecord;

  before(async () => {
    record = await decide(
      { name, nodes: 2, backend: 'vxlan', separate: false },
      await observeHost(),
    );
    await writeRecord(record);
    createCgroup(cgroupOf(name, 'control-plane'));
    await mountRun(name);
    await createBridge(record);
    for (const node of record.nodes) await createNode(record, node.name);
  });

  after(async () => {
    await stopProcesses(record, QUICK_STOP_MS);
    await releaseHost(record);
    rmSync(layoutOf(name).dir, { recursive: true, force: true });
  });

  const inside = (node: string, ...command: string[]) =>
    exec([...enterNode(name, node), ...command]);

  it('give each node its own host name, devices, /run, /var/lib and /etc', async () => {
    assert.equal((await inside('node-1', 'hostname')).trim(), 'node-1');
    assert.deepEqual((await inside('node-2', 'ls', '/sys/class/net')).trim().split('\n'), [
      'eth0',
      'lo',
    ]);
    await inside(
      'node-1',
      'sh',
      '-c',
      'echo x > /run/mine; echo x > /var/lib/mine; echo x > /etc/mine',
    );
    for (const file of ['/run/mine', '/var/lib/mine', '/etc/mine']) {
      assert.ok(!existsSync(file), `${file} on the host`);
      assert.notEqual(
        (await tryExec([...enterNode(name, 'node-2'), 'test', '-e', file])).code,
        0,
        `${file} on the other node`,
      );
    }
  });

  it('connect the nodes by the underlay', async () => {
    await inside('node-1', 'busybox', 'ping', '-c', '1', '-W', '2', record.nodes[1]!.address);
    await inside('node-2', 'busybox', 'ping', '-c', '1', '-W', '2', record.gateway);
  });

  it('restart a killed service in its cgroup and stop it on uninstall', async () => {
    const runit = new Runit(name);
    const cgroup = cgroupOf(name, 'node-1/system');
    mkdirSync(layoutOf(name).logs, { recursive: true });
    await runit.install([
      { name: 'sleeper', cgroup, command: [...enterNode(name, 'node-1'), 'sleep', '1000'] },
    ]);
    assert.equal((await runit.status(['sleeper'])).get('sleeper')?.state, 'down');
    await runit.start(['sleeper']);
    const pidOf = async () => (await runit.status(['sleeper'])).get('sleeper')?.pid;
    const first = await until(pidOf, 10_000, () => 'the service does not start');
    await until(
      () => processesIn(cgroup).has(first),
      5000,
      () => 'the service is not in its cgroup',
    );
    process.kill(first, 'SIGKILL');
    const second = await until(
      async () => {
        const pid = await pidOf();
        return pid === first ? undefined : pid;
      },
      10_000,
      () => 'the service does not come back',
    );
    await runit.uninstall(10_000);
    await until(
      () => !isAlive(second),
      5000,
      () => 'the service goes on',
    );
  });

  it('leave no trace after release', async () => {
    await stopProcesses(record, QUICK_STOP_MS);
    await releaseHost(record);
    assert.ok(!existsSync(layoutOf(name).run));
    assert.ok(!(await exec(['ip', 'link'])).includes(record.bridge));
    assert.ok(!(await exec(['nft', 'list', 'tables'])).includes(name));
    assert.ok(!(await exec(['findmnt', '-rno', 'TARGET'])).includes(name));
    assert.equal(
      (await tryExec(['sh', '-c', `find /sys/fs/cgroup -type d -path '*wheelhouse/${name}*'`]))
        .stdout,
      '',
    );
  });
});
