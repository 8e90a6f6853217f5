// kubectl with running controllers; the test takes the kubelet's part. Commands: create, rollout,
// scale, expose, drain, taint, edit, certificate and delete.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually, startControlPlane, type ControlPlane } from '../support/control-plane.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

const node = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: { pods: '10' } },
});

describe('kubectl and controllers', function () {
  this.timeout(60_000);
  let plane: ControlPlane;
  let kubectl: Kubectl;
  let ns = '';
  let folder = '';
  const k = (...args: string[]) => kubectl.ok(['-n', ns, ...args]);
  const get = (what: string, path: string) => k('get', what, '-o', `jsonpath=${path}`);

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kubectl-workloads-'));
    plane = await startControlPlane();
    kubectl = await createKubectl(plane.api.kubeconfig);
  });
  beforeEach(async () => {
    ns = await plane.namespace();
  });
  after(async () => {
    await kubectl.close();
    await plane.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Makes all pods Ready until `holds` returns true. */
  async function runPods(labelSelector: string, holds: () => Promise<boolean>): Promise<void> {
    let ip = 1;
    await eventually('pods run', async () => {
      for (const pod of await plane.pods(ns, labelSelector)) {
        if (pod.status?.phase !== 'Running' && !pod.metadata.deletionTimestamp)
          await plane.setReady(pod, true, `10.9.0.${ip++}`).catch(() => undefined);
      }
      return holds();
    });
  }

  it('creates objects with every subcommand of create', async () => {
    await writeFile(join(folder, 'file.txt'), 'text');
    const kinds: [string[], RegExp][] = [
      [
        ['configmap', 'cm', '--from-literal=a=b', `--from-file=${join(folder, 'file.txt')}`],
        /configmap\/cm created/,
      ],
      [
        ['secret', 'generic', 's', '--from-literal=a=b', '--type=example.com/x'],
        /secret\/s created/,
      ],
      [
        [
          'secret',
          'docker-registry',
          'reg',
          '--docker-server=x',
          '--docker-username=u',
          '--docker-password=p',
        ],
        /secret\/reg created/,
      ],
      [['job', 'j', '--image=busybox', '--', 'true'], /job\.batch\/j created/],
      [
        ['cronjob', 'cj', '--image=busybox', '--schedule=*/5 * * * *', '--', 'true'],
        /cronjob\.batch\/cj created/,
      ],
      [['job', 'j2', '--from=cronjob/cj'], /job\.batch\/j2 created/],
      [
        ['role', 'r', '--verb=get,list', '--resource=pods,deployments.apps', '--resource-name=x'],
        /role.*\/r created/,
      ],
      [
        ['clusterrole', `cr-${ns}`, '--verb=get', '--non-resource-url=/logs/*'],
        /clusterrole.* created/,
      ],
      [['clusterrole', `agg-${ns}`, '--aggregation-rule=a=b'], /clusterrole.* created/],
      [
        ['rolebinding', 'rb', '--role=r', '--user=u', '--group=g', `--serviceaccount=${ns}:sa`],
        /rolebinding.* created/,
      ],
      [
        ['clusterrolebinding', `crb-${ns}`, `--clusterrole=cr-${ns}`, '--user=u'],
        /clusterrolebinding.* created/,
      ],
      [['quota', 'q', '--hard=pods=10,services=5'], /resourcequota\/q created/],
      [
        ['ingress', 'ing', '--rule=foo.com/bar*=web:80,tls=s', '--class=nginx', '--annotation=a=b'],
        /ingress.* created/,
      ],
      [['service', 'clusterip', 'svc1', '--tcp=80:8080'], /service\/svc1 created/],
      [['service', 'nodeport', 'svc2', '--tcp=80', '--node-port=31234'], /service\/svc2 created/],
      [['service', 'loadbalancer', 'svc3', '--tcp=80'], /service\/svc3 created/],
      [['service', 'externalname', 'svc4', '--external-name=x.com'], /service\/svc4 created/],
      [['service', 'clusterip', 'svc5', '--clusterip=None', '--tcp=80'], /service\/svc5 created/],
      [['serviceaccount', 'sa'], /serviceaccount\/sa created/],
      [
        ['poddisruptionbudget', 'pdb', '--selector=app=web', '--max-unavailable=50%'],
        /poddisruptionbudget.* created/,
      ],
      [
        [
          'priorityclass',
          `pc-${ns}`,
          '--value=100',
          '--description=x',
          '--preemption-policy=Never',
        ],
        /priorityclass.* created/,
      ],
      [
        ['deployment', 'd', '--image=nginx', '--replicas=0', '--port=80', '--dry-run=server'],
        /created \(server dry run\)/,
      ],
    ];
    for (const [args, says] of kinds) assert.match(await k('create', ...args), says);
    assert.match(
      await k('create', 'token', 'sa', '--duration=20m'),
      /^ey[\w-]+\.[\w-]+\.[\w-]+\n?$/,
    );
    assert.equal(await get('svc/svc2', '{.spec.ports[0].nodePort} {.spec.type}'), '31234 NodePort');
    assert.equal(await get('job/j2', '{.metadata.ownerReferences[0].kind}'), 'CronJob');
    assert.match(
      (
        await kubectl.run([
          '-n',
          ns,
          'create',
          'service',
          'nodeport',
          'twice',
          '--tcp=80',
          '--node-port=31234',
        ])
      ).stderr,
      /spec\.ports\[0\]\.nodePort: Invalid value: 31234: provided port is already allocated/,
    );
    assert.match(
      (await kubectl.run(['-n', ns, 'create', 'configmap', 'cm'])).stderr,
      /configmaps "cm" already exists/,
    );
    for (let at = 4; at <= 6; at++)
      await kubectl.run(['-n', ns, 'create', 'service', 'clusterip', `more${at}`, '--tcp=80']);
    assert.match(
      (await kubectl.run(['-n', ns, 'create', 'service', 'clusterip', 'over', '--tcp=80'])).stderr,
      /exceeded quota: q, requested: services=1, used: services=5, limited: services=5/,
    );
  });

  it('rolls out, shows the history, undoes, restarts, scales and exposes', async () => {
    await k('create', 'deployment', 'web', '--image=nginx:1', '--replicas=2', '--port=80');
    const rolledOut = async (): Promise<boolean> =>
      (
        await kubectl.run(['-n', ns, 'rollout', 'status', 'deployment/web', '--watch=false'])
      ).stdout.includes('successfully rolled out');
    await runPods('app=web', rolledOut);
    await k('set', 'image', 'deployment/web', 'nginx=nginx:2');
    await k('annotate', 'deployment/web', 'kubernetes.io/change-cause=second');
    const status = k('rollout', 'status', 'deployment/web', '--timeout=60s');
    await runPods('app=web', rolledOut);
    assert.match(await status, /successfully rolled out/);
    assert.match(
      await k('rollout', 'history', 'deployment/web'),
      /REVISION +CHANGE-CAUSE\n1 +<none>\n2 +second/,
    );
    assert.match(
      await k('rollout', 'history', 'deployment/web', '--revision=1'),
      /Image:\tnginx:1/,
    );
    assert.match(await k('rollout', 'undo', 'deployment/web'), /rolled back/);
    assert.equal(
      await get('deployment/web', '{.spec.template.spec.containers[0].image}'),
      'nginx:1',
    );
    assert.match(await k('rollout', 'pause', 'deployment/web'), /paused/);
    assert.match(await k('rollout', 'resume', 'deployment/web'), /resumed/);
    assert.match(await k('rollout', 'restart', 'deployment/web'), /restarted/);
    await runPods('app=web', rolledOut);
    assert.match(
      await k('expose', 'deployment', 'web', '--port=8080', '--target-port=80'),
      /service\/web exposed/,
    );
    await eventually('endpoints', async () =>
      /10\.9\.0\.\d+:80,10\.9\.0\.\d+:80/.test(await k('get', 'endpoints', 'web')),
    );
    assert.match(await k('describe', 'service', 'web'), /Endpoints: +10\.9\.0\.\d+:80/);
    assert.match(
      await k('scale', 'deployment/web', '--replicas=3', '--current-replicas=2'),
      /scaled/,
    );
    assert.notEqual(
      (
        await kubectl.run([
          '-n',
          ns,
          'scale',
          'deployment/web',
          '--replicas=4',
          '--current-replicas=2',
        ])
      ).code,
      0,
    );
    assert.match(
      await k('get', 'deployment', 'web', '--subresource=scale'),
      /^NAME +DESIRED +AVAILABLE +AGE\nweb +3 +\d +\d+s\n$/,
    );
    assert.equal(
      await k(
        'get',
        'deployment',
        'web',
        '--subresource=scale',
        '-o',
        'jsonpath={.kind} {.status.selector}',
      ),
      'Scale app=web',
    );
    assert.match(
      await k('autoscale', 'deployment', 'web', '--min=1', '--max=4', '--cpu-percent=50'),
      /autoscaled/,
    );
    assert.match(await k('get', 'hpa', 'web'), /Deployment\/web +cpu: <unknown>\/50% +1 +4/);
    assert.equal(
      await get(
        'horizontalpodautoscalers.v1.autoscaling/web',
        '{.apiVersion} {.spec.targetCPUUtilizationPercentage}',
      ),
      'autoscaling/v1 50',
    );
    await k('set', 'env', 'deployment/web', 'A=b');
    await k('set', 'resources', 'deployment/web', '--limits=cpu=100m');
    assert.equal(
      await get(
        'deployment/web',
        '{.spec.template.spec.containers[0].env[0].name} {.spec.template.spec.containers[0].resources.limits.cpu}',
      ),
      'A 100m',
    );
    assert.match(
      await k('get', 'deployment', 'web'),
      /^NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +\d\/3/,
    );
  });

  it('runs, labels, annotates, edits, replaces, diffs and patches subresources', async () => {
    assert.equal(await k('run', 'p', '--image=nginx', '--dry-run=server', '-o', 'name'), 'pod/p\n');
    await k('run', 'p', '--image=nginx', '--labels=a=b', '--env=X=1');
    await k('label', 'pod', 'p', 'x=y');
    assert.match(
      (await kubectl.run(['-n', ns, 'label', 'pod', 'p', 'x=z'])).stderr,
      /already has a value \(y\), and --overwrite is false/,
    );
    await k('label', 'pod', 'p', 'x=z', '--overwrite');
    await k('label', 'pods', '--all', 'a-');
    await k('annotate', 'pod', 'p', 'note=hello');
    assert.equal(
      await get('pod/p', '{.metadata.labels} {.metadata.annotations}'),
      '{"x":"z"} {"note":"hello"}',
    );
    await k('create', 'configmap', 'c', '--from-literal=old=1');
    const edited = await kubectl.run(['-n', ns, 'edit', 'configmap', 'c'], '', {
      KUBE_EDITOR: 'sed -i s/old:/new:/',
    });
    assert.equal(edited.code, 0, edited.stderr);
    assert.equal(await get('configmap/c', '{.data}'), '{"new":"1"}');
    const untouched = await kubectl.run(['-n', ns, 'edit', 'configmap', 'c'], '', {
      KUBE_EDITOR: 'true',
    });
    assert.match(untouched.stderr + untouched.stdout, /Edit cancelled, no changes made/);
    const manifest = join(folder, 'c.yaml');
    await writeFile(
      manifest,
      (await k('get', 'configmap', 'c', '-o', 'yaml')).replace('new: "1"', 'new: "2"'),
    );
    const diff = await kubectl.run(['-n', ns, 'diff', '-f', manifest]);
    assert.equal(diff.code, 1, diff.stderr);
    assert.match(diff.stdout, /-  new: "1"\n\+  new: "2"/);
    assert.match(await k('replace', '-f', manifest), /configmap\/c replaced/);
    assert.match(
      (await kubectl.run(['-n', ns, 'replace', '-f', manifest])).stderr,
      /the object has been modified; please apply your changes to the latest version/,
    );
    assert.match(await k('replace', '--force', '-f', manifest), /replaced/);
    await k('patch', 'pod', 'p', '--subresource=status', '-p', '{"status":{"phase":"Running"}}');
    assert.equal(await get('pod/p', '{.status.phase}'), 'Running');
    assert.match(
      (
        await kubectl.run([
          '-n',
          ns,
          'patch',
          'pod',
          'p',
          '-p',
          '{"spec":{"nodeName":"x","hostname":"h"}}',
        ])
      ).stderr,
      /pod updates may not change fields other than/,
    );
    assert.match(
      (await kubectl.run(['-n', ns, 'patch', 'pod', 'p', '-p', '{"spec":{"priority":"x"}}']))
        .stderr,
      /The request is invalid: patch: Invalid value: /,
    );
    await writeFile(
      manifest,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'pruned', labels: { set: ns } },
      }),
    );
    await k('apply', '-f', manifest);
    await writeFile(
      manifest,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kept', labels: { set: ns } },
      }),
    );
    assert.match(
      await k(
        'apply',
        '-f',
        manifest,
        '--prune',
        '-l',
        `set=${ns}`,
        '--prune-allowlist=core/v1/ConfigMap',
      ),
      /configmap\/kept created\nconfigmap\/pruned pruned/,
    );
  });

  it('taints, cordons and drains within disruption budgets', async () => {
    const name = `n-${ns}`;
    await kubectl.ok(['create', '-f', '-'], JSON.stringify(node(name)));
    await k('taint', 'node', name, 'a=b:NoSchedule');
    assert.match(await k('describe', 'node', name), /Taints: +a=b:NoSchedule/);
    await k('taint', 'node', name, 'a-');
    await k('cordon', name);
    assert.match(await k('get', 'node', name), /Ready,SchedulingDisabled/);
    await k('uncordon', name);
    await k('create', 'deployment', 'web', '--image=nginx', '--replicas=2');
    await k('create', 'poddisruptionbudget', 'pdb', '--selector=app=web', '--min-available=2');
    await eventually('pods', async () => (await plane.pods(ns, 'app=web')).length === 2);
    for (const pod of await plane.pods(ns, 'app=web')) {
      await kubectl.ok(
        [
          'create',
          '--raw',
          `/api/v1/namespaces/${ns}/pods/${pod.metadata.name}/binding`,
          '-f',
          '-',
        ],
        JSON.stringify({
          apiVersion: 'v1',
          kind: 'Binding',
          metadata: { name: pod.metadata.name },
          target: { kind: 'Node', name },
        }),
      );
    }
    await runPods(
      'app=web',
      async () => (await get('pdb/pdb', '{.status.currentHealthy}')) === '2',
    );
    const refused = await kubectl.run([
      '-n',
      ns,
      'drain',
      name,
      '--timeout=1s',
      '--ignore-daemonsets',
    ]);
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.stderr,
      /Cannot evict pod as it would violate the pod's disruption budget/,
    );
    await k('patch', 'pdb', 'pdb', '--type=merge', '-p', '{"spec":{"minAvailable":0}}');
    await eventually(
      'budget',
      async () => (await get('pdb/pdb', '{.status.disruptionsAllowed}')) === '2',
    );
    const draining = k('drain', name, '--ignore-daemonsets', '--grace-period=1', '--timeout=60s');
    // The kubelet's part: terminating pods are deleted.
    await eventually('evicted pods go', async () => {
      const going = (await plane.pods(ns, 'app=web')).filter(
        ({ spec, metadata }) => spec.nodeName === name && metadata.deletionTimestamp,
      );
      for (const { metadata } of going)
        await k('delete', 'pod', metadata.name, '--grace-period=0', '--force', '--wait=false');
      return !(await plane.pods(ns, 'app=web')).some(({ spec }) => spec.nodeName === name);
    });
    assert.match(await draining, new RegExp(`node/${name} drained`));
    await k('delete', 'node', name);
  });

  it('approves certificate signing requests, which are then signed', async () => {
    const csr = join(folder, 'csr');
    await promisify(execFile)('openssl', [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-keyout',
      `${csr}.key`,
      '-subj',
      '/CN=jane/O=dev',
      '-out',
      csr,
    ]);
    const request = (await readFile(csr)).toString('base64');
    const name = `jane-${ns}`;
    await kubectl.ok(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name },
        spec: {
          request,
          signerName: 'kubernetes.io/kube-apiserver-client',
          usages: ['client auth'],
        },
      }),
    );
    assert.match(
      await k('get', 'csr', name),
      /kubernetes\.io\/kube-apiserver-client +kubernetes-admin +<none> +Pending/,
    );
    assert.match(await k('describe', 'csr', name), /Subject:\n +Common Name: +jane/);
    assert.match(await k('certificate', 'approve', name), /approved/);
    assert.match(await k('get', 'csr', name), /Approved/);
    await k('create', 'configmap', 'other', '--from-literal=a=b');
    const denied = `deny-${ns}`;
    await kubectl.ok(
      ['create', '-f', '-'],
      JSON.stringify({
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name: denied },
        spec: { request, signerName: 'example.com/x', usages: ['client auth'] },
      }),
    );
    assert.match(await k('certificate', 'deny', denied), /denied/);
    assert.match(await k('get', 'csr', denied), /Denied/);
  });

  it('deletes by name, selector, file and all, with each cascading strategy', async () => {
    const rs = (name: string) => ({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name },
      spec: {
        replicas: 1,
        selector: { matchLabels: { rs: name } },
        template: {
          metadata: { labels: { rs: name } },
          spec: { containers: [{ name: 'c', image: 'i' }] },
        },
      },
    });
    const list = { apiVersion: 'v1', kind: 'List', items: ['bg', 'fg', 'orphan'].map(rs) };
    await kubectl.ok(['-n', ns, 'create', '-f', '-'], JSON.stringify(list));
    const count = async (name: string): Promise<number> =>
      (await plane.pods(ns, `rs=${name}`)).length;
    for (const name of ['bg', 'fg', 'orphan'])
      await eventually('its pod', async () => (await count(name)) === 1);
    await k('delete', 'rs', 'bg');
    await k('delete', 'rs/fg', '--cascade=foreground');
    assert.equal(await count('fg'), 0, 'foreground waits for the pods');
    await k('delete', 'rs', 'orphan', '--cascade=orphan');
    await eventually('background', async () => (await count('bg')) === 0);
    assert.equal(await count('orphan'), 1);
    assert.match(await k('delete', 'pods', '-l', 'rs=orphan', '--now'), /deleted/);
    for (const name of ['a', 'b']) await k('create', 'configmap', name);
    assert.match(
      await kubectl.ok(
        ['-n', ns, 'delete', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }),
      ),
      /configmap "a" deleted/,
    );
    assert.match(await k('delete', 'configmaps', '--all'), /configmap "b" deleted/);
    assert.match(await k('delete', 'configmap', 'none', '--ignore-not-found'), /^$/);
    assert.match(
      (await kubectl.run(['-n', ns, 'delete', 'configmap', 'none'])).stderr,
      /configmaps "none" not found/,
    );
    await kubectl.ok(['delete', 'namespace', ns, '--timeout=60s']);
    assert.match((await kubectl.run(['get', 'namespace', ns])).stderr, /not found/);
  });
});
