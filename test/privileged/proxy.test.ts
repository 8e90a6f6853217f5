// kube-proxy's rules with real packets: services of pods on two nodes of an overlay.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { ENDPOINT_SLICES, NODES, SERVICES } from '../../pkg/apis/resource-types.js';
import type { ServiceSpec } from '../../pkg/apis/core/v1/types.js';
import { Proxier } from '../../pkg/proxy/proxier.js';
import { realClock, realRandom } from '../../pkg/system/env.js';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { openNft, type Nft } from '../../pkg/system/nftables/nftables.js';
import type { Netns } from '../../pkg/system/netns/netns.js';
import { MemoryLog, noMetrics } from '../support/virtual-env.js';
import { MemoryInformers } from '../support/memory-informers.js';
import {
  needNetworks,
  eventually,
  NETWORK,
  OverlayLab,
  type LabNode,
  type Pod,
} from './overlay-lab.js';

/** One UDP socket, which asks when the test wants an answer: '' after two seconds without one. */
function talkUdp(from: Netns, ip: string) {
  const script = `exec 3<>/dev/udp/${ip}/53; while read -r _; do echo hi >&3; echo "$(timeout 2 dd bs=512 count=1 status=none <&3)"; done`;
  const [command, ...args] = [...from.enter, 'bash', '-c', script];
  const child = spawn(command!, args, { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next(): Promise<string> {
      child.stdin.write('\n');
      return String((await lines.next()).value).split(' ')[0]!;
    },
    close: () => child.stdin.end(),
  };
}

describe('kube-proxy', function () {
  this.timeout(60_000);
  let lab: OverlayLab;
  let pods: Record<'a1' | 'a2' | 'b1', Pod>;
  let nodes: LabNode[];
  const informers = new MemoryInformers();
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  const nfts: Nft[] = [];
  const logs: MemoryLog[] = [];
  let uses = 0;

  before(async function () {
    needNetworks(this);
    lab = await OverlayLab.create(2);
    nodes = lab.nodes;
    await lab.configure({ Type: 'vxlan' });
    for (const node of nodes) node.startFlanneld();
    await Promise.all(nodes.map((node) => node.subnet()));
    pods = {
      a1: await nodes[0]!.addPod('a1'),
      a2: await nodes[0]!.addPod('a2'),
      b1: await nodes[1]!.addPod('b1'),
    };
    for (const node of nodes) {
      await node.run(['sysctl', '-qw', 'net.bridge.bridge-nf-call-iptables=1']);
      const status = { addresses: [{ type: 'InternalIP', address: node.ip }] };
      informers
        .of(NODES)
        .put({
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { name: node.name, uid: node.name },
          spec: {},
          status,
        } as never);
      const nft = openNft({
        netns: node.netns.path,
        nativeDir: findNativeDir(process.argv[1], process.env),
      });
      const log = new MemoryLog();
      const options = {
        nodeName: node.name,
        layouts: [
          {
            family: 4 as const,
            clusterCidr: NETWORK,
            masqueradeAll: false,
            nodePorts: { type: 'set' as const },
          },
        ],
        minSyncPeriodMs: 0,
        conntrack: true,
        conntrackPrefix: node.netns.enter,
      };
      const proxier = new Proxier(
        { clock: realClock, random: realRandom, log, metrics: noMetrics },
        informers,
        nft,
        options,
        stop.signal,
      );
      running.push(proxier.run());
      nfts.push(nft);
      logs.push(log);
    }
  });

  after(async () => {
    stop.abort();
    await Promise.allSettled(running);
    await lab?.close();
  });

  afterEach(() => {
    for (const log of logs)
      assert.deepEqual(
        log.lines
          .filter((line) => line.level === 'error')
          .map((line) => `${line.event}: ${String(line.fields['error']).slice(0, 600)}`),
        [],
      );
  });

  const put = (name: string, spec: Partial<ServiceSpec>, status?: unknown) =>
    informers
      .of(SERVICES)
      .put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'default' },
        spec: { clusterIPs: [spec.clusterIP], ...spec },
        ...(status ? { status } : {}),
      } as never);
  type Conditions = { ready: boolean; serving: boolean; terminating: boolean };
  const endpoints = (name: string, targets: readonly Pod[], protocol = 'TCP') =>
    endpointsIn(
      name,
      targets.map((pod) => [pod, { ready: true }]),
      protocol,
    );
  const endpointsIn = (
    name: string,
    targets: readonly [Pod, Partial<Conditions>][],
    protocol: string,
  ) =>
    informers
      .of(ENDPOINT_SLICES)
      .put({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        addressType: 'IPv4',
        metadata: {
          name: `${name}-1`,
          namespace: 'default',
          labels: { 'kubernetes.io/service-name': name },
        },
        endpoints: targets.map(([pod, conditions]) => ({
          addresses: [pod.ip],
          conditions,
          nodeName: pod.node.name,
        })),
        ports: [{ port: 8080, protocol }],
      } as never);
  const remove = (name: string) => {
    informers.of(SERVICES).delete(`default/${name}`);
    informers.of(ENDPOINT_SLICES).delete(`default/${name}-1`);
  };
  const clusterIP = () => `10.100.0.${10 + uses++}`;
  const answers = (from: Netns, ip: string, port: number, name: string) =>
    eventually(`${name} at ${ip}:${port} from ${from.name}`, async () => {
      const answer = await lab.ask(from, ip, port);
      return answer?.[0] === name ? answer : undefined;
    });
  /** The names of the programs that answer in `count` attempts; '' is a refused connection. */
  const spread = async (from: Netns, ip: string, port: number, count = 16) => {
    const seen = new Set<string>();
    for (let n = 0; n < count; n++) seen.add((await lab.ask(from, ip, port))?.[0] ?? '');
    return [...seen].sort();
  };

  it('balances a cluster IP over pods of both nodes, from pods and from nodes', async () => {
    const ip = clusterIP();
    put('web', { clusterIP: ip, ports: [{ port: 80, protocol: 'TCP' }] });
    endpoints('web', [pods.a1, pods.b1]);
    await answers(pods.a2.netns, ip, 80, 'b1');
    for (const from of [pods.a2.netns, pods.b1.netns, nodes[0]!.netns, nodes[1]!.netns])
      assert.deepEqual(await spread(from, ip, 80), ['a1', 'b1'], from.name);
    const [, address] = await answers(pods.a2.netns, ip, 80, 'b1');
    assert.equal(address, pods.a2.ip, 'the pod keeps its own address');
    remove('web');
  });

  it('follows added and removed endpoints without a refused connection', async () => {
    const ip = clusterIP();
    put('roll', { clusterIP: ip, ports: [{ port: 80 }] });
    endpoints('roll', [pods.a1]);
    await answers(pods.a2.netns, ip, 80, 'a1');
    for (const [list, names] of [
      [
        [pods.a1, pods.b1, pods.a2],
        ['a1', 'a2', 'b1'],
      ],
      [
        [pods.b1, pods.a2],
        ['a2', 'b1'],
      ],
      [[pods.b1], ['b1']],
    ] as const) {
      endpoints('roll', list);
      await eventually(`only ${names.join()}`, async () => {
        const seen = await spread(nodes[1]!.netns, ip, 80, 24);
        assert.ok(!seen.includes(''), 'refused');
        return seen.join() === names.join();
      });
    }
    remove('roll');
  });

  it('serves a node port on every node to the outside', async () => {
    put('np', { clusterIP: clusterIP(), type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    endpoints('np', [pods.a1, pods.b1]);
    for (const node of nodes) {
      await answers(lab.underlay, node.ip, 30080, 'b1');
      assert.deepEqual(await spread(lab.underlay, node.ip, 30080), ['a1', 'b1']);
      assert.deepEqual(await spread(node.netns, node.ip, 30080), ['a1', 'b1']);
      assert.deepEqual(await spread(pods.a2.netns, node.ip, 30080), ['a1', 'b1']);
    }
    remove('np');
  });

  it('supports hairpin traffic from a pod to itself', async () => {
    const ip = clusterIP();
    put('self', { clusterIP: ip, type: 'NodePort', ports: [{ port: 80, nodePort: 30081 }] });
    endpoints('self', [pods.a1]);
    const [, address] = await answers(pods.a1.netns, ip, 80, 'a1');
    assert.notEqual(address, pods.a1.ip);
    await answers(pods.a1.netns, nodes[0]!.ip, 30081, 'a1');
    remove('self');
  });

  it('keeps a client with its endpoint under session affinity', async () => {
    const ip = clusterIP();
    put('sticky', {
      clusterIP: ip,
      type: 'NodePort',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      ports: [{ port: 80, nodePort: 30082 }],
    });
    endpoints('sticky', [pods.a1, pods.a2, pods.b1]);
    await eventually('an answer', () => lab.ask(nodes[1]!.netns, ip, 80));
    for (const from of [pods.a2.netns, nodes[0]!.netns, pods.b1.netns])
      assert.equal((await spread(from, ip, 80, 12)).length, 1, from.name);
    assert.equal((await spread(lab.underlay, nodes[1]!.ip, 30082, 12)).length, 1);
    const [kept] = await spread(pods.a2.netns, ip, 80, 1);
    const rest = Object.values(pods).filter((pod) => pod.name !== kept);
    endpoints('sticky', rest);
    await eventually('another endpoint', async () => {
      const [now] = await spread(pods.a2.netns, ip, 80, 1);
      return now && now !== kept;
    });
    remove('sticky');
  });

  it("keeps the client's address and local endpoints under externalTrafficPolicy Local", async () => {
    put('local', {
      clusterIP: clusterIP(),
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      ports: [{ port: 80, nodePort: 30083 }],
    });
    endpoints('local', [pods.a1, pods.a2]);
    const [, address] = await answers(lab.underlay, nodes[0]!.ip, 30083, 'a1');
    assert.equal(address, '172.30.7.1');
    assert.equal(
      await lab.ask(lab.underlay, nodes[1]!.ip, 30083, 1),
      undefined,
      'no local endpoint',
    );
    await answers(pods.b1.netns, nodes[1]!.ip, 30083, 'a2');
    await answers(nodes[1]!.netns, nodes[1]!.ip, 30083, 'a2');
    remove('local');
  });

  it('keeps traffic to external addresses of a cluster IP service on the node under externalTrafficPolicy Local', async () => {
    const [own, routed] = [nodes[0]!.ip, '203.0.113.9'];
    put('outer', {
      clusterIP: clusterIP(),
      type: 'ClusterIP',
      externalIPs: [own, routed],
      externalTrafficPolicy: 'Local',
      ports: [{ port: 8765 }],
    });
    endpoints('outer', [pods.a1, pods.b1]);
    const { exec } = await import('../../pkg/system/exec.js');
    const through = (node: LabNode) =>
      exec([...lab.underlay.enter, 'ip', 'route', 'replace', `${routed}/32`, 'via', node.ip]);
    for (const [node, ip, pod] of [
      [nodes[0]!, own, 'a1'],
      [nodes[0]!, routed, 'a1'],
      [nodes[1]!, routed, 'b1'],
    ] as const) {
      await through(node);
      const [, address] = await answers(lab.underlay, ip, 8765, pod);
      assert.equal(address, '172.30.7.1', `the client's own address at ${ip} of ${node.name}`);
      assert.deepEqual(await spread(lab.underlay, ip, 8765, 8), [pod]);
    }
    endpoints('outer', [pods.a1]);
    await eventually(
      'no answer where no endpoint is',
      async () => (await lab.ask(lab.underlay, routed, 8765, 1)) === undefined,
    );
    // The policy is for clients from outside; those inside reach every endpoint.
    await answers(pods.b1.netns, routed, 8765, 'a1');
    await answers(nodes[1]!.netns, routed, 8765, 'a1');
    remove('outer');
  });

  it('uses endpoints of the node only under internalTrafficPolicy Local', async () => {
    const ip = clusterIP();
    put('inner', { clusterIP: ip, internalTrafficPolicy: 'Local', ports: [{ port: 80 }] });
    endpoints('inner', [pods.a1, pods.b1]);
    await answers(pods.a2.netns, ip, 80, 'a1');
    assert.deepEqual(await spread(pods.a2.netns, ip, 80), ['a1']);
    assert.deepEqual(await spread(nodes[1]!.netns, ip, 80), ['b1']);
    remove('inner');
  });

  it('serves external and load balancer addresses, and enforces source ranges', async () => {
    const ip = clusterIP();
    put(
      'ext',
      {
        clusterIP: ip,
        type: 'LoadBalancer',
        externalIPs: ['203.0.113.7'],
        loadBalancerSourceRanges: ['10.244.0.0/16'],
        ports: [{ port: 80, nodePort: 30084 }],
      },
      { loadBalancer: { ingress: [{ ip: '203.0.113.8' }] } },
    );
    endpoints('ext', [pods.b1]);
    await answers(pods.a2.netns, '203.0.113.7', 80, 'b1');
    await answers(pods.a2.netns, '203.0.113.8', 80, 'b1');
    const route = ['ip', 'route', 'replace', '203.0.113.0/24', 'via', nodes[0]!.ip];
    const { exec } = await import('../../pkg/system/exec.js');
    await exec([...lab.underlay.enter, ...route]);
    await answers(lab.underlay, '203.0.113.7', 80, 'b1');
    assert.equal(
      await lab.ask(lab.underlay, '203.0.113.8', 80, 1),
      undefined,
      'outside the source ranges',
    );
    for (const node of nodes)
      assert.equal(
        await lab.ask(node.netns, '203.0.113.8', 80, 1),
        undefined,
        `${node.name} is outside the source ranges too`,
      );
    remove('ext');
  });

  it('serves load balancers at the addresses of nodes, on the ports of the status alone', async () => {
    const [near, far] = nodes as [LabNode, LabNode];
    const spec = (more: Partial<ServiceSpec> = {}): Partial<ServiceSpec> => ({
      clusterIP: balancerIP,
      type: 'LoadBalancer',
      ports: [{ port: 80, nodePort: 30086 }],
      ...more,
    });
    const balancerIP = clusterIP();
    const ports = [{ port: 80, protocol: 'TCP' }];
    const at = (...list: { ip: string }[]) => ({
      loadBalancer: { ingress: list.map(({ ip }) => ({ ip, ipMode: 'Proxy', ports })) },
    });
    const inside = [pods.a2.netns, pods.b1.netns, near.netns, far.netns];
    put('lb', spec(), at(near, far));
    endpoints('lb', [pods.b1]);
    for (const from of [lab.underlay, ...inside])
      for (const { ip } of nodes) await answers(from, ip, 80, 'b1');

    // An address that no node of the proxies has, as a hostile kubelet reports it.
    put('lb', spec(), at(near, far, { ip: '172.30.7.1' }));
    for (const from of inside)
      assert.equal(await lab.ask(from, '172.30.7.1', 80, 1), undefined, from.name);

    // The service asks for a port that the status does not list, which may be one of the node's.
    const asked = [
      { port: 80, nodePort: 30086 },
      { port: 8765, nodePort: 30087 },
    ];
    put('lb', spec({ ports: asked }), at(near, far));
    await answers(lab.underlay, near.ip, 30087, 'b1');
    for (const from of [lab.underlay, pods.b1.netns, far.netns])
      assert.equal(await lab.ask(from, near.ip, 8765, 1), undefined, from.name);

    const ranges = (...loadBalancerSourceRanges: string[]) =>
      put('lb', spec({ loadBalancerSourceRanges }), at(near, far));
    ranges('198.51.100.0/24');
    await eventually('no answer outside the source ranges', async () => {
      for (const from of [lab.underlay, ...inside])
        if (await lab.ask(from, near.ip, 80, 1)) return false;
      return true;
    });
    ranges('172.30.7.1/32');
    await answers(lab.underlay, near.ip, 80, 'b1');
    assert.equal(await lab.ask(far.netns, near.ip, 80, 1), undefined, 'another node');

    put('lb', spec({ externalTrafficPolicy: 'Local' }), at(far));
    const [, client] = await eventually("the client's own address", async () => {
      const answer = await lab.ask(lab.underlay, far.ip, 80);
      return answer?.[1] === '172.30.7.1' ? answer : undefined;
    });
    assert.equal(client, '172.30.7.1');
    for (const from of inside) await answers(from, far.ip, 80, 'b1');
    remove('lb');
  });

  it('rejects connections to services without endpoints and to other ports at once', async () => {
    const ip = clusterIP();
    put('empty', { clusterIP: ip, type: 'NodePort', ports: [{ port: 80, nodePort: 30085 }] });
    const refused = (from: Netns, to: string, port: number) =>
      eventually(`a refusal at ${to}:${port} from ${from.name}`, async () => {
        const { tryExec } = await import('../../pkg/system/exec.js');
        const result = await tryExec([
          ...from.enter,
          'timeout',
          '2',
          'bash',
          '-c',
          `exec 3<>/dev/tcp/${to}/${port}`,
        ]);
        return result.stderr.includes('refused');
      });
    await refused(pods.a1.netns, ip, 80);
    await refused(nodes[0]!.netns, ip, 80);
    await refused(lab.underlay, nodes[1]!.ip, 30085);
    endpoints('empty', [pods.b1]);
    await answers(pods.a1.netns, ip, 80, 'b1');
    await refused(pods.a1.netns, ip, 81);
    remove('empty');
  });

  it('forwards UDP and deletes conntrack entries of removed endpoints', async () => {
    const ip = clusterIP();
    put('dns', { clusterIP: ip, ports: [{ port: 53, protocol: 'UDP' }] });
    endpoints('dns', [pods.b1], 'UDP');
    await eventually(
      'an answer',
      async () => (await lab.askUdp(pods.a2.netns, ip, 53))?.[0] === 'b1',
    );
    const flow = talkUdp(pods.a2.netns, ip);
    try {
      await eventually('the flow is with b1', async () => (await flow.next()) === 'b1');
      endpoints('dns', [pods.a1], 'UDP');
      await eventually('the flow moves to a1', async () => (await flow.next()) === 'a1');
    } finally {
      flow.close();
    }
    remove('dns');
  });

  it('keeps a UDP flow with an endpoint that terminates, until the endpoint serves no more', async () => {
    const ip = clusterIP();
    put('stay', { clusterIP: ip, ports: [{ port: 53, protocol: 'UDP' }] });
    endpoints('stay', [pods.b1], 'UDP');
    await eventually(
      'an answer',
      async () => (await lab.askUdp(pods.a2.netns, ip, 53))?.[0] === 'b1',
    );
    const flow = talkUdp(pods.a2.netns, ip);
    try {
      await eventually('the flow is with b1', async () => (await flow.next()) === 'b1');
      const ends = { ready: false, terminating: true };
      const next: [Pod, Partial<Conditions>] = [pods.a1, { ready: true }];
      endpointsIn('stay', [[pods.b1, { ...ends, serving: true }], next], 'UDP');
      // New flows show that the rules are in force.
      await eventually(
        'new flows go to a1',
        async () => (await lab.askUdp(pods.a2.netns, ip, 53))?.[0] === 'a1',
      );
      for (let n = 0; n < 5; n++) assert.equal(await flow.next(), 'b1', 'the old flow stays');
      endpointsIn('stay', [[pods.b1, { ...ends, serving: false }], next], 'UDP');
      await eventually('the old flow moves to a1', async () => (await flow.next()) === 'a1');
    } finally {
      flow.close();
    }
    remove('stay');
  });

  it('restores its table when another program damages it', async () => {
    const ip = clusterIP();
    put('repair', { clusterIP: ip, ports: [{ port: 80 }] });
    endpoints('repair', [pods.b1]);
    await answers(nodes[0]!.netns, ip, 80, 'b1');
    await nodes[0]!.run(['nft', 'delete', 'table', 'ip', 'kube-proxy']);
    await answers(nodes[0]!.netns, ip, 80, 'b1');
    await nodes[0]!.run(['nft', 'flush', 'map', 'ip', 'kube-proxy', 'svc']);
    await answers(nodes[0]!.netns, ip, 80, 'b1');
    remove('repair');
  });

  it('removes everything of deleted services', async () => {
    await eventually('an empty table', async () => {
      for (const nft of nfts) {
        const objects = await nft.listTable('ip', 'kube-proxy');
        const filled = objects!
          .flatMap((object) => Object.values(object) as { name?: string; elem?: unknown[] }[])
          .filter((object) => object.elem?.length && object.name !== 'nodeport-ips');
        if (filled.length) return false;
      }
      return true;
    });
    const chains = (await nfts[0]!.listTable('ip', 'kube-proxy'))!.flatMap((object) =>
      object['chain'] ? [(object['chain'] as { name: string }).name] : [],
    );
    assert.deepEqual(
      chains.filter((name) => /^(a[bceix]|ep|fw)-[A-Z2-7]{8}$/.test(name)),
      [],
    );
  });
});
