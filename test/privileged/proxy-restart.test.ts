// kill -9 of kube-proxy has no effect on clients. Its rules stay, and the next process takes them
// over, including the kernel's entries for session affinity.
import assert from 'node:assert/strict';
import type { ServiceSpec } from '../../pkg/apis/core/v1/types.js';
import { openNft } from '../../pkg/system/nftables/nftables.js';
import { twin } from '../support/twin.js';
import { eventually, needNetworks } from './overlay-lab.js';
import { PolicyLab, type Agent } from './policy-lab.js';
import { ProxyProcess } from './proxy-process.js';

const PORT = 8080;
const WAIT_MS = 10_000;
const VIPS = {
  sticky: '10.100.0.10',
  plain: '10.100.0.11',
  stream: '10.100.0.12',
  late: '10.100.0.13',
};

describe('kube-proxy, killed', function () {
  this.timeout(60_000);
  let lab: PolicyLab;
  let proxy: ProxyProcess;

  before(async function () {
    needNetworks(this);
    lab = await PolicyLab.create(
      [
        { key: 'd/a1', node: 0, labels: {} },
        { key: 'd/a2', node: 0, labels: {} },
        { key: 'd/b1', node: 1, labels: {} },
        { key: 'd/b2', node: 1, labels: {} },
      ],
      [PORT],
    );
    const node = lab.nodes[0]!;
    proxy = new ProxyProcess(node, [4, 6]);
    proxy.put({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node.name },
      spec: {},
      status: {
        addresses: [node.ip, twin(node.ip)].map((address) => ({ type: 'InternalIP', address })),
      },
    } as never);
    put(
      'sticky',
      {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 300 } },
        ports: [{ port: 80, protocol: 'TCP' }],
      },
      ['a1', 'b1', 'b2'],
    );
    put('plain', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] }, ['a1', 'b1']);
    put('stream', { ports: [{ port: 53, protocol: 'UDP' }] }, ['b1'], 'UDP');
    await proxy.start();
  });

  after(async () => {
    await proxy?.kill();
    await lab?.close();
  });

  const agent = (name: string): Agent =>
    lab.pods.get(`d/${name}`) ?? lab.hosts.find((host) => host.name === name)!;
  const put = (
    name: keyof typeof VIPS,
    spec: Partial<ServiceSpec>,
    pods: readonly string[],
    protocol = 'TCP',
  ) => {
    proxy.put({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'd' },
      spec: { clusterIP: VIPS[name], clusterIPs: [VIPS[name], twin(VIPS[name])], ...spec },
    } as never);
    for (const addressType of ['IPv4', 'IPv6']) {
      proxy.put({
        apiVersion: 'discovery.k8s.io/v1',
        kind: 'EndpointSlice',
        addressType,
        metadata: {
          name: `${name}-${addressType}`,
          namespace: 'd',
          labels: { 'kubernetes.io/service-name': name },
        },
        endpoints: pods.map((pod) => ({
          addresses: [addressType === 'IPv6' ? twin(agent(pod).ip) : agent(pod).ip],
          conditions: { ready: true },
          nodeName: agent(pod).pod!.spec.nodeName,
        })),
        ports: [{ port: PORT, protocol }],
      } as never);
    }
  };
  const both = (ip: string) => [ip, twin(ip)];
  const server = async (from: string, ip: string) =>
    (await agent(from).ask(ip, 'tcp', 80, WAIT_MS))?.name ?? '';

  it('keeps connections, streams and session affinity of both families, and accepts new connections', async () => {
    const clients = ['a1', 'a2', 'n1'].flatMap((from) =>
      both(VIPS.sticky).map((ip) => ({ from, ip })),
    );
    const chosen = new Map<string, string>();
    for (const { from, ip } of clients)
      chosen.set(
        `${from} ${ip}`,
        await eventually(`${from} at ${ip}`, async () => (await server(from, ip)) || undefined),
      );
    const connections = await Promise.all(
      both(VIPS.plain).map((ip) => agent('a2').open(ip, 'tcp', 80)),
    );
    const streams = await Promise.all(
      both(VIPS.stream).map((ip) => agent('a2').open(ip, 'udp', 53, true)),
    );
    for (const connection of connections) assert.equal(await connection.talks(WAIT_MS), true);
    for (const stream of streams)
      await eventually('a stream', async () => (await stream.count()) > 3);

    let over = false;
    const failed: string[] = [];
    const knock = async (from: string, ip: string, port: number) => {
      let tries = 0;
      for (; !over; tries++)
        if (!(await agent(from).ask(ip, 'tcp', port, WAIT_MS))) failed.push(`${from} to ${ip}`);
      return tries;
    };
    const knocking = [
      ...both(VIPS.plain).map((ip) => knock('a2', ip, 80)),
      ...both(lab.nodes[0]!.ip).map((ip) => knock('outside', ip, 30080)),
    ];
    for (let round = 0; round < 3; round++) {
      await proxy.kill();
      const counts = await Promise.all(streams.map((stream) => stream.count()));
      for (const connection of connections)
        assert.equal(await connection.talks(WAIT_MS), true, 'while kube-proxy is down');
      await proxy.start();
      for (const connection of connections)
        assert.equal(await connection.talks(WAIT_MS), true, 'after the start');
      for (const [at, stream] of streams.entries())
        await eventually(
          'more of the stream',
          async () => (await stream.count()) > counts[at]! + 3,
        );
      for (const { from, ip } of clients)
        assert.equal(
          await server(from, ip),
          chosen.get(`${from} ${ip}`),
          `${from} at ${ip} goes elsewhere after round ${round}`,
        );
    }
    over = true;
    const tries = await Promise.all(knocking);
    assert.deepEqual(failed, []);
    for (const count of tries) assert.ok(count > 10, `${count} new connections`);
    assert.deepEqual(
      proxy.lines.filter((line) => !line.startsWith('synced ')),
      [],
    );
  });

  it('keeps session affinity when another program damages the table', async () => {
    const chosen = await server('a2', VIPS.sticky);
    for (const map of ['svc', 'ep-tcp']) {
      const before = proxy.lines.length;
      await lab.nodes[0]!.run(['nft', 'flush', 'map', 'ip', 'kube-proxy', map]);
      await eventually('the repair', async () => proxy.lines.slice(before).includes('synced IPv4'));
      for (let n = 0; n < 6; n++) assert.equal(await server('a2', VIPS.sticky), chosen);
    }
  });

  it('converges to the current state after changes during its downtime', async () => {
    const flow = await agent('a2').open(VIPS.stream, 'udp', 53);
    assert.equal((await flow.who(WAIT_MS))?.name, 'd/b1');
    const kept = await server('a2', VIPS.sticky);
    await proxy.kill();
    put('stream', { ports: [{ port: 53, protocol: 'UDP' }] }, ['b2'], 'UDP');
    put('late', { ports: [{ port: 80 }] }, ['b2']);
    put(
      'sticky',
      {
        sessionAffinity: 'ClientIP',
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 300 } },
        ports: [{ port: 80, protocol: 'TCP' }],
      },
      ['a1', 'b1', 'b2'].filter((pod) => `d/${pod}` !== kept),
    );
    await proxy.start();
    for (const ip of both(VIPS.late)) assert.equal(await server('a1', ip), 'd/b2');
    const now = await server('a2', VIPS.sticky);
    assert.ok(now && now !== kept);
    await eventually(
      'the flow at its new endpoint',
      async () => (await flow.who(300))?.name === 'd/b2',
    );
    // Foreign entries and sets of removed endpoints are deleted.
    const nft = openNft({ netns: lab.nodes[0]!.netns.path });
    for (const family of ['ip', 'ip6']) {
      await eventually(
        'two sets of affinity',
        async () =>
          (await nft.listTable(family, 'kube-proxy', { terse: true }))!.filter((object) =>
            (object['set'] as { name: string } | undefined)?.name.startsWith('af-'),
          ).length === 2,
      );
    }
  });
});
