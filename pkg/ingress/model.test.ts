import assert from 'node:assert/strict';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { Ingress, IngressClass } from '../apis/networking/v1/types.js';
import {
  backend,
  ingress,
  memoryWorld,
  OUR_CLASS,
  rule,
  service,
  slice,
} from '../../test/support/ingress-world.js';
import { LONGEST_PATH, ROOM, SHARE } from './limits.js';
import { modelOf, type Model, type World } from './model.js';

const modelWith = (objects: ApiObject[], accepted?: World['accepted']): Model =>
  modelOf(memoryWorld(objects, accepted));

/** Lines such as 'Prefix shop.example/api/ shop:api:80'. */
const routesOf = ({ exact, prefixes }: Model): string[] => [
  ...[...exact].map(([key, to]) => `Exact ${key} ${to}`),
  ...[...prefixes].map(([key, to]) => `Prefix ${key} ${to}`),
];
const refusalsOf = ({ refusals }: Model): string[] =>
  refusals.map(
    ({ ingress: { metadata }, reason, message }) => `${metadata.name} ${reason} ${message}`,
  );

const web = service('web');
const api = service('api', {
  ports: [
    { name: 'http', port: 8080 },
    { name: 'admin', port: 81 },
  ],
});

describe('the model of ingresses', () => {
  it('has a line for each path, and one site for each host', () => {
    const model = modelWith([
      web,
      api,
      ingress('a', {
        rules: [
          rule('shop.example', 'Prefix / web', 'Prefix /api/ api:admin', 'Exact /api/ web'),
          rule('*.shop.example', 'ImplementationSpecific  web', 'Prefix /x api:81'),
          rule('', 'Exact /health api:8080'),
          { host: 'empty.example' },
        ],
      }),
    ]);
    assert.deepEqual(routesOf(model), [
      'Exact shop.example/api/ shop:web:80',
      'Exact */health shop:api:8080',
      'Prefix shop.example/ shop:web:80',
      'Prefix shop.example/api/ shop:api:81',
      'Prefix *.shop.example/ shop:web:80',
      'Prefix *.shop.example/x/ shop:api:81',
    ]);
    assert.deepEqual([...model.sites], ['shop.example', '*.shop.example', 'empty.example']);
    assert.deepEqual(refusalsOf(model), []);
  });

  it('gives a path to the oldest rule, and a host to the namespace of the oldest ingress', () => {
    const [old, young] = [
      ingress('old', { rules: [rule('shop.example', 'Prefix /a web')] }),
      ingress('young', { rules: [rule('shop.example', 'Prefix /a/ api:81', 'Prefix /b api:81')] }),
    ];
    const thief = ingress(
      'thief',
      {
        defaultBackend: backend('web'),
        tls: [{ hosts: ['shop.example'], secretName: 'thief' }],
        rules: [rule('shop.example', 'Prefix /.well-known web'), rule('*.example', 'Prefix / web')],
      },
      'other',
    );
    const model = modelWith([thief, young, old, web, api, service('web', {}, 'other')]);
    assert.deepEqual(routesOf(model), [
      'Prefix shop.example/a/ shop:web:80',
      'Prefix shop.example/b/ shop:api:81',
      'Prefix *.example/ other:web:80',
    ]);
    assert.deepEqual(refusalsOf(model), [
      'young PathTaken "shop.example/a/" belongs to an older rule',
      'thief HostTaken host "shop.example" belongs to an older ingress of another namespace',
    ]);
    assert.deepEqual([[...model.secure], [...model.certificates]], [[], []]);
  });

  it('sends the rest of the hosts to the default backend, and all hosts without rules', () => {
    const model = modelWith([
      web,
      api,
      ingress('a', {
        defaultBackend: backend('web'),
        rules: [rule('one.example', 'Prefix /x api:81'), rule('two.example', 'Prefix / api:81')],
      }),
      ingress('b', { defaultBackend: backend('api:81') }),
      ingress('c', { defaultBackend: backend('web') }),
    ]);
    assert.deepEqual(routesOf(model), [
      'Prefix one.example/x/ shop:api:81',
      'Prefix two.example/ shop:api:81',
      'Prefix one.example/ shop:web:80',
      'Prefix */ shop:api:81',
    ]);
  });

  it('serves its own classes, and ingresses without a class when one of its own is the default', () => {
    const named = (className: string | undefined, annotation?: string): Ingress => {
      const made = ingress(`${className}-${annotation}`, { rules: [] });
      if (className === undefined) delete made.spec.ingressClassName;
      else made.spec.ingressClassName = className;
      if (annotation) made.metadata.annotations = { 'kubernetes.io/ingress.class': annotation };
      return made;
    };
    const all = [
      named('wheelhouse'),
      named('nginx'),
      named(undefined),
      named(undefined, 'wheelhouse'),
      named(undefined, 'nginx'),
      named('nginx', 'wheelhouse'),
      named(''),
    ];
    const foreign: IngressClass = {
      ...OUR_CLASS,
      metadata: { ...OUR_CLASS.metadata, name: 'nginx' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    };
    const plain = { ...OUR_CLASS, metadata: { ...OUR_CLASS.metadata, annotations: {} } };
    const names = (...classes: IngressClass[]) =>
      modelWith([...classes, ...all]).served.map(({ metadata }) => metadata.name);
    assert.deepEqual(names(OUR_CLASS, foreign), [
      'wheelhouse-undefined',
      'undefined-undefined',
      'undefined-wheelhouse',
    ]);
    assert.deepEqual(names(plain, foreign), ['wheelhouse-undefined', 'undefined-wheelhouse']);
  });

  it('takes the certificate for the hosts that the ingress names, has and owns', () => {
    const model = modelWith([
      web,
      ingress('a', {
        tls: [
          { hosts: ['one.example', 'none.example'], secretName: 'one' },
          { hosts: ['*.wild.example'], secretName: 'wild' },
          { hosts: ['one.example'], secretName: 'later' },
          { hosts: ['bare.example'] },
          { hosts: ['bad.example'], secretName: 'broken' },
        ],
        rules: ['one', 'a.wild', 'a.b.wild', 'bare', 'bad'].map((name) =>
          rule(`${name}.example`, 'Prefix / web'),
        ),
      }),
      ingress('b', { tls: [{ secretName: 'all' }], rules: [rule('b.example', 'Prefix / web')] }),
    ]);
    assert.deepEqual(Object.fromEntries(model.certificates), {
      'one.example': 'shop/one',
      'a.wild.example': 'shop/wild',
      'b.example': 'shop/all',
    });
    // The broken one too: its clients must not fall back to clear text.
    const secure = ['one', 'a.wild', 'bare', 'bad', 'b'].map((name) => `${name}.example`);
    assert.deepEqual([...model.secure], secure);
    assert.deepEqual(refusalsOf(model), ['a InvalidCertificate secret "broken": is broken']);
  });

  it('takes the ready endpoints of the port, or else those that serve while they leave', () => {
    const conditions = { ready: false, serving: true, terminating: true };
    const leaving = slice('gone', ['!10.0.0.9:80', '!10.0.0.8:80']);
    leaving.endpoints![0]!.conditions = conditions;
    const mixed = slice('web', ['10.0.0.2:8080', '10.0.0.1:8080', '!10.0.0.3:8080']);
    mixed.endpoints![2]!.conditions = conditions;
    const six = { ...slice('web', ['10.0.0.4:8080']), addressType: 'IPv6' };
    const other = { ...slice('web', ['10.0.0.5:9']), ports: [{ name: 'other', port: 9 }] };
    const unknown = slice('late', ['10.0.0.6:80']);
    delete unknown.endpoints![0]!.conditions;
    const rules = ['web', 'gone', 'late'].map((name) => `Prefix /${name} ${name}`);
    const model = modelWith([
      web,
      service('gone'),
      service('late'),
      mixed,
      leaving,
      six,
      other,
      unknown,
      ingress('a', { rules: [rule('', ...rules)] }),
    ]);
    assert.deepEqual(
      [...model.backends.values()].map(({ servers }) => servers),
      [['10.0.0.1 8080', '10.0.0.2 8080'], ['10.0.0.9 80'], ['10.0.0.6 80']],
    );
  });

  it('reads the protocol and the affinity of a service', () => {
    const port = (appProtocol: string) => ({ ports: [{ name: 'http', port: 80, appProtocol }] });
    const model = modelWith([
      service('h2c', port('kubernetes.io/h2c')),
      service('grpc', port('grpc')),
      service('https', port('https')),
      service('other', { ...port('example.com/x'), sessionAffinity: 'ClientIP' }),
      service('odd', port('constructor')),
      ingress('a', {
        rules: [
          rule('', ...['h2c', 'grpc', 'https', 'other', 'odd'].map((n) => `Prefix /${n} ${n}`)),
        ],
      }),
    ]);
    assert.deepEqual(
      [...model.backends.values()].map(({ protocol, sticky }) => `${protocol} ${sticky}`),
      ['h2 false', 'h2 false', 'https false', 'http true', 'http false'],
    );
  });

  it('answers for backends that do not exist, and says so', () => {
    const external = service('external', { type: 'ExternalName', externalName: 'evil.example' });
    const endpoints = slice('external', ['10.0.0.1:80']);
    const model = modelWith([
      web,
      external,
      endpoints,
      ingress('a', {
        rules: [rule('', 'Prefix /a none', 'Prefix /b web:99', 'Prefix /c external')],
      }),
    ]);
    assert.deepEqual(refusalsOf(model), [
      'a BackendNotFound service "none", port 80: the service does not exist',
      'a BackendNotFound service "web", port 99: the service has no such port',
      'a BackendNotFound service "external", port 80: the service is an external name',
    ]);
    assert.deepEqual(
      [...model.backends].map(([name, { servers }]) => [name, ...servers]),
      [['shop:none:80'], ['shop:web:99'], ['shop:external:80']],
    );
  });

  it('refuses an ingress with a mistake, and goes on with its last version', () => {
    const good = ingress('edited', { rules: [rule('shop.example', 'Prefix /good web')] });
    const paths = [
      '/a b',
      '/a\nb',
      '/a"',
      '/ä',
      '/a?b',
      'a',
      '/a#',
      `/${'a'.repeat(LONGEST_PATH)}`,
    ];
    const bad = (path: string): Ingress => ({
      ...good,
      spec: {
        ...good.spec,
        rules: [
          rule('other.example', 'Prefix / web'),
          {
            host: 'shop.example',
            http: { paths: [{ path, pathType: 'Prefix', backend: backend('web') }] },
          },
        ],
      },
    });
    for (const path of paths) {
      const first = modelWith([web, bad(path)]);
      assert.deepEqual(routesOf(first), []);
      const later = modelWith([web, bad(path)], (uid) =>
        uid === good.metadata.uid ? good : undefined,
      );
      assert.deepEqual(routesOf(later), ['Prefix shop.example/good/ shop:web:80']);
      assert.deepEqual(refusalsOf(later), [
        `edited InvalidRule path ${JSON.stringify(path)} cannot be in a URL`,
      ]);
      assert.deepEqual(later.served, [bad(path)]);
    }
    const resource = { kind: 'Bucket', name: 'static' };
    const more = modelWith([
      ingress('a', { defaultBackend: { resource } }),
      ingress('b', { rules: [rule('bad host', 'Prefix / web')] }),
    ]);
    assert.deepEqual(refusalsOf(more), [
      'a InvalidRule Bucket "static" is not a service',
      'b InvalidRule host "bad host" is not a name',
    ]);
  });

  it('gives no namespace more than its share of the proxy, and less when they need too much', () => {
    const greedy = (namespace: string) =>
      ingress(
        'greedy',
        {
          rules: Array.from({ length: 9_000 }, (_, at) =>
            rule(`${at}.${namespace}.example`, `Prefix / s${at}`),
          ),
        },
        namespace,
      );
    const small = ingress('small', { rules: [rule('shop.example', 'Prefix / web')] });
    const tenants = Array.from({ length: 8 }, (_, at) => `tenant-${at}`);
    const one = modelWith([greedy('tenant-0'), small, web]);
    const many = modelWith([...tenants.map(greedy), small, web]);
    for (const model of [one, many]) {
      assert.equal(model.prefixes.get('shop.example/'), 'shop:web:80');
      assert.ok(model.prefixes.get('0.tenant-0.example/'));
      assert.ok(!model.prefixes.has('8999.tenant-0.example/'));
      const lacking = model.refusals.filter(({ reason }) => reason === 'NoRoom');
      assert.ok(lacking.every(({ ingress: { metadata } }) => metadata.name === 'greedy'));
    }
    assert.ok(one.sizes.get('tenant-0')! > SHARE * 0.99);
    const sizes = [...many.sizes.values()];
    assert.ok(sizes.reduce((sum, size) => sum + size) <= ROOM);
    assert.ok(
      sizes.filter((size) => size > (ROOM / tenants.length) * 0.49).length === tenants.length,
    );
  });

  it('has room for a namespace with 1,000 hosts and their certificates', () => {
    const hosts = Array.from({ length: 1_000 }, (_, at) => `${at}.shop.example`);
    const big = ingress('big', {
      tls: [{ secretName: 'one' }],
      rules: hosts.map((host, at) => rule(host, `Prefix / s${at}`)),
    });
    const pem = 'x'.repeat(8_000);
    const model = modelOf({ ...memoryWorld([big]), certificate: () => ({ pem }) });
    assert.equal(model.certificates.size, hosts.length);
  });

  it('takes no endpoint whose address the proxy cannot read', () => {
    const slices = slice('web', ['evil.example:80', '010.0.0.1:80', '10.0.0.1:80']);
    const model = modelWith([web, slices, ingress('a', { rules: [rule('', 'Prefix / web')] })]);
    assert.deepEqual(model.backends.get('shop:web:80')!.servers, ['10.0.0.1 80']);
  });
});
