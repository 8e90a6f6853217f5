import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { readEncryptionConfig } from './config.js';
import { createProviders } from './providers.js';

const SECRET = Buffer.alloc(32, 7).toString('base64');
const HEAD = { apiVersion: 'apiserver.config.k8s.io/v1', kind: 'EncryptionConfiguration' };
const ok = { aescbc: { keys: [{ name: 'a', secret: SECRET }] } };
const of = (resources: string[], ...providers: object[]) => ({
  ...HEAD,
  resources: [{ resources, providers }],
});
const kms = (more: object) => ({
  kms: { apiVersion: 'v2', name: 'k', endpoint: 'unix:///k.sock', ...more },
});

/** A configuration, and what its error says. */
const REFUSED: [object, string][] = [
  [{ ...HEAD, kind: 'Other' }, 'no kind "Other" is registered for version'],
  [{ ...HEAD, apiVersion: 'v1' }, 'is registered for version "v1"'],
  [HEAD, 'resources: Required value'],
  [{ ...of(['secrets'], ok), more: 1 }, 'unknown field "more"'],
  [of([], ok), 'resources[0].resources: Required value: at least one'],
  [of(['secrets']), 'resources[0].providers: Required value: at least one'],
  [of(['secrets'], {}), 'provider does not contain any of the expected providers'],
  [of(['secrets'], { ...ok, identity: {} }), 'more than one provider specified'],
  [of(['secrets'], { aescb: {} }), 'unknown field "resources[0].providers[0].aescb"'],
  [of(['secrets'], { aescbc: { keys: [] } }), 'aescbc.keys: Required value'],
  [of(['secrets'], { aescbc: { keys: [{ secret: SECRET }] } }), 'keys[0].name: Required value'],
  [of(['secrets'], { aescbc: { keys: [{ name: 'a' }] } }), 'keys[0].secret: Required value'],
  [
    of(['secrets'], { aesgcm: { keys: [{ name: 'a', secret: '!!' }] } }),
    'secrets must be base64 encoded',
  ],
  [
    of(['secrets'], { aesgcm: { keys: [{ name: 'a', secret: 'YWJj' }] } }),
    'got 3, expected one of [16 24 32]',
  ],
  [
    of(['secrets'], {
      secretbox: { keys: [{ name: 'a', secret: Buffer.alloc(16).toString('base64') }] },
    }),
    'got 16, expected one of [32]',
  ],
  [of(['Secrets'], ok), 'should not contain capital letters'],
  [of(['*'], ok), "use '*.' to encrypt"],
  [of(['secrets', '*.'], ok), 'overlapping resources'],
  [of(['secrets', '*.*'], ok), 'overlapping resources'],
  [of(['deployments.apps', '*.apps'], ok), 'overlapping resources'],
  [of(['secrets', 'secrets'], ok), 'cannot be specified multiple times'],
  [of(['secrets.*'], ok), 'the same resource across groups is not supported'],
  [of(['*.events.k8s.io'], ok), "Use 'events' instead"],
  [of(['*.extensions'], ok), "'extensions' group has been removed"],
  [of(['serviceipallocations'], ok), 'do not have REST API/s'],
  [of(['secrets'], kms({ name: '' })), 'kms.name: Required value'],
  [of(['secrets'], kms({ name: 'a:b' })), "must not contain ':'"],
  [of(['secrets'], kms({}), kms({})), 'duplicate KMS provider name k'],
  [of(['secrets'], kms({ endpoint: '' })), 'endpoint is a mandatory field for a kms'],
  [of(['secrets'], kms({ endpoint: 'http://k' })), 'unsupported scheme "http"'],
  [of(['secrets'], kms({ timeout: '0s' })), 'timeout should be a positive value'],
  [of(['secrets'], kms({ cachesize: 5 })), 'cachesize is not supported in v2'],
  [of(['secrets'], kms({ apiVersion: 'v3' })), 'only v1 and v2 are supported'],
  [of(['secrets'], kms({ apiVersion: undefined })), 'KMSv1 is deprecated'],
];

describe('encryption configuration', () => {
  for (const [document, text] of REFUSED)
    it(`is refused: ${text}`, () => {
      assert.throws(
        () => readEncryptionConfig(document),
        (error: Error) => error.message.includes(text) && !error.message.includes(SECRET),
      );
    });

  it("reads upstream's example", () => {
    const entries = readEncryptionConfig(
      parse(`
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources: [secrets, configmaps, pandas.awesome.bears.example]
    providers:
      - identity: {}
      - aesgcm: { keys: [{ name: key1, secret: c2VjcmV0IGlzIHNlY3VyZQ== }] }
      - kms: { apiVersion: v2, name: v, endpoint: unix:///v.sock, timeout: 5s }
  - resources: ['*.apps']
    providers: [{ secretbox: { keys: [{ name: key1, secret: ${SECRET} }] } }]
  - resources: ['*.*']
    providers: [{ aescbc: { keys: [{ name: key1, secret: ${SECRET} }] } }]
`),
    );
    assert.deepEqual(
      entries.map(({ providers }) => providers.map(({ kind }) => kind)),
      [['identity', 'aesgcm', 'kms'], ['secretbox'], ['aescbc']],
    );
    const providers = createProviders(entries, virtualEnv());
    const rules = [
      ['', 'secrets'],
      ['awesome.bears.example', 'pandas'],
      ['apps', 'deployments'],
      ['batch', 'jobs'],
    ] as const;
    assert.equal(new Set(rules.map(([group, one]) => providers.of(group, one))).size, 4);
    providers.close();
  });

  it('refuses rules that an earlier one hides', () => {
    const entry = (resource: string) => ({ resources: [resource], providers: [ok] });
    for (const [first, second] of [
      ['*.*', 'secrets'],
      ['*.', 'secrets'],
      ['*.apps', 'deployments.apps'],
    ] as const) {
      const entries = readEncryptionConfig({ ...HEAD, resources: [entry(first), entry(second)] });
      assert.throws(
        () => createProviders(entries, virtualEnv()),
        new RegExp(`resource "${second}" is masked by earlier rule`),
      );
      const turned = readEncryptionConfig({ ...HEAD, resources: [entry(second), entry(first)] });
      createProviders(turned, virtualEnv());
    }
  });
});
