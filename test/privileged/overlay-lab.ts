// A network of nodes for tests: an underlay namespace with a bridge and its own etcd, node
// namespaces connected to it by veth pairs, and pods attached by the real CNI plugin with
// flanneld's conflist. `close` ends all started processes and deletes all namespaces and
// directories.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Context } from 'mocha';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';
import { needRoot } from '../support/skip.js';

const ROOT = resolve(import.meta.dirname, '../../..');
export const NETWORK = '10.244.0.0/16';
export const NETWORK6 = 'fd00:10:244::/56';

/** Skips tests on a machine that cannot create a lab; `more`: additional files that they need. */
export function needNetworks(context: Context, more: readonly string[] = []): void {
  needRoot(context, [
    '/usr/bin/etcd',
    '/usr/lib/cni/bridge',
    '/usr/sbin/nft',
    '/dev/net/tun',
    ...more,
  ]);
}

/** Polls until the condition returns a value; the timeout error contains `what`. */
export async function eventually<T>(
  what: string,
  condition: () => Promise<T | undefined | false>,
  ms = 40_000,
): Promise<T> {
  const end = Date.now() + ms;
  for (let last = ''; ;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = (error as Error).message;
    }
    if (Date.now() > end)
      throw new Error(`timed out waiting for ${what}${last ? `: ${last}` : ''}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

export interface Pod {
  name: string;
  netns: Netns;
  ip: string;
  /** Present with a dual-stack conflist. */
  ip6?: string;
  node: LabNode;
}

export class LabNode {
  readonly processes: ChildProcess[] = [];
  flanneld: ChildProcess | undefined;

  constructor(
    readonly lab: OverlayLab,
    readonly name: string,
    readonly netns: Netns,
    readonly ip: string,
    readonly dir: string,
    /** Present in a lab with IPv6. */
    readonly ip6?: string,
  ) {}

  run(command: readonly string[], input = ''): Promise<string> {
    return exec([...this.netns.enter, ...command], { input });
  }

  get subnetFile(): string {
    return join(this.dir, 'run/subnet.env');
  }

  /** Starts a binary of build/cmd in the node; its log goes to DIR/NAME.log. */
  start(binary: string, args: readonly string[], env: Record<string, string> = {}): ChildProcess {
    const log = join(this.dir, `${binary}.log`);
    const main = join(ROOT, 'build/cmd', binary, 'main.js');
    // A private /sys would need a mount namespace, and these programs use only the network.
    const child = spawn(
      'nsenter',
      [
        `--net=${this.netns.path}`,
        '--',
        'sh',
        '-c',
        `exec "$@" 2>>"${log}"`,
        'sh',
        process.execPath,
        '--enable-source-maps',
        main,
        ...args,
      ],
      { stdio: 'ignore', env: { ...process.env, ...env } },
    );
    this.processes.push(child);
    return child;
  }

  startFlanneld(...more: string[]): ChildProcess {
    this.flanneld = this.start('flanneld', [
      `--etcd-endpoints=${this.lab.etcdUrl}`,
      `--subnet-file=${this.subnetFile}`,
      `--cni-conf-dir=${join(this.dir, 'cni')}`,
      `--cni-data-dir=${join(this.dir, 'ipam')}`,
      '--ip-masq',
      ...more,
    ]);
    return this.flanneld;
  }

  log(binary: string): Promise<string> {
    return readFile(join(this.dir, `${binary}.log`), 'utf8').catch(() => '');
  }

  /** The node's subnet, once flanneld has written its files. */
  async subnet(): Promise<string> {
    return eventually(`flanneld on ${this.name}`, async () => {
      await readFile(join(this.dir, 'cni/10-flannel.conflist'));
      return /FLANNEL_SUBNET=(\S+)/.exec(await readFile(this.subnetFile, 'utf8'))?.[1];
    }).catch(async (error: Error) => {
      throw new Error(`${error.message}\n${(await this.log('flanneld')).slice(-2000)}`);
    });
  }

  /** Adds a pod as containerd does, with the conflist's first plugin; it serves port 8080. */
  async addPod(name: string): Promise<Pod> {
    const netns = await this.lab.addNetns(name);
    const conflist = JSON.parse(
      await readFile(join(this.dir, 'cni/10-flannel.conflist'), 'utf8'),
    ) as { cniVersion: string; name: string; plugins: Record<string, unknown>[] };
    const config: Record<string, unknown> = {
      ...conflist.plugins[0],
      cniVersion: conflist.cniVersion,
      name: conflist.name,
    };
    const environment = {
      CNI_COMMAND: 'ADD',
      CNI_CONTAINERID: netns.name,
      CNI_NETNS: netns.path,
      CNI_IFNAME: 'eth0',
      CNI_PATH: '/usr/lib/cni',
    };
    const out = await exec(
      ['nsenter', `--net=${this.netns.path}`, '--', `/usr/lib/cni/${String(config['type'])}`],
      { env: environment, input: JSON.stringify(config) },
    );
    const [ip, ip6] = (JSON.parse(out) as { ips: { address: string }[] }).ips.map(
      ({ address }) => address.split('/')[0]!,
    );
    const pod = { name, netns, ip: ip!, ...(ip6 ? { ip6 } : {}), node: this };
    await this.serve(pod, 8080);
    return pod;
  }

  /** Starts the echo program in a pod or, with the node's namespace, on the node. */
  serve(pod: { name: string; netns: Netns }, port: number): Promise<void> {
    const script = join(ROOT, 'build/test/privileged/echo-server.js');
    const child = spawn(
      'nsenter',
      [`--net=${pod.netns.path}`, '--', process.execPath, script, pod.name, String(port)],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.processes.push(child);
    return new Promise((done, reject) => {
      child.once('exit', () => reject(new Error('the echo program ended')));
      child.stdout.once('data', () => done());
    });
  }
}

const IPV6_ON = [
  'sysctl -qw net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0',
];

export class OverlayLab {
  readonly nodes: LabNode[] = [];
  private readonly namespaces: Netns[] = [];
  private readonly processes: ChildProcess[] = [];
  private etcd: ChildProcess | undefined;

  private constructor(
    readonly id: string,
    readonly dir: string,
  ) {}

  get etcdUrl(): string {
    return 'http://172.30.7.1:2379';
  }

  /**
   * Creates the underlay, etcd and `count` nodes from 172.30.7.11; with `ipv6` also from
   * fd30:7::11.
   */
  static async create(
    count: number,
    options: { etcd?: boolean; ipv6?: boolean } = {},
  ): Promise<OverlayLab> {
    const id = randomBytes(2).toString('hex');
    const lab = new OverlayLab(id, await mkdtemp(join(tmpdir(), `wh-lab-${id}-`)));
    try {
      const underlay = await lab.addNetns('u');
      await lab.script(underlay, [
        'ip link add br0 type bridge',
        'ip addr add 172.30.7.1/24 dev br0',
        'ip link set br0 up',
      ]);
      if (options.ipv6)
        await lab.script(underlay, [...IPV6_ON, 'ip addr add fd30:7::1/64 dev br0 nodad']);
      for (let at = 1; at <= count; at++)
        await lab.addNode(
          underlay,
          `n${at}`,
          `172.30.7.${10 + at}`,
          options.ipv6 ? `fd30:7::${10 + at}` : undefined,
        );
      if (options.etcd !== false) await lab.startEtcd();
    } catch (error) {
      await lab.close();
      throw error;
    }
    return lab;
  }

  get underlay(): Netns {
    return this.namespaces[0]!;
  }

  async addNetns(name: string): Promise<Netns> {
    const netns = await createNetns(`wh${this.id}-${name}`);
    this.namespaces.push(netns);
    return netns;
  }

  private async script(netns: Netns, lines: readonly string[]): Promise<void> {
    await exec([...netns.enter, 'sh', '-e', '-c', lines.join('\n')]);
  }

  private async addNode(
    underlay: Netns,
    name: string,
    ip: string,
    ip6: string | undefined,
  ): Promise<void> {
    const netns = await this.addNetns(name);
    await this.script(underlay, [
      `ip link add ${name} type veth peer name eth0 netns ${netns.name}`,
      `ip link set ${name} master br0 up`,
    ]);
    await this.script(netns, [
      `ip addr add ${ip}/24 dev eth0`,
      'ip link set eth0 up',
      'ip route add default via 172.30.7.1',
    ]);
    if (ip6)
      await this.script(netns, [
        ...IPV6_ON,
        `ip addr add ${ip6}/64 dev eth0 nodad`,
        'ip route add default via fd30:7::1',
      ]);
    const dir = join(this.dir, name);
    await mkdir(dir);
    this.nodes.push(new LabNode(this, name, netns, ip, dir, ip6));
  }

  async startEtcd(): Promise<void> {
    const data = join(this.dir, 'etcd');
    const args = [
      '--data-dir',
      data,
      '--listen-client-urls',
      this.etcdUrl,
      '--advertise-client-urls',
      this.etcdUrl,
      '--listen-peer-urls',
      'http://127.0.0.1:2380',
      '--log-level',
      'error',
      '--unsafe-no-fsync',
    ];
    this.etcd = spawn('nsenter', [`--net=${this.underlay.path}`, '--', '/usr/bin/etcd', ...args], {
      stdio: 'ignore',
    });
    this.processes.push(this.etcd);
    await eventually('etcd', async () => (await this.tryEtcdctl('endpoint', 'health')).code === 0);
  }

  tryEtcdctl(...args: string[]) {
    return tryExec([
      ...this.underlay.enter,
      'env',
      'ETCDCTL_API=3',
      'etcdctl',
      `--endpoints=${this.etcdUrl}`,
      ...args,
    ]);
  }

  async etcdctl(...args: string[]): Promise<string> {
    return exec([
      ...this.underlay.enter,
      'env',
      'ETCDCTL_API=3',
      'etcdctl',
      `--endpoints=${this.etcdUrl}`,
      ...args,
    ]);
  }

  async configure(
    backend: Record<string, unknown>,
    more: Record<string, unknown> = {},
  ): Promise<void> {
    await this.etcdctl(
      'put',
      '/coreos.com/network/config',
      JSON.stringify({ Network: NETWORK, Backend: backend, ...more }),
    );
  }

  /** The answer 'NAME ADDRESS PORT' of an echo program over TCP; `undefined`: no answer. */
  async ask(from: Netns, ip: string, port = 8080, seconds = 2): Promise<string[] | undefined> {
    const result = await tryExec([
      ...from.enter,
      'timeout',
      String(seconds),
      'bash',
      '-c',
      `exec 3<>/dev/tcp/${ip}/${port} && cat <&3`,
    ]);
    return result.stdout.trim() ? result.stdout.trim().split(' ') : undefined;
  }

  /** The answer of an echo program over UDP. */
  async askUdp(from: Netns, ip: string, port = 8080): Promise<string[] | undefined> {
    const script = `exec 3<>/dev/udp/${ip}/${port}; echo hi >&3; timeout 1 dd bs=512 count=1 status=none <&3`;
    const result = await tryExec([...from.enter, 'bash', '-c', script]);
    return result.stdout.trim() ? result.stdout.trim().split(' ') : undefined;
  }

  async close(): Promise<void> {
    for (const child of [...this.nodes.flatMap((node) => node.processes), ...this.processes])
      child.kill('SIGKILL');
    for (const netns of this.namespaces) {
      // Processes that outlive their parent on purpose (flannel-tun) are found by their namespace.
      const pids = (await tryExec(['ip', 'netns', 'pids', netns.name])).stdout
        .split('\n')
        .filter(Boolean);
      for (const pid of pids) {
        try {
          process.kill(Number(pid), 'SIGKILL');
        } catch {
          // exited in the meantime
        }
      }
      await deleteNetns(netns.name);
    }
    await rm(this.dir, { recursive: true, force: true, maxRetries: 5 });
  }
}
