// Ingresses of a cluster: reached at the nodes' addresses, while their backends are replaced.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../hack/cluster/wait.js';
import { createCa, issue } from '../../pkg/system/pki/certificates.js';
import { tryExec } from '../../pkg/system/exec.js';
import { TestCluster } from './cluster.js';

const RATE = 200;
/** Answers with its name. After SIGTERM it refuses connections at once, and ends its answers. */
const PROGRAM = `
const server = require('node:http').createServer((_, answer) => answer.end(require('node:os').hostname()));
server.listen(80);
process.once('SIGTERM', () => {
  server.close();
  server.closeIdleConnections();
});`;
const labels = { app: 'shop' };
const meta = { name: 'shop' };
const OBJECTS = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta,
    spec: {
      replicas: 3,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: 'web',
              image: 'wheelhouse/guestbook-frontend:v2',
              imagePullPolicy: 'IfNotPresent',
              command: ['node', '-e', PROGRAM],
              readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: meta,
    spec: { selector: labels, ports: [{ port: 80 }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: meta,
    spec: {
      tls: [{ hosts: ['secure.example'], secretName: 'secure' }],
      rules: ['shop.example', 'secure.example'].map((host) => ({
        host,
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: 'shop', port: { number: 80 } } },
            },
          ],
        },
      })),
    },
  },
];

describe('ingresses of a cluster', function () {
  this.timeout(180_000);
  const cluster = new TestCluster();
  let addresses: string[];
  let folder: string;

  before(async function () {
    this.timeout(300_000);
    folder = await mkdtemp(join(tmpdir(), 'ingress-'));
    await cluster.up('--ingress', '--nodes', '2');
    addresses = (await cluster.nodeAddresses()).sort();
    const ca = createCa('authority of the test');
    const pair = issue({ ca, commonName: 'secure', sans: ['secure.example'], usages: ['server'] });
    await writeFile(join(folder, 'ca.crt'), ca.certPem);
    await writeFile(join(folder, 'tls.crt'), pair.certPem);
    await writeFile(join(folder, 'tls.key'), pair.keyPem);
    const files = ['crt:cert', 'key:key'].map((one) => {
      const [ending, flag] = one.split(':');
      return `--${flag}=${join(folder, `tls.${ending}`)}`;
    });
    await cluster.kubectl('create', 'secret', 'tls', 'secure', ...files);
    for (const object of OBJECTS) await cluster.create(JSON.stringify(object));
    await cluster.readyPods('app=shop', 3);
  });
  after(async () => {
    await cluster.down();
    await rm(folder, { recursive: true, force: true });
  });

  const shown = async () =>
    (await cluster.jsonPath('ingress shop', '{.status.loadBalancer.ingress[*].ip}'))
      .split(' ')
      .filter(Boolean)
      .sort();
  const show = async (wanted: readonly string[]) => {
    let last: string[] = [];
    await until(
      async () => (last = await shown()).join() === wanted.join(),
      30_000,
      () => `the ingress shows ${last.join()}, not ${wanted.join()}`,
    );
  };
  const curl = async (url: string, ...words: string[]): Promise<string> => {
    const { host } = new URL(url);
    const port = url.startsWith('https:') ? 443 : 80;
    const resolve = ['--resolve', `${host}:${port}:${addresses[0]}`];
    return (await tryExec(['curl', '-sS', '--max-time', '5', ...resolve, ...words, url])).stdout;
  };

  it('have the class, and show the addresses of the nodes', async () => {
    assert.equal(await cluster.jsonPath('ingress shop', '{.spec.ingressClassName}'), 'wheelhouse');
    await show(addresses);
  });

  it('serve the host, its certificate and the way to it', async () => {
    await until(
      async () => (await curl('http://shop.example/')).startsWith('shop-'),
      30_000,
      () => 'the host is not served',
    );
    const ca = ['--cacert', join(folder, 'ca.crt')];
    assert.match(await curl('https://secure.example/', ...ca, '--http2'), /^shop-/);
    const head = await curl('http://secure.example/x?y=z', '-o', '/dev/null', '-D', '-');
    assert.match(head, /^HTTP\/1.1 308 [\s\S]*location: https:\/\/secure.example\/x\?y=z\r/);
    assert.match(await curl('http://other.example/'), /no ingress for this host and path/);
  });

  it(`lose none of ${RATE} requests a second while the backends are replaced`, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 64 });
    const answers = new Map<string, number>();
    const servers = new Set<string>();
    let waiting = 0;
    const count = (what: string) => {
      answers.set(what, (answers.get(what) ?? 0) + 1);
      waiting--;
    };
    const ask = (host: string) => {
      waiting++;
      get({ host, path: '/', agent, headers: { host: 'shop.example' } }, (response) => {
        response.setEncoding('utf8');
        response.on('data', (text: string) => servers.add(text.trim()));
        response.on('end', () => count(String(response.statusCode)));
        response.on('error', (error) => count(error.message));
      }).on('error', (error) => count(error.message));
    };
    let updating = true;
    const client = (async () => {
      const begun = performance.now();
      for (let sent = 0; updating; sent++) {
        ask(addresses[sent % addresses.length]!);
        await pause(begun + (sent * 1000) / RATE - performance.now());
      }
    })();
    try {
      for (let round = 0; round < 2; round++) {
        await cluster.kubectl('rollout', 'restart', 'deployment/shop');
        await cluster.kubectl('rollout', 'status', 'deployment/shop', '--timeout=60s');
      }
    } finally {
      updating = false;
      await client;
      await until(
        () => Promise.resolve(waiting === 0),
        30_000,
        () => `${waiting} requests have no answer`,
      );
      agent.destroy();
    }
    assert.deepEqual([...answers.keys()], ['200'], JSON.stringify([...answers]));
    assert.ok(servers.size > 6, `${servers.size} servers answered`);
  });

  it('lose their addresses with their class', async () => {
    const patch = (name: string) =>
      cluster.kubectl('patch', 'ingress', 'shop', '-p', `{"spec":{"ingressClassName":"${name}"}}`);
    await patch('other');
    await show([]);
    assert.match(await curl('http://shop.example/'), /no ingress for this host and path/);
    await patch('wheelhouse');
    await show(addresses);
  });
});
