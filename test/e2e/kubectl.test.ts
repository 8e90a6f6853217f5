// The usual kubectl commands on a real cluster, and the error messages for invalid manifests.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chromium } from 'playwright-core';
import { hostApiUrl } from '../../hack/cluster/components.js';
import { layoutOf, ROOT } from '../../hack/cluster/layout.js';
import { requireRecord } from '../../hack/cluster/record.js';
import { until } from '../../hack/cluster/wait.js';
import { parseQuantity } from '../../pkg/apimachinery/quantity/quantity.js';
import { exec } from '../../pkg/system/exec.js';
import { parseDuration } from '../../pkg/util/duration/go-duration.js';
import { recordUsage, type ContainerUsage } from './cgroup-usage.js';
import { TestCluster } from './cluster.js';

const pod = (name: string, more = '') => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: main
    image: busybox:1
    command: [sh, -c, 'echo begun; exec httpd -f -p 80 -h /etc']
    ports: [{containerPort: 80}]
${more}`;

/** One container spins within its limit and holds 40 MiB; the other sleeps. */
const BUSY = `apiVersion: apps/v1
kind: Deployment
metadata: {name: busy, namespace: kube-public}
spec:
  selector: {matchLabels: {app: busy}}
  template:
    metadata: {labels: {app: busy}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: main
        image: busybox:1
        command: [sh, -c, 'head -c 41943040 /dev/zero | tail & while :; do :; done']
        resources: {requests: {cpu: 100m}, limits: {cpu: 100m, memory: 128Mi}}
      - name: idle
        image: busybox:1
        command: [sleep, '3600']
        resources: {requests: {cpu: 10m}}
`;

interface PodUsage {
  timestamp: string;
  window: string;
  containers: { name: string; usage: { cpu: string; memory: string } }[];
}

describe('kubectl', function () {
  this.timeout(90_000);
  const cluster = new TestCluster();
  let dir: string;
  let busy: string;
  let usage: ContainerUsage | undefined;
  const k = (...words: string[]) => cluster.kubectl(...words);

  before(async function () {
    this.timeout(300_000);
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-kubectl-'));
    await cluster.up('--nodes', '1');
    await k('create', '-f', join(ROOT, 'manifests/metrics-server'));
    await cluster.create(BUSY);
    await cluster.create(pod('one'));
    await k('wait', '--for=condition=Ready', 'pod/one', '--timeout=60s');
    const [found] = await cluster.readyPods('app=busy', 1, 60_000, 'kube-public');
    busy = found!.metadata.name;
    const main = '{.status.containerStatuses[?(@.name=="main")].containerID}';
    const id = (await cluster.jsonPath(`pod ${busy}`, main, '-n', 'kube-public')).replace(
      'containerd://',
      '',
    );
    await k(
      'wait',
      '--for=condition=Available',
      'apiservice/v1beta1.metrics.k8s.io',
      '--timeout=60s',
    );
    usage = recordUsage(cluster.name, found!.metadata.uid, id);
  });

  after(async () => {
    usage?.stop();
    rmSync(dir, { recursive: true, force: true });
    await cluster.down();
  });

  it('gets, with columns, watches and selectors', async () => {
    assert.match(
      await k('get', 'pods'),
      /^NAME +READY +STATUS +RESTARTS +AGE\none +1\/1 +Running +0 /,
    );
    assert.match(
      await k('get', 'pods', '-o', 'wide'),
      /IP +NODE +NOMINATED NODE +READINESS GATES\n.* node-1 /,
    );
    assert.match(await k('get', 'nodes'), /^NAME +STATUS +ROLES +AGE +VERSION\nnode-1 +Ready /);
    assert.equal((await k('get', 'pods', '-l', 'app=none', '-o', 'name')).trim(), '');
    assert.equal(
      (await k('get', 'pods', '-l', 'app in (one, two)', '-o', 'name')).trim(),
      'pod/one',
    );
    assert.equal(
      (await k('get', 'pods', '--field-selector', 'spec.nodeName=node-1', '-o', 'name')).trim(),
      'pod/one',
    );
    assert.match(await k('get', 'all', '-A'), /replicationcontroller\/kube-dns/);
    assert.match(await k('get', 'pod', 'one', '-o', 'yaml'), /^kind: Pod$/m);
  });

  it('watches', async () => {
    const { kubeconfig } = layoutOf(cluster.name);
    const child = spawn(
      'kubectl',
      ['--kubeconfig', kubeconfig, 'get', 'configmaps', '-w', '-o', 'name', '--watch-only'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const ended = new Promise((resolve) => child.once('close', resolve));
    try {
      let n = 0;
      // The watch has started once one of several new objects appears.
      await until(
        async () =>
          out.includes('configmap/seen') || (await k('create', 'configmap', `seen-${n++}`), false),
        20_000,
        () => 'the watch shows nothing',
      );
    } finally {
      child.kill();
      await ended;
    }
  });

  it('describes a pod, with its start events in order', async () => {
    const text = await k('describe', 'pod', 'one');
    const reasons = ['Scheduled', 'Pulled', 'Created', 'Started'].map((reason) =>
      text.indexOf(` ${reason} `),
    );
    assert.ok(
      reasons.every((at, i) => at > 0 && (i === 0 || at > reasons[i - 1]!)),
      text,
    );
    assert.match(await k('describe', 'node', 'node-1'), /Allocated resources/);
    assert.match(
      await k('get', 'events', '--field-selector', 'involvedObject.name=one'),
      /Scheduled/,
    );
  });

  it('prints logs, runs commands and pipes streams', async () => {
    assert.equal(await k('logs', 'one'), 'begun\n');
    assert.equal(await k('exec', 'one', '--', 'echo', 'from inside'), 'from inside\n');
    const { code, stdout } = await cluster.tryKubectl(
      ['exec', '-i', 'one', '--', 'cat'],
      'through stdin',
    );
    assert.equal(stdout, 'through stdin');
    assert.equal(code, 0);
    assert.equal((await cluster.tryKubectl(['exec', 'one', '--', 'sh', '-c', 'exit 7'])).code, 7);
  });

  it('labels, annotates, patches and edits', async () => {
    await k('label', 'pod', 'one', 'tier=front');
    assert.notEqual((await cluster.tryKubectl(['label', 'pod', 'one', 'tier=back'])).code, 0);
    await k('label', 'pod', 'one', 'tier=back', '--overwrite');
    await k('annotate', 'pod', 'one', 'note=text');
    await k('patch', 'pod', 'one', '-p', '{"metadata":{"labels":{"by":"strategic"}}}');
    await k(
      'patch',
      'pod',
      'one',
      '--type=json',
      '-p',
      '[{"op":"add","path":"/metadata/labels/also","value":"json"}]',
    );
    await k(
      'patch',
      'pod',
      'one',
      '--type=merge',
      '-p',
      '{"metadata":{"annotations":{"note":null}}}',
    );
    const edited = await cluster.tryKubectl(['edit', 'pod', 'one'], '', {
      KUBE_EDITOR: "sed -i 's/tier: back/tier: edited/'",
    });
    assert.equal(edited.code, 0, edited.stderr);
    const labels = JSON.parse(
      await k('get', 'pod', 'one', '-o', 'jsonpath={.metadata.labels}'),
    ) as Record<string, string>;
    assert.deepEqual(labels, { app: 'one', tier: 'edited', by: 'strategic', also: 'json' });
    assert.equal(await k('get', 'pod', 'one', '-o', 'jsonpath={.metadata.annotations.note}'), '');
  });

  it('applies, and applies again', async () => {
    const file = join(dir, 'config.yaml');
    const text = (value: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: "${value}", b: "2"}\n`;
    writeFileSync(file, text('1'));
    assert.match(await k('apply', '-f', file), /configmap\/applied created/);
    assert.match(await k('apply', '-f', file), /configmap\/applied unchanged/);
    writeFileSync(file, text('3').replace(', b: "2"', ''));
    assert.match(await k('apply', '-f', file), /configmap\/applied configured/);
    assert.equal(await k('get', 'configmap', 'applied', '-o', 'jsonpath={.data}'), '{"a":"3"}');
    assert.match(
      await k('apply', '--server-side', '--force-conflicts', '-f', file),
      /serverside-applied/,
    );
  });

  it('runs, exposes, scales and deletes', async () => {
    await k(
      'run',
      'two',
      '--image=busybox:1',
      '--image-pull-policy=IfNotPresent',
      '--labels=app=two',
      '--port=80',
      '--command',
      '--',
      'httpd',
      '-f',
      '-p',
      '80',
      '-h',
      '/etc',
    );
    await k('expose', 'pod', 'two', '--port=80');
    await k('wait', '--for=condition=Ready', 'pod/two', '--timeout=60s');
    const address = await k('get', 'service', 'two', '-o', 'jsonpath={.spec.clusterIP}');
    await until(
      async () =>
        (
          await cluster.tryKubectl([
            'exec',
            'one',
            '--',
            'wget',
            '-T',
            '2',
            '-qO-',
            `http://${address}/hostname`,
          ])
        ).stdout.trim() === 'two',
      20_000,
      () => 'the service does not answer',
    );
    await cluster.create(`apiVersion: v1
kind: ReplicationController
metadata: {name: many}
spec:
  replicas: 1
  selector: {app: many}
  template:
    metadata: {labels: {app: many}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: 'busybox:1', command: [sleep, '3600']}]
`);
    await k('scale', 'rc', 'many', '--replicas=3');
    await cluster.readyPods('app=many', 3);
    assert.match(await k('get', 'rc', 'many'), /many +3 +3 +3 /);
    await k('scale', 'rc', 'many', '--replicas=1');
    await cluster.readyPods('app=many', 1);
    // The server of pod two ignores SIGTERM.
    await k('delete', 'rc/many', 'pod/two', 'service/two', '--wait=false', '--grace-period=2');
    await until(
      async () => (await cluster.pods('app in (many, two)')).length === 0,
      40_000,
      () => 'deleted pods stay',
    );
  });

  it('explains, lists resources, waits', async () => {
    assert.match(await k('explain', 'pod.spec.containers.image'), /FIELD: image <string>/);
    assert.match(
      await k('api-resources'),
      /replicationcontrollers +rc +v1 +true +ReplicationController/,
    );
    assert.match(await k('api-versions'), /^apps\/v1$/m);
    assert.match(await k('version'), /Server Version: v1\.32\./);
    assert.equal(
      (await cluster.tryKubectl(['wait', '--for=condition=Never', 'pod/one', '--timeout=1s'])).code,
      1,
    );
    assert.equal((await k('auth', 'can-i', 'delete', 'nodes')).trim(), 'yes');
  });

  it('forwards a port', async () => {
    const { kubeconfig } = layoutOf(cluster.name);
    const child = spawn('kubectl', ['--kubeconfig', kubeconfig, 'port-forward', 'pod/one', ':80'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.once('close', resolve));
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    try {
      const port = await until(
        () => /127\.0\.0\.1:(\d+)/.exec(out)?.[1],
        15_000,
        () => 'port-forward does not listen',
      );
      const answer = await fetch(`http://127.0.0.1:${port}/hostname`, {
        signal: AbortSignal.timeout(60_000),
      });
      assert.equal((await answer.text()).trim(), 'one');
    } finally {
      child.kill();
      await ended;
    }
  });

  const bad: [string, string, RegExp][] = [
    [
      'an unknown field',
      pod('bad').replace('image:', 'imagee: x\n    image:'),
      /unknown field "spec\.containers\[0\]\.imagee"/,
    ],
    [
      'a wrong type',
      pod('bad').replace('containerPort: 80', 'containerPort: "eighty"'),
      /(json: cannot unmarshal|invalid type for|expected|Invalid value).*|unable to decode/,
    ],
    [
      'a missing required field',
      pod('bad')
        .replace('  - name: main\n', '  - '.padEnd(4))
        .replace('  -     image', '  - image'),
      /(spec\.containers\[0\]\.name: Required value|missing required field "name")/,
    ],
    [
      'a name that exists',
      pod('one'),
      /Error from server \(AlreadyExists\): error when creating .*: pods "one" already exists/,
    ],
    [
      'a name that is none',
      pod('Bad_Name'),
      /The Pod "Bad_Name" is invalid: metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain/,
    ],
    [
      'an unknown kind',
      'apiVersion: v1\nkind: Podd\nmetadata: {name: a}\n',
      /no matches for kind "Podd" in version "v1"/,
    ],
  ];
  for (const [what, text, pattern] of bad) {
    it(`prints upstream's message for ${what}`, async () => {
      const { code, stderr } = await cluster.tryKubectl(['create', '-f', '-'], text);
      assert.equal(code, 1, stderr);
      assert.match(stderr, pattern);
    });
  }

  it('shows the usage that the cgroup of a container counts', async () => {
    let last = 'no usage';
    const isNear = (found: string, wanted: number, slack: number) =>
      Math.abs(parseQuantity(found).approximate() - wanted) <= wanted / 10 + slack;
    await until(
      async () => {
        const path = `/apis/metrics.k8s.io/v1beta1/namespaces/kube-public/pods/${busy}`;
        const { stdout } = await cluster.tryKubectl(['get', '--raw', path]);
        if (!stdout) return false;
        const { timestamp, window, containers } = JSON.parse(stdout) as PodUsage;
        const { cpu, memory } = containers.find(({ name }) => name === 'main')!.usage;
        const end = Date.parse(timestamp);
        const cores = usage!.cores(end - parseDuration(window), end);
        if (cores === undefined) return false;
        const bytes = usage!.workingSet();
        last = `${cpu} and ${memory}, the cgroup says ${cores} cores and ${bytes} bytes`;
        return isNear(cpu, cores, 0) && isNear(memory, bytes, 2 ** 20);
      },
      60_000,
      () => `metrics and cgroup differ: ${last}`,
    );
    const rows = await k('top', 'pod', busy, '-n', 'kube-public', '--containers', '--no-headers');
    assert.match(rows, new RegExp(`^${busy} +idle +\\d+m +\\d+Mi`, 'm'));
    assert.match(await k('top', 'node', '--no-headers'), /^node-1 +\d+m +\d+% +\d+Mi +\d+%/);
    assert.match(await k('top', 'pods', '-n', 'kube-system', '--no-headers'), /metrics-server-/);
  });

  it('scales a deployment under load', async () => {
    const bounds = ['--min=1', '--max=2', '--cpu-percent=50'];
    await k('autoscale', 'deployment', 'busy', '-n', 'kube-public', ...bounds);
    const sizeOf = () => cluster.jsonPath('hpa busy', '{.status}', '-n', 'kube-public');
    let last = '';
    await until(
      async () => (last = await sizeOf()).includes('"desiredReplicas":2'),
      75_000,
      () => `the autoscaler does not scale: ${last}`,
    );
    assert.match(
      await k('get', 'events', '-n', 'kube-public', '--field-selector=reason=SuccessfulRescale'),
      /New size: 2; reason: cpu resource utilization \(percentage of request\) above target/,
    );
    await k('delete', 'hpa', 'busy', '-n', 'kube-public');
    await k('scale', 'deployment', 'busy', '-n', 'kube-public', '--replicas=1');
  });

  it('shows a rolling update in the page of the update demo, and loses no request', async () => {
    const { kubeconfig } = layoutOf(cluster.name);
    const demo = join(ROOT, 'manifests/update-demo');
    const plugin = (...words: string[]) =>
      exec(['kubectl', ...words], {
        env: {
          KUBECONFIG: kubeconfig,
          PATH: `${join(ROOT, 'hack/plugins')}:${process.env['PATH']}`,
        },
        timeoutMs: 150_000,
      });
    await k('create', '-f', join(demo, 'nautilus-rc.yaml'));
    const old = 'rc/update-demo-nautilus';
    await k('scale', old, '--replicas=4');
    const selector = ['--selector=name=update-demo', '--port=80', '--type=NodePort'];
    await k('expose', old, '--name=update-demo', ...selector);
    await k('wait', '--for=jsonpath={.status.readyReplicas}=4', old, '--timeout=60s');
    const port = await cluster.jsonPath('service/update-demo', '{.spec.ports[0].nodePort}');
    const [node] = await cluster.nodeAddresses();
    const proxy = spawn(
      'kubectl',
      [`--kubeconfig=${kubeconfig}`, 'proxy', '--port=0', `--www=${join(demo, 'local')}`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu'],
    });
    const end = new AbortController();
    try {
      const [text] = (await once(proxy.stdout, 'data')) as [Buffer];
      const page = await browser.newPage({ locale: 'en-US' });
      await page.goto(`http://${/127\.0\.0\.1:\d+/.exec(text.toString())![0]}/static/`);
      const shows = (picture: string) =>
        until(
          async () => (await page.locator(`figure:not(.waits) img[alt=${picture}]`).count()) === 4,
          60_000,
          () => `the page does not show 4 pictures of a ${picture}`,
        );
      await shows('nautilus');
      const answers = new Set<string>();
      const failures: string[] = [];
      const load = async (): Promise<void> => {
        while (!end.signal.aborted)
          try {
            const answer = await fetch(`http://${node}:${port}/data.json`, {
              headers: { connection: 'close' },
              signal: AbortSignal.timeout(30_000),
            });
            answers.add(((await answer.json()) as { image: string }).image);
          } catch (error) {
            failures.push(String(error));
          }
      };
      const loads = Promise.all([load(), load()]);
      const output = await plugin(
        'rolling-update',
        'update-demo-nautilus',
        '--update-period=1s',
        '--poll-interval=200ms',
        `--filename=${join(demo, 'kitten-rc.yaml')}`,
      );
      assert.match(
        output,
        /^Updating update-demo-nautilus replicas: 3, update-demo-kitten replicas: 1$/m,
      );
      assert.match(
        output,
        /Update succeeded\. Deleting update-demo-nautilus\nupdate-demo-kitten\n$/,
      );
      await shows('kitten');
      end.abort();
      await loads;
      assert.deepEqual(failures, []);
      assert.deepEqual([...answers].sort(), ['kitten.svg', 'nautilus.svg']);
      await k('delete', 'service', 'update-demo');
      await plugin('stop', 'rc', 'update-demo-kitten');
      await k('wait', '--for=delete', 'pod', '-l', 'name=update-demo', '--timeout=60s');
    } finally {
      end.abort();
      await browser.close();
      proxy.kill();
    }
  }).timeout(240_000);

  it('runs the samples', async () => {
    await k('create', '-f', join(ROOT, 'manifests/samples'));
    await k('wait', '--for=condition=Ready', 'pod/sample', '--timeout=60s');
    await until(
      async () =>
        (
          await cluster.tryKubectl([
            'exec',
            'one',
            '--',
            'wget',
            '-T',
            '2',
            '-qO-',
            'http://sample/',
          ])
        ).stdout.includes('It works'),
      20_000,
      () => 'the sample does not answer',
    );
    assert.match(await k('exec', 'sample', '-c', 'clock', '--', 'cat', '/shared/now'), /UTC/);
    // docs/try/application.md tries it out.
    await k('wait', '--for=condition=Available', 'deployment/blog', '--timeout=60s');
    await cluster.readyPods('app=blog,tier=database', 1);
  }).timeout(240_000);

  it('publishes cluster-info for machines that join, signed with their tokens', async () => {
    const token = ['token-id=abcdef', 'token-secret=0123456789abcdef'];
    const usage = ['usage-bootstrap-signing=true', 'expiration=2999-01-01T00:00:00Z'];
    const literals = [...token, ...usage].map((literal) => `--from-literal=${literal}`);
    const type = '--type=bootstrap.kubernetes.io/token';
    const name = 'bootstrap-token-abcdef';
    await k('-n', 'kube-system', 'create', 'secret', 'generic', name, type, ...literals);
    const caFile = join(layoutOf(cluster.name).pki, 'ca.crt');
    const server = hostApiUrl(requireRecord(cluster.name));
    const url = `${server}/api/v1/namespaces/kube-public/configmaps/cluster-info`;
    let data: Record<string, string> = {};
    const isSigned = async () => {
      const text = await exec(['curl', '-sS', '--cacert', caFile, url]);
      ({ data = {} } = JSON.parse(text) as { data?: typeof data });
      return data['jws-kubeconfig-abcdef'] !== undefined;
    };
    await until(isSigned, 20_000, () => `no signature: ${JSON.stringify(data)}`);
    const { kubeconfig = '', 'jws-kubeconfig-abcdef': jws = '' } = data;
    const [header] = jws.split('.');
    const signed = `${header}.${Buffer.from(kubeconfig).toString('base64url')}`;
    const signature = createHmac('sha256', '0123456789abcdef').update(signed).digest('base64url');
    assert.equal(jws, `${header}..${signature}`);
    const ca = readFileSync(caFile, 'base64');
    assert.ok(kubeconfig.includes(`certificate-authority-data: ${ca}`), kubeconfig);
    await k('-n', 'kube-system', 'delete', 'secret', name);
  });

  it('reports objects that do not exist', async () => {
    const { code, stderr } = await cluster.tryKubectl(['get', 'pod', 'nobody']);
    assert.equal(code, 1);
    assert.equal(stderr.trim(), 'Error from server (NotFound): pods "nobody" not found');
  });
});
