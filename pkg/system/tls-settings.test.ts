import { strict as assert } from 'node:assert';
import { tlsSettings } from './tls-settings.js';

describe('TLS settings', () => {
  const TLS13 = 'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256';

  it('translate Go names', () => {
    assert.deepEqual(tlsSettings(undefined, []), {});
    assert.deepEqual(tlsSettings('VersionTLS13', []), { minVersion: 'TLSv1.3' });
    const translated = (...suites: string[]) => tlsSettings('', suites).ciphers;
    for (const [go, openssl] of [
      ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256'],
      ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
      ['TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
      ['TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'],
      ['TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-SHA256'],
      ['TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA', 'ECDHE-ECDSA-AES256-SHA'],
      ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256'],
    ])
      assert.equal(translated(go!), `${TLS13}:${openssl}`, go);
    assert.equal(translated('TLS_AES_256_GCM_SHA384'), TLS13);
  });

  it('refuse unknown names', () => {
    for (const suite of ['TLS_RSA_WITH_RC4_128_SHA', 'ECDHE-RSA-AES128-GCM-SHA256', 'ALL', 'a:b'])
      assert.throws(
        () => tlsSettings('', [suite]),
        new Error(`Cipher suite ${suite} not supported or doesn't exist`),
      );
    assert.throws(() => tlsSettings('VersionTLS9', []), /unknown tls version "VersionTLS9"/);
  });
});
