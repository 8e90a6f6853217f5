// The guestbook over the udp and host-gw backends, in two clusters side by side. The control plane
// of one cluster runs as three processes.
import assert from 'node:assert/strict';
import { cgroupOf, processesIn } from '../../hack/cluster/cgroups.js';
import { commandOf } from '../../hack/cluster/processes.js';
import { until } from '../../hack/cluster/wait.js';
import { Guestbook, TestCluster } from './cluster.js';
import { difference, hostTraces } from './host-traces.js';
import { captureOverlay, leases } from './overlay.js';

describe('udp and host-gw side by side', function () {
  this.timeout(120_000);
  const udp = new TestCluster();
  const hostGw = new TestCluster();
  let untouched: Set<string>;
  let udpBook: Guestbook;
  let hostGwBook: Guestbook;

  before(async function () {
    this.timeout(480_000);
    untouched = await hostTraces([udp.name, hostGw.name]);
    await udp.up('--backend', 'udp', '--guestbook', '--separate');
    await hostGw.up('--backend=host-gw', '--nodes=2', '--guestbook');
  });

  after(async () => {
    await udp.down();
    await hostGw.down();
  });

  it('runs both guestbooks at once', async () => {
    udpBook = await Guestbook.of(udp);
    hostGwBook = await Guestbook.of(hostGw);
    await udpBook.works();
    await hostGwBook.works();
    await udpBook.set('one');
    await hostGwBook.set('two');
    await until(
      async () => (await udpBook.get()) === '{"data": "one"}',
      20_000,
      () => 'the udp guestbook forgot',
    );
    await until(
      async () => (await hostGwBook.get()) === '{"data": "two"}',
      20_000,
      () => 'the host-gw guestbook forgot',
    );
  });

  it('uses different addresses, ports and devices in each cluster', async () => {
    const [a, b] = [await udp.status(), await hostGw.status()];
    assert.notEqual(a.podNetwork, b.podNetwork);
    assert.notEqual(a.underlay, b.underlay);
    assert.deepEqual(
      Object.values(a.ports).filter((port) => Object.values(b.ports).includes(port)),
      [],
    );
  });

  it("carries udp packets in flannel's port 8285", async () => {
    assert.match(await captureOverlay(udp, 8285, () => udpBook.works()), /\.8285:/);
    const found = await leases(udp.name);
    assert.equal(found.length, 3);
    // flannel's udp backend sets no backend type in its leases.
    for (const { value } of found)
      assert.deepEqual([value.BackendType, value.BackendData ?? null], [undefined, null]);
  });

  it('forwards packets while flanneld is down, and the new flanneld adopts the tunnel process', async () => {
    const pidOf = async () =>
      (await udp.status()).processes.find(({ service }) => service === 'node-2.flanneld')?.pid;
    const tunnel = () =>
      [...processesIn(cgroupOf(udp.name, 'node-2'))].find((pid) =>
        commandOf(pid)[0]?.endsWith('/flannel-tun'),
      );
    const [daemon, carrier] = [await pidOf(), tunnel()];
    assert.ok(daemon && carrier);
    process.kill(daemon, 'SIGKILL');
    await udpBook.works();
    await until(
      async () => ![undefined, daemon].includes(await pidOf()),
      20_000,
      () => 'flanneld does not come back',
    );
    assert.equal(tunnel(), carrier, 'the tunnel process is adopted, not replaced');
    process.kill(carrier, 'SIGKILL');
    await until(
      () => ![undefined, carrier].includes(tunnel()),
      20_000,
      () => 'flannel-tun does not come back',
    );
    await udpBook.works();
  });

  it('routes host-gw packets without any tunnel', async () => {
    const found = await leases(hostGw.name);
    assert.deepEqual(
      found.map(({ value }) => value.BackendType),
      ['host-gw', 'host-gw'],
    );
    const [own, other] = found;
    const { stdout } = await hostGw.onNode('node-1', 'ip', 'route');
    const node1 = (await hostGw.nodeAddresses())[0];
    const remote = own!.value.PublicIP === node1 ? other! : own!;
    assert.ok(
      stdout.includes(`${remote.subnet.replace('-', '/')} via ${remote.value.PublicIP} dev eth0`),
      stdout,
    );
    await assert.rejects(
      captureOverlay(hostGw, 8472, () => hostGwBook.works()),
      /no packet/,
    );
  });

  it('deletes one cluster without affecting the other', async () => {
    await hostGw.down();
    await udpBook.works();
  });

  it('leaves no trace of either cluster', async () => {
    await udp.down();
    let left: string[] = [];
    await until(
      async () =>
        (left = difference(untouched, await hostTraces([udp.name, hostGw.name]))).length === 0,
      30_000,
      () => `left behind:\n${left.join('\n')}`,
    );
  });
});
