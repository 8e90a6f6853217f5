// The npm package wheelhouse-test as its users get it: packed, installed into an empty project
// outside this checkout without a network, and used from every kind of module and test runner.
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { npmPackageFile } from '../support/npm-package.js';
import { NAMESPACES, NODES } from '../../pkg/apis/resource-types.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { createClient } from '../../pkg/client/rest-client.js';
import { realEnv } from '../../pkg/system/env.js';
import { freePort } from '../support/example-process.js';
import { skip } from '../support/skip.js';

const run = promisify(execFile);
const BUILT = resolve('dist/npm/wheelhouse-test');
const LIMIT_MS = 60_000;
/** Runners that work on Node.js 20. */
const JEST = 'jest@30.5.2';
const VITEST = 'vitest@3.2.4';

const ESM = `import { startApiServer, startCluster } from 'wheelhouse-test';`;
const CRD = (group: string, scope: string): string =>
  JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope,
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object' } },
        },
      ],
    },
  });

/** A suite that is right for mocha, jest and vitest. Fake timers must not stop the server. */
const SUITE = (load: string, before: string, after: string, fake: string): string => `
  ${load}
  const http = require('node:https');
  const assert = require('node:assert');
  let api;
  ${before}(async () => { api = await startApiServer({ crds: [${CRD('a.example', 'Namespaced')}] }); }, 60000);
  ${after}(() => api.stop());
  it('serves', async () => {
    ${fake}
    const status = await new Promise((resolve, reject) =>
      http.get(api.url + '/version', { ca: api.caPem }, (answer) => resolve(answer.resume().statusCode))
        .on('error', reject));
    assert.equal(status, 200);
  }, 60000);
  it('knows users', async () => {
    assert.match(await api.kubeconfigFor('alice', ['dev']), /client-certificate-data/);
  });`;

/** A client without packages: `ask(method, body)` of the pod default/a. */
const CLIENT = `
  import { request } from 'node:https';
  function client(config, { url, caPem: ca }) {
    const [cert, key] = ['certificate', 'key'].map((name) =>
      Buffer.from(new RegExp('client-' + name + '-data: (.*)').exec(config)[1], 'base64'));
    return (method, body) => new Promise((resolve, reject) => {
      const path = '/api/v1/namespaces/default/pods' + (body ? '' : '/a');
      request(url + path, { method, ca, cert, key, headers: { 'content-type': 'application/json' } })
        .on('error', reject)
        .on('response', async (answer) => {
          let text = '';
          for await (const chunk of answer) text += chunk;
          answer.statusCode < 300 ? resolve(JSON.parse(text)) : reject(new Error(text));
        })
        .end(body && JSON.stringify(body));
    });
  }`;

interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

describe('the npm package', function () {
  this.timeout(3 * LIMIT_MS);
  let folder: string;
  let project: string;
  let temporary: string;

  before(async function () {
    if (!existsSync(BUILT)) skip(this, { setup: `${BUILT} (hack/build)` });
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-npm-'));
    project = join(folder, 'project');
    temporary = join(folder, 'tmp');
    await mkdir(project);
    await mkdir(temporary);
    await run('npm', ['pack', '--silent', BUILT], { cwd: folder });
    const [packed] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
    await write('package.json', JSON.stringify({ name: 'empty', private: true }));
    const cache = ['--offline', '--cache', join(folder, 'cache'), '--no-audit', '--no-fund'];
    await run('npm', ['install', ...cache, join('..', packed!)], { cwd: project });
  });
  after(() => folder && rm(folder, { recursive: true, force: true }));
  afterEach(() => {
    const left = temporary && existsSync(temporary) ? readdirSync(temporary) : [];
    assert.deepEqual(
      left.filter((name) => name.startsWith('wheelhouse-')),
      [],
      'files are left',
    );
  });

  async function write(file: string, text: string): Promise<string> {
    await mkdir(dirname(join(project, file)), { recursive: true });
    await writeFile(join(project, file), text);
    return file;
  }

  const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], TMPDIR: temporary, CI: '1' });

  async function outcome(command: string, args: string[]): Promise<Outcome> {
    const options = { cwd: project, env: env(), timeout: LIMIT_MS };
    return run(command, args, options).then(
      (output) => ({ code: 0, ...output }),
      (error: Outcome & { killed: boolean }) => {
        assert.ok(!error.killed, `${command} ${args.join(' ')}: not done in ${LIMIT_MS} ms`);
        return error;
      },
    );
  }

  async function script(file: string, text: string): Promise<string> {
    const { code, stdout, stderr } = await outcome(process.execPath, [await write(file, text)]);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  }

  it('has no dependency, and the licenses of what it carries', async () => {
    const at = join(project, 'node_modules');
    assert.deepEqual(
      readdirSync(at).filter((name) => !name.startsWith('.')),
      ['wheelhouse-test'],
    );
    const own = join(at, 'wheelhouse-test');
    const { private: isPrivate } = JSON.parse(
      await readFile(join(own, 'package.json'), 'utf8'),
    ) as { private?: boolean };
    assert.equal(isPrivate, undefined);
    const notices = await readFile(join(own, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
    for (const name of ['jose', 'pino', 'yaml', 'ws'])
      assert.match(notices, RegExp(`^${name} `, 'm'));
    for (const heavy of ['raw-socket', '@grpc/grpc-js', 'preact'])
      assert.doesNotMatch(notices, RegExp(`^${heavy} `, 'm'));
    assert.ok(existsSync(join(own, 'LICENSE')));
  });

  it('is an ES module and a CommonJS module, and ends with await using', async () => {
    const esm = `${ESM}
      const one = await startApiServer();
      console.log(new URL(one.url).port === String(one.port));
      await one[Symbol.asyncDispose]();
      await one.stop();`;
    assert.equal(await script('a.mjs', esm), 'true');
    const cjs = `const { startApiServer } = require('wheelhouse-test');
      startApiServer({ port: 0, storage: 'memory' }).then(async (one) => {
        console.log(require('fs').readFileSync(one.kubeconfig, 'utf8').includes(one.url));
        await one.stop();
        console.log(require('fs').existsSync(one.kubeconfig));
      });`;
    assert.equal(await script('a.cjs', cjs), 'true\nfalse');
  });

  it('lets a process end that has forgotten to stop, and removes its files', async () => {
    const four = '[startApiServer(), startCluster(), startCluster(), startCluster()]';
    await script('forgotten.mjs', `${ESM} await Promise.all(${four});`);
    await script('early.mjs', `${ESM} void ${four}; setTimeout(() => process.exit(), 100);`);
  });

  it('keeps two clusters of a process apart', async () => {
    const text = `${ESM}
      const crds = [${CRD('a.example', 'Cluster')}];
      const [one, two] = await Promise.all([startCluster({ crds, nodes: 2 }), startCluster({ nodes: 0 })]);
      await one.stop();
      console.log(one.port !== two.port, one.caPem !== two.caPem);
      console.log((await two.kubeconfigFor('bob')).includes(two.url));
      await one.kubeconfigFor('bob').catch((error) => console.log(error.message));
      await two.stop();`;
    assert.equal(await script('two.mjs', text), 'true true\ntrue\nthe server has stopped');
  });

  it('gives pods nodes without controllers', async () => {
    const text = `${ESM}
      for (const controllers of [false, ['replicaset'], ['*', '-serviceaccount-controller']]) {
        const cluster = await startCluster({ controllers, nodes: [{ name: 'only' }] });
        console.log(await podIn(cluster));
        await cluster.stop();
      }
      async function podIn(cluster) {
        const ask = client(await cluster.kubeconfigFor('a', ['system:masters']), cluster);
        await ask('POST', { metadata: { name: 'a' }, spec: { containers: [{ name: 'a', image: 'a' }] } });
        for (;;) {
          const { status, spec } = await ask('GET');
          if (status.phase === 'Running') return spec.nodeName;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
      ${CLIENT}`;
    assert.equal(await script('alone.mjs', text), 'only\nonly\nonly');
  });

  it('says what is wrong, and leaves nothing behind', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as AddressInfo;
    await write('deployment.yaml', 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n');
    await write('broken.yaml', 'a: [');
    await write('good.yaml', `---\n${CRD('a.example', 'Cluster')}\n---\n`);
    const cases: [string, RegExp][] = [
      ['startCluster({ node: 3 })', /unknown option "node"; there are .*nodes, controllers/],
      ['startApiServer({ nodes: 3 })', /startApiServer: unknown option "nodes"/],
      ['startCluster({ nodes: "3" })', /nodes must be a whole number .*, not "3"/],
      ['startCluster({ nodes: [{ nam: "a" }] })', /nodes\[0\]: unknown option "nam"/],
      ['startCluster({ controllers: ["jobs"] })', /"jobs" is not in the list of known controllers/],
      ['startApiServer({ disableAdmission: ["No"] })', /"?No"? .*unknown|unknown .*"?No"?/],
      [`startApiServer({ port: ${port} })`, /startApiServer: .*EADDRINUSE.*:\d+/],
      ['startApiServer({ crds: ["no.yaml"] })', /crds: cannot read no.yaml: ENOENT/],
      ['startApiServer({ crds: ["broken.yaml"] })', /crds: broken.yaml, document 1: .*line 1/s],
      ['startApiServer({ crds: ["deployment.yaml"] })', /document 1: want .*, found apps\/v1 Depl/],
      [
        `startApiServer({ crds: ['good.yaml', ${CRD('', 'Everywhere')}] })`,
        /is invalid:\n.*\n  spec\.group: Required value\n  spec\.scope: Unsupported value/s,
      ],
      ["startApiServer({ storage: { etcd: ['http://127.0.0.1:1'] } })", /127\.0\.0\.1:1/],
    ];
    const calls = cases.map(
      ([call]) => `await ${call}.then(() => 'no error', (error) => error.message)`,
    );
    try {
      const text = `${ESM} console.log(JSON.stringify([${calls.join(', ')}]));`;
      const messages = JSON.parse(await script('wrong.mjs', text)) as string[];
      cases.forEach(([, expected], at) => assert.match(messages[at]!, expected));
    } finally {
      taken.close();
    }
  });

  it('refuses a Node.js that is too old', async () => {
    const text = `
      Object.defineProperty(process.versions, 'node', { value: '18.20.0' });
      require('wheelhouse-test').startCluster().catch((error) => console.log(error.message));`;
    assert.match(await script('old.cjs', text), /wheelhouse-test needs Node\.js 20\.19 or newer/);
  });

  it('has types for ES modules and CommonJS', async () => {
    const text = `
      export async function use(): Promise<string> {
        await using cluster: TestServer = await startCluster({ nodes: [{ name: 'a', cpus: 2 }], crds: ['x'] });
        // @ts-expect-error: no such option
        await startApiServer({ nodes: 3 });
        return cluster.kubeconfigFor('a');
      }`;
    const named = `startApiServer, startCluster, type TestServer`;
    await write('types.mts', `import { ${named} } from 'wheelhouse-test';${text}`);
    await write('types.cts', `import { ${named} } from 'wheelhouse-test';${text}`);
    const tsc = resolve('node_modules/.bin/tsc');
    const strict = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'];
    const { code, stdout } = await outcome(tsc, [...strict, 'types.mts', 'types.cts']);
    assert.equal(code, 0, stdout);
  });

  it('works in mocha', async () => {
    await link('mocha');
    const load = `const { startApiServer } = require('wheelhouse-test');`;
    await write('mocha/a.js', SUITE(load, 'before', 'after', ''));
    const mocha = join('node_modules', 'mocha', 'bin', 'mocha.js');
    // Without --exit: mocha ends when nothing keeps the process alive.
    const { code, stdout, stderr } = await outcome(process.execPath, [
      mocha,
      '--timeout',
      String(LIMIT_MS),
      'mocha/a.js',
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /2 passing/);
  });

  it('works in jest, with fake timers', async () => {
    const jest = await npmPackageFile('jest', JEST, 'jest/bin/jest.js');
    const load = `const { startApiServer } = require('wheelhouse-test');`;
    const fake = `jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });`;
    await write('jest/a.test.js', SUITE(load, 'beforeAll', 'afterAll', fake));
    const { code, stderr } = await outcome(process.execPath, [jest, '--rootDir', 'jest', '--ci']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /2 passed/);
    assert.doesNotMatch(stderr, /did not exit|open handle/);
  });

  it('works in vitest, with fake timers', async () => {
    const vitest = await npmPackageFile('vitest', VITEST, 'vitest/vitest.mjs');
    await link('vitest', dirname(vitest));
    const load = `import { beforeAll, afterAll, it, vi } from 'vitest';
      import { createRequire } from 'node:module';
      import { startApiServer } from 'wheelhouse-test';
      const require = createRequire(import.meta.url);`;
    const fake = `vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'] });`;
    await write('vitest/a.test.mjs', SUITE(load, 'beforeAll', 'afterAll', fake));
    const { code, stdout, stderr } = await outcome(process.execPath, [
      vitest,
      'run',
      '--root',
      'vitest',
    ]);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /2 passed/);
    assert.doesNotMatch(stdout + stderr, /hanging|close timed out/i);
  });

  async function link(name: string, target = resolve('node_modules', name)): Promise<void> {
    await symlink(target, join(project, 'node_modules', name));
  }

  /** The command, until the first line of its output. */
  async function up(args: string[], input: 'pipe' | 'ignore'): Promise<[ChildProcess, string]> {
    const child = spawn(join('node_modules', '.bin', 'wheelhouse-test'), ['up', ...args], {
      cwd: project,
      env: env(),
      stdio: [input, 'pipe', 'inherit'],
    });
    let text = '';
    for await (const chunk of child.stdout!) {
      text += String(chunk);
      if (text.endsWith('\n')) return [child, text];
    }
    throw new Error('the command ended before it was ready');
  }

  const end = (child: ChildProcess): Promise<number | null> =>
    new Promise((done) => {
      if (child.exitCode !== null) done(child.exitCode);
      child.once('exit', done);
    });

  it('gives programs in other languages a cluster by its command', async () => {
    await write('crd.yaml', CRD('a.example', 'Namespaced'));
    await write('crd2.yaml', CRD('b.example', 'Namespaced'));
    const port = await freePort();
    const args = ['--nodes', '2', '--port', String(port), '--crds', 'crd.yaml', 'crd2.yaml'];
    const [child, line] = await up(args, 'pipe');
    try {
      const file = await write('kubeconfig', line);
      assert.equal(line.split('\n').length, 2, 'one line');
      const config = await loadKubeconfig(join(project, file));
      assert.equal(config.server, `https://127.0.0.1:${port}`);
      const client = createClient(config, realEnv('test', 'error'));
      assert.equal((await client.list(NODES)).items.length, 2);
      for (const group of ['a.example', 'b.example'])
        assert.equal((await client.raw('GET', `/apis/${group}/v1/widgets`)).status, 200);
      assert.ok((await client.list(NAMESPACES)).items.length >= 4);
      const kubectl = (words: string) =>
        outcome('kubectl', [`--kubeconfig=${file}`, ...words.split(' ')]);
      await kubectl('run a --image=a');
      await kubectl('wait --for=condition=Ready pod/a --timeout=60s');
      for (const words of ['logs a', 'exec a -- ls', 'attach a', 'port-forward a 0:80']) {
        const { code, stderr } = await kubectl(words);
        assert.equal(code, 1, words);
        assert.match(stderr, /node node-[01] is simulated: it has no logs, exec/, words);
      }
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } };
      const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
      const done = async (words: string) => {
        const { code, stderr } = await kubectl(words);
        assert.equal(code, 0, stderr);
      };
      await done(`create -f ${await write('claim.json', JSON.stringify({ ...claim, spec }))}`);
      const volumes = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];
      const overrides = JSON.stringify({ apiVersion: 'v1', spec: { volumes } });
      await done(`run b --image=b --overrides=${overrides}`);
      await done('wait --for=jsonpath={.status.phase}=Bound pvc/data --timeout=60s');
      await done('wait --for=condition=Ready pod/b --timeout=60s');
      await done('delete pod/b pvc/data --timeout=60s');
      await client.close();
    } finally {
      child.stdin!.end();
    }
    assert.equal(await end(child), 0);
  });

  it('stops on SIGTERM, and not when its input is no pipe', async () => {
    const [child] = await up([], 'ignore');
    assert.equal(child.exitCode, null);
    child.kill('SIGTERM');
    assert.equal(await end(child), 0);
  });

  it('explains wrong words of the command', async () => {
    const cases: [string[], number, RegExp][] = [
      [['--help'], 0, /^$/],
      [['--version'], 0, /^$/],
      [[], 2, /want the command "up"[^]*Usage:/],
      [['down'], 2, /want the command "up"/],
      [['up', '--node', '3'], 2, /Unknown option '--node'/],
      [['up', '--nodes', 'three'], 2, /nodes must be a whole number/],
      [['up', 'extra'], 2, /unexpected "extra"/],
      [['up', '--crds', 'no.yaml'], 1, /cannot read no\.yaml/],
    ];
    for (const [words, expected, message] of cases) {
      const { code, stderr } = await outcome(
        join('node_modules', '.bin', 'wheelhouse-test'),
        words,
      );
      assert.equal(code, expected, words.join(' '));
      assert.match(stderr, message);
    }
  });
});
