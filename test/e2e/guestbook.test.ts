// The acceptance test on vxlan, with the default control plane of hack/up: a single hyperkube
// process.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildImage, writeArchive } from '../../hack/containers/archive.js';
import type { Entry } from '../../hack/containers/layer.js';
import { ROOT } from '../../hack/cluster/layout.js';
import { until } from '../../hack/cluster/wait.js';
import { tryExec } from '../../pkg/system/exec.js';
import { captureOverlay, leases } from './overlay.js';
import { Guestbook, request, TestCluster } from './cluster.js';
import { difference, hostTraces } from './host-traces.js';

const FRONTENDS = 'name=frontend';

describe('guestbook on vxlan', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let untouched: Set<string>;
  let upSaid = '';
  let book: Guestbook;

  before(async function () {
    this.timeout(300_000);
    untouched = await hostTraces([cluster.name]);
    upSaid = await cluster.up();
  });

  after(async () => {
    await cluster.down();
  });

  it('starts with three Ready nodes and running add-ons, and prints how to use the cluster', async () => {
    const nodes = await cluster.jsonPath(
      'nodes',
      '{range .items[*]}{.metadata.name} {.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}',
    );
    assert.deepEqual(nodes.trim().split('\n').sort(), [
      'node-1 True',
      'node-2 True',
      'node-3 True',
    ]);
    for (const addon of ['kube-dns', 'kube-ui']) {
      const [pod] = await cluster.pods(`k8s-app=${addon}`, 'kube-system');
      assert.equal(pod?.status.phase, 'Running', addon);
    }
    assert.match(upSaid, /export KUBECONFIG=\S+/);
    assert.match(upSaid, /^API +https:\/\/127\.0\.0\.1:\d+$/m);
    assert.match(upSaid, /^UI +https:\/\/127\.0\.0\.1:\d+\/ui\//m);
    assert.match(await cluster.kubectl('cluster-info'), /KubeDNS/);
  });

  it('is unchanged by a second hack/up', async () => {
    const pids = async () => (await cluster.status()).processes.map(({ pid }) => pid);
    const first = await pids();
    assert.match(await cluster.up(), /already running/);
    assert.deepEqual(await pids(), first);
  });

  it('leaves a crashed process to its supervisor during a second hack/up', async () => {
    const others = async () =>
      (await cluster.status()).processes
        .filter(({ service }) => service !== 'node-3.kube-proxy')
        .map(({ pid }) => pid);
    const first = await others();
    process.kill(
      (await cluster.status()).processes.find(({ service }) => service === 'node-3.kube-proxy')!
        .pid!,
      'SIGKILL',
    );
    assert.match(await cluster.up(), /already running/);
    assert.deepEqual(await others(), first);
  });

  it('lists every process with pid, memory and CPU', async () => {
    const status = await cluster.status();
    assert.equal(status.nodes.length, 3);
    assert.ok(status.processes.length >= 14);
    for (const { service, state, pid, rssBytes, cpuSeconds } of status.processes) {
      assert.equal(state, 'run', service);
      assert.ok(pid && rssBytes && cpuSeconds !== undefined, service);
    }
  });

  it("has a lease in flannel's JSON format for every node", async () => {
    const found = await leases(cluster.name);
    assert.equal(found.length, 3);
    assert.equal(new Set(found.map(({ subnet }) => subnet)).size, 3);
    const addresses = await cluster.nodeAddresses();
    assert.deepEqual(found.map(({ value }) => value.PublicIP).sort(), addresses.sort());
    for (const { key, value } of found) {
      assert.match(key, /^\/coreos\.com\/network\/subnets\/10\.\d+\.\d+\.0-24$/);
      assert.equal(value.BackendType, 'vxlan');
      assert.match(value.BackendData?.VtepMAC ?? '', /^[0-9a-f:]{17}$/);
    }
  });

  it('runs six pods on at least two nodes', async () => {
    book = await Guestbook.create(cluster);
    const pods = await cluster.pods('name in (redis-master, redis-slave, frontend)');
    assert.ok(new Set(pods.map(({ spec }) => spec.nodeName)).size >= 2);
  });

  it('reads written values through every node and all three front ends', async () => {
    assert.equal(await book.set('hi'), '{"message": "Updated"}');
    // Redis replicates asynchronously: one slave may have the value, and answer for every node,
    // before the other.
    for (const { metadata } of await cluster.pods('name=redis-slave')) {
      await until(
        async () =>
          (
            await cluster.kubectl('exec', metadata.name, '--', 'redis-cli', 'get', 'messages')
          ).trim() === 'hi',
        20_000,
        () => `${metadata.name} does not have hi`,
      );
    }
    const servers = new Set<string>();
    for (let i = 0; i < 30; i++) {
      const answer = await request(
        book.url('cmd=get&key=messages', book.nodes[i % book.nodes.length]),
      );
      assert.equal(answer?.text, '{"data": "hi"}', `read ${i + 1} of 30`);
      servers.add(answer.servedBy);
    }
    await until(
      async () =>
        servers.add((await request(book.url('cmd=get&key=messages')))?.servedBy ?? '').size >= 3,
      20_000,
      () => `only ${[...servers].join(', ')} answered`,
    );
  });

  it('reaches the front end by its cluster IP from a pod, and finds services by name', async () => {
    const [pod] = await cluster.pods(FRONTENDS);
    const run = (...words: string[]) => cluster.kubectl('exec', pod!.metadata.name, '--', ...words);
    const address = await cluster.jsonPath('service frontend', '{.spec.clusterIP}');
    assert.equal(
      await run('wget', '-qO-', `http://${address}/index.php?cmd=get&key=messages`),
      '{"data": "hi"}',
    );
    assert.equal(
      await run('wget', '-qO-', 'http://frontend/index.php?cmd=get&key=messages'),
      '{"data": "hi"}',
    );
    const master = await cluster.jsonPath('service redis-master', '{.spec.clusterIP}');
    // nslookup of busybox also reports missing names of the search path, with exit code 1.
    assert.ok(
      (
        await cluster.tryKubectl(['exec', pod!.metadata.name, '--', 'nslookup', 'redis-master'])
      ).stdout.includes(`Address: ${master}`),
    );
    assert.ok(
      (await run('getent', 'hosts', 'redis-master.default.svc.cluster.local')).startsWith(master),
    );
    // Only services that exist before the pod have environment variables.
    const [slave] = await cluster.pods('name=redis-slave');
    assert.match(
      await cluster.kubectl('exec', slave!.metadata.name, '--', 'env'),
      new RegExp(`^REDIS_MASTER_SERVICE_HOST=${master.replaceAll('.', '\\.')}$`, 'm'),
    );
  });

  it('encapsulates pod traffic between nodes in VXLAN', async () => {
    const packets = await captureOverlay(cluster, 8472, () => book.works());
    assert.match(packets, /\.8472:/);
  });

  it("reaches a pod through the API server's proxy", async () => {
    assert.equal(
      await cluster.kubectl(
        'get',
        '--raw',
        '/api/v1/namespaces/default/services/frontend/proxy/healthz',
      ),
      'ok',
    );
  });

  it('replaces a deleted pod without a failed request', async () => {
    const [victim] = await cluster.readyPods(FRONTENDS, 3);
    let asked = 0;
    let failed = 0;
    let done = false;
    const load = Promise.all(
      book.nodes.map(async (node) => {
        while (!done) {
          asked++;
          if ((await request(book.url('cmd=get&key=messages', node)))?.status !== 200) failed++;
        }
      }),
    );
    try {
      await cluster.kubectl('delete', 'pod', victim!.metadata.name);
      const pods = await cluster.readyPods(FRONTENDS, 3);
      assert.ok(!pods.some(({ metadata }) => metadata.uid === victim!.metadata.uid));
    } finally {
      done = true;
      await load;
    }
    assert.equal(failed, 0, `${failed} of ${asked} requests failed`);
    assert.ok(asked > 20);
  });

  it('recovers its control plane after kill -9 of hyperkube', async () => {
    const pidOf = async () =>
      (await cluster.status()).processes.find(({ service }) => service === 'hyperkube')?.pid;
    const killed = await pidOf();
    process.kill(killed!, 'SIGKILL');
    assert.equal(
      await book.get(),
      await book.get(book.nodes[1]),
      'the guestbook needs no control plane',
    );
    await until(
      async () => ![undefined, killed].includes(await pidOf()),
      20_000,
      () => 'hyperkube does not come back',
    );
    await until(
      async () => (await cluster.tryKubectl(['get', 'nodes'])).code === 0,
      30_000,
      () => 'the API does not come back',
    );
    await cluster.kubectl('scale', 'rc', 'frontend', '--replicas=4');
    await cluster.readyPods(FRONTENDS, 4);
    await cluster.kubectl('scale', 'rc', 'frontend', '--replicas=3');
    await cluster.readyPods(FRONTENDS, 3);
  });

  it('keeps its state across a stop of all processes', async () => {
    await cluster.down('--keep');
    assert.match(await cluster.up(), /exists but does not run; starting it again/);
    await (await Guestbook.of(cluster)).works();
  });

  it('goes back to a backup', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wheelhouse-backup-'));
    const archive = join(folder, 'backup.tar.gz');
    const hack = (command: string, ...words: string[]) =>
      tryExec([join(ROOT, 'hack', command), '--name', cluster.name, ...words], {
        timeoutMs: 60_000,
      });
    try {
      await cluster.kubectl('create', 'secret', 'generic', 'before', '--from-literal=key=kept');
      const { stdout } = await hack('backup', '--output', archive);
      assert.match(stdout, /: \d+ keys at revision \d+\n$/);
      assert.equal(statSync(archive).mode & 0o777, 0o600);
      await cluster.kubectl('delete', 'secret', 'before');
      await cluster.kubectl('create', 'configmap', 'after');
      await cluster.kubectl('delete', 'rc', 'frontend');
      assert.match(
        (await hack('restore', '--archive', archive)).stderr,
        /the cluster runs: stop it/,
      );
      await cluster.down('--keep');
      const cut = join(folder, 'cut.tar.gz');
      writeFileSync(cut, readFileSync(archive).subarray(0, 5_000));
      assert.match(
        (await hack('restore', '--archive', cut)).stderr,
        /is no archive of hack\/backup/,
      );
      const restored = await hack('restore', '--archive', archive);
      assert.equal(restored.code, 0, restored.stderr);
      await cluster.up();
      await (await Guestbook.of(cluster)).works();
      assert.equal(await cluster.jsonPath('secret before', '{.data.key}'), 'a2VwdA==');
      assert.match((await cluster.tryKubectl(['get', 'configmap', 'after'])).stderr, /NotFound/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('runs an image that was imported under a custom name', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'wheelhouse-image-'));
    try {
      const archive = join(dir, 'app.tar');
      const files: Entry[] = [
        { path: 'bin/busybox', source: '/bin/busybox', mode: 0o755 },
        ...['sh', 'sleep'].map((name) => ({ path: `bin/${name}`, link: 'busybox' })),
      ];
      const image = await buildImage(dir, {
        names: ['app'],
        layers: [files],
        command: ['sh', '-c', 'echo my own; exec sleep 1000'],
      });
      renameSync(await writeArchive(dir, [image]), archive);
      const { code, stderr } = await tryExec([
        `${ROOT}/hack/image`,
        'import',
        '--no-build',
        '--name',
        cluster.name,
        archive,
        'registry.example/my-own:1',
      ]);
      assert.equal(code, 0, stderr);
      await cluster.kubectl('run', 'my-own', '--image=registry.example/my-own:1');
      await cluster.kubectl(
        'wait',
        '--for=jsonpath={.status.phase}=Running',
        'pod/my-own',
        '--timeout=30s',
      );
      await until(
        async () => (await cluster.tryKubectl(['logs', 'my-own'])).stdout === 'my own\n',
        10_000,
        () => 'the pod says nothing',
      );
      await cluster.kubectl('delete', 'pod', 'my-own', '--now');
    } finally {
      rmSync(dir, { recursive: true });
    }
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
