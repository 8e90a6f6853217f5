// Every kind of service traffic over every backend, with pods of the real CNI plugin and with
// flanneld and kube-proxy processes; then again after kill -9 of each process during connections
// and streams.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { ServiceSpec } from '../../pkg/apis/core/v1/types.js';
import { tryExec } from '../../pkg/system/exec.js';
import { eventually, needNetworks, OverlayLab, type LabNode } from './overlay-lab.js';
import { Agent } from './policy-lab.js';
import { ProxyProcess } from './proxy-process.js';

const PORT = 9090;
const WAIT_MS = 10_000;
const OUTSIDE = '172.30.7.1';
const VIPS = {
  web: '10.100.0.20',
  self: '10.100.0.21',
  sticky: '10.100.0.22',
  local: '10.100.0.23',
  inner: '10.100.0.24',
  dns: '10.100.0.25',
};
const PODS = { a1: 0, a2: 0, b1: 1, b2: 1 } as const;
type Name = keyof typeof PODS;

class Matrix {
  readonly agents = new Map<string, Agent>();
  proxies: ProxyProcess[] = [];

  constructor(readonly lab: OverlayLab) {}

  static async create(backend: string): Promise<Matrix> {
    const matrix = new Matrix(await OverlayLab.create(2));
    try {
      await matrix.start(backend);
    } catch (error) {
      await matrix.close();
      throw error;
    }
    return matrix;
  }

  private async start(backend: string): Promise<void> {
    const { lab } = this;
    await lab.configure({ Type: backend });
    for (const node of lab.nodes) node.startFlanneld();
    await Promise.all(lab.nodes.map((node) => node.subnet()));
    for (const [name, at] of Object.entries(PODS)) {
      const pod = await lab.nodes[at]!.addPod(name);
      this.agents.set(name, new Agent(name, pod.ip, pod.netns, [PORT]));
    }
    for (const node of lab.nodes) {
      await node.run([
        'sysctl',
        '-qw',
        'net.bridge.bridge-nf-call-iptables=1',
        'net.ipv4.ip_forward=1',
      ]);
      this.agents.set(node.name, new Agent(node.name, node.ip, node.netns, [PORT]));
    }
    this.agents.set('outside', new Agent('outside', OUTSIDE, lab.underlay, [PORT]));
    await Promise.all([...this.agents.values()].map((agent) => agent.ready));
    this.proxies = lab.nodes.map((node) => new ProxyProcess(node, [4]));
    this.objects();
    await Promise.all(this.proxies.map((proxy) => proxy.start()));
  }

  private objects(): void {
    for (const [at, proxy] of this.proxies.entries()) {
      const node = this.lab.nodes[at]!;
      proxy.put({
        apiVersion: 'v1',
        kind: 'Node',
        metadata: { name: node.name },
        spec: {},
        status: { addresses: [{ type: 'InternalIP', address: node.ip }] },
      } as never);
    }
    this.service('web', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }, ['a1', 'b1']);
    this.service('self', { ports: [{ port: 80 }] }, ['a1']);
    this.service('sticky', { sessionAffinity: 'ClientIP', ports: [{ port: 80 }] }, [
      'a1',
      'a2',
      'b1',
      'b2',
    ]);
    this.service(
      'local',
      { type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30083 }] },
      ['a1'],
    );
    this.service('inner', { internalTrafficPolicy: 'Local', ports: [{ port: 80 }] }, ['a1', 'b1']);
    this.service('dns', { ports: [{ port: 53, protocol: 'UDP' }] }, ['b1'], 'UDP');
  }

  private service(
    name: keyof typeof VIPS,
    spec: Partial<ServiceSpec>,
    pods: readonly Name[],
    protocol = 'TCP',
  ): void {
    const endpoints = pods.map((pod) => ({
      addresses: [this.agent(pod).ip],
      conditions: { ready: true },
      nodeName: this.lab.nodes[PODS[pod]]!.name,
    }));
    for (const proxy of this.proxies) {
      proxy.put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'm' },
        spec: { clusterIP: VIPS[name], clusterIPs: [VIPS[name]], ...spec },
      } as never);
      proxy.put({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        addressType: 'IPv4',
        metadata: {
          name: `${name}-1`,
          namespace: 'm',
          labels: { 'kubernetes.io/service-name': name },
        },
        endpoints,
        ports: [{ port: PORT, protocol }],
      } as never);
    }
  }

  agent(name: string): Agent {
    return this.agents.get(name)!;
  }

  /** Sends requests until `by` answers; returns the client address that `by` sees. */
  sees(
    from: string,
    ip: string,
    port: number,
    by: string,
    protocol: 'tcp' | 'udp' = 'tcp',
  ): Promise<string> {
    return eventually(`${by} at ${ip} ${port} from ${from}`, async () => {
      const answer = await this.agent(from).ask(ip, protocol, port, WAIT_MS);
      return answer?.name === by ? answer.sees : undefined;
    });
  }

  /** The names of the programs that answer in a dozen attempts. */
  async answering(from: string, ip: string, port: number): Promise<string> {
    const seen = new Set<string>();
    for (let n = 0; n < 12; n++)
      seen.add((await this.agent(from).ask(ip, 'tcp', port, WAIT_MS))?.name ?? '');
    return [...seen].sort().join();
  }

  async pidOf(node: LabNode, program: string): Promise<number> {
    for (const pid of (await tryExec(['ip', 'netns', 'pids', node.netns.name])).stdout
      .split('\n')
      .filter(Boolean)) {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (command.split('\0')[0]!.endsWith(program)) return Number(pid);
    }
    throw new Error(`no ${program} on ${node.name}`);
  }

  async close(): Promise<void> {
    await Promise.all(this.proxies.map((proxy) => proxy.kill()));
    for (const agent of this.agents.values()) agent.close();
    await this.lab.close();
  }
}

const CELLS: readonly [name: string, check: (matrix: Matrix) => Promise<unknown>][] = [
  [
    'pod to pod on one node',
    async (m) => assert.equal(await m.sees('a2', m.agent('a1').ip, PORT, 'a1'), m.agent('a2').ip),
  ],
  [
    'pod to pod across nodes',
    async (m) => assert.equal(await m.sees('a2', m.agent('b1').ip, PORT, 'b1'), m.agent('a2').ip),
  ],
  [
    'pod to service, endpoints here and elsewhere',
    async (m) => {
      for (const by of ['a1', 'b1'])
        assert.equal(
          await m.sees('a2', VIPS.web, 80, by),
          m.agent('a2').ip,
          'the pod keeps its address',
        );
    },
  ],
  [
    'node to service',
    async (m) => {
      for (const from of ['n1', 'n2'])
        for (const by of ['a1', 'b1']) await m.sees(from, VIPS.web, 80, by);
    },
  ],
  [
    'outside to node port, of either node',
    async (m) => {
      for (const node of m.lab.nodes)
        for (const by of ['a1', 'b1'])
          assert.notEqual(await m.sees('outside', node.ip, 30080, by), OUTSIDE, 'masqueraded');
    },
  ],
  [
    'hairpin',
    async (m) => assert.notEqual(await m.sees('a1', VIPS.self, 80, 'a1'), m.agent('a1').ip),
  ],
  [
    'affinity',
    async (m) => {
      for (const from of ['a2', 'b2', 'n1'])
        assert.match(await m.answering(from, VIPS.sticky, 80), /^[ab][12]$/, from);
    },
  ],
  [
    'Local policies',
    async (m) => {
      const [first, second] = m.lab.nodes;
      assert.equal(
        await m.sees('outside', first!.ip, 30083, 'a1'),
        OUTSIDE,
        'the client keeps its address',
      );
      assert.equal(
        await m.agent('outside').ask(second!.ip, 'tcp', 30083, 500),
        undefined,
        'no endpoint there',
      );
      assert.equal(await m.answering('a2', VIPS.inner, 80), 'a1');
      assert.equal(await m.answering('b2', VIPS.inner, 80), 'b1');
    },
  ],
  [
    'UDP, to a pod and to a service across nodes',
    async (m) => {
      assert.equal(await m.sees('a2', m.agent('b2').ip, PORT, 'b2', 'udp'), m.agent('a2').ip);
      await m.sees('a2', VIPS.dns, 53, 'b1', 'udp');
      await m.sees('n1', VIPS.dns, 53, 'b1', 'udp');
    },
  ],
];

for (const backend of ['vxlan', 'udp', 'host-gw']) {
  describe(`service traffic over ${backend}`, function () {
    this.timeout(90_000);
    let matrix: Matrix;

    before(async function () {
      needNetworks(this);
      matrix = await Matrix.create(backend);
    });

    after(() => matrix?.close());

    for (const [name, check] of CELLS) it(name, () => check(matrix));

    it('continues through kill -9 of kube-proxy and flanneld, and works completely afterwards', async () => {
      const connections = await Promise.all([
        matrix.agent('a2').open(matrix.agent('b1').ip, 'tcp', PORT),
        matrix.agent('a2').open(VIPS.web, 'tcp', 80),
        matrix.agent('outside').open(matrix.lab.nodes[0]!.ip, 'tcp', 30080),
      ]);
      const stream = await matrix.agent('a2').open(VIPS.dns, 'udp', 53, true);
      const talk = async (when: string) => {
        for (const [at, connection] of connections.entries())
          assert.equal(await connection.talks(WAIT_MS), true, `connection ${at} ${when}`);
        const count = await stream.count();
        await eventually(
          `more of the stream ${when}`,
          async () => (await stream.count()) > count + 3,
        );
      };
      await talk('before');
      for (const [at, proxy] of matrix.proxies.entries()) {
        const node = matrix.lab.nodes[at]!;
        await proxy.kill();
        node.flanneld!.kill('SIGKILL');
        await talk(`without the programs of ${node.name}`);
        const from = (await node.log('flanneld')).length;
        node.startFlanneld();
        await Promise.all([
          proxy.start(),
          eventually('flanneld up again', async () =>
            (await node.log('flanneld')).slice(from).includes('network is up'),
          ),
        ]);
        await talk(`with those of ${node.name} back`);
      }
      for (const [, check] of CELLS) await check(matrix);
    });

    if (backend === 'udp') {
      it('works again after kill -9 of flannel-tun', async () => {
        for (const node of matrix.lab.nodes) {
          const pid = await matrix.pidOf(node, 'flannel-tun');
          process.kill(pid, 'SIGKILL');
          await eventually(
            'another flannel-tun',
            async () => (await matrix.pidOf(node, 'flannel-tun')) !== pid,
          );
        }
        for (const [, check] of CELLS) await check(matrix);
      });
    }
  });
}
