// NetworkPolicy with real packets: pods on two nodes, an outside host, and the real enforcer and
// proxy on each node. A table of connections that must work or fail, then the same under churn,
// with long-lived connections.
import assert from 'node:assert/strict';
import {
  ENDPOINT_SLICES,
  NAMESPACES,
  NETWORK_POLICIES,
  NODES,
  PODS,
  SERVICES,
} from '../../pkg/apis/resource-types.js';
import type { NetworkPolicyPeer, NetworkPolicySpec } from '../../pkg/apis/networking/v1/types.js';
import { removeTables } from '../../pkg/proxy/family.js';
import { PolicyEnforcer } from '../../pkg/proxy/policy/enforcer.js';
import { POLICY_TABLE } from '../../pkg/proxy/policy/ruleset.js';
import { Proxier } from '../../pkg/proxy/proxier.js';
import { realClock, realRandom } from '../../pkg/system/env.js';
import { exec } from '../../pkg/system/exec.js';
import { findNativeDir } from '../../pkg/system/native/native-dir.js';
import { openNft, type Nft } from '../../pkg/system/nftables/nftables.js';
import { MemoryLog, noMetrics } from '../support/virtual-env.js';
import { allowed, type Objects } from '../support/policy-semantics.js';
import { twin } from '../support/twin.js';
import { MemoryInformers } from '../support/memory-informers.js';
import { needNetworks, eventually } from './overlay-lab.js';
import { OUTSIDE, POD_NETWORK, PolicyLab, type Agent } from './policy-lab.js';
import {
  app,
  NAMESPACE_LABELS,
  PODS_OF_TEST,
  PORTS,
  SCENARIOS,
  VIP,
  type Case,
} from './policy-scenarios.js';

/** Time limit for connections that must work, and observation time for those that must not. */
const ALLOWED_MS = 15_000;
const DENIED_MS = 400;
const FAMILIES = [4, 6] as const;

/** Adds the IPv6 twin of every ipBlock, so that the policies apply to both families. */
function withTwins(spec: NetworkPolicySpec): NetworkPolicySpec {
  const peers = (list: readonly NetworkPolicyPeer[]) =>
    list.flatMap((peer) =>
      peer.ipBlock && !peer.ipBlock.cidr.includes(':')
        ? [
            peer,
            {
              ipBlock: {
                cidr: twin(peer.ipBlock.cidr),
                ...(peer.ipBlock.except ? { except: peer.ipBlock.except.map(twin) } : {}),
              },
            },
          ]
        : [peer],
    );
  return {
    ...spec,
    ...(spec.ingress
      ? {
          ingress: spec.ingress.map((rule) =>
            rule.from ? { ...rule, from: peers(rule.from) } : rule,
          ),
        }
      : {}),
    ...(spec.egress
      ? { egress: spec.egress.map((rule) => (rule.to ? { ...rule, to: peers(rule.to) } : rule)) }
      : {}),
  };
}

describe('NetworkPolicy', function () {
  this.timeout(60_000);
  let lab: PolicyLab;
  const informers = new MemoryInformers();
  const running: Promise<void>[] = [];
  let enforcers: PolicyEnforcer[] = [];
  let stopEnforcers = new AbortController();
  const stop = new AbortController();
  const logs: MemoryLog[] = [];
  /** An nft process per node, shared by services and policies, as in kube-proxy. */
  let nfts: Nft[] = [];
  const namespaces = new Map(Object.entries(NAMESPACE_LABELS));

  const env = () => {
    const log = new MemoryLog();
    logs.push(log);
    return { clock: realClock, random: realRandom, log, metrics: noMetrics };
  };
  const startEnforcers = () => {
    stopEnforcers = new AbortController();
    enforcers = lab.nodes.map(
      (node, at) =>
        new PolicyEnforcer(
          env(),
          informers,
          nfts[at]!,
          { nodeName: node.name, families: FAMILIES, minSyncPeriodMs: 0 },
          stopEnforcers.signal,
        ),
    );
    running.push(...enforcers.map((enforcer) => enforcer.run()));
  };
  const putNamespace = (name: string, labels: Record<string, string>) => {
    namespaces.set(name, labels);
    informers
      .of(NAMESPACES)
      .put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } } as never);
  };

  before(async function () {
    needNetworks(this);
    lab = await PolicyLab.create(PODS_OF_TEST, PORTS);
    for (const [name, labels] of Object.entries(NAMESPACE_LABELS)) putNamespace(name, labels);
    for (const { pod } of lab.pods.values()) informers.of(PODS).put(pod!);
    const backend = lab.pods.get('shop/web1')!;
    informers
      .of(SERVICES)
      .put({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'web', namespace: 'shop' },
        spec: { clusterIP: VIP, clusterIPs: [VIP, twin(VIP)], ports: [{ port: 80 }] },
      } as never);
    for (const addressType of ['IPv4', 'IPv6'])
      informers
        .of(ENDPOINT_SLICES)
        .put({
          apiVersion: 'discovery.k8s.io/v1',
          kind: 'EndpointSlice',
          addressType,
          metadata: {
            name: `web-${addressType}`,
            namespace: 'shop',
            labels: { 'kubernetes.io/service-name': 'web' },
          },
          endpoints: [
            {
              addresses: [addressType === 'IPv6' ? twin(backend.ip) : backend.ip],
              conditions: { ready: true },
              nodeName: lab.nodes[0]!.name,
            },
          ],
          ports: [{ port: 80, protocol: 'TCP' }],
        } as never);
    nfts = lab.nodes.map((node) =>
      openNft({ netns: node.netns.path, nativeDir: findNativeDir(process.argv[1], process.env) }),
    );
    for (const [at, node] of lab.nodes.entries()) {
      informers
        .of(NODES)
        .put({ apiVersion: 'v1', kind: 'Node', metadata: { name: node.name }, spec: {} } as never);
      const options = {
        nodeName: node.name,
        layouts: FAMILIES.map((family) => ({
          family,
          clusterCidr: family === 6 ? twin(POD_NETWORK) : POD_NETWORK,
          masqueradeAll: false,
          nodePorts: { type: 'set' as const },
        })),
        minSyncPeriodMs: 0,
        conntrack: false,
      };
      running.push(new Proxier(env(), informers, nfts[at]!, options, stop.signal).run());
    }
    startEnforcers();
  });

  after(async () => {
    stop.abort();
    stopEnforcers.abort();
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

  const policyObjects = () => informers.of(NETWORK_POLICIES).objects;
  const putPolicy = (key: string, spec: NetworkPolicySpec) => {
    const [namespace, name] = key.split('/') as [string, string];
    informers
      .of(NETWORK_POLICIES)
      .put({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, namespace },
        spec: withTwins(spec),
      } as never);
  };
  const settled = () =>
    eventually('rules in the kernel', async () => enforcers.every((enforcer) => enforcer.settled));
  const usePolicies = async (policies: Record<string, NetworkPolicySpec>) => {
    for (const key of policyObjects().keys())
      if (!policies[key]) informers.of(NETWORK_POLICIES).delete(key);
    for (const [key, spec] of Object.entries(policies)) putPolicy(key, spec);
    await settled();
  };
  const agent = (name: string): Agent =>
    lab.pods.get(name) ?? lab.hosts.find((host) => host.name === name)!;
  const addressOf = (name: string): string =>
    name === 'vip' ? VIP : name === 'far' ? OUTSIDE.far : agent(name).ip;

  /** Checks all cases in parallel, in both families, and returns the failed ones. */
  const wrong = async (cases: readonly Case[]): Promise<string[]> => {
    const results = await Promise.all(
      FAMILIES.flatMap((family) =>
        cases.map(async ([from, to, what, works]) => {
          const [protocol, port] = what.split('/') as ['tcp' | 'sctp', string];
          // The agents simulate SCTP on raw sockets, which are IPv4 only.
          if (family === 6 && protocol === 'sctp') return '';
          const ip = family === 6 ? twin(addressOf(to)) : addressOf(to);
          const reached = await agent(from).reaches(
            ip,
            protocol,
            Number(port),
            works ? ALLOWED_MS : DENIED_MS,
          );
          return reached === works
            ? ''
            : `${from} ${reached ? 'reaches' : 'does not reach'} ${to} (${ip}) ${what}`;
        }),
      ),
    );
    return results.filter(Boolean);
  };

  for (const { name, policies, cases } of SCENARIOS) {
    it(`${name} (${cases.length} cases)`, async () => {
      await usePolicies(policies);
      assert.deepEqual(await wrong(cases), []);
    });
  }

  it('breaks a connection that a change forbids, and keeps the others', async () => {
    await usePolicies({
      'shop/db': {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [{ from: [app('web'), { namespaceSelector: { matchLabels: { team: 'ops' } } }] }],
      },
    });
    const db = agent('shop/db').ip;
    const kept = [
      await agent('shop/web1').open(db, 'tcp', 80),
      await agent('shop/web2').open(db, 'tcp', 80),
      await agent('shop/db').open(agent('ops/tool').ip, 'tcp', 80),
    ];
    const cut = [
      await agent('ops/mon').open(db, 'tcp', 80),
      await agent('ops/tool').open(db, 'udp', 53),
    ];
    const streams = [
      await agent('ops/mon').open(db, 'udp', 81, true),
      await agent('shop/web1').open(db, 'udp', 81, true),
    ];
    for (const connection of [...kept, ...cut])
      assert.equal(await connection.talks(ALLOWED_MS), true);
    for (const stream of streams)
      await eventually('a stream', async () => (await stream.count()) > 3);
    putPolicy('shop/db', {
      podSelector: { matchLabels: { app: 'db' } },
      ingress: [{ from: [app('web')] }],
    });
    await settled();
    const [ended, flowing] = [await streams[0]!.count(), await streams[1]!.count()];
    assert.deepEqual(await Promise.all(cut.map((connection) => connection.talks(DENIED_MS))), [
      false,
      false,
    ]);
    assert.deepEqual(await Promise.all(kept.map((connection) => connection.talks(ALLOWED_MS))), [
      true,
      true,
      true,
    ]);
    await eventually(
      'more of the allowed stream',
      async () => (await streams[1]!.count()) > flowing + 3,
    );
    assert.ok(
      (await streams[0]!.count()) <= ended + 1,
      'answers of a forbidden flow stop although nothing is asked',
    );
    // A connection that is allowed again before it times out continues.
    putPolicy('shop/db', { podSelector: { matchLabels: { app: 'db' } }, ingress: [{}] });
    await settled();
    assert.equal(await cut[0]!.talks(ALLOWED_MS), true);
  });

  it('follows labels of pods and namespaces, and pods that are created and deleted', async () => {
    await usePolicies({
      'shop/db': {
        podSelector: { matchLabels: { app: 'db' } },
        ingress: [
          { from: [app('web'), { namespaceSelector: { matchLabels: { trusted: 'yes' } } }] },
        ],
      },
    });
    const pod = agent('shop/web1').pod!;
    const check = async (...cases: Case[]) => {
      await settled();
      assert.deepEqual(await wrong(cases), []);
    };
    await check(
      ['shop/web1', 'shop/db', 'tcp/80', true],
      ['ops/mon', 'shop/db', 'tcp/80', true],
      ['other/x', 'shop/db', 'tcp/80', false],
    );
    informers.of(PODS).put({ ...pod, metadata: { ...pod.metadata, labels: { app: 'none' } } });
    putNamespace('ops', { team: 'ops' });
    putNamespace('other', { trusted: 'yes' });
    await check(
      ['shop/web1', 'shop/db', 'tcp/80', false],
      ['ops/mon', 'shop/db', 'tcp/80', false],
      ['other/x', 'shop/db', 'tcp/80', true],
    );
    informers.of(PODS).delete('shop/db');
    await check(['shop/web1', 'shop/db', 'tcp/80', true]);
    informers.of(PODS).put(agent('shop/db').pod!);
    await check(['shop/web1', 'shop/db', 'tcp/80', false]);
    informers.of(PODS).put(pod);
    for (const [name, labels] of Object.entries(NAMESPACE_LABELS)) putNamespace(name, labels);
    await check(['shop/web1', 'shop/db', 'tcp/80', true]);
  });

  it('is enforced for every pair after every change, and keeps a connection that is always allowed', async () => {
    await usePolicies({
      'shop/always': {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [{ podSelector: {} }], ports: [{ port: 8085 }] }],
        egress: [{ to: [{ podSelector: {} }], ports: [{ port: 8085 }] }],
      },
    });
    const steady = [
      await agent('shop/web1').open(agent('shop/db').ip, 'tcp', 8085),
      await agent('shop/web2').open(agent('shop/db').ip, 'tcp', 8085),
    ];
    const changes: (() => void)[] = [
      ...SCENARIOS.flatMap(({ policies }) =>
        Object.entries(policies).map(
          ([key, spec]) =>
            () =>
              putPolicy(key, spec),
        ),
      ),
      ...['shop/web', 'shop/db', 'shop/deny', 'ops/out'].map(
        (key) => () => informers.of(NETWORK_POLICIES).delete(key),
      ),
      ...[
        { app: 'db', tier: 'back' },
        { app: 'web', tier: 'back' },
        { app: 'mon', tier: 'front' },
      ].map((labels) => () => {
        const { pod } = agent('other/x');
        informers.of(PODS).put({ ...pod!, metadata: { ...pod!.metadata, labels } });
      }),
      () => putNamespace('other', { team: 'ops' }),
      () => putNamespace('other', { team: 'other', trusted: 'no' }),
      () => informers.of(PODS).delete('ops/tool'),
      () => informers.of(PODS).put(agent('ops/tool').pod!),
    ];
    let seed = 7;
    const pick = (count: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % count;
    for (let round = 0; round < 8; round++) {
      for (let n = 0; n < 6; n++) changes[pick(changes.length)]!();
      await settled();
      const objects: Objects = { namespaces, policies: policyObjects() };
      const end = (name: string) => {
        const pod = informers.of(PODS).objects.get(name);
        return { ip: agent(name).ip, ...(pod ? { pod } : {}) };
      };
      const ports = [
        ['tcp', 80],
        ['udp', 53],
        ['tcp', 8085],
        ['tcp', 81],
      ] as const;
      const [protocol, port] = ports[round % ports.length]!;
      const names = [...lab.pods.keys()];
      const cases = names.flatMap((from) =>
        names
          .filter((to) => to !== from)
          .map((to): Case => [
            from,
            to,
            `${protocol}/${port}`,
            allowed(objects, end(from), end(to), protocol, port),
          ]),
      );
      const [bad, ...talking] = await Promise.all([
        wrong(cases),
        ...steady.map((connection) => connection.talks(ALLOWED_MS)),
      ]);
      assert.deepEqual(bad, [], `round ${round}: ${JSON.stringify([...policyObjects().values()])}`);
      assert.deepEqual(talking, [true, true]);
    }
    informers.of(PODS).put(agent('ops/tool').pod!);
    informers.of(PODS).put(agent('other/x').pod!);
    putNamespace('other', NAMESPACE_LABELS['other']!);
  });

  it('is enforced for the whole table while pods, labels and policies of both nodes change', async () => {
    putNamespace('noise', {});
    const noisePod = (at: number, labels: Record<string, string>) => {
      const ip = `10.244.${at % 2}.${100 + at}`;
      informers
        .of(PODS)
        .put({
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { name: `p${at}`, namespace: 'noise', labels },
          spec: { nodeName: lab.nodes[at % 2]!.name, containers: [] },
          status: { phase: 'Running', podIP: ip, podIPs: [{ ip }, { ip: twin(ip) }] },
        } as never);
    };
    const steps: ((at: number) => void)[] = [
      (at) => noisePod(at, { app: 'web' }),
      (at) => noisePod(at, { app: 'db', tier: 'back' }),
      (at) => informers.of(PODS).delete(`noise/p${at}`),
      (at) =>
        putPolicy(`noise/n${at}`, {
          podSelector: {},
          policyTypes: ['Ingress', 'Egress'],
          ingress: [{ from: [app('web')], ports: [{ port: 80 }] }],
        }),
      (at) =>
        putPolicy(`noise/n${at}`, {
          podSelector: { matchLabels: { app: 'web' } },
          egress: [{ to: [{ ipBlock: { cidr: `10.${at}.0.0/16` } }, { namespaceSelector: {} }] }],
        }),
      (at) => informers.of(NETWORK_POLICIES).delete(`noise/n${at}`),
      (at) => putNamespace('noise', at % 2 ? { team: 'ops' } : {}),
    ];
    let count = 0;
    const noise = setInterval(
      () => steps[(count * 5) % steps.length]!(Math.floor(count++ / 3) % 20),
      3,
    );
    try {
      for (const { name, policies, cases } of SCENARIOS) {
        for (const key of policyObjects().keys())
          if (!key.startsWith('noise/') && !policies[key])
            informers.of(NETWORK_POLICIES).delete(key);
        for (const [key, spec] of Object.entries(policies)) putPolicy(key, spec);
        // During constant changes there is no settled state: the rules are in place once all cases
        // pass, and from then on the cases must keep passing.
        await eventually(name, async () => !(await wrong(cases)).length);
        assert.deepEqual(await wrong(cases), [], name);
      }
      assert.ok(count > 300, `${count} changes`);
    } finally {
      clearInterval(noise);
      for (let at = 0; at < 20; at++) {
        informers.of(PODS).delete(`noise/p${at}`);
        informers.of(NETWORK_POLICIES).delete(`noise/n${at}`);
      }
      informers.of(NAMESPACES).delete('noise');
    }
  });

  it('keeps its rules while the enforcer is down, and connections across a restart', async () => {
    await usePolicies({
      'shop/db': { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [app('web')] }] },
    });
    const cases: Case[] = [
      ['shop/web2', 'shop/db', 'tcp/80', true],
      ['ops/mon', 'shop/db', 'tcp/80', false],
    ];
    const connection = await agent('shop/web1').open(agent('shop/db').ip, 'tcp', 80);
    stopEnforcers.abort();
    assert.deepEqual(await wrong(cases), []);
    startEnforcers();
    await settled();
    assert.deepEqual(await wrong(cases), []);
    assert.equal(await connection.talks(ALLOWED_MS), true);
  });

  it('restores its table when another program damages it', async () => {
    const cases: Case[] = [
      ['shop/web2', 'shop/db', 'tcp/80', true],
      ['ops/mon', 'shop/db', 'tcp/80', false],
    ];
    await usePolicies({
      'shop/db': { podSelector: { matchLabels: { app: 'db' } }, ingress: [{ from: [app('web')] }] },
    });
    for (const damage of ['ip', 'ip6'].flatMap((family) => [
      ['delete', 'table', family, POLICY_TABLE],
      ['flush', 'chain', family, POLICY_TABLE, 'deny'],
      ['flush', 'map', family, POLICY_TABLE, 'pod-ingress'],
    ])) {
      await lab.nodes[0]!.run(['nft', ...damage]);
      await eventually(
        `repair after ${damage.join(' ')}`,
        async () => !(await wrong(cases)).length,
      );
    }
  });

  it('allows IPv6 neighbour discovery under a default deny, but no traffic from link-local addresses', async () => {
    await usePolicies({
      'shop/deny': {
        podSelector: {},
        policyTypes: ['Ingress', 'Egress'],
        egress: [{ to: [app('db')] }],
        ingress: [{ from: [app('web')] }],
      },
    });
    const [web1, tool] = [agent('shop/web1'), agent('ops/tool')];
    for (const { netns } of [web1, tool, agent('shop/db')])
      await exec([...netns.enter, 'ip', '-6', 'neigh', 'flush', 'all']);
    assert.deepEqual(
      await wrong([
        ['shop/web1', 'shop/db', 'tcp/80', true],
        ['ops/tool', 'shop/db', 'tcp/80', false],
      ]),
      [],
    );
    const linkLocal = /inet6 (fe80:\S+)\//.exec(
      await exec([...web1.netns.enter, 'ip', '-6', 'addr', 'show', 'dev', 'eth0']),
    )![1]!;
    assert.equal(await tool.reaches(`${linkLocal}%eth0`, 'tcp', 80, DENIED_MS), false);
    await usePolicies({});
    assert.equal(await tool.reaches(`${linkLocal}%eth0`, 'tcp', 80, ALLOWED_MS), true);
  });

  it('leaves an empty table without policies, and no table after clean-up', async () => {
    await usePolicies({});
    for (const nft of nfts)
      for (const family of ['ip', 'ip6']) {
        const objects = await eventually('nothing but the frame', async () => {
          const all = (await nft.listTable(family, POLICY_TABLE))!.flatMap(
            (object) => Object.entries(object) as [string, { name?: string; elem?: unknown[] }][],
          );
          return (
            !all.some(
              ([kind, { name, elem }]) =>
                elem?.length ||
                (kind !== 'table' &&
                  /^(p|b|t|n|e|er|i|ir|pod-[ei]r?)-[a-z2-7]{16}/.test(name ?? '')),
            ) && all
          );
        });
        assert.deepEqual(
          objects.filter(([kind]) => kind === 'rule').length,
          family === 'ip6' ? 8 : 5,
          'the rules of the fixed chains',
        );
      }
    stopEnforcers.abort();
    await removeTables(nfts[0]!, POLICY_TABLE);
    for (const family of ['ip', 'ip6'])
      assert.equal(await nfts[0]!.listTable(family, POLICY_TABLE), undefined);
    startEnforcers();
    await settled();
    for (const nft of nfts)
      assert.equal(
        await nft.listTable('ip', POLICY_TABLE),
        undefined,
        'one that starts without policies removes what is left',
      );
  });
});
