// Texts of tenants that try to leave their place in the configuration: HAProxy accepts all that is
// rendered, and no line of it is a tenant's.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApiObject } from '../../../pkg/apimachinery/meta/object.js';
import { modelOf } from '../../../pkg/ingress/model.js';
import { CONFIG, DEFAULT_CERTIFICATE, render } from '../../../pkg/ingress/render.js';
import { assigned } from '../../../pkg/ingress/slots.js';
import { tryExec } from '../../../pkg/system/exec.js';
import { ingress, memoryWorld, pairFor, service, slice } from '../../support/ingress-world.js';
import { skip } from '../../support/skip.js';
import { SeededRandom } from '../../support/virtual-env.js';

const PROGRAM = '/usr/sbin/haproxy';
const WORLDS = 200;
/** Every so many worlds, HAProxy reads the configuration. */
const CHECKED = 10;

const HOSTILE = [
  '\n  server evil 6.6.6.6:80',
  '\r\nglobal',
  ' # comment',
  '%[src]',
  '%{+Q}o',
  '"; set-var(x)',
  "'",
  '\\',
  '${HOME}',
  '../../etc/passwd',
  '(a+)+$',
  '[[:alpha:]]*',
  '*',
  '\0',
  '\u2028',
  'ä',
  '%2f%2e%2e',
  ';disable frontend web',
  'a'.repeat(20_000),
  '/'.repeat(50_000),
  'a '.repeat(9_000),
];
const PLAIN = ['', 'shop.example', '*.shop.example', '/a', '/a/b/', 'web', 'Exact', 'Prefix', '80'];

describe('hostile ingresses', function () {
  this.timeout(60_000);
  let folder: string;
  const { certPem, keyPem } = pairFor('shop.example');
  before(async function () {
    if (!existsSync(PROGRAM)) skip(this, { setup: PROGRAM });
    folder = await mkdtemp(join(tmpdir(), 'ingress-'));
    await writeFile(join(folder, DEFAULT_CERTIFICATE), certPem + keyPem);
  });
  after(() => folder && rm(folder, { recursive: true }));

  const choiceOf = (seed: number) => {
    const random = new SeededRandom(seed);
    const below = (bound: number) => Math.floor(random.next() * bound);
    return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)]! };
  };

  /** Objects as the API would never admit them, and as it would. */
  function world(choice: ReturnType<typeof choiceOf>): ApiObject[] {
    // A mistake refuses its ingress as a whole, so most words are fine.
    const word = (...fine: string[]): string => {
      if (choice.below(16)) return choice.pick(fine);
      const [one, other] = [choice.pick(PLAIN), choice.pick(HOSTILE)];
      return choice.below(2) ? one + other : other + one;
    };
    const backend = () =>
      choice.below(8)
        ? {
            service: {
              name: choice.pick(['web', 'api', 'none']),
              port: choice.below(2) ? { number: choice.pick([80, 81]) } : { name: 'http' },
            },
          }
        : { resource: { kind: word('Bucket'), name: word('b') } };
    const some = <T>(most: number, make: () => T): T[] =>
      Array.from({ length: choice.below(most + 1) }, make);
    const one = (at: number) => {
      const made = ingress(
        `i${at}`,
        {
          tls: some(2, () => ({
            hosts: some(3, () => word('shop.example', '*.shop.example', 'a.shop.example')),
            secretName: word('pem'),
          })),
          rules: some(4, () => ({
            host: word('', 'shop.example', '*.shop.example', 'a.shop.example'),
            http: {
              paths: some(4, () => ({
                path: word('/', '/a', '/a/', '/%2e%2e/', "/$&'()*+,;=:@!~"),
                pathType: word('Exact', 'Prefix', 'ImplementationSpecific'),
                backend: backend(),
              })),
            },
          })),
          ...(choice.below(2) ? { defaultBackend: backend() } : {}),
        },
        choice.pick(['shop', 'other']),
      );
      made.metadata.annotations = { [word('kubernetes.io/ingress.class')]: word('wheelhouse') };
      return made;
    };
    return [
      ...some(6, () => one(choice.below(1_000))),
      service('web', {
        ports: [
          {
            name: 'http',
            port: 80,
            appProtocol: word('grpc', 'https', 'kubernetes.io/h2c', 'constructor'),
          },
        ],
        sessionAffinity: word('ClientIP', 'None'),
      }),
      service('api'),
      slice('web', [`${word('10.0.0.1')}:8080`, '10.0.0.2:8080', '!10.0.0.3:8080']),
    ];
  }

  it('change nothing but their own hosts and paths', async () => {
    const backends =
      /^(?:|backend (?:shop|other):[a-z]+:(?:\d+|http)| {2}(?:balance (?:source|leastconn)|hash-type consistent| {0}server s\d+ ipv4@[\d.]+:\d+[a-z0-9 ,./_()-]*))$/;
    const host = /^(?:\*\.)?[a-z0-9][a-z0-9.-]{0,252}$/;
    const route =
      /^(?:\*|(?:\*\.)?[a-z0-9][a-z0-9.-]{0,252})\/[!-~]* (?:shop|other):[a-z]+:(?:\d+|http)$/;
    let routes = 0;
    for (let seed = 0; seed < WORLDS; seed++) {
      const model = modelOf({
        ...memoryWorld(world(choiceOf(seed))),
        certificate: () => ({ pem: certPem + keyPem }),
      });
      const slots = new Map(
        [...model.backends].map(([name, { servers }]) => [name, assigned([], servers)]),
      );
      const settings = { folder, addresses: ['127.0.0.1'], httpPort: 1, httpsPort: 2 };
      const files = render(model, slots, settings, () => 'one.pem', 'x');
      const lines = (name: string) => files.get(name)!.split('\n').slice(0, -1);
      const config = files.get(CONFIG)!;
      for (const line of config.slice(config.indexOf('defaults backends')).split('\n').slice(1))
        assert.match(line, backends, `seed ${seed}`);
      const sites = lines('hosts.map').map((line) => line.split(' '));
      for (const [site = '', value] of sites) assert.equal(site, value);
      for (const site of [...sites.map(([one]) => one!), ...lines('tls.lst')])
        assert.match(site, host, `seed ${seed}`);
      for (const name of ['exact.map', 'prefix.map'])
        for (const line of lines(name)) {
          routes++;
          assert.match(line, route, `seed ${seed}`);
          assert.ok(line.length < 8_000);
        }
      if (seed % CHECKED) continue;
      for (const [name, text] of files) await writeFile(join(folder, name), text);
      const { code, stderr } = await tryExec([PROGRAM, '-c', '-f', join(folder, CONFIG)]);
      assert.equal(code, 0, `seed ${seed}: ${stderr}`);
    }
    assert.ok(routes > WORLDS, `${routes} routes`);
  });
});
