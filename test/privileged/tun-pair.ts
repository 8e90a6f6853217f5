// Two nodes connected by flannel-tun without flanneld, to test pairs of modes, sizes and faults.
// Each node has a program that answers streams and datagrams on port 7000.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { gsoMaxSize } from '../../pkg/flannel/backend/udp.js';
import { parsePairs, TunControl } from '../../pkg/flannel/backend/tun-control.js';
import { exec } from '../../pkg/system/exec.js';
import { eventually, OverlayLab, type LabNode } from './overlay-lab.js';

const ROOT = resolve(import.meta.dirname, '../../..');
export const HELPER = join(ROOT, 'dist/native/flannel-tun');
export const BULK = join(ROOT, 'build/test/privileged/bulk.js');
export const SUBNETS = ['10.244.1.0', '10.244.2.0'] as const;
const BULK_SECONDS = 50;

export interface Helper {
  child: ChildProcess;
  control: TunControl;
}

export interface HelperOptions {
  mode: string;
  mtu: number;
  /** Path of the binary; default: the one of the build. */
  file?: string;
  /** Destination of packets for the other node; default: its address. */
  by?: string;
}

export class TunPair {
  helpers: Helper[] = [];
  private readonly started: ChildProcess[] = [];

  private constructor(readonly lab: OverlayLab) {}

  static async create(): Promise<TunPair> {
    const pair = new TunPair(await OverlayLab.create(2, { etcd: false }));
    for (const node of pair.lab.nodes) await pair.run(node.netns.path, BULK, 'serve', '7000');
    return pair;
  }

  /** Starts a Node.js program in a namespace; resolves when the program prints its first line. */
  async run(netnsPath: string, script: string, ...words: string[]): Promise<void> {
    const child = spawn(
      'nsenter',
      [`--net=${netnsPath}`, '--', process.execPath, script, ...words],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.started.push(child);
    await once(child.stdout, 'data');
  }

  private spawnHelper(
    at: 0 | 1,
    { mode, mtu, file = HELPER }: HelperOptions,
    more: Record<string, string> = {},
  ): ChildProcess {
    const node = this.lab.nodes[at]!;
    const flags = {
      local: node.ip,
      network: '10.244.0.0/16',
      subnet: `${SUBNETS[at]}/24`,
      socket: this.socketOf(at),
      mode,
      mtu,
      ...more,
    };
    return spawn(
      'nsenter',
      [
        `--net=${node.netns.path}`,
        '--',
        file,
        ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`),
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
  }

  private socketOf(at: 0 | 1): string {
    return join(this.lab.nodes[at]!.dir, 'tun.sock');
  }

  /** Replaces the helper of node `at` by a new process; resolves to the old one's exit code. */
  async replaceHelper(at: 0 | 1, options: HelperOptions): Promise<number | null> {
    const old = this.helpers[at]!;
    const ended = once(old.child, 'exit');
    const child = this.spawnHelper(at, options, { 'take-over': '1' });
    const [code] = (await ended) as [number | null];
    old.control.close();
    this.helpers[at] = {
      child,
      control: await eventually('the new flannel-tun', () =>
        TunControl.open(this.socketOf(at), () => {}),
      ),
    };
    return code;
  }

  async startHelper(at: 0 | 1, options: HelperOptions): Promise<Helper> {
    const { mtu, by } = options;
    const [node, other] = [this.lab.nodes[at]!, this.lab.nodes[1 - at]!];
    const child = this.spawnHelper(at, options);
    const control = await eventually('flannel-tun', () =>
      TunControl.open(this.socketOf(at), () => {}),
    );
    await control.call('begin', `set ${SUBNETS[1 - at]!}/24 ${by ?? other.ip}`, 'commit');
    const script = [
      `ip link set flannel0 mtu ${mtu} gso_max_size ${gsoMaxSize(mtu)} up`,
      `ip addr add ${SUBNETS[at]}/32 dev flannel0`,
      'ip route add 10.244.0.0/16 dev flannel0',
      'sysctl -qw net.ipv4.conf.flannel0.accept_local=1',
    ];
    await node.run(['sh', '-ec', script.join('\n')]);
    const helper = { child, control };
    this.helpers.push(helper);
    return helper;
  }

  /** Stops the helpers; resolves to their exit codes in the order of their start. */
  async stopHelpers(): Promise<(number | null)[]> {
    const codes: (number | null)[] = [];
    for (const { child, control } of this.helpers.splice(0)) {
      const ended = once(child, 'exit');
      await control.call('stop').catch(() => []);
      control.close();
      codes.push(((await ended) as [number | null])[0]);
    }
    return codes;
  }

  /** Runs a command of bulk.ts in a node and returns its output. */
  async bulk(from: 0 | 1, ...words: string[]): Promise<string> {
    return (
      await exec(
        [
          ...this.lab.nodes[from]!.netns.enter,
          'timeout',
          String(BULK_SECONDS),
          process.execPath,
          BULK,
          ...words,
        ],
        { timeoutMs: (BULK_SECONDS + 5) * 1000 },
      )
    ).trim();
  }

  /** The TCP and UDP checksum error counters of the node's kernel. */
  async checksumErrors(node: LabNode): Promise<number[]> {
    const lines = (await node.run(['cat', '/proc/net/snmp']))
      .split('\n')
      .filter((line) => line.startsWith('Tcp:') || line.startsWith('Udp:'));
    return [0, 2].map((at) =>
      Number(lines[at + 1]!.split(' ')[lines[at]!.split(' ').indexOf('InCsumErrors')]),
    );
  }

  async close(): Promise<void> {
    await this.stopHelpers();
    for (const child of this.started) child.kill('SIGKILL');
    await this.lab.close();
  }
}

export async function statsOf(helper: Helper): Promise<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(parsePairs((await helper.control.call('stats'))[0]!)).map(([key, value]) => [
      key,
      Number(value),
    ]),
  );
}
