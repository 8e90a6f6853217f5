// The smaller backends in complete daemons: alloc only leases subnets, extension runs its commands,
// and a backend that the kernel does not support is refused with a reason.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tryExec } from '../../pkg/system/exec.js';
import { eventually, needNetworks, OverlayLab, type LabNode } from './overlay-lab.js';

describe("flanneld's smaller backends", function () {
  this.timeout(60_000);
  let lab: OverlayLab;
  before(async function () {
    needNetworks(this);
    lab = await OverlayLab.create(2, { ipv6: true });
  });
  afterEach(async () => {
    for (const node of lab.nodes) {
      if (!node.flanneld || node.flanneld.exitCode !== null || node.flanneld.signalCode !== null)
        continue;
      const ended = new Promise<void>((done) => node.flanneld!.once('exit', () => done()));
      node.flanneld.kill('SIGKILL');
      await ended;
    }
    await lab.etcdctl('del', '--prefix', '/coreos.com/network/subnets/');
  });
  after(() => lab?.close());

  /**
   * Starts flanneld and returns its subnet. Readiness is taken from its log, since the files of an
   * earlier test may still exist.
   */
  async function up(node: LabNode): Promise<string> {
    const from = (await node.log('flanneld')).length;
    node.startFlanneld();
    await eventually('flanneld up', async () =>
      (await node.log('flanneld')).slice(from).includes('network is up'),
    );
    return node.subnet();
  }

  it('alloc leases subnets of both families and writes the files, without routes or devices', async () => {
    const [node] = lab.nodes;
    const look = () => node!.run(['sh', '-c', 'ip -br link; ip route; ip -6 route']);
    const before = await look();
    await lab.configure({ Type: 'alloc' }, { EnableIPv6: true, IPv6Network: 'fd00:10:244::/56' });
    await Promise.all(lab.nodes.map(up));
    assert.equal(await look(), before);
    const env = await readFile(node!.subnetFile, 'utf8');
    assert.match(env, /FLANNEL_IPV6_SUBNET=fd00:10:244:/);
    assert.match(env, /FLANNEL_MTU=1500/);
    const values = (
      await lab.etcdctl('get', '--prefix', '/coreos.com/network/subnets/', '--print-value-only')
    )
      .split('\n')
      .filter(Boolean);
    assert.deepEqual(values.sort(), [
      '{"PublicIP":"172.30.7.11","PublicIPv6":"fd30:7::11"}',
      '{"PublicIP":"172.30.7.12","PublicIPv6":"fd30:7::12"}',
    ]);
  });

  it("extension forwards packets by the operator's routes", async () => {
    const log = join(lab.dir, 'extension.log');
    const command = (name: string, action: string) =>
      `${action}; echo "${name} $PUBLIC_IP $(cat)" >> ${log}`;
    await lab.configure({
      Type: 'extension',
      PreStartupCommand: 'echo hello',
      SubnetAddCommand: command('add', 'ip route replace $SUBNET via $PUBLIC_IP'),
      SubnetRemoveCommand: command('remove', 'ip route del $SUBNET'),
    });
    const [, far] = await Promise.all(lab.nodes.map(up));
    const pods = [await lab.nodes[0]!.addPod('a1'), await lab.nodes[1]!.addPod('b1')];
    await eventually(
      'a1 to b1',
      async () => (await lab.ask(pods[0]!.netns, pods[1]!.ip))?.[1] === pods[0]!.ip,
    );
    await lab.etcdctl(
      'del',
      `/coreos.com/network/subnets/${far!.replace('.1/24', '.0-24')}`,
      '--prefix',
    );
    await eventually('the remove command', async () =>
      (await readFile(log, 'utf8')).includes('remove 172.30.7.12 hello'),
    );
  });

  it('vxlan disables checksum offload only with TxChecksumOffload false', async () => {
    const [node] = lab.nodes;
    // A program other than flanneld reads ETHTOOL_GTXCSUM.
    const script =
      "import fcntl,socket,struct,ctypes,sys; d=ctypes.create_string_buffer(struct.pack('II',0x16,9)); fcntl.ioctl(socket.socket(),0x8946,struct.pack('16sP',sys.argv[1].encode(),ctypes.addressof(d))+bytes(16)); print(struct.unpack('II',d.raw[:8])[1])";
    const offload = async (device: string) =>
      (await node!.run(['python3', '-c', script, device])).trim();
    const dual = { EnableIPv6: true, IPv6Network: 'fd00:10:244::/56' };
    await lab.configure({ Type: 'vxlan' }, dual);
    await up(node!);
    assert.deepEqual([await offload('flannel.1'), await offload('flannel-v6.1')], ['1', '1']);
    const ended = new Promise<void>((done) => node!.flanneld!.once('exit', () => done()));
    node!.flanneld!.kill('SIGKILL');
    await ended;
    await lab.configure({ Type: 'vxlan', TxChecksumOffload: false }, dual);
    await up(node!);
    assert.deepEqual([await offload('flannel.1'), await offload('flannel-v6.1')], ['0', '0']);
    await up(lab.nodes[1]!);
    const pods = [await node!.addPod('o1'), await lab.nodes[1]!.addPod('o2')];
    for (const ip of [pods[1]!.ip, pods[1]!.ip6!])
      await eventually(
        `o1 to ${ip}`,
        async () => (await lab.ask(pods[0]!.netns, ip))?.[0] === 'o2',
      );
  });

  for (const [type, kind] of [
    ['ipip', 'ipip'],
    ['wireguard', 'wireguard'],
  ] as const) {
    it(`${type} runs if the kernel supports it, and otherwise gives the reason`, async () => {
      const [node] = lab.nodes;
      const has =
        (await tryExec([...lab.underlay.enter, 'ip', 'link', 'add', 'try0', 'type', kind])).code ===
        0;
      if (has) await tryExec([...lab.underlay.enter, 'ip', 'link', 'del', 'try0']);
      await lab.configure({ Type: type });
      const from = (await node!.log('flanneld')).length;
      node!.startFlanneld();
      const words = has
        ? /lease acquired|needs the program wg/
        : new RegExp(`this kernel has no ${kind} devices`);
      await eventually(String(words), async () =>
        words.test((await node!.log('flanneld')).slice(from)),
      );
    });
  }
});
