import assert from 'node:assert/strict';
import { allServices, apiServiceAddress, controlPlane, networkConfig } from './components.js';
import { mayLowerOomScore, normalizeImage, renderContainerdConfig } from './containerd.js';
import { decide } from './record.js';

const record = await decide(
  { name: 'two', nodes: 2, backend: 'udp', separate: false },
  { indexes: new Set([0]), networks: [], portIsFree: () => Promise.resolve(true) },
);

describe('cluster components', () => {
  it('names every process once, nodes inside their namespaces', () => {
    const services = allServices(record);
    assert.deepEqual(
      services.map(({ name }) => name),
      [
        'etcd',
        'watchdog',
        'hyperkube',
        ...['node-1', 'node-2'].flatMap((node) =>
          ['containerd', 'flanneld', 'kubelet', 'kube-proxy'].map((part) => `${node}.${part}`),
        ),
      ],
    );
    for (const service of services) {
      assert.equal(service.command[0] === 'nsenter', service.node !== undefined);
      assert.ok(service.cgroup.startsWith('/wheelhouse/two/'));
    }
  });

  it('keeps etcd on loopback and the underlay, with TLS', () => {
    const words = allServices(record).find(({ name }) => name === 'etcd')!.command;
    assert.ok(
      words.includes('--listen-client-urls=https://127.0.0.1:2379,https://172.31.1.1:2379'),
    );
    assert.ok(words.includes('--client-cert-auth=true'));
    assert.ok(!words.some((word) => word.includes('0.0.0.0')));
  });

  it('runs the control plane as one process or as three', () => {
    const [one, ...none] = controlPlane(record);
    assert.deepEqual(none, []);
    assert.equal(one!.command.filter((word) => word === '--').length, 2);
    assert.deepEqual(
      controlPlane({ ...record, separate: true }).map(({ name }) => name),
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'],
    );
  });

  it('starts load balancers, unless another program has them', () => {
    const flags = (noLoadBalancers: boolean) =>
      controlPlane({ ...record, noLoadBalancers })[0]!.command.filter((word) =>
        word.startsWith('--controllers='),
      );
    assert.deepEqual(flags(false), [
      '--controllers=*,bootstrapsigner,tokencleaner,service-lb-controller',
    ]);
    assert.deepEqual(flags(true), ['--controllers=*,bootstrapsigner,tokencleaner']);
  });

  it('writes network and backend for flannel', () => {
    assert.deepEqual(JSON.parse(networkConfig(record)), {
      Network: '10.245.0.0/16',
      Backend: { Type: 'udp' },
    });
    assert.equal(apiServiceAddress(record), '10.101.0.1');
  });

  it('gives both families to every part of a dual-stack cluster', async () => {
    const dual = await decide(
      { name: 'both', nodes: 1, backend: 'vxlan', separate: true, dualStack: true },
      { indexes: new Set(), networks: [], portIsFree: () => Promise.resolve(true) },
    );
    assert.deepEqual(JSON.parse(networkConfig(dual)), {
      Network: '10.244.0.0/16',
      EnableIPv6: true,
      IPv6Network: 'fd00:244::/48',
      Backend: { Type: 'vxlan' },
    });
    const words = allServices(dual).flatMap(({ command }) => command);
    for (const word of [
      '--service-cluster-ip-range=10.100.0.0/16,fd00:100::/112',
      '--node-ip=172.31.0.11,fd00:31:1::11',
      '--public-ipv6=fd00:31:1::11',
      '--cluster-cidr=10.244.0.0/16,fd00:244::/48',
    ]) {
      assert.ok(words.includes(word), word);
    }
    assert.equal(apiServiceAddress(dual), '10.100.0.1');
  });

  it('knows images by their full names', () => {
    assert.equal(normalizeImage('redis'), 'docker.io/library/redis:latest');
    assert.equal(normalizeImage('wheelhouse/skydns:v1'), 'docker.io/wheelhouse/skydns:v1');
    assert.equal(normalizeImage('localhost:5000/a'), 'localhost:5000/a:latest');
    assert.equal(normalizeImage('registry.k8s.io/pause:3.10'), 'registry.k8s.io/pause:3.10');
    const digest = `sha256:${'a'.repeat(64)}`;
    assert.equal(normalizeImage(`redis@${digest}`), `docker.io/library/redis@${digest}`);
    for (const name of ['Redis', 'a b', 'redis:', 'x/../y', ':1', '-x', 'a'.repeat(64)])
      assert.throws(() => normalizeImage(name), /does not name an image: invalid re/);
  });

  it('restricts oom scores in containerd when it may not lower them', () => {
    assert.ok(!mayLowerOomScore('CapEff:\t000001fffeffffff\n'));
    assert.ok(mayLowerOomScore('CapEff:\t000001ffffffffff\n'));
    assert.match(
      renderContainerdConfig({ mayLowerOomScore: false, snapshotter: 'overlayfs' }),
      /restrict_oom_score_adj = true/,
    );
  });
});
