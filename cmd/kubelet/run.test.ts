// The kubelet on the hollow runtime with the real API server, in one process and without root.
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Pod } from '../../pkg/apis/core/v1/types.js';
import {
  CLUSTER_ROLE_BINDINGS,
  CLUSTER_ROLES,
  EVENTS,
  LEASES,
  NAMESPACES,
  NODES,
  PODS,
  SERVICE_ACCOUNTS,
} from '../../pkg/apis/resource-types.js';
import { StatusError } from '../../pkg/apimachinery/errors/status-error.js';
import type { Client } from '../../pkg/client/client.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { runHollowNode } from '../../pkg/kubelet/hollow-node.js';
import { realEnv } from '../../pkg/system/env.js';
import { FlagError } from '../flags.js';
import { startApiServer, type RunningApiServer } from '../kube-apiserver/start.js';
import { evictionThresholds } from './eviction.js';
import { nodeIdentity, parseTaint } from './node-setup.js';
import { parseOptions } from './options.js';
import { runKubelet } from './run.js';

async function until<T>(what: string, check: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + 40_000;
  for (;;) {
    const value = await check().catch(() => undefined);
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`timed out waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe('kubelet options', () => {
  it('have upstream defaults', () => {
    const config = parseOptions([
      '--cluster-dns=10.0.0.10',
      '--node-labels=a=b,c=d',
      '--node-ip',
      '192.0.2.1',
    ]);
    assert.deepEqual(
      [config.port, config['healthz-port'], config['max-pods'], config.runtime],
      [10250, 10248, 110, 'cri'],
    );
    assert.deepEqual(config['node-labels'], { a: 'b', c: 'd' });
    assert.throws(() => parseOptions(['--runtime=docker']), FlagError);
  });

  it('take one address of each family for the node', () => {
    const identity = (...ips: string[]) =>
      nodeIdentity(parseOptions(['--hostname-override=n', ...ips.map((ip) => `--node-ip=${ip}`)]));
    assert.deepEqual(identity('192.0.2.1,2001:db8::1').ips, ['192.0.2.1', '2001:db8::1']);
    for (const bad of ['192.0.2.1,192.0.2.2', '192.0.2.1,2001:db8::1,2001:db8::2'])
      assert.throws(
        () => identity(bad),
        /must contain either a single IP or a dual-stack pair of IPs/,
      );
    assert.throws(() => identity('192.0.2.1,::'), /dual-stack IPs cannot include/);
    assert.throws(() => identity('here'), /bad --node-ip "here"/);
  });

  it('read eviction thresholds', () => {
    const thresholds = (...flags: string[]) => evictionThresholds(parseOptions(flags));
    assert.equal(thresholds().length, 5);
    assert.deepEqual(thresholds('--eviction-hard=').length, 0);
    assert.deepEqual(
      thresholds(
        '--eviction-hard=memory.available<1Gi',
        '--eviction-soft=memory.available<2Gi',
        '--eviction-soft-grace-period=memory.available=1m30s',
      ).map((t) => t.graceMs),
      [0, 90_000],
    );
    assert.throws(() => thresholds('--eviction-hard=memory<1Gi'), FlagError);
    assert.throws(
      () => thresholds('--eviction-soft=memory.available<2Gi'),
      /grace period must be specified/,
    );
  });

  it('come from a file, with precedence for the command line', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'kubelet-config-'));
    const file = path.join(folder, 'config.yaml');
    const write = (text: string) =>
      writeFile(
        file,
        `apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n${text}`,
      );
    const read = (...flags: string[]) => parseOptions([`--config=${file}`, ...flags]);
    try {
      await write(`
authentication: {anonymous: {enabled: false}, webhook: {enabled: false}, x509: {clientCAFile: /ca.crt}}
authorization: {mode: Webhook}
clusterDNS: [10.0.0.10, 10.0.0.11]
maxPods: 7
nodeStatusUpdateFrequency: 1m30s
evictionHard: {memory.available: 200Mi, nodefs.available: 5%}
evictionSoft: {memory.available: 1Gi}
evictionSoftGracePeriod: {memory.available: 2m}
registerWithTaints: [{key: a, value: b, effect: NoSchedule}]
resolvConf: null
`);
      const config = read('--cluster-dns=10.9.9.9', '--max-pods', '9');
      assert.deepEqual(
        [config['cluster-dns'], config['max-pods'], config['node-status-update-frequency']],
        [['10.9.9.9'], 9, 90_000],
      );
      assert.deepEqual(
        [config['client-ca-file'], config['authentication-token-webhook'], config['resolv-conf']],
        ['/ca.crt', false, '/etc/resolv.conf'],
      );
      assert.deepEqual(
        evictionThresholds(config).map((t) => `${t.signal} ${t.text} ${t.graceMs}`),
        ['memory.available 200Mi 0', 'nodefs.available 5% 0', 'memory.available 1Gi 120000'],
      );
      assert.deepEqual(config['register-with-taints'].map(parseTaint), [
        { key: 'a', value: 'b', effect: 'NoSchedule' },
      ]);
      assert.deepEqual(read()['cluster-dns'], ['10.0.0.10', '10.0.0.11']);
      for (const [text, message] of [
        [
          'maxPodz: 3',
          /config file, path: .*config.yaml, error: strict decoding error: unknown field "maxPodz"/,
        ],
        ['authentication: {webhook: {url: x}}', /unknown field "authentication.webhook.url"/],
        [
          'authentication: {anonymous: {enabled: true}}',
          /authentication.anonymous.enabled: only false is supported/,
        ],
        ['maxPods: many', /maxPods: wrong type/],
        ['clusterDNS: 10.0.0.10', /clusterDNS: wrong type/],
        ['nodeStatusUpdateFrequency: soon', /invalid value for --node-status-update-frequency/],
        ['kind: Pod', /config file/],
      ] as const) {
        await write(text);
        assert.throws(() => read(), message);
      }
      await writeFile(file, 'apiVersion: v1\nkind: Pod\n');
      assert.throws(() => read(), /no kind "Pod" is registered for version "v1"/);
      assert.throws(
        () => parseOptions(['--config=/none']),
        /failed to load kubelet config file, path: \/none/,
      );
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('read taints', () => {
    assert.deepEqual(parseTaint('a=b:NoSchedule'), { key: 'a', value: 'b', effect: 'NoSchedule' });
    assert.deepEqual(parseTaint('a:NoExecute'), { key: 'a', effect: 'NoExecute' });
    assert.throws(() => parseTaint('a'), FlagError);
  });
});

describe('kubelet with hollow containers', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let client: Client;
  let folder: string;
  const controller = new AbortController();
  let running: Promise<void>;

  before(async () => {
    server = await startApiServer();
    folder = await mkdtemp(path.join(tmpdir(), 'hollow-'));
    client = createClient(await loadKubeconfig(server.kubeconfig), realEnv('test', 'error'));
    const kubeconfig = path.join(folder, 'kubelet.conf');
    await writeFile(kubeconfig, server.kubeconfigFor('system:node:paper', ['system:nodes']));
    await until('namespace default', () =>
      client.get(NAMESPACES, { name: 'default' }).then(() => true),
    );
    await client.create(SERVICE_ACCOUNTS, {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace: 'default' },
    });
    const flags = [
      '--runtime=hollow',
      `--kubeconfig=${kubeconfig}`,
      '--hostname-override=paper',
      '--node-ip=127.0.0.1,::1',
      `--root-dir=${folder}`,
      '--port=0',
      '--healthz-port=0',
      '--node-labels=kind=hollow',
      '--register-with-taints=dedicated=test:NoSchedule',
    ];
    running = runKubelet(parseOptions(flags), realEnv('kubelet', 'error'), controller.signal);
  });
  after(async () => {
    controller.abort(new Error('test over'));
    await running;
    await client.close();
    await server.stop();
    await rm(folder, { recursive: true });
  });

  const get = (name: string) => client.get(PODS, { namespace: 'default', name });
  const isReady = (pod: Pod) =>
    pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
  const run = (name: string, more: object = {}, annotations: Record<string, string> = {}) =>
    client.create(PODS, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', annotations },
      spec: { nodeName: 'paper', containers: [{ name: 'c', image: 'any' }], ...more },
    });

  it('registers its node and renews its lease', async () => {
    const node = await until('a ready node', async () => {
      const n = await client.get(NODES, { name: 'paper' });
      return n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') && n;
    });
    assert.equal(node.metadata.labels?.['kubernetes.io/hostname'], 'paper');
    assert.equal(node.metadata.labels?.['kind'], 'hollow');
    assert.ok(node.spec?.taints?.some((t) => t.key === 'dedicated'));
    assert.deepEqual(node.status?.addresses, [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'InternalIP', address: '::1' },
      { type: 'Hostname', address: 'paper' },
    ]);
    assert.equal(node.status?.capacity?.['pods'], '110');
    const lease = await until('its lease', () =>
      client.get(LEASES, { namespace: 'kube-node-lease', name: 'paper' }),
    );
    assert.equal(lease.spec?.holderIdentity, 'paper');
  });

  it('runs pods, records events and deletes pods', async () => {
    await Promise.all([...Array(20).keys()].map((i) => run(`p${i}`)));
    for (let i = 0; i < 20; i++) await until(`pod p${i}`, async () => isReady(await get(`p${i}`)));
    const ips = new Set(
      await Promise.all([...Array(20).keys()].map(async (i) => (await get(`p${i}`)).status?.podIP)),
    );
    assert.equal(ips.size, 20);
    const { status } = await get('p0');
    assert.deepEqual(status?.hostIPs, [{ ip: '127.0.0.1' }, { ip: '::1' }]);
    assert.deepEqual(
      status?.podIPs?.map(({ ip }) => ip.includes(':')),
      [false, true],
    );
    await until('events', async () => {
      const { items } = await client.list(EVENTS, {
        namespace: 'default',
        fieldSelector: 'involvedObject.name=p0',
      });
      return ['Pulled', 'Created', 'Started'].every((reason) =>
        items.some((e) => e.reason === reason && e.source?.host === 'paper'),
      );
    });
    await Promise.all(
      [...Array(20).keys()].map((i) =>
        client.delete(PODS, { namespace: 'default', name: `p${i}` }),
      ),
    );
    await until(
      'no pods',
      async () => (await client.list(PODS, { namespace: 'default' })).items.length === 0,
    );
  });

  it('completes a pod when its containers exit', async () => {
    await run(
      'job',
      { restartPolicy: 'Never' },
      { 'hollow.wheelhouse/exit-after': '50ms', 'hollow.wheelhouse/exit-code': '0' },
    );
    const pod = await until('the end', async () => {
      const p = await get('job');
      return p.status?.phase === 'Succeeded' && p;
    });
    assert.equal(pod.status?.containerStatuses?.[0]?.state?.terminated?.reason, 'Completed');
    await client.delete(PODS, { namespace: 'default', name: 'job' });
    await until('it gone', () =>
      get('job').then(
        () => false,
        (e: unknown) => e instanceof StatusError && e.code === 404,
      ),
    );
  });

  it('reports pressure and rejects pods', async () => {
    const stop = new AbortController();
    const kubeconfig = path.join(folder, 'squeezed.conf');
    await writeFile(kubeconfig, server.kubeconfigFor('system:node:squeezed', ['system:nodes']));
    const root = path.join(folder, 'squeezed');
    const flags = [
      '--runtime=hollow',
      `--kubeconfig=${kubeconfig}`,
      '--hostname-override=squeezed',
      '--node-ip=127.0.0.1',
      `--root-dir=${root}`,
      '--port=0',
      '--healthz-port=0',
      '--node-status-update-frequency=100ms',
      '--eviction-hard=memory.available<1000Ti',
    ];
    const squeezed = runKubelet(parseOptions(flags), realEnv('kubelet', 'error'), stop.signal);
    const node = await until('MemoryPressure', async () => {
      const n = await client.get(NODES, { name: 'squeezed' });
      return n.status?.conditions?.find((c) => c.type === 'MemoryPressure')?.status === 'True' && n;
    });
    assert.deepEqual(
      node.status?.conditions
        ?.filter((c) => c.status === 'True')
        .map((c) => c.reason)
        .sort(),
      ['KubeletHasInsufficientMemory', 'KubeletReady'],
    );
    await run('unwanted', { nodeName: 'squeezed' });
    const pod = await until('a refusal', async () => {
      const p = await get('unwanted');
      return p.status?.phase === 'Failed' && p;
    });
    assert.deepEqual(
      [pod.status?.reason, pod.status?.message],
      ['Evicted', 'Pod was rejected: The node had condition: [MemoryPressure]. '],
    );
    stop.abort(new Error('enough'));
    await squeezed;
  });

  it('delegates authentication and authorization to the API server', async () => {
    const node = await client.get(NODES, { name: 'paper' });
    const port = node.status!.daemonEndpoints!.kubeletEndpoint!.Port;
    const tokenOf = async (name: string): Promise<string> => {
      await client.create(SERVICE_ACCOUNTS, {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name, namespace: 'default' },
      });
      const request = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        metadata: {},
        spec: { audiences: [] },
      };
      const answer = (await client.createSubresource(
        SERVICE_ACCOUNTS,
        { namespace: 'default', name },
        'token',
        request,
      )) as { status: { token: string } };
      return answer.status.token;
    };
    const ask = (url: string, token?: string) =>
      new Promise<string>((resolve, reject) => {
        const headers = token ? { authorization: `Bearer ${token}` } : {};
        httpsGet(
          { host: '127.0.0.1', port, path: url, headers, rejectUnauthorized: false, agent: false },
          (response) => {
            let text = '';
            response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            response.on('end', () => resolve(`${response.statusCode} ${text}`));
          },
        ).on('error', reject);
      });
    const [reader, stranger] = [await tokenOf('reader'), await tokenOf('stranger')];
    await client.create(CLUSTER_ROLES, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'node-metrics' },
      rules: [{ apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] }],
    });
    await client.create(CLUSTER_ROLE_BINDINGS, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'node-metrics' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'node-metrics' },
      subjects: [{ kind: 'ServiceAccount', namespace: 'default', name: 'reader' }],
    });
    assert.match(await ask('/metrics', reader), /^200 .*kubelet_running_pods/s);
    assert.match(await ask('/metrics/resource', reader), /^200 .*node_cpu_usage_seconds_total/s);
    assert.match(await ask('/metrics/cadvisor', reader), /^200 .*machine_cpu_cores/s);
    assert.match(await ask('/metrics/probes', reader), /^200 /);
    assert.equal(await ask('/metrics/other', reader), '404 404 page not found');
    assert.equal(
      await ask('/stats/summary', reader),
      '403 Forbidden (user=system:serviceaccount:default:reader, verb=get, resource=nodes, subresource=stats)',
    );
    assert.equal(
      await ask('/metrics', stranger),
      '403 Forbidden (user=system:serviceaccount:default:stranger, verb=get, resource=nodes, subresource=metrics)',
    );
    assert.equal(
      await ask('/pods', stranger),
      '403 Forbidden (user=system:serviceaccount:default:stranger, verb=get, resource=nodes, subresource=proxy)',
    );
    for (const wrong of [undefined, 'made-up', `${reader}x`])
      assert.equal(await ask('/metrics', wrong), '401 Unauthorized');
  });

  it('runs beside hollow nodes in one process', async () => {
    const env = realEnv('hollow', 'error');
    const stop = new AbortController();
    const recorder = { event: () => {}, flush: () => Promise.resolve() };
    const names = Array.from({ length: 5 }, (_, i) => `sheet-${i}`);
    const nodes = names.map((name, i) =>
      runHollowNode(
        {
          env,
          client,
          recorder,
          name,
          ip: `127.0.1.${i}`,
          labels: { pack: 'a' },
          runtime: { subnet: i + 1 },
        },
        stop.signal,
      ),
    );
    await until(
      'all nodes',
      async () =>
        (await client.list(NODES, { labelSelector: 'pack=a' })).items.filter((n) =>
          n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'),
        ).length === 5,
    );
    await Promise.all(names.map((nodeName) => run(`on-${nodeName}`, { nodeName })));
    for (const name of names)
      await until(`a pod on ${name}`, async () => isReady(await get(`on-${name}`)));
    for (const path of [
      '/api/v1/namespaces/default/pods/on-sheet-1/log',
      '/api/v1/nodes/sheet-1/proxy/pods',
      '/api/v1/nodes/sheet-1:10250/proxy/stats/summary',
    ]) {
      const { status, body } = await client.raw('GET', path);
      assert.equal(status, 400, path);
      assert.match(String(body), /node sheet-1 is simulated: it has no logs, exec/);
    }
    stop.abort(new Error('enough'));
    await Promise.all(nodes);
  });

  it('restores a status that another writer changed', async () => {
    await run('steady');
    const pod = await until('steady', async () => {
      const p = await get('steady');
      return isReady(p) && p;
    });
    const unready = pod.status!.conditions!.map((c) =>
      c.type === 'Ready' ? { ...c, status: 'False' } : c,
    );
    await client.patch(
      PODS,
      { namespace: 'default', name: 'steady' },
      { status: { conditions: unready } },
      { type: 'strategic', subresource: 'status' },
    );
    await until('Ready again', async () => isReady(await get('steady')));
  });
});
