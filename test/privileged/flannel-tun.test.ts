// flannel-tun between two nodes, in every pair of modes: what arrives is what was sent, whatever the
// sizes, the MTU and the offloads; errors are told as flannel's proxy tells them.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { gsoMaxSize } from '../../pkg/flannel/backend/udp.js';
import { parsePairs, TunControl } from '../../pkg/flannel/backend/tun-control.js';
import { exec } from '../../pkg/system/exec.js';
import { needNetworks, eventually, OverlayLab, type LabNode } from './overlay-lab.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const HELPER = join(ROOT, 'dist/native/flannel-tun');
const BULK = join(ROOT, 'build/test/privileged/bulk.js');
const SUBNETS = ['10.244.1.0', '10.244.2.0'];

interface Helper {
  child: ChildProcess;
  control: TunControl;
}

describe('flannel-tun', function () {
  this.timeout(60_000);
  let lab: OverlayLab;
  let helpers: Helper[] = [];
  const started: ChildProcess[] = [];

  before(async function () {
    needNetworks(this, [HELPER]);
    lab = await OverlayLab.create(2, { etcd: false });
    for (const node of lab.nodes) {
      const server = spawn('nsenter', [`--net=${node.netns.path}`, '--', process.execPath, BULK, 'serve', '7000'], { stdio: ['ignore', 'pipe', 'inherit'] });
      started.push(server);
      await once(server.stdout, 'data');
    }
  });
  after(async () => {
    await stopHelpers();
    for (const child of started) child.kill('SIGKILL');
    await lab?.close();
  });

  afterEach(() => stopHelpers());

  async function stopHelpers(): Promise<void> {
    for (const { child, control } of helpers) {
      const ended = once(child, 'exit');
      await control.call('stop').catch(() => []);
      control.close();
      await ended;
    }
    helpers = [];
  }

  async function startHelper(node: LabNode, at: number, mode: string, mtu: number): Promise<Helper> {
    const socket = join(node.dir, 'tun.sock');
    const flags = { local: node.ip, network: '10.244.0.0/16', subnet: `${SUBNETS[at]!}/24`, socket, mode, mtu };
    const child = spawn('nsenter', [`--net=${node.netns.path}`, '--', HELPER, ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`)], { stdio: ['ignore', 'ignore', 'inherit'] });
    const control = await eventually('flannel-tun', () => TunControl.open(socket, () => {}));
    await control.call('begin', `set ${SUBNETS[1 - at]!}/24 ${lab.nodes[1 - at]!.ip}`, 'commit');
    const script = [`ip link set flannel0 mtu ${mtu} gso_max_size ${gsoMaxSize(mtu)} up`, `ip addr add ${SUBNETS[at]!}/32 dev flannel0`, 'ip route add 10.244.0.0/16 dev flannel0', 'sysctl -qw net.ipv4.conf.flannel0.accept_local=1'];
    await node.run(['sh', '-ec', script.join('\n')]);
    return { child, control };
  }

  const bulk = async (from: number, ...words: string[]) => (await exec([...lab.nodes[from]!.netns.enter, 'timeout', '30', process.execPath, BULK, ...words])).trim();
  const statsOf = async (helper: Helper) => Object.fromEntries(Object.entries(parsePairs((await helper.control.call('stats'))[0]!)).map(([key, value]) => [key, Number(value)]));
  const checksumErrors = async (node: LabNode) => {
    const lines = (await node.run(['cat', '/proc/net/snmp'])).split('\n').filter((line) => line.startsWith('Tcp:') || line.startsWith('Udp:'));
    return [0, 2].map((at) => Number(lines[at + 1]!.split(' ')[lines[at]!.split(' ').indexOf('InCsumErrors')]));
  };

  for (const [a, b] of [['auto', 'auto'], ['auto', 'simple'], ['simple', 'auto'], ['simple', 'simple']] as const) {
    for (const mtu of [1472, 576, 1401]) {
      it(`moves streams and datagrams whole from ${a} to ${b} at MTU ${mtu}`, async () => {
        helpers = [await startHelper(lab.nodes[0]!, 0, a, mtu), await startHelper(lab.nodes[1]!, 1, b, mtu)];
        for (const bytes of [1, 1000, 8_000_000]) {
          assert.equal(await bulk(0, 'send', SUBNETS[1]!, '7000', String(bytes)), 'same', `${bytes} bytes`);
          assert.equal(await bulk(1, 'send', SUBNETS[0]!, '7000', String(bytes)), 'same', `${bytes} bytes back`);
        }
        const sizes = [0, 1, 2, 7, 100, 511, mtu - 29, mtu - 28, mtu - 27, 3000, 9001].join();
        assert.equal(await bulk(0, 'udp', SUBNETS[1]!, '7000', sizes), sizes);
        for (const node of lab.nodes) assert.deepEqual(await checksumErrors(node), [0, 0], node.name);
        for (const [at, mode] of [a, b].entries()) {
          const stats = await statsOf(helpers[at]!);
          assert.deepEqual([stats['tx_errors'], stats['rx_malformed'], stats['rx_bad_source']], [0, 0, 0]);
          if (mode === 'auto') assert.ok(stats['tx_sends']! < stats['tx_packets']! / 2, 'sends hold many packets');
        }
      });
    }
  }

  it('answers for unknown subnets and drops what a stranger sends', async () => {
    helpers = [await startHelper(lab.nodes[0]!, 0, 'auto', 1472), await startHelper(lab.nodes[1]!, 1, 'auto', 1472)];
    const before = Date.now();
    await assert.rejects(exec([...lab.nodes[0]!.netns.enter, 'timeout', '5', 'bash', '-c', 'exec 3<>/dev/tcp/10.244.77.1/80']), /unreachable/);
    assert.ok(Date.now() - before < 4000);
    assert.ok((await statsOf(helpers[0]!))['tx_no_route']! > 0);

    // A datagram with a sane packet inside, from an address that owns no subnet.
    const stranger = (hex: string) => exec([...lab.underlay.enter, process.execPath, BULK, 'raw', lab.nodes[0]!.ip, '8285', hex]);
    await stranger('4500001c0001000040110000' + '0af402010af40100' + '0007000700080000');
    await stranger('6e6f6e73656e7365');
    await eventually('both dropped', async () => {
      const stats = await statsOf(helpers[0]!);
      return stats['rx_bad_source'] === 1 && stats['rx_malformed'] === 1;
    });
  });

  it('replaces its routes as a whole and refuses nonsense', async () => {
    helpers = [await startHelper(lab.nodes[0]!, 0, 'auto', 1472)];
    const { control } = helpers[0]!;
    await assert.rejects(control.call('set nonsense'), /network/);
    await assert.rejects(control.call('set 10.244.1.0/33 1.2.3.4'), /network/);
    await assert.rejects(control.call('jump'), /unknown/);
    await control.call('begin', ...Array.from({ length: 1000 }, (_, n) => `set 10.244.${n % 250}.0/24 172.30.7.12`), 'commit');
  });
});
