// A request takes CPU in proportion to its size on every way from its bytes to the store: one event
// loop serves everybody. Each case sends n and 2n of something and compares the CPU time. The
// smallest of several measurements counts, so that other processes do not disturb.
import { strict as assert } from 'node:assert';
import { Agent, request } from 'node:https';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api } from '../apiserver/harness.js';
import { map, NS, pod, configMap, OBJECTS, type Request } from './large-objects.js';
import { CUSTOM, DEFINITIONS, KIND } from './large-definitions.js';
import { PATCHES } from './large-patches.js';

/** CPU time of twice the size; linear work has 2, quadratic work 4. */
const MOST = 3;
/** Measurements begin with the size whose request takes this much CPU. */
const ENOUGH_US = 25_000;
/** A request of the largest size takes no more CPU than this. */
const LONGEST_US = 3_000_000;
/** Rounds of an attempt: fewer when the work is clearly linear. */
const ROUNDS = 4;
const LINEAR = 2.5;
const ATTEMPTS = 6;

describe('CPU time of a request', function () {
  this.timeout(240_000);
  let server: RunningApiServer;
  let api: Api;
  const agent = new Agent({ keepAlive: true });

  before(async () => {
    server = await startApiServer({ storage: 'memory' });
    await server.ready();
    api = new Api(server);
    const ok = async (path: string, body: unknown) => {
      const { status, json } = await api.call('POST', path, body);
      assert.ok(status < 300, JSON.stringify(json));
    };
    await ok(`${NS}/serviceaccounts`, { metadata: { name: 'default' } });
    await ok(
      `${NS}/configmaps`,
      configMap(
        { name: 'stored' },
        map(10, () => 'v'),
      ),
    );
    await ok(
      `${NS}/pods`,
      pod({ tolerations: [{ key: 'a', operator: 'Exists' }] }, { name: 'stored' }),
    );
    await ok('/apis/apps/v1/namespaces/default/deployments', {
      metadata: { name: 'stored' },
      spec: {
        selector: { matchLabels: { a: 'b' } },
        template: {
          metadata: { labels: { a: 'b' } },
          spec: { containers: [{ name: 'c', image: 'x' }] },
        },
      },
    });
    await ok(DEFINITIONS, KIND);
    for (let i = 0; i < 1_000; i++)
      await ok(`${NS}/events`, {
        metadata: { name: `e-${i}` },
        involvedObject: { kind: 'Pod', name: 'p', namespace: 'default' },
        reason: 'R',
        message: 'm',
      });
  });
  after(() => {
    agent.destroy();
    return server.stop();
  });

  /** By HTTP/1.1: a field of HTTP/2 has at most 64 KiB at our client. */
  const get = (path: string, headers: Record<string, string>): Promise<void> =>
    new Promise((resolve, reject) => {
      const { certPem: cert, keyPem: key } = server.pki.certificates['components/admin']!;
      request(`${server.url}${path}`, { ca: server.caPem, cert, key, headers, agent }, (answer) =>
        answer.resume().on('end', resolve),
      )
        .on('error', reject)
        .end();
    });

  async function send({ method, path, body, type }: Request): Promise<number> {
    const headers: Record<string, string> =
      type === 'table'
        ? { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }
        : type
          ? { 'content-type': type }
          : {};
    const before = process.cpuUsage();
    if (method === 'GET') await get(path, headers);
    else await api.call(method, path, body, headers);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  /** The second of two: the first may compile code. */
  async function warm(request: Request): Promise<number> {
    await send(request);
    return send(request);
  }

  for (const { name, largest, make } of [...OBJECTS, ...PATCHES, ...CUSTOM])
    it(`is linear in ${name}`, async () => {
      let n = Math.max(1, name.startsWith('YAML') ? largest : largest >> 5);
      while (n < largest && (await warm(make(n))) < ENOUGH_US) n = Math.min(largest, 2 * n);
      const [one, two] = [make(n), make(2 * n)];
      // Other processes and the garbage collector disturb some attempts; quadratic work fails all.
      let [least, leastTwice] = [Infinity, Infinity];
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        [least, leastTwice] = [Infinity, Infinity];
        for (let round = 1; round <= ROUNDS; round++) {
          least = Math.min(least, await send(one));
          leastTwice = Math.min(leastTwice, await send(two));
          if (round > 1 && leastTwice < LINEAR * least) break;
        }
        if (leastTwice < MOST * least) break;
      }
      assert.ok(leastTwice < MOST * least, `${n}: ${least} us, ${2 * n}: ${leastTwice} us`);
      assert.ok(leastTwice < LONGEST_US, `${2 * n}: ${leastTwice} us`);
    });
});
