// The overlay between two namespaces joined by veth: one TCP stream over the kernel's vxlan, the udp
// backend and its one-packet mode, taken in turns; and the proxy's table with ten thousand services.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { TunControl } from '../../pkg/flannel/backend/tun-control.js';
import { gsoMaxSize } from '../../pkg/flannel/backend/udp.js';
import type { ServiceModel } from '../../pkg/proxy/model.js';
import { renderService } from '../../pkg/proxy/nftables/render.js';
import { TableState } from '../../pkg/proxy/nftables/table.js';
import { exec } from '../../pkg/system/exec.js';
import { openNft } from '../../pkg/system/nftables/nftables.js';
import { createNetns, deleteNetns, type Netns } from '../../pkg/system/netns/netns.js';
import { quantile, type Benchmark, type Measure } from './measure.js';
import { policies } from './policies.js';
import { runProxy } from './proxy-lab.js';

const HELPER = resolve(import.meta.dirname, '../../../dist/native/flannel-tun');
const ROUNDS = 5;
const SECONDS = 3;
const SERVICES = 10_000;
const CHANGES = 50;

class Pair {
  readonly children: ChildProcess[] = [];

  constructor(
    readonly ends: readonly [Netns, Netns],
    readonly dir: string,
  ) {}

  run(at: 0 | 1, lines: readonly string[]): Promise<string> {
    return exec([...this.ends[at].enter, 'sh', '-ec', lines.join('\n')]);
  }

  /** Both ends, with the other's number: '1' or '2'. */
  async both(lines: (own: number, other: number) => string[]): Promise<void> {
    await this.run(0, lines(1, 2));
    await this.run(1, lines(2, 1));
  }

  /** Gigabits per second of one TCP stream, as the receiver counts. */
  async stream(target: string): Promise<number> {
    const server = spawn('nsenter', [`--net=${this.ends[1].path}`, '--', 'iperf3', '-s', '-1', '-p', '5201', '--forceflush'], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.children.push(server);
    await new Promise((done) => server.stdout.once('data', done));
    const text = await exec([...this.ends[0].enter, 'iperf3', '-c', target, '-t', String(SECONDS), '-J'], { timeoutMs: 60_000 });
    return (JSON.parse(text) as { end: { sum_received: { bits_per_second: number } } }).end.sum_received.bits_per_second / 1e9;
  }

  async startHelpers(mode: string, net: string): Promise<TunControl[]> {
    const controls: TunControl[] = [];
    for (const [at, end] of this.ends.entries()) {
      const [own, other] = at === 0 ? [1, 2] : [2, 1];
      const socket = join(this.dir, `${mode}-${own}.sock`);
      const device = `tun-${mode}`;
      const port = mode === 'simple' ? 8286 : 8285;
      const flags = { dev: device, local: `172.29.0.${own}`, port, network: `${net}.0.0/16`, subnet: `${net}.${own}.0/24`, socket, mode };
      this.children.push(spawn('nsenter', [`--net=${end.path}`, '--', HELPER, ...Object.entries(flags).map(([key, value]) => `--${key}=${value}`)], { stdio: ['ignore', 'ignore', 'inherit'] }));
      const control = await connect(socket);
      await control.call('begin', `set ${net}.${other}.0/24 172.29.0.${other}`, 'commit');
      await exec([...end.enter, 'sh', '-ec', `ip link set ${device} mtu 1472 gso_max_size ${gsoMaxSize(1472)} up; ip addr add ${net}.${own}.0/32 dev ${device}; ip route add ${net}.0.0/16 dev ${device}`]);
      controls.push(control);
    }
    return controls;
  }

  async close(): Promise<void> {
    for (const child of this.children) child.kill('SIGKILL');
    for (const end of this.ends) await deleteNetns(end.name);
    await rm(this.dir, { recursive: true, force: true });
  }
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

async function makePair(): Promise<Pair> {
  const id = randomBytes(2).toString('hex');
  const ends = [await createNetns(`whb${id}-1`), await createNetns(`whb${id}-2`)] as const;
  await exec(['ip', 'link', 'add', 'eth0', 'netns', ends[0].name, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', ends[1].name]);
  const pair = new Pair(ends, await mkdtemp(join(tmpdir(), 'wh-bench-')));
  await pair.both((own) => [`ip addr add 172.29.0.${own}/24 dev eth0`, 'ip link set eth0 up']);
  await pair.both((own, other) => [
    `ip link add flannel.1 address 02:00:00:00:00:0${own} mtu 1450 type vxlan id 1 dev eth0 local 172.29.0.${own} dstport 8472 nolearning`,
    `ip addr add 10.9.${own}.0/32 dev flannel.1`,
    'ip link set flannel.1 up',
    `ip neigh replace 10.9.${other}.0 lladdr 02:00:00:00:00:0${other} dev flannel.1 nud permanent`,
    `bridge fdb replace 02:00:00:00:00:0${other} dev flannel.1 dst 172.29.0.${other} self permanent`,
    `ip route replace 10.9.${other}.0/24 via 10.9.${other}.0 dev flannel.1 onlink`,
  ]);
  return pair;
}

async function streams(): Promise<Measure[]> {
  const pair = await makePair();
  const targets = { vxlan: '10.9.2.0', udp: '10.8.2.0', 'one packet per call': '10.7.2.0' };
  const results: Record<string, number[]> = { vxlan: [], udp: [], 'one packet per call': [] };
  try {
    const controls = [...(await pair.startHelpers('auto', '10.8')), ...(await pair.startHelpers('simple', '10.7'))];
    for (let round = 0; round < ROUNDS; round++) for (const [name, target] of Object.entries(targets)) results[name]!.push(await pair.stream(target));
    for (const control of controls) control.close();
  } finally {
    await pair.close();
  }
  const median = (name: string) => quantile(results[name]!, 0.5);
  const [vxlan, simple] = [median('vxlan'), median('one packet per call')];
  return [
    { name: 'TCP stream, vxlan', value: vxlan, unit: 'Gbit/s' },
    { name: 'TCP stream, udp backend', value: median('udp'), unit: 'Gbit/s', peer: { name: 'vxlan, same run', value: vxlan } },
    { name: 'TCP stream, udp against one packet per call', value: median('udp'), unit: 'Gbit/s', peer: { name: 'one packet per call, same run', value: simple } },
  ];
}

function service(at: number, endpoints: number): ServiceModel {
  const cluster = Array.from({ length: endpoints }, (_, n) => ({ ip: `10.244.${at % 250}.${n + 1}`, port: 8080, local: false }));
  const ports = [{ name: '', protocol: 'tcp' as const, port: 80, cluster, local: [], any: true }];
  const shared = { externalIPs: [], loadBalancerIPs: [], sourceRanges: [], internalLocal: false, externalLocal: false };
  return { key: `bench/s${at}`, clusterIP: `10.100.${at >> 8}.${at & 255}`, ports, ...shared };
}

async function proxy(): Promise<Measure[]> {
  const netns = await createNetns(`whb${randomBytes(2).toString('hex')}-p`);
  try {
    const nft = openNft({ netns: netns.path, nativeDir: dirname(HELPER) });
    const settings = { family: 4 as const, clusterCidr: '10.244.0.0/16', masqueradeAll: false, nodePorts: { type: 'set' as const } };
    const state = new TableState(settings);
    const began = performance.now();
    for (let at = 0; at < SERVICES; at++) state.setPiece(`bench/s${at}`, renderService(service(at, 2), settings));
    await nft.apply(state.full());
    const cold = performance.now() - began;
    const more = new TableState(settings);
    const again = performance.now();
    for (let at = 0; at < 3 * SERVICES; at++) more.setPiece(`bench/s${at}`, renderService(service(at, 2), settings));
    await nft.apply(more.full());
    const coldMore = performance.now() - again;
    await nft.apply(state.full());
    const changes: number[] = [];
    for (let n = 0; n < CHANGES; n++) {
      const from = performance.now();
      state.setPiece('bench/s7', renderService(service(7, 2 + (n % 3)), settings));
      await nft.apply(state.flush());
      changes.push(performance.now() - from);
    }
    return [
      { name: '10,000 services x 2 endpoints, cold', value: cold / 1000, unit: 's', peer: { name: 'upstream nftables layout', value: 31 } },
      { name: '30,000 services x 2 endpoints, cold', value: coldMore / 1000, unit: 's' },
      { name: 'one change among 10,000 services', value: quantile(changes, 0.5), unit: 'ms', peer: { name: 'upstream nftables layout', value: 179 } },
    ];
  } finally {
    await deleteNetns(netns.name);
  }
}

/** The program itself, under a stand-in for the API server. */
async function program(): Promise<Measure[]> {
  const runs = [await runProxy(SERVICES, CHANGES), await runProxy(SERVICES, CHANGES)];
  const changes = runs.flatMap((run) => run.changes);
  const least = (of: (run: (typeof runs)[number]) => number) => Math.min(...runs.map(of));
  return [
    { name: 'kube-proxy from start to 10,000 services in the kernel, lists included', value: least((run) => run.startSeconds), unit: 's' },
    { name: 'CPU of kube-proxy for that', value: least((run) => run.cpuSeconds), unit: 's' },
    { name: 'one change from API event to kernel, 10,000 services, median', value: quantile(changes, 0.5), unit: 'ms' },
    { name: 'one change from API event to kernel, 10,000 services, p99', value: quantile(changes, 0.99), unit: 'ms' },
    { name: 'kube-proxy and its helpers, resident, 10,000 services', value: least((run) => run.bytes + run.childBytes) / 1e6, unit: 'MB' },
  ];
}

export const overlay: Benchmark = {
  name: 'overlay',
  about: 'pod network and services: one TCP stream per backend in turns, and the service table',
  run: async () => [...(await streams()), ...(await proxy()), ...(await program()), ...(await policies())],
};
