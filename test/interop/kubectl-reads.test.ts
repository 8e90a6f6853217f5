// kubectl's read commands: get, describe, explain, discovery, auth, wait, events and config, and
// the wire rules that are visible in its log.
import assert from 'node:assert/strict';
import { RESOURCES } from '../../pkg/apis/facts/resources.js';
import { sampleOf } from '../../pkg/registry/samples.test.js';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

const pod = (name: string, labels: Record<string, string> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels },
  spec: { containers: [{ name: 'c', image: 'nginx' }] },
});
const list = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

describe('kubectl reads', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let kubectl: Kubectl;
  const k = (...args: string[]) => kubectl.ok(args);

  before(async () => {
    server = await startApiServer();
    await server.ready();
    kubectl = await createKubectl(server.kubeconfig);
    await k('create', 'serviceaccount', 'default');
    await kubectl.ok(
      ['create', '-f', '-'],
      list(pod('a', { app: 'x' }), pod('b', { app: 'y' }), pod('c', { app: 'x' })),
    );
    await k(
      'patch',
      'pod',
      'b',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Running","podIP":"10.0.0.9"}}',
    );
  });
  after(async () => {
    await kubectl.close();
    await server.stop();
  });

  it('needs four requests for a first list: two for discovery, none for schemas', async () => {
    const fresh = await createKubectl(server.kubeconfig);
    try {
      const { code, stderr } = await fresh.run(['get', 'pods', '-v=6']);
      assert.equal(code, 0);
      const paths = [...stderr.matchAll(/(?:GET|url=")\s?https:\/\/[^/]+(\/[^\s"]*)/g)].map(
        ([, path]) => path!.replace(/\?.*/, ''),
      );
      assert.deepEqual(paths.sort(), ['/api', '/api/v1/namespaces/default/pods', '/apis']);
    } finally {
      await fresh.close();
    }
  });

  it('prints tables in all output formats, sorted and selected', async () => {
    assert.match(
      await k('get', 'pods'),
      /^NAME +READY +STATUS +RESTARTS +AGE\na +0\/1 +Pending +0 +\d+s\nb +0\/1 +Running/,
    );
    assert.match(
      await k('get', 'pods', '-o', 'wide'),
      /NOMINATED NODE +READINESS GATES\n[^]*b .* 10\.0\.0\.9 /,
    );
    assert.match(
      await k('get', 'pods', '--show-labels', '--sort-by={.metadata.labels.app}', '--no-headers'),
      /^a .*app=x\nc .*app=x\nb .*app=y\n$/,
    );
    assert.match(await k('get', 'pods', '-L', 'app', '--no-headers'), /^a .* x\n/);
    assert.equal(await k('get', 'pods', '-l', 'app in (x)', '-o', 'name'), 'pod/a\npod/c\n');
    assert.equal(
      await k('get', 'pods', '--field-selector', 'status.phase=Running', '-o', 'name'),
      'pod/b\n',
    );
    assert.equal(
      await k(
        'get',
        'po',
        '-o',
        'custom-columns=N:.metadata.name,I:.spec.containers[0].image',
        '--chunk-size=1',
      ),
      'N     I\na     nginx\nb     nginx\nc     nginx\n',
    );
    assert.equal(await k('get', 'pods', '-o', 'jsonpath={.items[*].metadata.name}'), 'a b c');
    assert.equal(
      await k('get', 'pods/a', 'pod/b', '-o', 'go-template={{range .items}}{{.kind}} {{end}}'),
      'Pod Pod ',
    );
    assert.match(await k('get', 'pods', '-A'), /^NAMESPACE +NAME .*\ndefault +a /);
    assert.match(await k('get', 'all'), /pod\/a [^]*service\/kubernetes /);
    assert.match(
      await k('get', 'pod', 'a', '-o', 'yaml'),
      /^apiVersion: v1\nkind: Pod\nmetadata:\n/,
    );
    assert.match(await k('get', 'pods', '--show-kind'), /^NAME .*\npod\/a /);
    assert.match(
      await k('get', '--raw', '/api/v1/namespaces/default/pods?limit=1'),
      /"remainingItemCount":2/,
    );
    assert.match(
      (await kubectl.run(['get', 'pods', '-n', 'empty'])).stderr,
      /No resources found in empty namespace/,
    );
    assert.match(
      (await kubectl.run(['get', 'nothings'])).stderr,
      /the server doesn't have a resource type "nothings"/,
    );
    assert.match(
      (await kubectl.run(['get', 'pod', 'zz'])).stderr,
      /^Error from server \(NotFound\): pods "zz" not found\n$/,
    );
  });

  it('watches a list', async () => {
    const wanted = /^EVENT +NAME +READY[^]*ADDED +w [^]*(MODIFIED +w [^]*)?DELETED +w /;
    let seen = '';
    const watching = kubectl
      .run(
        ['get', 'pods', '-w', '-l', 'app=w', '--request-timeout=50s', '--output-watch-events'],
        '',
        {},
        wanted,
      )
      .then(({ stdout }) => (seen = stdout));
    // kubectl may begin to watch after the first changes.
    while (!seen) {
      await kubectl.ok(['create', '-f', '-'], JSON.stringify(pod('w', { app: 'w' })));
      await k('label', 'pod', 'w', 'more=1');
      await k('delete', 'pod', 'w');
    }
    await watching;
    assert.match(seen, wanted);
  });

  it('describes one object of every kind', async () => {
    const facts = RESOURCES.filter(
      (one) =>
        one.verbs.includes('create') &&
        sampleOf(one) &&
        !['events.k8s.io', 'certificates.k8s.io'].includes(one.group) &&
        !(one.resource === 'horizontalpodautoscalers' && one.version === 'v1'),
    );
    const objects = facts.map((one) => {
      const { uid: _uid, ...metadata } = sampleOf(one)!.metadata;
      return { ...sampleOf(one)!, metadata };
    });
    await kubectl.ok(['apply', '--server-side', '--force-conflicts', '-f', '-'], list(...objects));
    const failed: string[] = [];
    await Promise.all(
      [0, 1, 2].map(async (lane) => {
        for (const one of facts.filter((_, at) => at % 3 === lane)) {
          const type = one.group ? `${one.resource}.${one.group}` : one.resource;
          const { name } = sampleOf(one)!.metadata;
          const { code, stdout, stderr } = await kubectl.run(['describe', type, name]);
          if (code !== 0 || !new RegExp(`^Name: +${name}$`, 'm').test(stdout))
            failed.push(`${type}: ${stderr}${stdout.slice(0, 200)}`);
        }
      }),
    );
    assert.deepEqual(failed, []);
  });

  it('explains from the v2 document in protobuf', async () => {
    const explain = (path: string) => kubectl.ok(['explain', '--output=plaintext-openapiv2', path]);
    const ports = await explain('deployment.spec.template.spec.containers.ports');
    assert.match(ports, /KIND: +Deployment\nVERSION: +apps\/v1\n\nRESOURCE: ports <\[\]Object>/);
    assert.match(ports, /\n {3}containerPort\t<integer> -required-/);
    assert.match(await explain('configmap.data'), /FIELD: +data <map\[string\]string>/);
    assert.match(await explain('hpa.spec.metrics.resource'), /target\t<Object> -required-/);
  });

  it('explains from the v3 documents, also for another version', async () => {
    assert.match(await k('explain', 'pod.spec.containers.image'), /FIELD: image <string>/);
    assert.match(await k('explain', 'hpa', '--api-version=autoscaling/v1'), /VERSION: +v1/);
    assert.match(
      await k('explain', 'deployments', '--recursive'),
      /template\t<PodTemplateSpec> -required-/,
    );
    assert.match(
      (await kubectl.run(['explain', 'pod.spec.nothing'])).stderr,
      /field "nothing" does not exist/,
    );
  });

  it('lists API resources and versions', async () => {
    const resources = await k('api-resources', '--sort-by=name');
    for (const line of [
      /^componentstatuses +cs +v1 +false +ComponentStatus$/m,
      /^deployments +deploy +apps\/v1 +true +Deployment$/m,
      /^horizontalpodautoscalers +hpa +autoscaling\/v2 +true/m,
    ])
      assert.match(resources, line);
    assert.match(
      await k('api-resources', '--verbs=deletecollection', '--namespaced=false', '-o', 'name'),
      /^nodes$/m,
    );
    assert.doesNotMatch(await k('api-resources', '--categories=all', '-o', 'name'), /configmaps/);
    assert.match(await k('api-versions'), /^apps\/v1$[^]*^autoscaling\/v1$[^]*^v1$/m);
    assert.match(await k('version'), /Server Version: v1\.32\./);
    assert.match(await k('cluster-info'), /Kubernetes control plane.* is running at/);
    assert.match(
      await k('get', 'componentstatuses'),
      /^NAME +STATUS +MESSAGE +ERROR *\n[^]*etcd-0 +Healthy +ok/m,
    );
  });

  it('waits for conditions, values and deletion', async () => {
    const waiting = k('wait', '--for=jsonpath={.status.phase}=Running', 'pod/a', '--timeout=60s');
    const gone = k('wait', '--for=delete', 'pod/c', '--timeout=60s');
    await k(
      'patch',
      'pod',
      'a',
      '--subresource=status',
      '--type=merge',
      '-p',
      '{"status":{"phase":"Running","conditions":[{"type":"Ready","status":"True"}]}}',
    );
    await k('delete', 'pod', 'c');
    assert.match(await waiting, /pod\/a condition met/);
    await gone;
    assert.match(await k('wait', '--for=condition=Ready', 'pod', 'a'), /condition met/);
    assert.equal(
      (await kubectl.run(['wait', '--for=condition=Ready', 'pod/b', '--timeout=1s'])).code,
      1,
    );
  });

  it('shows events of an object, by type and all of them', async () => {
    const uid = await k('get', 'pod', 'a', '-o', 'jsonpath={.metadata.uid}');
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      involvedObject: { apiVersion: 'v1', kind: 'Pod', name: 'a', namespace: 'default', uid },
      reason: 'Tested',
      message: 'hello there',
      type: 'Warning',
      lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
      count: 3,
    };
    await kubectl.ok(['create', '-f', '-'], JSON.stringify(event));
    assert.match(
      await k('events', '--for', 'pod/a', '--types=Warning'),
      /Warning +Tested +Pod\/a +hello there/,
    );
    assert.match(
      await k('get', 'events', '--field-selector', 'involvedObject.name=a,type!=Normal'),
      /Warning +Tested +pod\/a +hello there/,
    );
    assert.match(
      await k('get', 'events.events.k8s.io', '--field-selector', 'regarding.name=a'),
      /Tested/,
    );
    assert.match(await k('describe', 'pod', 'a'), /Warning +Tested +.*hello there/);
  });

  it('reports the user and its permissions', async () => {
    assert.match(await k('auth', 'whoami'), /Username +kubernetes-admin/);
    assert.equal(await k('auth', 'can-i', '*', '*'), 'yes\n');
    assert.equal(
      (await kubectl.run(['auth', 'can-i', 'get', 'pods', '--as=nobody'])).stdout,
      'no\n',
    );
    assert.match(
      (await kubectl.run(['auth', 'can-i', '--list', '--as=nobody'])).stdout,
      /selfsubjectaccessreviews\.authorization\.k8s\.io/,
    );
    const role = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'rec', namespace: 'default' },
      rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
    };
    assert.match(
      await kubectl.ok(['auth', 'reconcile', '-f', '-'], JSON.stringify(role)),
      /role\.rbac\.authorization\.k8s\.io\/rec reconciled/,
    );
  });

  it('edits its kubeconfig', async () => {
    const own = await createKubectl(undefined);
    try {
      await own.ok([
        'config',
        'set-cluster',
        'here',
        `--server=${server.url}`,
        '--insecure-skip-tls-verify=true',
      ]);
      await own.ok([
        'config',
        'set-credentials',
        'me',
        `--token=${(await k('create', 'token', 'default')).trim()}`,
      ]);
      await own.ok([
        'config',
        'set-context',
        'c',
        '--cluster=here',
        '--user=me',
        '--namespace=shop',
      ]);
      await own.ok(['config', 'use-context', 'c']);
      assert.match(
        (await own.run(['get', 'pods'])).stderr,
        /pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group "" in the namespace "shop"/,
      );
    } finally {
      await own.close();
    }
  });
});
