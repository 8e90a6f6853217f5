// kube-proxy's IPv6 table with real packets: dual-stack pods on two nodes and an outside host.
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { ENDPOINT_SLICES, NODES, SERVICES } from '../../pkg/apis/resource-types.js';
import type { ServiceSpec } from '../../pkg/apis/core/v1/types.js';
import { Proxier } from '../../pkg/proxy/proxier.js';
import { realClock, realRandom } from '../../pkg/system/env.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { openNft, type Nft } from '../../pkg/system/nftables/nftables.js';
import { MemoryLog, noMetrics } from '../support/virtual-env.js';
import { twin } from '../support/twin.js';
import { MemoryInformers } from '../support/memory-informers.js';
import { eventually, needNetworks } from './overlay-lab.js';
import { OUTSIDE, POD_NETWORK, PolicyLab, type Agent } from './policy-lab.js';

const PORT = 8080;
const WAIT_MS = 10_000;

describe('kube-proxy, dual stack', function () {
  this.timeout(60_000);
  let lab: PolicyLab;
  let nfts: Nft[] = [];
  const informers = new MemoryInformers();
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const running: Promise<void>[] = [];
  const logs: MemoryLog[] = [];
  let uses = 0;

  before(async function () {
    needNetworks(this);
    lab = await PolicyLab.create(
      [
        { key: 'd/a1', node: 0, labels: {} },
        { key: 'd/a2', node: 0, labels: {} },
        { key: 'd/b1', node: 1, labels: {} },
      ],
      [PORT],
    );
    nfts = lab.nodes.map((node) =>
      openNft({ netns: node.netns.path, nativeDir: findNativeDir(process.argv[1], process.env) }),
    );
    for (const [at, node] of lab.nodes.entries()) {
      const addresses = [node.ip, twin(node.ip).toUpperCase()].map((address) => ({
        type: 'InternalIP',
        address,
      }));
      informers
        .of(NODES)
        .put({
          apiVersion: 'v1',
          kind: 'Node',
          metadata: { name: node.name, uid: node.name },
          spec: {},
          status: { addresses },
        } as never);
      const log = new MemoryLog();
      logs.push(log);
      const layouts = ([4, 6] as const).map((family) => ({
        family,
        clusterCidr: family === 6 ? twin(POD_NETWORK) : POD_NETWORK,
        masqueradeAll: false,
        nodePorts: { type: 'set' as const },
      }));
      const options = {
        nodeName: node.name,
        layouts,
        minSyncPeriodMs: 0,
        conntrack: true,
        conntrackPrefix: node.netns.enter,
      };
      running.push(
        new Proxier(
          { clock: realClock, random: realRandom, log, metrics: noMetrics },
          informers,
          nfts[at]!,
          options,
          stop.signal,
        ).run(),
      );
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

  const agent = (name: string): Agent =>
    lab.pods.get(`d/${name}`) ?? lab.hosts.find((host) => host.name === name)!;
  const put = (name: string, spec: Partial<ServiceSpec>, status?: unknown) => {
    const clusterIPs = [`10.100.0.${10 + uses}`, twin(`10.100.0.${10 + uses++}`)] as [
      string,
      string,
    ];
    informers
      .of(SERVICES)
      .put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace: 'd' },
        spec: { clusterIP: clusterIPs[0], clusterIPs, ipFamilies: ['IPv4', 'IPv6'], ...spec },
        ...(status ? { status } : {}),
      } as never);
    return clusterIPs;
  };
  const endpoints = (name: string, names: readonly string[], protocol = 'TCP') => {
    for (const addressType of ['IPv4', 'IPv6']) {
      informers
        .of(ENDPOINT_SLICES)
        .put({
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          addressType,
          metadata: {
            name: `${name}-${addressType}`,
            namespace: 'd',
            labels: { 'kubernetes.io/service-name': name },
          },
          endpoints: names.map((pod) => ({
            addresses: [addressType === 'IPv6' ? twin(agent(pod).ip) : agent(pod).ip],
            conditions: { ready: true },
            nodeName: agent(pod).pod!.spec.nodeName,
          })),
          ports: [{ port: PORT, protocol }],
        } as never);
    }
  };
  const remove = (name: string) => {
    informers.of(SERVICES).delete(`d/${name}`);
    for (const addressType of ['IPv4', 'IPv6'])
      informers.of(ENDPOINT_SLICES).delete(`d/${name}-${addressType}`);
  };
  /** The first answer from `by`; the client address that `by` sees has the family of `ip`. */
  const answer = (
    from: string,
    ip: string,
    port: number,
    by: string,
    protocol: 'tcp' | 'udp' = 'tcp',
  ) =>
    eventually(`${by} at ${ip} ${port} from ${from}`, async () => {
      const got = await agent(from).ask(ip, protocol, port, WAIT_MS);
      return got?.name === `d/${by}` ? got.sees : undefined;
    });
  /** The names of the servers that answer in `count` attempts; '' stands for no answer. */
  const spread = async (from: string, ip: string, port: number, count = 16): Promise<string> => {
    const seen = new Set<string>();
    for (let n = 0; n < count; n++)
      seen.add((await agent(from).ask(ip, 'tcp', port, WAIT_MS))?.name.slice(2) ?? '');
    return [...seen].sort().join();
  };

  /** Routes an address from the outside host to the first node. */
  const route = async (ip: string) => {
    await exec([
      ...lab.lab.underlay.enter,
      'ip',
      'route',
      'replace',
      `${ip}/128`,
      'via',
      twin(lab.nodes[0]!.ip),
    ]);
    return ip;
  };

  it('has no IPv6 table until a service needs it', async () => {
    const [ip] = put('four', {
      ports: [{ port: 80 }],
      clusterIP: '10.100.0.9',
      clusterIPs: ['10.100.0.9'],
    });
    endpoints('four', ['b1']);
    await answer('a1', '10.100.0.9', 80, 'b1');
    assert.equal(ip, '10.100.0.10');
    for (const nft of nfts) assert.equal(await nft.listTable('ip6', 'kube-proxy'), undefined);
    remove('four');
  });

  it('balances both cluster IPs over pods of both nodes, from pods and from nodes', async () => {
    const ips = put('web', { ports: [{ port: 80 }] });
    endpoints('web', ['a1', 'b1']);
    for (const ip of ips) {
      await answer('a2', ip, 80, 'b1');
      for (const from of ['a2', 'b1', 'n1', 'n2'])
        assert.equal(await spread(from, ip, 80), 'a1,b1', `${from} to ${ip}`);
    }
    assert.equal(
      await answer('a2', ips[1], 80, 'b1'),
      twin(agent('a2').ip),
      'the pod keeps its own address',
    );
    assert.equal(
      await answer('outside', await route(ips[1]), 80, 'b1'),
      twin(lab.nodes[0]!.ip),
      'what comes from outside the pods is masqueraded',
    );
    remove('web');
  });
  it('serves node ports of both families on every node', async () => {
    put('np', { type: 'NodePort', ports: [{ port: 80, nodePort: 30080 }] });
    endpoints('np', ['a1', 'b1']);
    for (const node of lab.nodes) {
      for (const ip of [node.ip, twin(node.ip)]) {
        await answer('outside', ip, 30080, 'b1');
        for (const from of ['outside', 'a2', node.name])
          assert.equal(await spread(from, ip, 30080), 'a1,b1', `${from} to ${ip}`);
      }
    }
    remove('np');
  });

  it('supports hairpin traffic from a pod to itself', async () => {
    const [, ip] = put('self', { type: 'NodePort', ports: [{ port: 80, nodePort: 30081 }] });
    endpoints('self', ['a1']);
    assert.notEqual(await answer('a1', ip, 80, 'a1'), twin(agent('a1').ip));
    await answer('a1', twin(lab.nodes[0]!.ip), 30081, 'a1');
    remove('self');
  });

  it('keeps a client with its endpoint under session affinity', async () => {
    const [, ip] = put('sticky', {
      type: 'NodePort',
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
      ports: [{ port: 80, nodePort: 30082 }],
    });
    endpoints('sticky', ['a1', 'a2', 'b1']);
    await eventually('an answer', () => agent('n2').ask(ip, 'tcp', 80, WAIT_MS));
    for (const from of ['a2', 'n1', 'b1'])
      assert.doesNotMatch(await spread(from, ip, 80, 12), /^$|,/, from);
    assert.doesNotMatch(await spread('outside', twin(lab.nodes[1]!.ip), 30082, 12), /^$|,/);
    const kept = await spread('a2', ip, 80, 1);
    endpoints(
      'sticky',
      ['a1', 'a2', 'b1'].filter((name) => name !== kept),
    );
    await eventually('another endpoint', async () => {
      const now = await spread('a2', ip, 80, 1);
      return now !== '' && now !== kept;
    });
    remove('sticky');
  });

  it("keeps the client's address and local endpoints under externalTrafficPolicy Local", async () => {
    put('local', {
      type: 'NodePort',
      externalTrafficPolicy: 'Local',
      ports: [{ port: 80, nodePort: 30083 }],
    });
    endpoints('local', ['a1', 'a2']);
    assert.equal(await answer('outside', twin(lab.nodes[0]!.ip), 30083, 'a1'), twin(OUTSIDE.near));
    assert.equal(
      await agent('outside').ask(twin(lab.nodes[1]!.ip), 'tcp', 30083, 500),
      undefined,
      'no local endpoint',
    );
    await answer('b1', twin(lab.nodes[1]!.ip), 30083, 'a2');
    await answer('n2', twin(lab.nodes[1]!.ip), 30083, 'a2');
    remove('local');
  });

  it('uses endpoints of the node only under internalTrafficPolicy Local', async () => {
    const [, ip] = put('inner', { internalTrafficPolicy: 'Local', ports: [{ port: 80 }] });
    endpoints('inner', ['a1', 'b1']);
    await answer('a2', ip, 80, 'a1');
    assert.equal(await spread('a2', ip, 80), 'a1');
    assert.equal(await spread('n2', ip, 80), 'b1');
    remove('inner');
  });

  it('serves external and load balancer addresses, and enforces source ranges', async () => {
    const [external, balancer] = [twin('203.0.113.7'), twin('203.0.113.8')];
    put(
      'ext',
      {
        type: 'LoadBalancer',
        externalIPs: ['203.0.113.7', external],
        loadBalancerSourceRanges: [POD_NETWORK, twin(POD_NETWORK)],
        ports: [{ port: 80, nodePort: 30084 }],
      },
      { loadBalancer: { ingress: [{ ip: balancer }] } },
    );
    endpoints('ext', ['b1']);
    await answer('a2', external, 80, 'b1');
    await answer('a2', balancer, 80, 'b1');
    await answer('outside', await route(external), 80, 'b1');
    assert.equal(
      await agent('outside').ask(await route(balancer), 'tcp', 80, 500),
      undefined,
      'outside the source ranges',
    );
    remove('ext');
  });

  it('rejects connections to services without endpoints and to other ports at once', async () => {
    const [, ip] = put('empty', { type: 'NodePort', ports: [{ port: 80, nodePort: 30085 }] });
    const refused = (from: string, to: string, port: number) =>
      eventually(`a refusal at ${to} ${port} from ${from}`, async () => {
        return (
          await tryExec([
            ...agent(from).netns.enter,
            'timeout',
            '2',
            'bash',
            '-c',
            `exec 3<>/dev/tcp/${to}/${port}`,
          ])
        ).stderr.includes('refused');
      });
    await refused('a1', ip, 80);
    await refused('n1', ip, 80);
    await refused('outside', twin(lab.nodes[1]!.ip), 30085);
    endpoints('empty', ['b1']);
    await answer('a1', ip, 80, 'b1');
    await refused('a1', ip, 81);
    remove('empty');
  });

  it('forwards UDP and deletes conntrack entries of removed endpoints', async () => {
    const [, ip] = put('dns', {
      type: 'NodePort',
      ports: [{ port: 53, protocol: 'UDP', nodePort: 30053 }],
    });
    endpoints('dns', ['b1'], 'UDP');
    await answer('a2', ip, 53, 'b1', 'udp');
    await answer('outside', twin(lab.nodes[0]!.ip), 30053, 'b1', 'udp');
    // Each socket is a flow, which must move to another endpoint when its endpoint is removed.
    const flows = [
      await agent('a2').open(ip, 'udp', 53),
      await agent('outside').open(twin(lab.nodes[0]!.ip), 'udp', 30053),
    ];
    for (const flow of flows) assert.equal((await flow.who(WAIT_MS))?.name, 'd/b1');
    endpoints('dns', ['a1'], 'UDP');
    for (const flow of flows)
      await eventually(
        'the flow at its new endpoint',
        async () => (await flow.who(300))?.name === 'd/a1',
      );
    remove('dns');
  });

  it('serves thousands of ports of one service, and follows its endpoints', async () => {
    const ports = Array.from({ length: 3000 }, (_, at) => ({ name: `p${at}`, port: 20_000 + at }));
    const ips = put('range', { ports });
    const rangeEndpoints = (pod: string) => {
      for (const addressType of ['IPv4', 'IPv6']) {
        informers
          .of(ENDPOINT_SLICES)
          .put({
            apiVersion: 'discovery.k8s.io/v1',
            kind: 'EndpointSlice',
            addressType,
            metadata: {
              name: `range-${addressType}`,
              namespace: 'd',
              labels: { 'kubernetes.io/service-name': 'range' },
            },
            endpoints: [
              {
                addresses: [addressType === 'IPv6' ? twin(agent(pod).ip) : agent(pod).ip],
                conditions: { ready: true },
                nodeName: agent(pod).pod!.spec.nodeName,
              },
            ],
            ports: ports.map(({ name }) => ({ name, port: PORT })),
          } as never);
      }
    };
    for (const pod of ['b1', 'a1']) {
      rangeEndpoints(pod);
      for (const ip of ips)
        for (const port of [20_000, 21_777, 22_999]) await answer('a2', ip, port, pod);
    }
    remove('range');
  });

  it('restores its table when another program damages it', async () => {
    const [four, six] = put('repair', { ports: [{ port: 80 }] });
    endpoints('repair', ['b1']);
    await answer('n1', six, 80, 'b1');
    for (const damage of [
      ['delete', 'table'],
      ['flush', 'map', 'svc'],
    ]) {
      const [verb, kind, name = ''] = damage as [string, string, string?];
      await lab.nodes[0]!.run(['nft', verb, kind, 'ip6', 'kube-proxy', name].filter(Boolean));
      await answer('n1', six, 80, 'b1');
      await answer('n1', four, 80, 'b1');
    }
    remove('repair');
  });

  it('removes everything of deleted services', async () => {
    await eventually('an empty table', async () => {
      for (const nft of nfts) {
        const objects = await nft.listTable('ip6', 'kube-proxy');
        const filled = objects!
          .flatMap((object) => Object.values(object) as { name?: string; elem?: unknown[] }[])
          .filter((object) => object.elem?.length && object.name !== 'nodeport-ips');
        if (filled.length) return false;
      }
      return true;
    });
  });
});
