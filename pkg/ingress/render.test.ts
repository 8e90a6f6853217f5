import assert from 'node:assert/strict';
import { modelOf } from './model.js';
import { CONFIG, DEFAULT_CERTIFICATE, render } from './render.js';
import {
  backend,
  ingress,
  memoryWorld,
  rule,
  service,
  slice,
} from '../../test/support/ingress-world.js';
import { assigned } from './slots.js';

const SETTINGS = {
  folder: '/run/x',
  addresses: ['10.0.0.9', 'fd00::9'],
  httpPort: 80,
  httpsPort: 443,
};

describe('the configuration of HAProxy', () => {
  const model = modelOf(
    memoryWorld([
      service('web', { sessionAffinity: 'ClientIP' }),
      slice('web', ['10.0.0.1:8080', '10.0.0.2:8080']),
      service('grpc', { ports: [{ name: 'http', port: 80, appProtocol: 'grpc' }] }),
      ingress('a', {
        defaultBackend: backend('grpc'),
        tls: [{ hosts: ['shop.example'], secretName: 'pem' }],
        rules: [
          rule('shop.example', 'Exact /a web', 'Prefix /b web'),
          rule('*.example', 'Prefix / web'),
        ],
      }),
    ]),
  );
  const slots = new Map(
    [...model.backends].map(([name, { servers }]) => [name, assigned([], servers)]),
  );
  const files = render(model, slots, SETTINGS, (pem) => `${pem.length}.pem`, 'generation-1');
  const config = files.get(CONFIG)!;

  it('has hosts, paths and certificates in lists', () => {
    const lists = [...files].filter(([name]) => name !== CONFIG);
    assert.deepEqual(Object.fromEntries(lists), {
      'hosts.map': 'shop.example shop.example\n*.example *.example\n',
      'tls.lst': 'shop.example\n',
      'exact.map': 'shop.example/a shop:web:80\n',
      'prefix.map':
        'shop.example/b/ shop:web:80\n*.example/ shop:web:80\nshop.example/ shop:grpc:80\n',
      'certificates.lst': `/run/x/${DEFAULT_CERTIFICATE}\n/run/x/8.pem shop.example\n`,
      '8.pem': 'shop/pem',
    });
  });

  it('has the slots of each backend', () => {
    assert.equal(
      config.slice(config.indexOf('\nbackend ')),
      `
backend shop:web:80
  balance source
  hash-type consistent
  server s1 ipv4@10.0.0.1:8080
  server s2 ipv4@10.0.0.2:8080
  server s3 ipv4@127.0.0.1:1 disabled
  server s4 ipv4@127.0.0.1:1 disabled

backend shop:grpc:80
  balance leastconn
  server s1 ipv4@127.0.0.1:1 proto h2 disabled
  server s2 ipv4@127.0.0.1:1 proto h2 disabled
  server s3 ipv4@127.0.0.1:1 proto h2 disabled
  server s4 ipv4@127.0.0.1:1 proto h2 disabled
`,
    );
  });

  it('fills every placeholder, and listens at every address', () => {
    assert.doesNotMatch(config, /\$\{|undefined/);
    assert.match(config, /^ {2}description generation-1$/m);
    assert.deepEqual(config.match(/^ {2}bind .*$/gm), [
      '  bind ipv4@10.0.0.9:80',
      '  bind ipv6@fd00::9:80 v6only',
      '  bind ipv4@10.0.0.9:443 ssl crt-list /run/x/certificates.lst alpn h2,http/1.1',
      '  bind ipv6@fd00::9:443 v6only ssl crt-list /run/x/certificates.lst alpn h2,http/1.1',
    ]);
  });
});
