// A new flannel-tun replaces a running one while streams, datagrams and a connection are active: no
// packet is lost, the counters continue, and a process with other parameters is not replaced.
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parsePairs, TunControl } from '../../pkg/flannel/backend/tun-control.js';
import { exec } from '../../pkg/system/exec.js';
import { eventually, needNetworks, OverlayLab, type Pod } from './overlay-lab.js';
import { Talk } from './talk.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const NATIVE = join(ROOT, 'dist/native');
const SOURCES = join(ROOT, 'pkg/system/native/flannel-tun');
const BULK = join(ROOT, 'build/test/privileged/bulk.js');
const UPGRADES = 5;

describe('flannel-tun upgrade', function () {
  this.timeout(60_000);
  let lab: OverlayLab;
  let pods: Pod[];
  const started: ChildProcess[] = [];

  before(async function () {
    needNetworks(this, [join(NATIVE, 'flannel-tun'), '/usr/bin/gcc']);
    lab = await OverlayLab.create(2);
    await lab.configure({ Type: 'udp' });
    for (const node of lab.nodes) node.startFlanneld();
    await Promise.all(lab.nodes.map((node) => node.subnet()));
    pods = [await lab.nodes[0]!.addPod('a1'), await lab.nodes[1]!.addPod('b1')];
    const server = spawn(
      'nsenter',
      [`--net=${pods[1]!.netns.path}`, '--', process.execPath, BULK, 'serve', '7000'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    started.push(server);
    await once(server.stdout, 'data');
  });
  after(async () => {
    for (const child of started) child.kill('SIGKILL');
    await lab?.close();
  });

  const socket = () => join(lab.nodes[0]!.dir, 'run/flannel-tun.sock');
  /** Asks again when the process that accepted the connection ends, as flanneld does. */
  const ask = (command: string) =>
    eventually('an answer', async () => {
      const control = await TunControl.open(socket(), () => {});
      try {
        return parsePairs((await control.call(command))[0]!);
      } finally {
        control.close();
      }
    });
  async function killFlanneld(): Promise<void> {
    const ended = once(lab.nodes[0]!.flanneld!, 'exit');
    lab.nodes[0]!.flanneld!.kill('SIGKILL');
    await ended;
  }
  const carries = () =>
    eventually('traffic', async () => (await lab.ask(pods[0]!.netns, pods[1]!.ip))?.[0] === 'b1');
  const isAlive = async (pid: string) =>
    (
      await lab.nodes[0]!.run([
        'sh',
        '-c',
        `kill -0 ${pid} 2>/dev/null && ! grep -q '^State:.Z' /proc/${pid}/status && echo yes || echo no`,
      ])
    ).trim() === 'yes';
  /** Builds the same sources again. */
  async function build(name: string): Promise<string> {
    const dir = join(lab.dir, name);
    await mkdir(dir);
    await exec(
      [
        'sh',
        '-c',
        `gcc -O2 -pthread -DFLANNEL_TUN_BUILD='"${name}"' ${SOURCES}/*.c -o ${dir}/flannel-tun`,
      ],
      { timeoutMs: 60_000 },
    );
    await copyFile(join(NATIVE, 'netlink.node'), join(dir, 'netlink.node')).catch(() => {});
    return dir;
  }
  function takeOver(
    file: string,
    hello: Record<string, string>,
    more: Record<string, string> = {},
  ): ChildProcess {
    const flags = {
      dev: hello['dev']!,
      mtu: hello['mtu']!,
      local: hello['local']!,
      port: hello['port']!,
      network: hello['network']!,
      subnet: hello['subnet']!,
      mode: hello['mode']!,
      socket: socket(),
      'take-over': '1',
      ...more,
    };
    return spawn(
      'nsenter',
      [
        `--net=${lab.nodes[0]!.netns.path}`,
        '--',
        file,
        ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`),
      ],
      { stdio: 'ignore' },
    );
  }

  it('happens with a new flanneld and breaks no connection', async () => {
    await carries();
    const before = await ask('hello');
    const talk = await Talk.start(pods[0]!, pods[1]!);
    const newer = await build('newer');
    const node = lab.nodes[0]!;
    await killFlanneld();
    const from = (await node.log('flanneld')).length;
    node.startFlanneld(`--native-dir=${newer}`);
    await eventually('the upgrade', async () =>
      (await node.log('flanneld')).slice(from).includes('upgraded flannel-tun'),
    );
    await eventually('flanneld up again', async () =>
      (await node.log('flanneld')).slice(from).includes('network is up'),
    );
    const after = await ask('hello');
    assert.equal(after['build'], 'newer');
    assert.notEqual(after['pid'], before['pid']);
    await eventually('the old one to end', async () => !(await isAlive(before['pid']!)));
    const [back, sent] = await talk.end();
    assert.ok(sent > 10);
    assert.equal(back, sent, 'every line came back over the one connection');
    // A running flanneld would replace the processes of the next tests by those of its build.
    await killFlanneld();
  });

  const inPod = (...words: string[]) =>
    exec([...pods[0]!.netns.enter, 'timeout', '50', process.execPath, BULK, ...words], {
      timeoutMs: 55_000,
    });
  async function upgradeAgainAndAgain(): Promise<void> {
    for (let n = 0; n < UPGRADES; n++) {
      const hello = await ask('hello');
      started.push(takeOver(join(NATIVE, 'flannel-tun'), hello));
      await eventually('another process', async () => (await ask('hello'))['pid'] !== hello['pid']);
      await eventually('the old one to end', async () => !(await isAlive(hello['pid']!)));
    }
  }

  it('loses no datagram in repeated upgrades and keeps its counters', async () => {
    const first = await ask('stats');
    const flood = inPod('flood', pods[1]!.ip, '7000', '50000');
    await upgradeAgainAndAgain();
    assert.equal((await flood).trim(), '50000 of 50000');
    const last = await ask('stats');
    const grown = (key: string) => Number(last[key]) - Number(first[key]);
    for (const key of ['tx_packets', 'rx_packets'])
      assert.ok(grown(key) >= 50_000 && grown(key) < 60_000, `${key} ${grown(key)}`);
    for (const key of ['tx_errors', 'rx_errors', 'tx_no_route', 'rx_malformed', 'rx_bad_source'])
      assert.equal(grown(key), 0, key);
  });

  it('keeps a stream intact', async () => {
    const stream = inPod('send', pods[1]!.ip, '7000', '300000000');
    await upgradeAgainAndAgain();
    assert.equal((await stream).trim(), 'same');
  });

  it('leaves one process when several take over at once', async () => {
    const hello = await ask('hello');
    const successors = Array.from({ length: 6 }, () =>
      takeOver(join(NATIVE, 'flannel-tun'), hello),
    );
    started.push(...successors);
    await eventually('the old one to end', async () => !(await isAlive(hello['pid']!)));
    await eventually('one process', () =>
      Promise.resolve(successors.filter(({ exitCode }) => exitCode === null).length === 1),
    );
    await carries();
  });

  it('is refused with other parameters, and the running process continues', async () => {
    const hello = await ask('hello');
    for (const [key, value] of [
      ['mtu', '1400'],
      ['port', '8299'],
      ['subnet', '10.244.250.0/24'],
    ] as const) {
      const [code] = (await once(
        takeOver(join(NATIVE, 'flannel-tun'), hello, { [key]: value }),
        'exit',
      )) as [number];
      assert.equal(code, 1);
    }
    assert.equal((await ask('hello'))['pid'], hello['pid']);
    await carries();
  });

  it('has one successor at a time, and no effect when that one dies halfway', async () => {
    const hello = await ask('hello');
    const half = await TunControl.open(socket(), () => {});
    await half.call('upgrade 1');
    const [refused] = (await once(takeOver(join(NATIVE, 'flannel-tun'), hello), 'exit')) as [
      number,
    ];
    assert.equal(refused, 1);
    half.close();
    assert.equal((await ask('hello'))['pid'], hello['pid']);
    await carries();
  });
});
