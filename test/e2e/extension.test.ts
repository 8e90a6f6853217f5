// The examples that extend the API, in pods, by the commands of their READMEs.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../hack/cluster/layout.js';
import { until } from '../../hack/cluster/wait.js';
import { exec } from '../../pkg/system/exec.js';
import { manifestOf, selfSigned } from '../support/example-process.js';
import { TestCluster } from './cluster.js';

describe('examples that extend the API, in pods', function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let folder: string;
  const k = (...words: string[]) => cluster.kubectl(...words);
  const apply = async (text: string): Promise<void> => {
    const { code, stderr } = await cluster.tryKubectl(['apply', '-f', '-'], text);
    assert.equal(code, 0, stderr);
  };
  const image = (example: string) =>
    exec(
      [join(ROOT, 'hack/image'), 'build', '--no-build', '--name', cluster.name].concat(
        `examples/${example}/src/main.ts`,
        `example.com/${example}:1`,
      ),
      { timeoutMs: 120_000 },
    );
  /** Makes the certificate of a service, and its Secret; resolves to the bundle. */
  const secret = async (name: string, namespace: string): Promise<string> => {
    const { cert, key, bundle } = await selfSigned(folder, `${name}.${namespace}.svc`);
    await k(
      'create',
      'secret',
      'tls',
      `${name}-tls`,
      '-n',
      namespace,
      '--cert',
      cert,
      '--key',
      key,
    );
    return bundle;
  };

  before(async function () {
    this.timeout(400_000);
    folder = mkdtempSync(join(tmpdir(), 'wheelhouse-extension-'));
    await cluster.up('--nodes', '2');
    for (const example of ['operator', 'extension-server', 'admission-webhook'])
      await image(example);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await cluster.down();
  });

  it('an operator makes, scales and removes what a website consists of', async () => {
    for (const file of ['crd.yaml', 'operator.yaml']) await apply(manifestOf('operator', file));
    await k('rollout', 'status', '-n', 'website-operator', 'deployment/operator', '--timeout=60s');
    await apply(manifestOf('operator', 'website.yaml'));
    const ready = ['wait', '--for=jsonpath={.status.phase}=Ready', 'website/hello'];
    await k(...ready, '--timeout=60s');
    const path = '/api/v1/namespaces/default/services/hello/proxy/';
    assert.equal((await k('get', '--raw', path)).trim(), '<h1>Hello</h1>');
    await k('scale', 'website/hello', '--replicas=2');
    await k('wait', '--for=jsonpath={.status.readyReplicas}=2', 'website/hello', '--timeout=60s');
    assert.match(await k('get', 'websites'), /NAME +WANTED +READY +PHASE\nhello +2 +2 +Ready/);
    await k('delete', 'website', 'hello', '--timeout=30s');
    const selector = ['-l', 'example.com/website=hello', '-o', 'name'];
    await until(
      async () => !(await k('get', 'configmaps,deployments,services,pods', ...selector)).trim(),
      60_000,
      () => 'the children stay',
    );
  });

  it('kubectl get, explain and watch use an API server in a pod', async () => {
    const bundle = await secret('pantry', 'default');
    await apply(manifestOf('extension-server', 'server.yaml'));
    await apply(manifestOf('extension-server', 'apiservice.yaml').replace(/CA_BUNDLE$/m, bundle));
    const service = 'apiservice/v1.pantry.example.com';
    await k('wait', '--for=condition=Available', service, '--timeout=60s');
    await cluster.create(manifestOf('extension-server', 'jars.yaml'));
    assert.match(
      await k('get', 'jars'),
      /^NAME +CONTENT +GRAMS\nplums +plums +450\nhoney +honey +500\n$/,
    );
    await until(
      async () => (await cluster.tryKubectl(['explain', 'jars.spec'])).stdout.includes('The food.'),
      30_000,
      () => 'explain does not know jars',
    );
    const { stderr } = await cluster.tryKubectl(['get', 'jars', '--as=bob']);
    assert.match(stderr, /Forbidden|forbidden/);
    // A broken server stops neither other groups nor the end of a namespace.
    await k('scale', 'deployment/pantry', '--replicas=0');
    await k('wait', '--for=condition=Available=False', service, '--timeout=60s');
    assert.equal(
      await cluster.jsonPath(service, '{.status.conditions[0].reason}'),
      'MissingEndpoints',
    );
    await k('get', 'pods,websites');
    await k('delete', 'apiservice', 'v1.pantry.example.com');
  });

  it('a webhook denies kubectl run and completes the pods of controllers', async () => {
    await apply(manifestOf('admission-webhook', 'server.yaml'));
    const bundle = await secret('guard', 'guards');
    await k('rollout', 'status', '-n', 'guards', 'deployment/guard', '--timeout=60s');
    await apply(
      manifestOf('admission-webhook', 'webhooks.yaml').replaceAll(/CA_BUNDLE$/gm, bundle),
    );
    await k('create', 'namespace', 'guarded');
    await k('label', 'namespace', 'guarded', 'guard=on');
    const denied = await cluster.tryKubectl(['run', 'web', '--image=busybox:1', '-n', 'guarded']);
    assert.equal(denied.code, 1);
    assert.match(
      denied.stderr,
      /admission webhook "controllers\.guard\.example\.com" denied the request: a pod needs a controller/,
    );
    await k('run', 'web', '--image=busybox:1', '--', 'sleep', '1000');
    await k(
      'create',
      'deployment',
      'web',
      '--image=busybox:1',
      '-n',
      'guarded',
      '--',
      'sleep',
      '99',
    );
    await k('rollout', 'status', '-n', 'guarded', 'deployment/web', '--timeout=60s');
    assert.equal(
      await cluster.jsonPath(
        'pods -n guarded',
        '{.items[*].spec.containers[*].resources.requests}',
      ),
      '{"cpu":"10m","memory":"16Mi"}',
    );
    // The webhook's own pods come back, because their namespace is not guarded.
    await k('delete', 'pods', '-n', 'guards', '-l', 'app=guard', '--now');
    await k('rollout', 'status', '-n', 'guards', 'deployment/guard', '--timeout=60s');
    await k('rollout', 'restart', '-n', 'guarded', 'deployment/web');
    await k('rollout', 'status', '-n', 'guarded', 'deployment/web', '--timeout=60s');
  });
});
