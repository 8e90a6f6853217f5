// The programs of examples/ that extend the API, as processes beside an API server, with the rights
// of their service accounts. test/e2e/extension.test.ts runs them in pods.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { isDialableOrLoopback } from '../../../pkg/apiserver/dial/dial-rule.js';
import { createCa, issue } from '../../../pkg/system/pki/certificates.js';
import { eventually } from '../../support/control-plane.js';
import {
  freePort,
  manifestOf,
  runExample,
  selfSigned,
  type Running,
} from '../../support/example-process.js';
import { createKubectl, type Kubectl } from '../../support/kubectl-process.js';
import { Api, type Json } from '../apiserver/harness.js';

const account = (namespace: string, name: string) =>
  [
    `system:serviceaccount:${namespace}:${name}`,
    ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  ] as const;

describe('examples that extend the API', function () {
  this.timeout(120_000);
  const frontCa = createCa('front-proxy-ca');
  const running: Running[] = [];
  let server: RunningApiServer;
  let api: Api;
  let kubectl: Kubectl;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-examples-'));
    const front = issue({ ca: frontCa, commonName: 'front-proxy-client', usages: ['client'] });
    server = await startApiServer({
      frontProxy: {
        identity: { cert: front.certPem, key: front.keyPem },
        ca: frontCa.certPem,
        allowedNames: ['front-proxy-client'],
        allows: isDialableOrLoopback,
      },
    });
    await server.ready();
    api = new Api(server);
    kubectl = await createKubectl(server.kubeconfig);
  });
  after(async () => {
    await Promise.all(running.map((one) => one.stop()));
    await kubectl?.close();
    api?.close();
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const apply = (text: string) => kubectl.ok(['apply', '-f', '-'], text);

  describe('operator', () => {
    const SITE = '/apis/example.com/v1/namespaces/default/websites/hello';
    const CHILDREN = [
      '/api/v1/namespaces/default/configmaps/hello',
      '/apis/apps/v1/namespaces/default/deployments/hello',
      '/api/v1/namespaces/default/services/hello',
    ];
    const index = async (): Promise<Json> =>
      (await api.get('/api/v1/namespaces/default/configmaps/website-index')).json.data ?? {};

    before(async () => {
      await apply(manifestOf('operator', 'crd.yaml'));
      await apply(manifestOf('operator', 'operator.yaml'));
      const kubeconfig = server.kubeconfigFor(...account('website-operator', 'operator'));
      running.push(await runExample(folder, 'operator', kubeconfig));
    });

    it('makes the children of a website, owned by it', async () => {
      await apply(manifestOf('operator', 'website.yaml'));
      const { metadata } = await eventually<Json>('finalizer', async () => {
        const { json } = await api.get(SITE);
        return json.metadata.finalizers?.includes('example.com/index') && json;
      });
      for (const path of CHILDREN) {
        const child = await eventually<Json>(path, async () => {
          const { status, json } = await api.get(path);
          return status === 200 && json;
        });
        const [owner] = child.metadata.ownerReferences;
        assert.deepEqual(
          [owner.kind, owner.uid, owner.controller],
          ['Website', metadata.uid, true],
        );
      }
      await eventually('entry', async () => (await index()).hello === '14 characters');
    });

    it('writes the status when the deployment changes', async () => {
      const phase = async () => (await api.get(SITE)).json.status?.phase;
      await eventually('progressing', async () => (await phase()) === 'Progressing');
      // No controllers run here; the deployment's status is that of a deployment controller.
      const status = { observedGeneration: 1, replicas: 1, readyReplicas: 1 };
      const type = 'application/merge-patch+json';
      await api.ok(api.patch(`${CHILDREN[1]}/status`, type, { status }));
      await eventually('ready', async () => (await phase()) === 'Ready');
      assert.match(
        await kubectl.ok(['get', 'websites']),
        /^NAME +WANTED +READY +PHASE\nhello +1 +1 +Ready *\n$/,
      );
    });

    it('follows scale and edits, and repairs its children', async () => {
      await kubectl.ok(['scale', 'website/hello', '--replicas=3']);
      const replicas = async () => (await api.get(CHILDREN[1]!)).json.spec?.replicas;
      await eventually('scaled', async () => (await replicas()) === 3);
      const { generation } = (await api.get(SITE)).json.metadata;
      assert.equal(generation, 2, 'finalizer and status are no changes of the spec');
      await kubectl.ok(['scale', 'deployment/hello', '--replicas=7']);
      await eventually('repaired', async () => (await replicas()) === 3);
      await api.ok(api.delete(CHILDREN[1]!));
      await eventually('made again', async () => (await replicas()) === 3);
    });

    it('refuses a page without a tag', async () => {
      const bad = manifestOf('operator', 'website.yaml').replace('<h1>Hello</h1>', 'Hello');
      const { stderr } = await kubectl.run(['apply', '-f', '-'], bad);
      assert.match(stderr, /spec: Invalid value: "object": a page has at least one tag/);
    });

    it('cleans the index up before a website goes', async () => {
      await kubectl.ok(['delete', 'website', 'hello', '--timeout=60s']);
      assert.equal((await index()).hello, undefined);
      assert.equal((await api.get(SITE)).status, 404);
    });
  });

  describe('extension server', () => {
    before(async () => {
      const port = await freePort();
      const { cert, key, bundle } = await selfSigned(folder, 'pantry.default.svc');
      await apply(manifestOf('extension-server', 'server.yaml'));
      const kubeconfig = server.kubeconfigFor(...account('default', 'pantry'));
      const env = { TLS_CERT: cert, TLS_KEY: key, PORT: String(port) };
      running.push(await runExample(folder, 'extension-server', kubeconfig, env));
      // The service of the manifest selects pods, which this test does not have.
      await kubectl.ok(['delete', 'service', 'pantry']);
      const spec = { type: 'ExternalName', externalName: 'localhost' };
      await apply(
        JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'pantry' }, spec }),
      );
      await apply(
        manifestOf('extension-server', 'apiservice.yaml')
          .replace('caBundle: CA_BUNDLE', `caBundle: ${bundle}`)
          .replace('port: 443', `port: ${port}`),
      );
      await kubectl.ok([
        'wait',
        '--for=condition=Available',
        'apiservice/v1.pantry.example.com',
        '--timeout=60s',
      ]);
    });

    it('is used by kubectl get, as tables, by name, by short name and in a watch', async () => {
      assert.equal(
        await kubectl.ok(['create', '-f', '-'], manifestOf('extension-server', 'jars.yaml')),
        'jar.pantry.example.com/plums created\njar.pantry.example.com/honey created\n',
      );
      assert.match(
        await kubectl.ok(['get', 'jars']),
        /^NAME +CONTENT +GRAMS\nplums +plums +450\nhoney +honey +500\n$/,
      );
      assert.match(await kubectl.ok(['get', 'jr', 'honey']), /^NAME.*\nhoney +honey +500\n$/);
      assert.match(await kubectl.ok(['get', 'all']), /jar\.pantry\.example\.com\/plums/);
      const paths = ['get', 'jars', '-A', '-o', 'jsonpath={.items[*].spec.grams}'];
      assert.equal(await kubectl.ok(paths), '450 500');
      const waiting = kubectl.ok([
        'wait',
        '--for=jsonpath={.spec.grams}=400',
        'jar/plums',
        '--timeout=60s',
      ]);
      await kubectl.ok(['patch', 'jar', 'plums', '--type=merge', '-p', '{"spec":{"grams":400}}']);
      assert.match(await waiting, /condition met/);
      await kubectl.ok(['delete', 'jar', 'plums', '--timeout=60s']);
      const { stderr } = await kubectl.run(['get', 'jar', 'plums']);
      assert.match(stderr, /\(NotFound\): jars\.pantry\.example\.com "plums" not found/);
    });

    it('asks what the user may do', async () => {
      const as = ['--as=bob', '--as-group=system:authenticated'];
      const { stderr } = await kubectl.run(['get', 'jars', ...as]);
      assert.match(stderr, /Forbidden/);
    });

    it('lets kubectl explain its kind from both forms of OpenAPI', async () => {
      const text = /grams\t<integer>\n {4}Weight of the food\./;
      assert.match(await eventually('v3', () => kubectl.ok(['explain', 'jars.spec'])), text);
      const older = ['explain', 'jars.spec', '--output=plaintext-openapiv2'];
      const said = await eventually('v2', () => kubectl.ok(older));
      assert.match(said, /grams\t<integer>\n {5}Weight of the food\./);
      assert.match(await kubectl.ok(['explain', 'pods.spec.containers']), /image\t<string>/);
    });
  });

  describe('admission webhook', () => {
    before(async () => {
      const port = await freePort();
      const { cert, key, bundle } = await selfSigned(folder, 'localhost');
      const env = { TLS_CERT: cert, TLS_KEY: key, PORT: String(port) };
      running.push(await runExample(folder, 'admission-webhook', '', env));
      // The service of the manifest selects pods, which this test does not have.
      await apply(
        manifestOf('admission-webhook', 'webhooks.yaml')
          .replaceAll(/^ +caBundle: CA_BUNDLE/gm, `    caBundle: ${bundle}`)
          .replaceAll(
            /service: \{.*path: (\/\w+)\}/g,
            (_, path: string) => `url: https://localhost:${port}${path}`,
          ),
      );
      await kubectl.ok(['create', 'namespace', 'guarded']);
      await kubectl.ok(['label', 'namespace', 'guarded', 'guard=on']);
      for (const namespace of ['guarded', 'default'])
        await kubectl.run(['create', 'serviceaccount', 'default', '-n', namespace]);
    });

    it('denies kubectl run where it guards, and nowhere else', async () => {
      const run = (namespace: string) =>
        kubectl.run(['run', 'web', '--image=nginx', '-n', namespace]);
      const { code, stderr } = await run('guarded');
      assert.equal(code, 1);
      assert.equal(
        stderr.split('\n').at(-2),
        'Error from server: admission webhook "controllers.guard.example.com" denied the request: a pod needs a controller: use kubectl create deployment',
      );
      assert.equal((await run('default')).code, 0);
    });

    it('completes pods, and says so', async () => {
      const { code, stderr } = await kubectl.run(
        ['create', '-n', 'guarded', '-f', '-'],
        'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: c, image: i}]}',
      );
      assert.equal(code, 0, stderr);
      assert.match(stderr, /Warning: 1 container\(s\) without requests got cpu 10m/);
      const paths = 'jsonpath={.spec.containers[0].resources.requests}';
      assert.equal(
        await kubectl.ok(['get', 'pod', 'a', '-n', 'guarded', '-o', paths]),
        '{"cpu":"10m","memory":"16Mi"}',
      );
    });
  });
});
