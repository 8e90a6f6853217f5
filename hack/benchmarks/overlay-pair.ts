// Two nodes for measuring backends: network namespaces joined by a veth pair, each with a vxlan
// device and a flannel-tun in both of its modes. The destination address (TARGETS) chooses the
// mode.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { TunControl } from '../../pkg/flannel/backend/tun-control.js';
import { gsoMaxSize } from '../../pkg/flannel/backend/udp.js';
import { exec } from '../../pkg/system/exec.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';

export const NATIVE = resolve(import.meta.dirname, '../../../dist/native');

/** The second node's address in each mode. */
export const TARGETS = {
  vxlan: '10.9.2.0',
  udp: '10.8.2.0',
  'one packet per call': '10.7.2.0',
} as const;
export type Mode = keyof typeof TARGETS;
export const MODES = Object.keys(TARGETS) as Mode[];

/**
 * The packets on the wire: whole super-packets, as between namespaces; or, as with a network card
 * without TSO but with GRO, packets of at most 1,500 bytes.
 */
export type Frames = 'offloads' | 'frames of 1,500 bytes';

const MTU = 1472;
/**
 * <linux/ethtool.h>: ETHTOOL_STSO and ETHTOOL_SGRO. veth aggregates frames only when the sender's
 * TSO is off.
 */
const SET_TSO = 0x1f;
const SET_GRO = 0x2c;
/** USER_HZ of every Linux architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** CPU seconds so far. */
export interface Cpu {
  /** User and system time of flannel-tun on both nodes; 0 for vxlan. */
  helpers: number;
  /** Busy time of all CPUs: senders, receivers, kernel threads, other programs. */
  machine: number;
}

export class Pair {
  private readonly children: ChildProcess[] = [];
  private readonly helpers = new Map<Mode, number[]>();

  private constructor(
    readonly ends: readonly [Netns, Netns],
    readonly dir: string,
  ) {}

  static async make(frames: Frames): Promise<Pair> {
    const id = randomBytes(2).toString('hex');
    const ends = [await createNetns(`whb${id}-1`), await createNetns(`whb${id}-2`)] as const;
    const pair = new Pair(ends, await mkdtemp(join(tmpdir(), 'wh-bench-')));
    try {
      await pair.join(frames);
      await pair.startHelpers('udp', 'auto', '10.8', 8285);
      await pair.startHelpers('one packet per call', 'simple', '10.7', 8286);
    } catch (error) {
      await pair.close();
      throw error;
    }
    return pair;
  }

  private async join(frames: Frames): Promise<void> {
    const [one, two] = this.ends;
    await exec([
      'ip',
      'link',
      'add',
      'eth0',
      'netns',
      one.name,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      two.name,
    ]);
    for (const [at, end] of this.ends.entries())
      await script(end, [`ip addr add 172.29.0.${at + 1}/24 dev eth0`, 'ip link set eth0 up']);
    if (frames !== 'offloads') for (const end of this.ends) await sendSingleFrames(end);
    for (const [at, end] of this.ends.entries()) {
      const [own, other] = [at + 1, 2 - at];
      await script(end, [
        `ip link add flannel.1 address 02:00:00:00:00:0${own} mtu 1450 type vxlan id 1 dev eth0 local 172.29.0.${own} dstport 8472 nolearning`,
        `ip addr add 10.9.${own}.0/32 dev flannel.1`,
        'ip link set flannel.1 up',
        `ip neigh replace 10.9.${other}.0 lladdr 02:00:00:00:00:0${other} dev flannel.1 nud permanent`,
        `bridge fdb replace 02:00:00:00:00:0${other} dev flannel.1 dst 172.29.0.${other} self permanent`,
        `ip route replace 10.9.${other}.0/24 via 10.9.${other}.0 dev flannel.1 onlink`,
      ]);
    }
  }

  private async startHelpers(name: Mode, mode: string, net: string, port: number): Promise<void> {
    const pids: number[] = [];
    for (const [at, end] of this.ends.entries()) {
      const [own, other] = [at + 1, 2 - at];
      const socket = join(this.dir, `${mode}-${own}.sock`);
      const dev = `tun-${mode}`;
      const flags = {
        dev,
        local: `172.29.0.${own}`,
        port,
        network: `${net}.0.0/16`,
        subnet: `${net}.${own}.0/24`,
        socket,
        mode,
      };
      const child = this.spawn(end, [
        join(NATIVE, 'flannel-tun'),
        ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`),
      ]);
      const control = await connect(socket);
      await control.call('begin', `set ${net}.${other}.0/24 172.29.0.${other}`, 'commit');
      control.close();
      await script(end, [
        `ip link set ${dev} mtu ${MTU} gso_max_size ${gsoMaxSize(MTU)} up`,
        `ip addr add ${net}.${own}.0/32 dev ${dev}`,
        `ip route add ${net}.0.0/16 dev ${dev}`,
      ]);
      pids.push(child.pid!);
    }
    this.helpers.set(name, pids);
  }

  /** Starts a program in a node; close() ends it at the latest. */
  spawn(end: Netns, command: readonly string[]) {
    const child = spawn('nsenter', [`--net=${end.path}`, '--', ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.children.push(child);
    return child;
  }

  /** Runs iperf3 from the first node to the second and returns its report. */
  async iperf<T>(mode: Mode, args: readonly string[]): Promise<T> {
    const server = this.spawn(this.ends[1], ['iperf3', '-s', '-1', '--forceflush']);
    await once(server.stdout, 'data');
    const ended = once(server, 'exit');
    server.stdout.resume();
    const text = await exec([...this.ends[0].enter, 'iperf3', '-c', TARGETS[mode], '-J', ...args], {
      timeoutMs: 60_000,
    });
    await ended;
    return (JSON.parse(text) as { end: T }).end;
  }

  async cpu(mode: Mode): Promise<Cpu> {
    let ticks = 0;
    for (const pid of this.helpers.get(mode) ?? []) {
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]!.split(' ');
      ticks += Number(fields[11]) + Number(fields[12]);
    }
    const [user, nice, system, , , irq, softirq] = (await readFile('/proc/stat', 'utf8'))
      .split('\n')[0]!
      .split(/\s+/)
      .slice(1)
      .map(Number);
    return {
      helpers: ticks / TICKS_PER_SECOND,
      machine: (user! + nice! + system! + irq! + softirq!) / TICKS_PER_SECOND,
    };
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const end of this.ends) await deleteNetns(end.name);
    await rm(this.dir, { recursive: true, force: true });
  }
}

function script(end: Netns, lines: readonly string[]): Promise<string> {
  return exec([...end.enter, 'sh', '-ec', lines.join('\n')]);
}

/**
 * The kernel segments every super-packet before the wire, regardless of its origin, and aggregates
 * frames after it.
 */
async function sendSingleFrames(end: Netns): Promise<void> {
  await script(end, ['ip link set eth0 gso_max_segs 1']);
  const program = `const addon = { exports: {} }; process.dlopen(addon, process.argv[1]); for (const [what, value] of [[${SET_TSO}, 0], [${SET_GRO}, 1]]) addon.exports.ethtool('eth0', what, value)`;
  await exec([...end.enter, process.execPath, '-e', program, join(NATIVE, 'netlink.node')]);
}

async function connect(path: string): Promise<TunControl> {
  for (let tries = 0; ; tries++) {
    try {
      return await TunControl.open(path, () => {});
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((done) => setTimeout(done, 20));
    }
  }
}
