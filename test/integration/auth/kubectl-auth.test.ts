// Authentication and authorization with kubectl, on a real server over TLS.
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningApiServer, startApiServer } from '../../../cmd/kube-apiserver/start.js';
import { renderKubeconfig } from '../../../pkg/system/pki/kubeconfig.js';
import { type ExecResult, tryExec } from '../../../pkg/system/exec.js';
import { Api } from '../apiserver/harness.js';

describe('kubectl and identity', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let dir: string;

  const kubectl = (args: readonly string[], input?: string): Promise<ExecResult> =>
    tryExec(
      ['kubectl', `--kubeconfig=${server.kubeconfig}`, ...args],
      input === undefined ? {} : { input },
    );
  const ok = async (...args: string[]): Promise<string> => {
    const result = await kubectl(args);
    assert.equal(result.code, 0, `${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  /** kubectl as another user, by the text of a kubeconfig. */
  async function as(config: string): Promise<(...args: string[]) => Promise<ExecResult>> {
    const path = join(dir, `${Math.random().toString(36).slice(2)}.conf`);
    await writeFile(path, config, { mode: 0o600 });
    return (...args) => tryExec(['kubectl', `--kubeconfig=${path}`, ...args]);
  }
  const withToken = (token: string) =>
    as(renderKubeconfig({ server: server.url, caPem: server.caPem, token }));

  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'auth-'));
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    await ok('create', 'namespace', 'shop');
    await ok('-n', 'shop', 'create', 'serviceaccount', 'web');
  });
  after(async () => {
    await server?.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('answers `auth whoami` for every kind of user', async () => {
    assert.match(
      await ok('auth', 'whoami'),
      /Username\s+kubernetes-admin\nGroups\s+\[system:masters system:authenticated\]/,
    );
    assert.match(
      await ok('auth', 'whoami'),
      /Extra: authentication.kubernetes.io\/credential-id\s+\[X509SHA256=[0-9a-f]{64}\]/,
    );
    const rules = (await ok('auth', 'can-i', '--list'))
      .split('\n')
      .filter((line) => line.endsWith('[*]'));
    assert.deepEqual(
      rules.map((line) => line.split(/\s{2,}/).filter(Boolean)),
      [
        ['*.*', '[]', '[]', '[*]'],
        ['[*]', '[]', '[*]'],
      ],
    );
    const alice = await as(server.kubeconfigFor('alice', ['dev']));
    assert.match(
      (await alice('auth', 'whoami')).stdout,
      /Username\s+alice\nGroups\s+\[dev system:authenticated\]/,
    );
    const nobody = await withToken('nonsense');
    assert.match((await nobody('get', 'pods')).stderr, /You must be logged in to the server/);
  });

  it("refuses in upstream's words until a role is bound", async () => {
    const alice = await as(server.kubeconfigFor('alice', ['dev']));
    assert.equal(
      (await alice('-n', 'shop', 'get', 'pods')).stderr,
      'Error from server (Forbidden): pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "shop"\n',
    );
    await ok(
      '-n',
      'shop',
      'create',
      'role',
      'reader',
      '--verb=get,list,watch',
      '--resource=pods,pods/log',
    );
    await ok('-n', 'shop', 'create', 'rolebinding', 'readers', '--role=reader', '--group=dev');
    assert.equal((await alice('-n', 'shop', 'get', 'pods')).code, 0);
    assert.equal((await alice('-n', 'shop', 'auth', 'can-i', 'list', 'pods')).stdout, 'yes\n');
    assert.equal((await alice('-n', 'shop', 'auth', 'can-i', 'delete', 'pods')).stdout, 'no\n');
    assert.equal((await alice('auth', 'can-i', 'list', 'pods')).stdout, 'no\n');
    assert.match(
      (await alice('-n', 'shop', 'auth', 'can-i', '--list')).stdout,
      /pods\/log\s+\[\]\s+\[\]\s+\[get list watch\]/,
    );
    await ok('-n', 'shop', 'delete', 'rolebinding', 'readers');
    assert.equal((await alice('-n', 'shop', 'get', 'pods')).code, 1);
  });

  it("has upstream's default roles: view cannot read secrets, edit can write", async () => {
    await ok('-n', 'shop', 'create', 'rolebinding', 'viewers', '--clusterrole=view', '--user=vera');
    await ok('-n', 'shop', 'create', 'rolebinding', 'editors', '--clusterrole=edit', '--user=eddy');
    const can = async (user: string, ...what: string[]) =>
      (await kubectl(['-n', 'shop', 'auth', 'can-i', '--as', user, ...what])).stdout.trim();
    assert.deepEqual(
      [
        await can('vera', 'list', 'pods'),
        await can('vera', 'get', 'secrets'),
        await can('vera', 'create', 'pods'),
      ],
      ['yes', 'no', 'no'],
    );
    assert.deepEqual(
      [
        await can('eddy', 'create', 'deployments.apps'),
        await can('eddy', 'get', 'secrets'),
        await can('eddy', 'create', 'roles.rbac.authorization.k8s.io'),
      ],
      ['yes', 'yes', 'no'],
    );
    assert.deepEqual(
      [
        await can('system:kube-scheduler', 'create', 'pods', '--subresource=binding'),
        await can('system:kube-scheduler', 'create', 'pods'),
      ],
      ['yes', 'no'],
    );
  });

  it('gives service accounts tokens that work', async () => {
    const token = await ok('-n', 'shop', 'create', 'token', 'web');
    const web = await withToken(token);
    assert.match((await web('auth', 'whoami')).stdout, /Username\s+system:serviceaccount:shop:web/);
    assert.equal((await web('-n', 'shop', 'get', 'pods')).code, 1);
    await ok(
      '-n',
      'shop',
      'create',
      'rolebinding',
      'webs',
      '--clusterrole=view',
      '--serviceaccount=shop:web',
    );
    assert.equal((await web('-n', 'shop', 'get', 'pods')).code, 0);
    const short = await kubectl(['-n', 'shop', 'create', 'token', 'web', '--duration=1m']);
    assert.match(short.stderr, /may not specify a duration less than 10 minutes/);
    assert.match(
      (await kubectl(['-n', 'shop', 'create', 'token', 'ghost'])).stderr,
      /serviceaccounts "ghost" not found/,
    );
  });

  it('reviews tokens for others', async () => {
    const token = await ok('-n', 'shop', 'create', 'token', 'web', '--audience=vault');
    const review = async (audiences: string[]) => {
      const body = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token, audiences },
      };
      const result = await kubectl(
        ['create', '--validate=false', '-o', 'json', '-f', '-'],
        JSON.stringify(body),
      );
      assert.equal(result.code, 0, result.stderr);
      return (
        JSON.parse(result.stdout) as {
          status: { authenticated?: boolean; user: { username?: string }; audiences?: string[] };
        }
      ).status;
    };
    const good = await review(['vault', 'other']);
    assert.deepEqual(
      [good.authenticated, good.user.username, good.audiences],
      [true, 'system:serviceaccount:shop:web', ['vault']],
    );
    assert.equal((await review([])).authenticated, undefined, 'not meant for the API');
  });

  it('refuses grants of permissions that the user does not hold', async () => {
    await ok('-n', 'shop', 'create', 'rolebinding', 'boss', '--clusterrole=admin', '--user=ada');
    const ada = await as(server.kubeconfigFor('ada'));
    assert.equal(
      (await ada('-n', 'shop', 'create', 'role', 'mine', '--verb=get', '--resource=pods')).code,
      0,
    );
    const wide = await ada('-n', 'shop', 'create', 'role', 'wide', '--verb=*', '--resource=nodes');
    assert.match(
      wide.stderr,
      /roles.rbac.authorization.k8s.io "wide" is forbidden: user "ada" \(groups=\["system:authenticated"\]\) is attempting to grant RBAC permissions not currently held:\n\{APIGroups:\[""\], Resources:\["nodes"\], Verbs:\["\*"\]\}/,
    );
    const master = await ada(
      '-n',
      'shop',
      'create',
      'rolebinding',
      'up',
      '--clusterrole=cluster-admin',
      '--user=ada',
    );
    assert.match(master.stderr, /attempting to grant RBAC permissions not currently held/);
    assert.equal(
      (await ada('-n', 'shop', 'create', 'rolebinding', 'fine', '--clusterrole=view', '--user=bob'))
        .code,
      0,
    );
  });

  it('impersonates for users with that permission', async () => {
    assert.match(
      await ok('auth', 'whoami', '--as=jane', '--as-group=dev', '--as-group=ops'),
      /Username\s+jane\nGroups\s+\[dev ops system:authenticated\]/,
    );
    const alice = await as(server.kubeconfigFor('alice'));
    assert.match(
      (await alice('get', '--raw', '/version', '--as=jane')).stderr,
      /users "jane" is forbidden: User "alice" cannot impersonate resource "users" in API group "" at the cluster scope/,
    );
  });

  it('serves the same paths to anonymous users as upstream', async () => {
    const stranger = new Api(server, null);
    try {
      for (const path of ['/healthz', '/livez', '/readyz', '/version'])
        assert.equal((await stranger.call('GET', path)).status, 200, path);
      for (const path of ['/api', '/metrics', '/openapi/v3']) {
        const { status, json } = (await stranger.call('GET', path)) as {
          status: number;
          json: { message: string };
        };
        assert.deepEqual(
          [status, json.message],
          [403, `forbidden: User "system:anonymous" cannot get path "${path}"`],
        );
      }
    } finally {
      stranger.close();
    }
    assert.equal((await kubectl(['get', '--raw', '/.well-known/openid-configuration'])).code, 0);
  });

  it('restricts nodes to their own pods', async () => {
    const node = await as(server.kubeconfigFor('system:node:n1', ['system:nodes']));
    await ok('-n', 'shop', 'create', 'secret', 'generic', 'mine', '--from-literal=a=b');
    await ok('-n', 'shop', 'create', 'secret', 'generic', 'other', '--from-literal=a=b');
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'shop' },
      spec: {
        nodeName: 'n1',
        serviceAccountName: 'web',
        containers: [{ name: 'c', image: 'x', envFrom: [{ secretRef: { name: 'mine' } }] }],
      },
    };
    const created = await kubectl(['create', '-f', '-'], JSON.stringify(pod));
    assert.equal(created.code, 0, created.stderr);
    const code = async (...args: string[]) => (await node('-n', 'shop', ...args)).code;
    assert.deepEqual(
      [
        await code('get', 'secret', 'mine'),
        await code('get', 'secret', 'other'),
        await code('get', 'secrets'),
      ],
      [0, 1, 1],
    );
    assert.deepEqual(
      [
        await code('get', 'secrets', '--field-selector=metadata.name=mine'),
        await code('get', 'secrets', '--field-selector=metadata.name=other'),
      ],
      [0, 1],
    );
    assert.deepEqual(
      [
        await code('get', 'pods', '--field-selector=spec.nodeName=n1'),
        await code('get', 'pods'),
        await code('get', 'pod', 'p'),
      ],
      [0, 1, 0],
    );
    assert.match(
      (await node('-n', 'shop', 'get', 'secret', 'other')).stderr,
      /no relationship found between node 'n1' and this object/,
    );
    assert.match((await node('-n', 'shop', 'create', 'token', 'web')).stderr, /not bound to a pod/);
    const uid = await ok('-n', 'shop', 'get', 'pod', 'p', '-o', 'jsonpath={.metadata.uid}');
    assert.equal(
      (
        await node(
          '-n',
          'shop',
          'create',
          'token',
          'web',
          '--bound-object-kind=Pod',
          '--bound-object-name=p',
          `--bound-object-uid=${uid}`,
        )
      ).code,
      0,
    );
    assert.match((await node('label', 'node', 'n2', 'a=b')).stderr, /forbidden|not found/i);
  });
});
