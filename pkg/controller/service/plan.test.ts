// Which addresses services of type LoadBalancer get, and which ports nobody gets.
import assert from 'node:assert/strict';
import type { Node, Pod, Service, ServiceSpec } from '../../apis/core/v1/types.js';
import type { Endpoint } from '../../apis/discovery/v1/types.js';
import {
  CLEANUP_FINALIZER,
  NO_NODES,
  nodeFacts,
  planLoadBalancers,
  type Observed,
} from './plan.js';

const condition = (status: string) => [{ type: 'Ready', status }] as never;

function node(name: string, ips: readonly string[], more: Partial<Node['metadata']> = {}): Node {
  const addresses = ips.map((text) => {
    const [address = '', type = 'InternalIP'] = text.split(' ');
    return { type, address };
  });
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, uid: name, creationTimestamp: '2026-01-01T00:00:00Z', ...more },
    spec: {},
    status: {
      addresses,
      conditions: condition('True'),
      daemonEndpoints: { kubeletEndpoint: { Port: 10350 } },
    },
  };
}

let born = 0;
function service(
  name: string,
  spec: Partial<ServiceSpec> = {},
  more: Partial<Service> = {},
): Service {
  born++;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: 'default',
      uid: name,
      creationTimestamp: new Date(born * 1000).toISOString(),
      ...more.metadata,
    },
    spec: { type: 'LoadBalancer', ipFamilies: ['IPv4'], ports: [{ port: 80 }], ...spec },
    ...(more.status ? { status: more.status } : {}),
  };
}

const NODES = [node('a', ['10.0.0.1']), node('b', ['10.0.0.2'])];

/** The state of the service after a plan. */
const given = (one: Service, ingress: readonly unknown[]): Service =>
  ({ ...one, status: { loadBalancer: { ingress } } }) as Service;

function plan(services: readonly Service[], more: Partial<Observed> = {}) {
  const observed = {
    services,
    nodes: NODES,
    podsOn: () => [],
    endpointsOf: () => [],
    apiPorts: [],
  };
  return planLoadBalancers({ ...observed, ...more });
}

/** 'name: addresses' or 'name! problem', by the order of the plan. */
const outcome = (services: readonly Service[], more: Partial<Observed> = {}) =>
  plan(services, more).map(({ ingress, problem, service: { metadata } }) =>
    problem === undefined
      ? `${metadata.name}: ${ingress.map(({ ip }) => ip).join(' ')}`
      : `${metadata.name}! ${problem.replace('Error syncing load balancer: failed to ensure load balancer: ', '')}`,
  );

const pod = (port: number, more: Partial<Pod['spec']> = {}, phase = 'Running'): Pod =>
  ({
    metadata: { name: 'p', namespace: 'x' },
    spec: {
      nodeName: 'a',
      containers: [{ name: 'c', ports: [{ containerPort: port, hostPort: port }] }],
      ...more,
    },
    status: { phase },
  }) as unknown as Pod;

describe('plan of load balancers', () => {
  it('gives the address and the ports of every node', () => {
    const ports = [{ port: 80 }, { name: 'q', port: 443, protocol: 'UDP' }];
    assert.deepEqual(
      plan([service('web', { ports })])[0]!.ingress,
      ['10.0.0.1', '10.0.0.2'].map((ip) => ({
        ip,
        ipMode: 'Proxy',
        ports: [
          { port: 80, protocol: 'TCP' },
          { port: 443, protocol: 'UDP' },
        ],
      })),
    );
  });

  it('prefers external addresses in each family, and follows the families of the service', () => {
    const nodes = [node('a', ['10.0.0.1', '192.0.2.1 ExternalIP', 'FD00:0::1', 'web Hostname'])];
    const dual = (...ipFamilies: string[]) => outcome([service('web', { ipFamilies })], { nodes });
    assert.deepEqual(dual('IPv4'), ['web: 192.0.2.1']);
    assert.deepEqual(dual('IPv6', 'IPv4'), ['web: fd00::1 192.0.2.1']);
  });

  it('leaves out nodes that are not ready, go, or are excluded', () => {
    const unready = { ...node('u', ['10.0.0.5']), status: { conditions: condition('False') } };
    const tainted = node('t', ['10.0.0.6']);
    tainted.spec = { taints: [{ key: 'ToBeDeletedByClusterAutoscaler', effect: 'NoSchedule' }] };
    const nodes = [
      node('x', ['10.0.0.3'], { deletionTimestamp: 'now' }),
      node('y', ['10.0.0.4'], {
        labels: { 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
      }),
      unready,
      tainted,
    ];
    assert.deepEqual(outcome([service('web')], { nodes }), [`web! ${NO_NODES}`]);
    assert.deepEqual(outcome([service('web')], { nodes: [...nodes, NODES[1]!] }), [
      'web: 10.0.0.2',
    ]);
  });

  it('gives under the Local policy the nodes with ready endpoints', () => {
    const endpoints: Endpoint[] = [
      { addresses: ['10.1.0.1'], nodeName: 'a', conditions: { ready: false } },
      { addresses: ['10.1.0.2'], nodeName: 'b', conditions: {} },
    ];
    const local = service('web', { externalTrafficPolicy: 'Local' });
    assert.deepEqual(outcome([local], { endpointsOf: () => endpoints }), ['web: 10.0.0.2']);
    assert.deepEqual(outcome([local]), [`web! ${NO_NODES}`]);
    assert.deepEqual(outcome([service('web')]), ['web: 10.0.0.1 10.0.0.2'], 'Cluster');
  });

  it('obeys loadBalancerIP, so that services can share a port on different nodes', () => {
    const at = (name: string, loadBalancerIP: string) => service(name, { loadBalancerIP });
    assert.deepEqual(outcome([at('one', '10.0.0.1'), at('two', '10.0.0.2')]), [
      'one: 10.0.0.1',
      'two: 10.0.0.2',
    ]);
    assert.deepEqual(outcome([at('far', '192.0.2.7')]), [
      'far! loadBalancerIP 192.0.2.7 is no address of an available node',
    ]);
  });

  it('leaves services of another class and other types alone', () => {
    const foreign = service('foreign', { loadBalancerClass: 'example.com/lb' });
    foreign.metadata.finalizers = [CLEANUP_FINALIZER];
    foreign.metadata.deletionTimestamp = 'now';
    assert.deepEqual(outcome([foreign, service('inner', { type: 'ClusterIP' })]), []);
    const ours = service('ours', { loadBalancerClass: 'wheelhouse.io/node-address' });
    assert.deepEqual(outcome([ours]), ['ours: 10.0.0.1 10.0.0.2']);
  });

  it('is over for services that change their type or go, which give back their ports', () => {
    const finalizers = [CLEANUP_FINALIZER];
    const old = service(
      'old',
      { type: 'NodePort' },
      { metadata: { name: 'old', uid: 'old', finalizers } },
    );
    const going = service('going', {}, { metadata: { name: 'going', deletionTimestamp: 'now' } });
    const plans = plan([old, given(going, plan([going])[0]!.ingress), service('next')]);
    assert.deepEqual(
      plans.map(({ ingress, isOver, problem }) => [isOver, ingress.length, problem]),
      [
        [true, 0, undefined],
        [true, 0, undefined],
        [false, 2, undefined],
      ],
    );
  });

  it('gives a port of a node to the oldest service, and the other protocol to another', () => {
    const [first, second] = [service('first'), service('second')];
    const other = service('other', { ports: [{ port: 80, protocol: 'UDP' }] });
    const conflict = 'second! port TCP 80 is not free on any available node';
    const both = ['first: 10.0.0.1 10.0.0.2', conflict, 'other: 10.0.0.1 10.0.0.2'];
    assert.deepEqual(outcome([second, other, first]), both);
  });

  it('keeps a port with the service that has it, whoever is older', () => {
    const [old, young] = [service('old', { ports: [{ port: 81 }] }), service('young')];
    const held = plan([old, young])[1]!.ingress;
    const edited: Service = { ...old, spec: { ...old.spec, ports: [{ port: 80 }] } };
    const before = given(edited, plan([old])[0]!.ingress);
    assert.deepEqual(outcome([before, given(young, held)]), [
      'old! port TCP 80 is not free on any available node',
      'young: 10.0.0.1 10.0.0.2',
    ]);
    assert.deepEqual(outcome([before, young]), [
      'old: 10.0.0.1 10.0.0.2',
      'young! port TCP 80 is not free on any available node',
    ]);
  });

  it('fills nodes that come, in a stable order', () => {
    const web = service('web');
    const half = plan([web], { nodes: [NODES[1]!] })[0]!.ingress;
    assert.deepEqual(outcome([given(web, half)]), ['web: 10.0.0.1 10.0.0.2']);
  });

  it('refuses the ports of nodes, API servers, kubelets, node ports and health checks', () => {
    const np = service('np', {
      type: 'NodePort',
      ports: [{ port: 80, nodePort: 30080 }],
      healthCheckNodePort: 30999,
    });
    const ask = (port: number, protocol = 'TCP') =>
      outcome([np, service('bad', { ports: [{ port: 80 }, { port, protocol }] })], {
        apiPorts: [{ port: 7443, protocol: 'TCP' }],
      })[0];
    for (const [port, protocol = 'TCP'] of [
      [22],
      [2379],
      [6443],
      [7443],
      [10250],
      [10350],
      [10256],
      [30080],
      [30999],
      [8472, 'UDP'],
    ] as [number, string?][])
      assert.equal(
        ask(port, protocol),
        `bad! port ${protocol} ${port} is not free on any available node`,
      );
    assert.equal(ask(8472), 'bad: 10.0.0.1 10.0.0.2', 'the other protocol');
  });

  it('leaves a node whose pods have the port as a host port', () => {
    const on = (...pods: Pod[]) =>
      outcome([service('web')], { podsOn: (name) => (name === 'a' ? pods : []) });
    assert.deepEqual(on(pod(80)), ['web: 10.0.0.2']);
    assert.deepEqual(on(pod(81), pod(80, {}, 'Succeeded')), ['web: 10.0.0.1 10.0.0.2']);
  });

  it('takes from a node no address of an older node, of a service or of no use', () => {
    const later = { creationTimestamp: '2026-02-01T00:00:00Z' };
    const hostile = node(
      '0',
      ['10.0.0.1', '10.96.0.10', '127.0.0.1', '169.254.1.1', 'nonsense', '10.0.0.9', '10.0.0.9'],
      later,
    );
    const dns = service('dns', { type: 'ClusterIP', clusterIPs: ['10.96.0.10'] });
    // The older node keeps its address although it takes no load.
    const unready = {
      ...NODES[0]!,
      status: { ...NODES[0]!.status, conditions: condition('False') },
    };
    assert.deepEqual(outcome([service('web'), dns], { nodes: [hostile, unready] }), [
      'web: 10.0.0.9',
    ]);
  });

  it('bounds the size of a status', () => {
    const ports = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ port: 20_000 + i }));
    const nodes = Array.from({ length: 20 }, (_, i) => node(`n${i}`, [`10.0.1.${i}`]));
    const [many] = plan([service('many', { ports: ports(1000) })], { nodes });
    assert.equal(many!.ingress.length, 5);
    assert.deepEqual(outcome([service('all', { ports: ports(5001) })]), ['all! too many ports']);
  });

  it('sees in a heartbeat of a node no change', () => {
    const [a] = NODES as [Node];
    const beat = { ...a, metadata: { ...a.metadata, resourceVersion: '9' } };
    assert.deepEqual(nodeFacts(beat), nodeFacts(a));
    assert.notDeepEqual(nodeFacts(node('a', ['10.0.0.7'])), nodeFacts(a));
  });
});
