// Load balancers at the addresses of nodes: packets from outside of the nodes, from nodes and from
// pods, over both families, while services and nodes come and go.
import assert from 'node:assert/strict';
import { until } from '../../hack/cluster/wait.js';
import { requireRecord } from '../../hack/cluster/record.js';
import { tryExec } from '../../pkg/system/exec.js';
import { TestCluster, type Pod } from './cluster.js';

// Answers with the name of the pod and the address of the client.
const SCRIPT = `mkdir -p /www/cgi-bin
cat > /www/cgi-bin/who <<'END'
#!/bin/sh
echo "content-type: text/plain"
echo
echo "$(hostname) $REMOTE_ADDR"
END
chmod +x /www/cgi-bin/who
exec httpd -f -p 80 -h /www`;
const labels = { app: 'who' };
const WHO = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'who', labels },
  spec: {
    nodeName: 'node-2',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'c',
        image: 'busybox:1',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', SCRIPT],
        readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
      },
    ],
  },
};
const service = (name: string, spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name },
  spec: {
    type: 'LoadBalancer',
    ipFamilyPolicy: 'RequireDualStack',
    selector: labels,
    ports: [{ port: 80 }],
    ...spec,
  },
});
const url = (ip: string, port = 80) =>
  `http://${ip.includes(':') ? `[${ip}]` : ip}:${port}/cgi-bin/who`;

describe('load balancers of a cluster', function () {
  this.timeout(180_000);
  const cluster = new TestCluster();
  let nodes: { name: string; address: string; address6?: string }[];
  let pod: Pod;

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--dual-stack', '--nodes', '2');
    ({ nodes } = await cluster.status());
    await cluster.create(JSON.stringify(WHO));
    await cluster.create(
      JSON.stringify({
        ...WHO,
        metadata: { name: 'client' },
        spec: { ...WHO.spec, nodeName: 'node-1' },
      }),
    );
    [pod] = (await cluster.readyPods('app=who', 1)) as [Pod];
    await until(
      async () => (await cluster.pods('')).every(({ status }) => status.phase === 'Running'),
      60_000,
      () => 'the client does not run',
    );
  });
  after(() => cluster.down());

  const curl = async (...words: string[]): Promise<string> =>
    (await tryExec(['curl', '-gsS', '--max-time', '3', ...words])).stdout.trim();
  const inPod = async (to: string) =>
    (
      await cluster.tryKubectl(['exec', 'client', '--', 'wget', '-T', '3', '-qO-', to])
    ).stdout.trim();
  const onNode = async (node: string, to: string) =>
    (await cluster.onNode(node, 'curl', '-gsS', '--max-time', '3', to)).stdout.trim();
  const addresses = async (name: string) =>
    (await cluster.jsonPath(`service ${name}`, '{.status.loadBalancer.ingress[*].ip}'))
      .split(' ')
      .filter(Boolean)
      .sort();
  const become = async (name: string, wanted: readonly string[]) => {
    let last: string[] = [];
    const sorted = [...wanted].sort();
    await until(
      async () => (last = await addresses(name)).join() === sorted.join(),
      20_000,
      () => `${name} has the addresses ${last.join()}, not ${sorted.join()}`,
    );
  };
  const answers = async (what: string, ask: () => Promise<string>, from?: string) => {
    let last = '';
    const isWanted = (text: string) =>
      from === undefined ? text.startsWith('who ') : text === `who ${from}`;
    await until(
      async () => isWanted((last = await ask()).replace(/::ffff:|[[\]]/g, '')),
      20_000,
      () => `${what}: '${last}'`,
    );
  };
  const silent = (what: string, ask: () => Promise<string>) =>
    until(
      async () => (await ask()) === '',
      20_000,
      () => `${what} answers still`,
    );
  const all = () => nodes.flatMap(({ address, address6 }) => [address, address6!]);

  it('answer at every node, from outside, from every node and from pods', async () => {
    await cluster.create(JSON.stringify(service('web')));
    await become('web', all());
    for (const ip of all()) {
      await answers(`${ip} from outside`, () => curl(url(ip)));
      await answers(`${ip} from a pod`, () => inPod(url(ip)));
      for (const { name } of nodes)
        await answers(`${ip} from ${name}`, () => onNode(name, url(ip)));
    }
  });

  it("keep the client's address under the Local policy, on the nodes with endpoints", async () => {
    await cluster.kubectl(
      'patch',
      'service',
      'web',
      '-p',
      '{"spec":{"externalTrafficPolicy":"Local"}}',
    );
    const two = nodes.find(({ name }) => name === pod.spec.nodeName)!;
    await become('web', [two.address, two.address6!]);
    const { gateway, six } = requireRecord(cluster.name);
    await answers('IPv4', () => curl(url(two.address)), gateway);
    await answers('IPv6', () => curl(url(two.address6!)), six!.gateway);
    await answers('from a pod', () => inPod(url(two.address)));
  });

  it('obey source ranges', async () => {
    const { address } = nodes[1]!;
    const ranges = (list: string) =>
      cluster.kubectl(
        'patch',
        'service',
        'web',
        '-p',
        `{"spec":{"loadBalancerSourceRanges":${list}}}`,
      );
    await ranges('["198.51.100.0/24"]');
    await silent('outside the ranges', () => curl(url(address)));
    await ranges(`["${requireRecord(cluster.name).gateway}/32"]`);
    await answers('inside', () => curl(url(address)));
    await silent('a node outside', () => onNode('node-1', url(address)));
    await cluster.kubectl(
      'patch',
      'service',
      'web',
      '--type=merge',
      '-p',
      '{"spec":{"loadBalancerSourceRanges":null,"externalTrafficPolicy":"Cluster"}}',
    );
    await become('web', all());
  });

  it('take no port of a node, and no port of one another', async () => {
    const events = (name: string) =>
      cluster.kubectl('get', 'events', '--field-selector', `involvedObject.name=${name}`);
    for (const [name, port] of [
      ['kubelet', 10_250],
      ['second', 80],
    ] as const) {
      await cluster.create(JSON.stringify(service(name, { ports: [{ port, targetPort: 80 }] })));
      let text = '';
      await until(
        async () => (text = await events(name)).includes(`port TCP ${port} is not free`),
        20_000,
        () => text,
      );
      assert.deepEqual(await addresses(name), []);
    }
    // An edit of a service that has addresses captures nothing either.
    await cluster.kubectl(
      'patch',
      'service',
      'web',
      '--type=json',
      '-p',
      '[{"op":"replace","path":"/spec/ports/0/port","value":10250}]',
    );
    await become('second', all());
    await become('web', []);
    // Logs come through the kubelet's port of the node's address.
    await cluster.kubectl('logs', 'who');
    await answers('second', () => curl(url(nodes[0]!.address)));
    await cluster.kubectl('delete', 'service', 'second', 'kubelet', 'web');
    await silent('a deleted service', () => curl(url(nodes[0]!.address)));
  });

  it('follow the nodes of the cluster', async () => {
    await cluster.create(JSON.stringify(service('web')));
    await become('web', all());
    await cluster.kubectl(
      'label',
      'node',
      'node-1',
      'node.kubernetes.io/exclude-from-external-load-balancers=',
    );
    await become('web', [nodes[1]!.address, nodes[1]!.address6!]);
    await silent('an excluded node', () => curl(url(nodes[0]!.address)));
    await cluster.up('--nodes', '3');
    ({ nodes } = await cluster.status());
    await become(
      'web',
      nodes.slice(1).flatMap(({ address, address6 }) => [address, address6!]),
    );
    await answers('the new node', () => curl(url(nodes[2]!.address)));
  });
});
