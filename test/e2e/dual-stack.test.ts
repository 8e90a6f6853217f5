// A dual-stack cluster: addresses of both families everywhere; IPv6 and IPv4 between pods, to
// services, to node ports and by name.
import assert from 'node:assert/strict';
import { requireRecord } from '../../hack/cluster/record.js';
import { until } from '../../hack/cluster/wait.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { request, TestCluster, type Pod } from './cluster.js';
import { difference, hostTraces } from './host-traces.js';

const field = (name: string, fieldPath: string) => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
});
const SERVE =
  'mkdir /www; echo "$NAME" > /www/name; echo "$IPS" > /www/ips; exec httpd -f -p 80 -h /www';
const WEB = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'c',
            image: 'busybox:1',
            imagePullPolicy: 'IfNotPresent',
            command: ['sh', '-c', SERVE],
            env: [field('NAME', 'metadata.name'), field('IPS', 'status.podIPs')],
            readinessProbe: { httpGet: { path: '/name', port: 80 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};
const service = (name: string, spec: object) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }], ...spec },
  });

const sixOf = (pod: Pod): string => pod.status.podIPs![1]!.ip;
const url = (host: string, path = 'name', port = 80) =>
  `http://${host.includes(':') ? `[${host}]` : host}:${port}/${path}`;

/** The body that a pod receives from a URL; empty if the request fails. */
const fetchedBy = async (cluster: TestCluster, pod: Pod, from: string): Promise<string> =>
  (
    await cluster.tryKubectl(['exec', pod.metadata.name, '--', 'wget', '-T', '5', '-qO-', from])
  ).stdout.trim();

describe('dual stack on a cluster', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let untouched: Set<string>;
  let pods: Pod[];
  let names: string[];
  let ips: string[];

  before(async function () {
    this.timeout(300_000);
    untouched = await hostTraces([cluster.name]);
    await cluster.up('--dual-stack', '--nodes', '2');
    await cluster.create(JSON.stringify(WEB));
    await cluster.create(service('web', { type: 'NodePort', ipFamilyPolicy: 'RequireDualStack' }));
    await cluster.create(service('each', { clusterIP: 'None', ipFamilyPolicy: 'PreferDualStack' }));
    pods = await cluster.readyPods('app=web', 2);
    names = pods.map(({ metadata }) => metadata.name).sort();
    ips = JSON.parse(await cluster.jsonPath('service web', '{.spec.clusterIPs}')) as string[];
  });

  after(() => cluster.down());

  const fetched = (pod: Pod, from: string): Promise<string> => fetchedBy(cluster, pod, from);
  const fromNode = async (node: string, from: string): Promise<string> =>
    (
      await cluster.onNode(node, 'busybox', 'timeout', '5', 'busybox', 'wget', '-qO-', from)
    ).stdout.trim();

  /**
   * Sends requests until both pods have answered, which shows that the service balances over nodes.
   */
  async function reachesBoth(what: string, ask: () => Promise<string | undefined>): Promise<void> {
    const seen = new Set<string>();
    const bothAnswered = async () => {
      const text = (await ask())?.trim();
      if (text) seen.add(text);
      return seen.size >= names.length;
    };
    await until(bothAnswered, 30_000, () => `${what}: answers of ${[...seen].join()} only`);
    assert.deepEqual([...seen].sort(), names, what);
  }

  const dig = async (server: string, ...words: string[]): Promise<string[]> =>
    (await exec(['dig', '+short', '+time=2', '+tries=3', `@${server}`, ...words]))
      .split('\n')
      .filter(Boolean)
      .sort();

  it('assigns addresses of both families to nodes, pods and services', async () => {
    const { nodes, six } = await cluster.status();
    for (const { name, address, address6 } of nodes) {
      const shown = await cluster.jsonPath(
        `node ${name}`,
        '{.status.addresses[?(@.type=="InternalIP")].address}',
      );
      assert.equal(shown, `${address} ${address6}`);
    }
    assert.deepEqual(
      ips.map((ip) => ip.includes(':')),
      [false, true],
    );
    assert.ok(ips[1]!.startsWith(six!.serviceRange.replace(/\/.*/, '')), ips[1]);
    for (const pod of pods) {
      const own = pod.status.podIPs!.map(({ ip }) => ip);
      assert.deepEqual(
        own.map((ip) => ip.includes(':')),
        [false, true],
      );
      assert.equal(await fetched(pod, url('localhost', 'ips')), own.join(','), 'downward API');
      const hosts = await cluster.kubectl('exec', pod.metadata.name, '--', 'cat', '/etc/hosts');
      for (const ip of own) assert.ok(hosts.includes(`${ip}\t${pod.metadata.name}`), hosts);
    }
    assert.deepEqual(new Set(pods.map(({ spec }) => spec.nodeName)).size, 2);
  });

  it('forwards IPv6 and IPv4 between pods of two nodes', async () => {
    for (const [from, to] of [pods, pods.toReversed()] as [Pod, Pod][]) {
      assert.equal(await fetched(from, url(sixOf(to))), to.metadata.name);
      assert.equal(await fetched(from, url(to.status.podIP!)), to.metadata.name);
    }
  });

  it('forwards large IPv6 bodies without loss', async () => {
    const [from, to] = pods as [Pod, Pod];
    await cluster.kubectl(
      'exec',
      to.metadata.name,
      '--',
      'sh',
      '-c',
      'head -c 8000000 /dev/urandom > /www/big',
    );
    const sum = (
      await cluster.kubectl('exec', to.metadata.name, '--', 'sha256sum', '/www/big')
    ).split(' ')[0];
    const got = await cluster.kubectl(
      'exec',
      from.metadata.name,
      '--',
      'sh',
      '-c',
      `timeout 30 wget -qO- ${url(sixOf(to), 'big')} | sha256sum`,
    );
    assert.equal(got.split(' ')[0], sum);
  });

  it('balances both cluster IPs from pods, from nodes and from the host', async () => {
    for (const ip of ips) {
      for (const pod of pods)
        await reachesBoth(`${ip} from ${pod.metadata.name}`, () => fetched(pod, url(ip)));
      await reachesBoth(`${ip} from node-2`, () => fromNode('node-2', url(ip)));
      await reachesBoth(`${ip} from the host`, async () => (await request(url(ip)))?.text);
    }
  });

  it('serves the node port at both addresses of every node', async () => {
    const port = Number(await cluster.jsonPath('service web', '{.spec.ports[0].nodePort}'));
    for (const { address, address6 } of (await cluster.status()).nodes) {
      for (const host of [address, address6!])
        await reachesBoth(
          `node port at ${host}`,
          async () => (await request(url(host, 'name', port)))?.text,
        );
    }
  });

  it('answers AAAA and PTR queries for services and headless endpoints, over both families', async () => {
    const { dnsAddress, six } = requireRecord(cluster.name);
    const name = (service: string) => `${service}.default.svc.cluster.local`;
    for (const server of [dnsAddress, six!.dnsAddress]) {
      assert.deepEqual(await dig(server, 'AAAA', name('web')), [ips[1]]);
      assert.deepEqual(await dig(server, 'A', name('web')), [ips[0]]);
      assert.deepEqual(await dig(server, '-x', ips[1]!), [`${name('web')}.`]);
      assert.deepEqual(await dig(server, 'AAAA', name('each')), pods.map(sixOf).sort());
    }
    const [pod] = pods as [Pod];
    await reachesBoth('by name', () => fetched(pod, url('web')));
    const resolved = await cluster.kubectl(
      'exec',
      pod.metadata.name,
      '--',
      'getent',
      'ahostsv6',
      'web',
    );
    assert.ok(resolved.includes(ips[1]!), resolved);
  });

  it('releases and allocates the second family when ipFamilyPolicy changes', async () => {
    const [pod] = pods as [Pod];
    const patch = (ipFamilyPolicy: string) =>
      cluster.kubectl(
        'patch',
        'service',
        'web',
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { ipFamilyPolicy } }),
      );
    await patch('SingleStack');
    await until(
      async () => (await fetched(pod, url(ips[1]!))) === '',
      20_000,
      () => `${ips[1]} still answers`,
    );
    await reachesBoth('IPv4 alone', () => fetched(pod, url(ips[0]!)));
    await patch('PreferDualStack');
    const [first, second] = JSON.parse(
      await cluster.jsonPath('service web', '{.spec.clusterIPs}'),
    ) as string[];
    assert.equal(first, ips[0]);
    await reachesBoth('IPv6 again', () => fetched(pod, url(second!)));
  });

  it('enforces network policies in both families', async () => {
    const [from, to] = pods as [Pod, Pod];
    const reaches = async () =>
      Promise.all(
        [to.status.podIP!, sixOf(to)].map(
          async (ip) => (await fetched(from, url(ip))) === to.metadata.name,
        ),
      );
    const policy = (name: string, ingress: object[]) =>
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name },
        spec: { podSelector: { matchLabels: { app: 'web' } }, ingress },
      });
    const becomes = (what: string, wanted: boolean) =>
      until(
        async () => (await reaches()).every((yes) => yes === wanted),
        20_000,
        () => what,
      );
    await becomes('the other pod is out of reach without policies', true);
    await cluster.create(policy('deny', []));
    await becomes('a default deny lets a pod in', false);
    await cluster.create(
      policy('friends', [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }]),
    );
    await becomes('a policy that names pods keeps them out', true);
    await cluster.kubectl('delete', 'networkpolicies', '--all');
  });

  it('serves a host port at both addresses of its node', async () => {
    const container = {
      name: 'c',
      image: 'busybox:1',
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', SERVE],
      env: [field('NAME', 'metadata.name')],
      ports: [{ containerPort: 80, hostPort: 8099 }],
    };
    await cluster.create(
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'door', labels: { app: 'door' } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      }),
    );
    const [door] = await cluster.readyPods('app=door', 1);
    const { address, address6 } = (await cluster.status()).nodes.find(
      ({ name }) => name === door!.spec.nodeName,
    )!;
    for (const host of [address, address6!]) {
      await until(
        async () => (await request(url(host, 'name', 8099)))?.text.trim() === 'door',
        20_000,
        () => `no answer at ${host}`,
      );
    }
    await cluster.kubectl('delete', 'pod', 'door');
  });

  it('forwards IPv6 while flanneld and kube-proxy restart', async () => {
    const [from, to] = pods as [Pod, Pod];
    const [, clusterIP] = JSON.parse(
      await cluster.jsonPath('service web', '{.spec.clusterIPs}'),
    ) as string[];
    const pidOf = async (part: string) =>
      (await cluster.status()).processes.find(({ service: name }) => name === `node-1.${part}`)
        ?.pid;
    for (const part of ['flanneld', 'kube-proxy']) {
      const pid = await pidOf(part);
      process.kill(pid!, 'SIGKILL');
      assert.equal(await fetched(from, url(sixOf(to))), to.metadata.name, part);
      await until(
        async () => ![undefined, pid].includes(await pidOf(part)),
        20_000,
        () => `${part} does not come back`,
      );
      await reachesBoth(`after ${part}`, () => fetched(from, url(clusterIP!)));
      for (const target of [sixOf(to), to.status.podIP!])
        assert.equal(await fetched(from, url(target)), to.metadata.name);
    }
  });

  it('rejects the udp backend, which supports IPv4 only', async () => {
    const { code, stderr } = await tryExec([
      'hack/up',
      '--name',
      `${cluster.name}-no`,
      '--no-build',
      '--dual-stack',
      '--backend=udp',
    ]);
    assert.deepEqual([code !== 0, /udp carries IPv4 only/.test(stderr)], [true, true], stderr);
  });

  it('leaves no trace', async () => {
    await cluster.down();
    let left: string[] = [];
    await until(
      async () => (left = difference(untouched, await hostTraces([cluster.name]))).length === 0,
      30_000,
      () => `left behind:\n${left.join('\n')}`,
    );
  });
});

describe('dual stack over host-gw', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();

  before(async function () {
    this.timeout(300_000);
    await cluster.up('--dual-stack', '--nodes=2', '--backend=host-gw', '--separate');
    await cluster.create(JSON.stringify(WEB));
    await cluster.create(service('six', { ipFamilies: ['IPv6'] }));
  });

  after(() => cluster.down());

  async function carries(): Promise<void> {
    const [one, two] = (await cluster.readyPods('app=web', 2)) as [Pod, Pod];
    for (const [from, to] of [
      [one, two],
      [two, one],
    ] as const) {
      for (const ip of [to.status.podIP!, sixOf(to)]) {
        await until(
          async () => (await fetchedBy(cluster, from, url(ip))) === to.metadata.name,
          20_000,
          () => `${from.metadata.name} does not reach ${ip}`,
        );
      }
      await until(
        async () => (await fetchedBy(cluster, from, url('six'))) !== '',
        20_000,
        () => 'the service of IPv6 alone does not answer',
      );
    }
  }

  it('routes IPv6 through the address of the other node', async () => {
    await carries();
    const [, other] = (await cluster.status()).nodes;
    const { stdout } = await cluster.onNode('node-1', 'ip', '-6', 'route');
    assert.match(stdout, new RegExp(`^fd00:\\S+/64 via ${other!.address6} dev eth0`, 'm'));
  });

  it('restores its state after a restart', async () => {
    const before = await cluster.jsonPath('service six', '{.spec.clusterIPs}');
    await cluster.down('--keep');
    await cluster.up();
    assert.equal(await cluster.jsonPath('service six', '{.spec.clusterIPs}'), before);
    await carries();
  });
});
