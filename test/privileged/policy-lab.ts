// Pods on two nodes for tests of network policies and dual-stack services: bridges as the CNI
// plugin creates them, host routes between the nodes, and a long-lived agent in every namespace
// (policy-agent.ts).
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Pod as ApiPod } from '../../pkg/apis/core/v1/types.js';
import type { Netns } from '../../pkg/system/netns/netns.js';
import { exec } from '../../pkg/system/exec.js';
import { twin } from '../support/twin.js';
import { OverlayLab, type LabNode } from './overlay-lab.js';
import type { Request } from './policy-agent.js';

const ROOT = resolve(import.meta.dirname, '../../..');
export const POD_NETWORK = '10.244.0.0/16';
/** IPv4 addresses of outside hosts; every host also has the corresponding IPv6 address. */
export const OUTSIDE = { near: '172.30.7.1', far: '172.30.7.2' };

export interface PodSpec {
  /** 'namespace/name'. */
  key: string;
  /** Index of its node. */
  node: number;
  labels: Record<string, string>;
  /** TCP ports by name. */
  named?: Record<string, number>;
}

export class Agent {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (answer: string | null) => void>();
  private uses = 0;
  readonly ready: Promise<void>;

  constructor(
    readonly name: string,
    readonly ip: string,
    readonly netns: Netns,
    ports: readonly number[],
    readonly pod?: ApiPod,
  ) {
    const script = join(ROOT, 'build/test/privileged/policy-agent.js');
    this.child = spawn(
      'nsenter',
      [`--net=${netns.path}`, '--', process.execPath, script, name, ports.join()],
      { stdio: 'pipe' },
    );
    this.child.stderr.pipe(process.stderr);
    this.ready = new Promise((done, reject) => {
      this.child.once('exit', (code) =>
        reject(new Error(`the agent of ${name} ended with ${code}`)),
      );
      createInterface({ input: this.child.stdout }).on('line', (line) => {
        if (line === 'ready') return done();
        const { id, answer } = JSON.parse(line) as { id: number; answer: string | null };
        this.waiting.get(id)?.(answer);
        this.waiting.delete(id);
      });
    });
  }

  private tell(request: Omit<Request, 'id'>): { id: number; answer: Promise<string | null> } {
    const id = ++this.uses;
    const answer = new Promise<string | null>((done) => this.waiting.set(id, done));
    this.child.stdin.write(`${JSON.stringify({ ...request, id })}\n`);
    return { id, answer };
  }

  /** Whether a server answers within `ms`. */
  async reaches(
    ip: string,
    protocol: Request['protocol'],
    port: number,
    ms: number,
  ): Promise<boolean> {
    return (await this.tell({ op: 'probe', protocol, ip, port, ms }).answer) !== null;
  }

  /** The server's name and the client address that it sees; `undefined`: no answer within `ms`. */
  async ask(
    ip: string,
    protocol: 'tcp' | 'udp',
    port: number,
    ms: number,
  ): Promise<{ name: string; sees: string } | undefined> {
    return parseAnswer(await this.tell({ op: 'probe', protocol, ip, port, ms }).answer);
  }

  /**
   * Opens a connection: `talks` checks whether the server still echoes, `count` counts messages.
   */
  async open(ip: string, protocol: 'tcp' | 'udp', port: number, stream = false) {
    const { id, answer } = this.tell({ op: 'open', protocol, ip, port, ms: 0, stream });
    await answer;
    const about = { protocol, ip, port, connection: id };
    return {
      who: async (ms: number) => parseAnswer(await this.tell({ op: 'who', ...about, ms }).answer),
      talks: async (ms: number) => (await this.tell({ op: 'talk', ...about, ms }).answer) !== null,
      count: async () => Number(await this.tell({ op: 'count', ...about, ms: 0 }).answer),
    };
  }

  close(): void {
    this.child.removeAllListeners('exit');
    this.child.kill('SIGKILL');
  }
}

function parseAnswer(answer: string | null): { name: string; sees: string } | undefined {
  const [name, sees] = answer?.split(' ') ?? [];
  return name && sees ? { name, sees } : undefined;
}

/**
 * Enables IPv6, which new namespaces may lack, without duplicate address detection, which would
 * block addresses for a second.
 */
async function enableIpv6(netns: Netns): Promise<void> {
  await exec([
    ...netns.enter,
    'sysctl',
    '-qw',
    'net.ipv6.conf.all.disable_ipv6=0',
    'net.ipv6.conf.default.disable_ipv6=0',
    'net.ipv6.conf.default.accept_dad=0',
    'net.ipv6.conf.all.accept_dad=0',
  ]);
}

export class PolicyLab {
  readonly pods = new Map<string, Agent>();
  /** Agents of the nodes, then of an outside host. */
  readonly hosts: Agent[] = [];

  private constructor(readonly lab: OverlayLab) {}

  get nodes(): readonly LabNode[] {
    return this.lab.nodes;
  }

  static async create(specs: readonly PodSpec[], ports: readonly number[]): Promise<PolicyLab> {
    const own = new PolicyLab(await OverlayLab.create(2, { etcd: false }));
    try {
      await own.connect();
      for (const [at, spec] of specs.entries()) await own.addPod(spec, at + 2, ports);
      for (const node of own.nodes)
        own.hosts.push(new Agent(node.name, node.ip, node.netns, ports));
      own.hosts.push(new Agent('outside', OUTSIDE.near, own.lab.underlay, ports));
      await Promise.all([...own.pods.values(), ...own.hosts].map((agent) => agent.ready));
      return own;
    } catch (error) {
      await own.close();
      throw error;
    }
  }

  private async connect(): Promise<void> {
    const { underlay } = this.lab;
    await enableIpv6(underlay);
    await exec([...underlay.enter, 'ip', '-batch', '-'], {
      input: [
        `addr add ${OUTSIDE.far}/24 dev br0`,
        `addr add ${twin(`${OUTSIDE.far}/24`)} dev br0 nodad`,
        `addr add ${twin(`${OUTSIDE.near}/24`)} dev br0 nodad`,
      ].join('\n'),
    });
    for (const [at, node] of this.nodes.entries()) {
      const other = this.nodes[1 - at]!;
      await enableIpv6(node.netns);
      await node.run([
        'sysctl',
        '-qw',
        'net.ipv4.ip_forward=1',
        'net.ipv6.conf.all.forwarding=1',
        'net.bridge.bridge-nf-call-iptables=1',
        'net.bridge.bridge-nf-call-ip6tables=1',
      ]);
      const [own, others] = [`10.244.${at}.0/24`, `10.244.${1 - at}.0/24`];
      const lines = [
        `addr add ${twin(`${node.ip}/24`)} dev eth0 nodad`,
        `route add default via ${twin(OUTSIDE.near)}`,
        'link add cni0 type bridge',
        'link set cni0 up',
        `addr add 10.244.${at}.1/24 dev cni0`,
        `addr add ${twin(`10.244.${at}.1/24`)} dev cni0 nodad`,
        `route add ${others} via ${other.ip}`,
        `route add ${twin(others)} via ${twin(other.ip)}`,
      ];
      await node.run(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
      await exec([...underlay.enter, 'ip', '-batch', '-'], {
        input: `route add ${own} via ${node.ip}\nroute add ${twin(own)} via ${twin(node.ip)}\n`,
      });
    }
  }

  private async addPod(
    { key, node: at, labels, named }: PodSpec,
    host: number,
    ports: readonly number[],
  ): Promise<void> {
    const node = this.nodes[at]!;
    const [namespace, name] = key.split('/') as [string, string];
    const netns = await this.lab.addNetns(`${namespace}-${name}`);
    const ip = `10.244.${at}.${host}`;
    await node.run(
      ['ip', '-batch', '-'],
      `link add v${host} type veth peer name eth0 netns ${netns.name}\nlink set v${host} master cni0 up\nlink set v${host} type bridge_slave hairpin on\n`,
    );
    await enableIpv6(netns);
    const lines = [
      `addr add ${ip}/24 dev eth0`,
      `addr add ${twin(`${ip}/24`)} dev eth0 nodad`,
      'link set eth0 up',
      `route add default via 10.244.${at}.1`,
      `route add default via ${twin(`10.244.${at}.1`)}`,
    ];
    await exec([...netns.enter, 'ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
    const pod: ApiPod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels },
      spec: {
        nodeName: node.name,
        containers: [
          {
            name: 'c',
            image: 'i',
            ports: Object.entries(named ?? {}).map(([portName, containerPort]) => ({
              name: portName,
              containerPort,
            })),
          },
        ],
      },
      status: { phase: 'Running', podIP: ip, podIPs: [{ ip }, { ip: twin(ip) }] },
    };
    this.pods.set(key, new Agent(key, ip, netns, ports, pod));
  }

  async close(): Promise<void> {
    for (const agent of [...this.pods.values(), ...this.hosts]) agent.close();
    await this.lab.close();
  }
}
