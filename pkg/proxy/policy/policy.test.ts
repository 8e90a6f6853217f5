// Golden rules of policies, and the main property: in any order of events, the rules accept exactly
// the packets that the policies allow, by a second implementation of the documented semantics. The
// function that judges one connection in plain answers gives the same.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ContainerPort, Pod } from '../../apis/core/v1/types.js';
import type { LabelSelector } from '../../apimachinery/meta/types.js';
import type {
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  NetworkPolicySpec,
} from '../../apis/networking/v1/types.js';
import { policyPod } from '../../component-helpers/networkpolicy/pods.js';
import { verdictOf } from '../../component-helpers/networkpolicy/verdict.js';
import { slimPod } from './pods.js';
import { allowed, type End } from '../../../test/support/policy-semantics.js';
import { twin } from '../../../test/support/twin.js';
import type { Family } from '../../component-helpers/addresses.js';
import { replyTo, FakeKernel, type Packet } from './fake-kernel.test.js';
import { buildPolicy, DIRECTIONS } from '../../component-helpers/networkpolicy/model.js';
import { renderPolicy } from './render.js';
import { Ruleset } from './ruleset.js';
import { PolicyTracker } from './tracker.js';

const NODES = ['n1', 'n2'] as const;

interface PodSpec {
  namespace: string;
  name: string;
  ip: string;
  node: string;
  labels: Record<string, string>;
  ports?: ContainerPort[];
  hostNetwork?: boolean;
  phase?: string;
}

const pod = ({
  namespace,
  name,
  ip,
  node,
  labels,
  ports = [],
  hostNetwork,
  phase = 'Running',
}: PodSpec): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    nodeName: node,
    containers: [{ name: 'c', image: 'i', ports }],
    ...(hostNetwork ? { hostNetwork } : {}),
  },
  status: { phase, podIP: ip, podIPs: [{ ip }, { ip: twin(ip) }] },
});

const policy = (name: string, spec: NetworkPolicySpec, namespace = 'a'): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name, namespace },
  spec,
});

interface ClusterNode {
  name: string;
  ruleset: Ruleset;
  kernel: FakeKernel;
  tracker: PolicyTracker;
}

/** The state of the API, and the tracker and kernel of each node, in one address family. */
class Cluster {
  readonly pods = new Map<string, Pod>();
  readonly namespaces = new Map<string, Record<string, string>>();
  readonly policies = new Map<string, NetworkPolicy>();
  readonly nodes: readonly ClusterNode[];

  constructor(readonly family: Family = 4) {
    this.nodes = NODES.map((name) => {
      const ruleset = new Ruleset(family);
      const kernel = new FakeKernel();
      kernel.apply(ruleset.full());
      return { name, ruleset, kernel, tracker: new PolicyTracker(ruleset) };
    });
  }

  setPod(key: string, object: Pod | undefined): void {
    if (object) this.pods.set(key, object);
    else this.pods.delete(key);
    for (const { name, tracker } of this.nodes)
      tracker.setPod(key, object && policyPod(slimPod(object), name, this.family));
  }

  setNamespace(name: string, labels: Record<string, string> | undefined): void {
    if (labels) this.namespaces.set(name, labels);
    else this.namespaces.delete(name);
    for (const { tracker } of this.nodes) tracker.setNamespace(name, labels);
  }

  setPolicy(key: string, object: NetworkPolicy | undefined): void {
    if (object) this.policies.set(key, object);
    else this.policies.delete(key);
    for (const { tracker } of this.nodes)
      tracker.setPolicy(key, object && buildPolicy(object, this.family));
  }

  flush(): void {
    for (const { ruleset, kernel } of this.nodes) kernel.apply(ruleset.flush());
  }

  /** The fate of a packet: each node judges it that owns one of the addresses. */
  passes(packet: Packet, nodes: readonly string[]): boolean {
    return this.nodes.every(({ name, kernel }) => !nodes.includes(name) || kernel.passes(packet));
  }
}

const chainsOf = (spec: NetworkPolicySpec, family: Family = 4) => {
  const { chains, sets } = renderPolicy(buildPolicy(policy('web', spec), family), family);
  const shown = new Map(
    sets.map((set) => [
      set.name,
      `${set.name.slice(0, 2)}${[...sets].filter((other) => other.name[0] === set.name[0]).indexOf(set)}`,
    ]),
  );
  const text = (rule: string) =>
    [...shown].reduce((line, [name, short]) => line.replace(name, short), rule);
  return {
    chains: chains.map(([name, rules]) => [
      name.replace(/-[a-z2-7]{16}-/, ' '),
      ...rules.map(text),
    ]),
    sets: sets.map(
      (set) =>
        `${shown.get(set.name)}: ${set.definition}${set.kind === 'fixed' ? ` ${set.elements.join(', ')}` : ''}`,
    ),
  };
};

describe('network policy rules', () => {
  it('renders two empty chains for a default deny of ingress', () => {
    assert.deepEqual(chainsOf({ podSelector: {} }), {
      chains: [['i a/web'], ['ir a/web']],
      sets: [],
    });
  });

  it('renders peers and ports, mirrored for replies', () => {
    const spec: NetworkPolicySpec = {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'client' } } },
            { namespaceSelector: { matchLabels: { team: 'x' } } },
            { ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.128/25', '192.0.2.1/32'] } },
          ],
          ports: [
            { port: 80 },
            { port: 8000, endPort: 8100 },
            { protocol: 'UDP', port: 53 },
            { port: 'admin' },
          ],
        },
      ],
      egress: [
        { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ protocol: 'SCTP' }] },
        { ports: [{ port: 443 }] },
      ],
    };
    assert.deepEqual(chainsOf(spec), {
      chains: [
        ['e a/web', 'meta l4proto sctp accept', 'tcp dport 443 accept'],
        ['er a/web', 'meta l4proto sctp accept', 'tcp sport 443 accept'],
        [
          'i a/web',
          'ip saddr @p-0 meta l4proto . th dport @t-0 accept',
          'ip saddr @p-0 ip daddr . meta l4proto . th dport @n-0 accept',
          'ip saddr @p-1 meta l4proto . th dport @t-0 accept',
          'ip saddr @p-1 ip daddr . meta l4proto . th dport @n-0 accept',
          'ip saddr @b-0 meta l4proto . th dport @t-0 accept',
          'ip saddr @b-0 ip daddr . meta l4proto . th dport @n-0 accept',
        ],
        [
          'ir a/web',
          'ip daddr @p-0 meta l4proto . th sport @t-0 accept',
          'ip daddr @p-0 ip saddr . meta l4proto . th sport @n-0 accept',
          'ip daddr @p-1 meta l4proto . th sport @t-0 accept',
          'ip daddr @p-1 ip saddr . meta l4proto . th sport @n-0 accept',
          'ip daddr @b-0 meta l4proto . th sport @t-0 accept',
          'ip daddr @b-0 ip saddr . meta l4proto . th sport @n-0 accept',
        ],
      ],
      sets: [
        'p-0: type ipv4_addr; comment "namespace a | pods app=client";',
        'p-1: type ipv4_addr; comment "namespaces team=x | pods *";',
        'b-0: type ipv4_addr; flags interval; 192.0.2.0, 192.0.2.2-192.0.2.127',
        't-0: type inet_proto . inet_service; flags interval; tcp . 80, tcp . 8000-8100, udp . 53',
        'n-0: type ipv4_addr . inet_proto . inet_service; comment "port tcp admin";',
      ],
    });
  });

  it('renders the same for IPv6: its blocks, ports and named ports', () => {
    const spec: NetworkPolicySpec = {
      podSelector: {},
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { app: 'client' } } },
            { ipBlock: { cidr: '192.0.2.0/24' } },
            {
              ipBlock: {
                cidr: '2001:db8::/32',
                except: ['2001:db8::/33', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff/128'],
              },
            },
          ],
          ports: [{ port: 'admin' }, { port: 80 }],
        },
        { from: [{ ipBlock: { cidr: '::/0' } }], ports: [{ port: 443, protocol: 'SCTP' }] },
      ],
    };
    const { chains, sets } = chainsOf(spec, 6);
    assert.deepEqual(chains[0], [
      'i a/web',
      'ip6 saddr @p-0 tcp dport 80 accept',
      'ip6 saddr @p-0 ip6 daddr . meta l4proto . th dport @n-0 accept',
      'ip6 saddr @b-0 tcp dport 80 accept',
      'ip6 saddr @b-0 ip6 daddr . meta l4proto . th dport @n-0 accept',
      'sctp dport 443 accept',
    ]);
    assert.deepEqual(sets, [
      'p-0: type ipv6_addr; comment "namespace a | pods app=client";',
      'b-0: type ipv6_addr; flags interval; 2001:db8:8000::-2001:db8:ffff:ffff:ffff:ffff:ffff:fffe',
      'n-0: type ipv6_addr . inet_proto . inet_service; comment "port tcp admin";',
    ]);
    assert.equal(
      chainsOf({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '192.0.2.0/24' } }] }] }, 6)
        .chains[0]!.length,
      1,
      'an IPv4 block matches no IPv6 address',
    );
  });

  it('always accepts neighbour discovery and drops link-local traffic between pods', () => {
    const cluster = new Cluster(6);
    cluster.setPod(
      'a/p',
      pod({ namespace: 'a', name: 'p', ip: '10.1.0.1', node: 'n1', labels: {} }),
    );
    cluster.setPolicy(
      'a/deny',
      policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
    );
    cluster.flush();
    const { chains } = cluster.nodes[0]!.kernel;
    assert.match(
      chains.get('deny')!.join('\n'),
      /icmpv6 type \{[^}]*nd-neighbor-solicit, nd-neighbor-advert[^}]*\} accept\n.*\n.*counter drop$/,
    );
    assert.deepEqual(chains.get('egress')!.slice(1, 3), [
      'ip6 saddr fe80::/10 goto link-local',
      'ip6 daddr fe80::/10 goto link-local',
    ]);
    assert.deepEqual(chains.get('link-local'), [chains.get('deny')![1], 'counter drop']);
    assert.doesNotMatch(
      [...chains.values()].flat().join('\n'),
      /\bip |meta l4proto icmp /,
      'no IPv4 keyword',
    );
  });

  it('derives the default of policyTypes from the rules', () => {
    const types = (spec: Partial<NetworkPolicySpec>) =>
      Object.keys(buildPolicy(policy('p', { podSelector: {}, ...spec }), 4).rules)
        .sort()
        .join();
    assert.equal(types({}), 'ingress');
    assert.equal(types({ egress: [] }), 'ingress');
    assert.equal(types({ egress: [{}] }), 'egress,ingress');
    assert.equal(types({ policyTypes: ['Egress'] }), 'egress');
  });

  it('adds no rule on nodes without selected pods', () => {
    const cluster = new Cluster();
    cluster.setPod(
      'a/p',
      pod({ namespace: 'a', name: 'p', ip: '10.1.0.1', node: 'n2', labels: {} }),
    );
    cluster.setPolicy(
      'a/deny',
      policy('deny', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }),
    );
    assert.equal(cluster.nodes[0]!.ruleset.flush(), '');
    assert.deepEqual(cluster.nodes[0]!.kernel.chains.get('ingress')!.length, 1);
    cluster.flush();
    assert.equal(cluster.nodes[1]!.ruleset.isolatedPods, 1);
    assert.deepEqual(cluster.nodes[1]!.kernel.chains.get('ingress')!.slice(1), [
      'ct direction reply goto ingress-replies',
      'ip daddr vmap @pod-ingress',
    ]);
  });

  it('changes one set when a peer is added', () => {
    const cluster = new Cluster();
    cluster.setPod(
      'a/web',
      pod({ namespace: 'a', name: 'web', ip: '10.1.0.1', node: 'n1', labels: { app: 'web' } }),
    );
    for (let n = 0; n < 20; n++)
      cluster.setPolicy(
        `a/p${n}`,
        policy(`p${n}`, {
          podSelector: {},
          ingress: [
            {
              from: [{ podSelector: { matchLabels: { app: 'client' } } }],
              ports: [{ port: n + 1 }],
            },
          ],
        }),
      );
    cluster.flush();
    cluster.setPod(
      'a/client',
      pod({
        namespace: 'a',
        name: 'client',
        ip: '10.1.0.2',
        node: 'n2',
        labels: { app: 'client' },
      }),
    );
    assert.match(
      cluster.nodes[0]!.ruleset.flush(),
      /^add element ip wheelhouse-policy p-[a-z2-7]{16} \{ 10\.1\.0\.2 \}\n$/,
    );
  });

  it('assigns a shared address to the running pod rather than to the terminating one', () => {
    const cluster = new Cluster();
    const old = pod({
      namespace: 'a',
      name: 'old',
      ip: '10.1.0.1',
      node: 'n1',
      labels: { app: 'web' },
    });
    cluster.setPolicy('a/deny', policy('deny', { podSelector: { matchLabels: { app: 'web' } } }));
    cluster.setPod('a/old', old);
    cluster.setPod('a/old', {
      ...old,
      metadata: { ...old.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    });
    assert.equal(cluster.nodes[0]!.ruleset.isolatedPods, 1);
    cluster.setPod(
      'a/new',
      pod({ namespace: 'a', name: 'new', ip: '10.1.0.1', node: 'n1', labels: {} }),
    );
    assert.equal(cluster.nodes[0]!.ruleset.isolatedPods, 0);
    cluster.setPod('a/old', {
      ...old,
      metadata: {
        ...old.metadata,
        labels: { app: 'web', more: 'x' },
        deletionTimestamp: '2026-01-01T00:00:00Z',
      },
    });
    assert.equal(cluster.nodes[0]!.ruleset.isolatedPods, 0);
    cluster.setPod('a/new', undefined);
    assert.equal(cluster.nodes[0]!.ruleset.isolatedPods, 1);
  });
});

const labels = fc.record(
  { app: fc.constantFrom('web', 'db'), tier: fc.constantFrom('1', '2') },
  { requiredKeys: [] },
);
const selector: fc.Arbitrary<LabelSelector> = fc.oneof(
  fc.constant({}),
  labels.map((matchLabels) => ({ matchLabels: matchLabels as Record<string, string> })),
  fc
    .record({
      key: fc.constantFrom('app', 'tier'),
      operator: fc.constantFrom('In', 'NotIn'),
      values: fc.subarray(['web', 'db', '1'], { minLength: 1 }),
    })
    .map((e) => ({ matchExpressions: [e] })),
  fc
    .record({
      key: fc.constantFrom('app', 'tier'),
      operator: fc.constantFrom('Exists', 'DoesNotExist'),
    })
    .map((e) => ({ matchExpressions: [e] })),
);
const peer: fc.Arbitrary<NetworkPolicyPeer> = fc.oneof(
  selector.map((podSelector) => ({ podSelector })),
  selector.map((namespaceSelector) => ({ namespaceSelector })),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc
    .record({
      cidr: fc.constantFrom(
        '0.0.0.0/0',
        '10.1.0.0/30',
        '192.0.2.0/24',
        '::/0',
        twin('10.1.0.0/30'),
        'fd00::/8',
      ),
      except: fc.subarray(['10.1.0.2/31', '192.0.2.7/32', '192.0.2.0/28', twin('10.1.0.2/31')]),
    })
    .map((ipBlock) => ({ ipBlock })),
);
const port: fc.Arbitrary<NetworkPolicyPort> = fc.oneof(
  fc.record(
    { protocol: fc.constantFrom('TCP', 'UDP', 'SCTP'), port: fc.constantFrom(80, 81, 8080) },
    { requiredKeys: [] },
  ),
  fc.record({
    protocol: fc.constantFrom('TCP', 'UDP'),
    port: fc.constant(79),
    endPort: fc.constantFrom(80, 81),
  }),
  fc.record({ port: fc.constantFrom('http', 'alt'), protocol: fc.constantFrom('TCP', 'UDP') }),
);
const rule = fc.record({
  peers: fc.array(peer, { maxLength: 2 }),
  ports: fc.array(port, { maxLength: 2 }),
});
const policySpec = fc
  .record({
    podSelector: selector,
    types: fc.option(fc.subarray(['Ingress', 'Egress'], { minLength: 1 })),
    ingress: fc.array(rule, { maxLength: 2 }),
    egress: fc.array(rule, { maxLength: 2 }),
  })
  .map(({ podSelector, types, ingress, egress }): NetworkPolicySpec => ({
    podSelector,
    ...(types ? { policyTypes: types } : {}),
    ingress: ingress.map(({ peers, ports }) => ({
      ...(peers.length ? { from: peers } : {}),
      ...(ports.length ? { ports } : {}),
    })),
    ...(egress.length
      ? {
          egress: egress.map(({ peers, ports }) => ({
            ...(peers.length ? { to: peers } : {}),
            ...(ports.length ? { ports } : {}),
          })),
        }
      : {}),
  }));
const gone = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
type Event = (cluster: Cluster) => void;
/** Prints an event as its data in a counterexample. */
const shown = (data: unknown, event: Event): Event =>
  Object.assign(event, { [fc.toStringMethod]: () => JSON.stringify(data) });
const podEvent: fc.Arbitrary<Event> = fc
  .record({
    at: fc.integer({ min: 0, max: 5 }),
    labels,
    node: fc.constantFrom(...NODES),
    http: fc.constantFrom(80, 8080),
    hostNetwork: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
    phase: fc.constantFrom('Running', 'Running', 'Running', 'Failed', 'Succeeded'),
    gone,
  })
  .map((r) =>
    shown(r, (cluster) => {
      const namespace = r.at % 2 ? 'a' : 'b';
      const ports: ContainerPort[] = [
        { name: 'http', containerPort: r.http },
        { name: 'alt', containerPort: 81, protocol: 'UDP' },
      ];
      const object = pod({
        namespace,
        name: `p${r.at}`,
        ip: `10.1.0.${r.at + 1}`,
        node: r.node,
        labels: r.labels as Record<string, string>,
        ports,
        hostNetwork: r.hostNetwork,
        phase: r.phase,
      });
      cluster.setPod(`${namespace}/p${r.at}`, r.gone ? undefined : object);
    }),
  );
const policyEvent: fc.Arbitrary<Event> = fc
  .record({ at: fc.integer({ min: 0, max: 3 }), spec: policySpec, gone })
  .map((r) =>
    shown(r, (cluster) => {
      const namespace = r.at % 2 ? 'a' : 'b';
      cluster.setPolicy(
        `${namespace}/np${r.at}`,
        r.gone ? undefined : policy(`np${r.at}`, r.spec, namespace),
      );
    }),
  );
const namespaceEvent: fc.Arbitrary<Event> = fc
  .record({ name: fc.constantFrom('a', 'b'), labels, gone })
  .map((r) =>
    shown(r, (cluster) =>
      cluster.setNamespace(r.name, r.gone ? undefined : (r.labels as Record<string, string>)),
    ),
  );
const flushEvent: fc.Arbitrary<Event> = fc.constant(shown('flush', (cluster) => cluster.flush()));

describe('network policy enforcement', () => {
  for (const family of [4, 6] as const)
    it(`accepts exactly the packets that policies allow, by transactions as by a full load, IPv${family}`, function () {
      this.timeout(60_000);
      fc.assert(
        fc.property(
          fc.array(
            fc.oneof(
              { weight: 5, arbitrary: podEvent },
              { weight: 4, arbitrary: policyEvent },
              { weight: 1, arbitrary: namespaceEvent },
              { weight: 2, arbitrary: flushEvent },
            ),
            { minLength: 8, maxLength: 30 },
          ),
          (events) => {
            const cluster = new Cluster(family);
            for (const event of events) event(cluster);
            cluster.flush();
            compareDecisions(cluster);
            for (const { ruleset, kernel } of cluster.nodes) {
              while (ruleset.hasRetired) kernel.apply(ruleset.flush());
              assert.equal(ruleset.flush(), '');
              const loaded = new FakeKernel();
              loaded.apply(ruleset.full());
              assert.deepEqual(kernel.snapshot(), loaded.snapshot());
            }
            compareWithFresh(cluster);
          },
        ),
        { numRuns: family === 4 ? 400 : 200 },
      );
    });
});

/** Compares every pair of addresses and every port: packet and reply. */
function compareDecisions(cluster: Cluster): void {
  const own = (ip: string) => (cluster.family === 6 ? twin(ip) : ip);
  const subject = ({ spec, status }: Pod) => !spec.hostNetwork && status?.phase === 'Running';
  // Skipped: the address of a pod that ended or is on the host network may belong to anything.
  const ends: (End & { node?: string })[] = [...cluster.pods.values()].map((object) => ({
    ip: own(object.status!.podIP!),
    ...(subject(object) ? { pod: object, node: object.spec.nodeName! } : {}),
  }));
  for (const ip of ['192.0.2.1', '192.0.2.99', '198.51.100.1', '10.1.0.200'])
    ends.push({ ip: own(ip) });
  for (const from of ends) {
    for (const to of ends) {
      if (!from.pod && !to.pod) continue;
      const nodes = [from.node, to.node].filter((node) => node !== undefined);
      for (const protocol of ['tcp', 'udp', 'sctp', 'icmp'] as const) {
        for (const dport of protocol === 'icmp' ? [0] : [79, 80, 81, 8080]) {
          const packet: Packet = {
            saddr: from.ip,
            daddr: to.ip,
            protocol,
            sport: 40_000,
            dport,
            reply: false,
          };
          const wanted = allowed(cluster, from, to, protocol, dport);
          const what = () =>
            `${JSON.stringify(packet)} under ${JSON.stringify([...cluster.policies.values()])}`;
          assert.equal(judged(cluster, from, to, protocol, dport), wanted, what());
          if (cluster.passes(packet, nodes) !== wanted)
            assert.fail(`${wanted ? 'dropped' : 'let through'}: ${what()}`);
          if (cluster.passes(replyTo(packet), nodes) !== wanted)
            assert.fail(`answer ${wanted ? 'dropped' : 'let through'}: ${what()}`);
        }
      }
    }
  }
}

/** The answer of the function that the UI asks. */
function judged(
  { family, policies, namespaces }: Cluster,
  from: End,
  to: End,
  protocol: Packet['protocol'],
  port: number,
): boolean {
  const end = ({ ip, pod: object }: End) => ({ ip, pod: object && policyPod(object, '', family) });
  const connection = { from: end(from), to: end(to), protocol, port };
  const models = [...policies.values()].map((object) => buildPolicy(object, family));
  return DIRECTIONS.every(
    (direction) => verdictOf(direction, connection, models, namespaces).isAllowed,
  );
}

/** A fresh tracker with the same state must render the same table. */
function compareWithFresh(cluster: Cluster): void {
  const fresh = new Cluster(cluster.family);
  for (const [key, object] of cluster.policies) fresh.setPolicy(key, object);
  for (const [name, value] of cluster.namespaces) fresh.setNamespace(name, value);
  for (const [key, object] of cluster.pods) fresh.setPod(key, object);
  cluster.nodes.forEach(({ ruleset, tracker }, at) => {
    const [ours, theirs] = [new FakeKernel(), new FakeKernel()];
    ours.apply(ruleset.full());
    theirs.apply(fresh.nodes[at]!.ruleset.full());
    assert.deepEqual(ours.snapshot(), theirs.snapshot());
    assert.equal(ruleset.size, fresh.nodes[at]!.ruleset.size);
    assert.equal(tracker.activePolicies, fresh.nodes[at]!.tracker.activePolicies);
  });
}
