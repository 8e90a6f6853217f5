// kubectl's writes and its messages for refused writes: validation, the three kinds of apply,
// patches and protobuf bodies, with the real server on the memory store.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { createKubectl, type Kubectl } from '../support/kubectl-process.js';

type Json = Record<string, unknown>;

function deployment(name: string, replicas: number | string, extra: Json = {}): string {
  const labels = { app: name };
  const container = {
    name: 'c',
    image: 'nginx:1',
    ports: [{ containerPort: 80 }],
    resources: { limits: { cpu: '1' } },
  };
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
      ...extra,
    },
  });
}

describe('kubectl writes', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let kubectl: Kubectl;
  before(async () => {
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    kubectl = await createKubectl(server.kubeconfig);
  });
  after(async () => {
    await kubectl.close();
    await server.stop();
  });

  const get = async (name: string, path: string): Promise<string> =>
    kubectl.ok(['get', 'deployment', name, '-o', `jsonpath=${path}`]);
  const refused = async (args: readonly string[], input: string, text: string): Promise<void> => {
    const { code, stderr } = await kubectl.run(args, input);
    assert.notEqual(code, 0);
    assert.ok(stderr.includes(text), stderr);
  };

  it('explains fields and finds merge keys in the same documents', async () => {
    const text = await kubectl.ok(['explain', 'deployment.spec.template.spec.containers.ports']);
    assert.match(text, /KIND: +Deployment\nVERSION: +v1\n\nFIELD: ports <\[\]ContainerPort>/);
    assert.match(text, /containerPort\t<integer> -required-/);
  });

  it("reports unknown and mistyped fields with upstream's messages", async () => {
    const head =
      'Error from server (BadRequest): error when creating "STDIN": Deployment in version "v1" cannot be handled as a Deployment: ';
    await refused(
      ['create', '-f', '-'],
      deployment('bad', 1, { foo: 1 }),
      `${head}strict decoding error: unknown field "spec.foo"`,
    );
    await refused(
      ['create', '-f', '-'],
      deployment('bad', 'x'),
      `${head}json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32`,
    );
    const { stderr } = await kubectl.run(
      ['create', '--validate=warn', '-f', '-'],
      deployment('warned', 1, { foo: 1 }),
    );
    assert.match(stderr, /Warning: unknown field "spec\.foo"/);
    await kubectl.ok(
      ['create', '--validate=false', '-f', '-'],
      deployment('lenient', 1, { foo: 1 }),
    );
    assert.equal(await get('lenient', '{.spec.foo}'), '');
  });

  it('applies on the client: created, configured, unchanged, diff', async () => {
    const apply = (replicas: number): Promise<string> =>
      kubectl.ok(['apply', '-f', '-'], deployment('csa', replicas));
    assert.match(await apply(1), /created/);
    assert.match(await apply(2), /configured/);
    assert.match(await apply(2), /unchanged/);
    const { code, stdout } = await kubectl.run(['diff', '-f', '-'], deployment('csa', 3));
    assert.equal(code, 1);
    assert.match(stdout, /-  replicas: 2\n\+  replicas: 3/);
    assert.equal(await get('csa', '{.spec.replicas} {.metadata.generation}'), '2 2');
  });

  it('applies on the server, with conflicts and force', async () => {
    const apply = (manager: string, ...more: string[]): string[] => [
      'apply',
      '--server-side',
      `--field-manager=${manager}`,
      ...more,
      '-f',
      '-',
    ];
    await kubectl.ok(apply('one'), deployment('ssa', 1));
    await refused(
      apply('two'),
      deployment('ssa', 2),
      'Apply failed with 1 conflict: conflict with "one": .spec.replicas',
    );
    await kubectl.ok(apply('two', '--force-conflicts'), deployment('ssa', 2));
    const before = await get('ssa', '{.metadata.resourceVersion}');
    await kubectl.ok(apply('two'), deployment('ssa', 2));
    assert.equal(await get('ssa', '{.metadata.resourceVersion} {.spec.replicas}'), `${before} 2`);
    await refused(
      apply('two'),
      deployment('ssa', 2, { bogus: 1 }),
      '.spec.bogus: field not declared in schema',
    );
    await kubectl.ok(['scale', 'deployment/ssa', '--replicas=5']);
    await refused(
      apply('two'),
      deployment('ssa', 2),
      'conflict with "kubectl" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  it('refuses to create by apply with the permission to patch only', async () => {
    await kubectl.ok([
      'create',
      'role',
      'patcher',
      '--verb=get,patch',
      '--resource=deployments.apps',
    ]);
    await kubectl.ok(['create', 'rolebinding', 'patcher', '--role=patcher', '--user=patcher']);
    const folder = await mkdtemp(join(tmpdir(), 'patcher-'));
    const patcher = await createKubectl(join(folder, 'config'));
    try {
      await writeFile(join(folder, 'config'), server.kubeconfigFor('patcher'));
      const apply = ['apply', '--server-side', '--validate=false', '--force-conflicts', '-f', '-'];
      const { stderr } = await patcher.run(apply, deployment('mine', 1));
      assert.match(
        stderr,
        /deployments\.apps "mine" is forbidden: User "patcher" cannot create resource "deployments" in API group "apps" in the namespace "default"/,
      );
      await patcher.ok(apply, deployment('ssa', 4));
    } finally {
      await patcher.close();
      await rm(folder, { recursive: true });
    }
  });

  it('moves from client-side to server-side apply without a conflict', async () => {
    await kubectl.ok(['apply', '-f', '-'], deployment('moved', 1));
    await kubectl.ok(['apply', '--server-side', '-f', '-'], deployment('moved', 3));
    assert.equal(await get('moved', '{.spec.replicas}'), '3');
    assert.match(
      await get(
        'moved',
        '{.metadata.annotations.kubectl\\.kubernetes\\.io/last-applied-configuration}',
      ),
      /"replicas":3/,
    );
  });

  it('patches with three patch types', async () => {
    await kubectl.ok(['create', '-f', '-'], deployment('patched', 1));
    await kubectl.ok([
      'patch',
      'deployment',
      'patched',
      '-p',
      '{"spec":{"template":{"spec":{"containers":[{"name":"c","image":"nginx:2"},{"name":"d","image":"x"}]}}}}',
    ]);
    await kubectl.ok([
      'patch',
      'deployment',
      'patched',
      '--type=merge',
      '-p',
      '{"metadata":{"labels":{"a":"b"}},"spec":{"replicas":4}}',
    ]);
    await kubectl.ok([
      'patch',
      'deployment',
      'patched',
      '--type=json',
      '-p',
      '[{"op":"test","path":"/spec/replicas","value":4},{"op":"remove","path":"/spec/template/spec/containers/1"}]',
    ]);
    assert.equal(
      await get(
        'patched',
        '{.spec.replicas} {.metadata.labels.a} {.spec.template.spec.containers[*].image}',
      ),
      '4 b nginx:2',
    );
    await refused(
      [
        'patch',
        'deployment',
        'patched',
        '--type=json',
        '-p',
        '[{"op":"test","path":"/spec/replicas","value":9}]',
      ],
      '',
      'the server rejected our request due to an error in our request',
    );
  });

  it('reports unknown kinds', async () => {
    for (const version of ['v1', 'foo.io/v1']) {
      await refused(
        ['create', '-f', '-'],
        `apiVersion: ${version}\nkind: Foo\nmetadata: {name: x}\n`,
        `no matches for kind "Foo" in version "${version}"`,
      );
    }
    await kubectl.ok(['create', 'serviceaccount', 'default']);
    await kubectl.ok(['run', 'gone', '--image=i']);
    await refused(
      ['create', '-f', '-'],
      'apiVersion: policy/v1\nkind: Eviction\nmetadata: {name: gone, namespace: default}\n',
      'no matches for kind "Eviction" in version "policy/v1"',
    );
  });

  it('creates reviews from files, without a name and with the answer in the status', async () => {
    const attributes = 'resourceAttributes: {verb: get, resource: pods, namespace: default}';
    const reviews = [
      `apiVersion: authorization.k8s.io/v1\nkind: SubjectAccessReview\nspec:\n  user: bob\n  ${attributes}\n`,
      `apiVersion: authorization.k8s.io/v1\nkind: LocalSubjectAccessReview\nmetadata: {namespace: default}\nspec:\n  user: bob\n  ${attributes}\n`,
      `apiVersion: authorization.k8s.io/v1\nkind: SelfSubjectAccessReview\nspec:\n  ${attributes}\n`,
      'apiVersion: authentication.k8s.io/v1\nkind: TokenReview\nspec: {token: abc}\n',
    ];
    assert.match(
      await kubectl.ok(['create', '-f', '-'], reviews.join('---\n')),
      /subjectaccessreview.authorization.k8s.io\/<unknown> created\nlocalsubjectaccessreview/,
    );
    const answers = await Promise.all(
      reviews.map((review) =>
        kubectl.ok(
          ['create', '-o', 'jsonpath={.metadata.name}{.status.allowed}{.status.error}', '-f', '-'],
          review,
        ),
      ),
    );
    assert.deepEqual(answers, ['false', 'false', 'true', 'invalid bearer token']);
  });

  it('creates objects that kubectl sends as protobuf', async () => {
    await kubectl.ok([
      'create',
      'deployment',
      'proto',
      '--image=nginx',
      '--replicas=0',
      '--port=80',
    ]);
    assert.equal(
      await get(
        'proto',
        '{.spec.replicas} {.spec.template.spec.containers[0].ports[0].containerPort}',
      ),
      '0 80',
    );
    for (const args of [
      ['configmap', 'c', '--from-literal=a=b'],
      ['secret', 'generic', 's', '--from-literal=a=b'],
      ['namespace', 'n'],
      ['serviceaccount', 'sa'],
      ['service', 'clusterip', 'svc', '--tcp=80:8080'],
      ['role', 'r', '--verb=get', '--resource=pods'],
      ['quota', 'q', '--hard=cpu=1'],
    ])
      assert.match(await kubectl.ok(['create', ...args]), /created/);
    assert.equal(await kubectl.ok(['get', 'secret', 's', '-o', 'jsonpath={.data.a}']), 'Yg==');
    assert.match(await kubectl.ok(['auth', 'can-i', 'create', 'pods']), /yes/);
  });
});
