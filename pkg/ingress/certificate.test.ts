import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { pairFor, secret } from '../../test/support/ingress-world.js';
import { pemOf } from './certificate.js';

describe('the certificate of a secret', () => {
  const pair = pairFor('shop.example');
  const refuses = (certPem: string, keyPem: string, message: RegExp) =>
    assert.throws(() => pemOf(secret('s', { certPem, keyPem })), { message });

  it('is written anew, so that no other text of the secret goes further', () => {
    const noise = 'backend evil\n  server x 1.2.3.4\n';
    const chain = `${noise}${pair.certPem}${noise}${pair.certPem}`;
    const pem = pemOf(secret('s', { certPem: chain, keyPem: noise + pair.keyPem + noise }));
    assert.doesNotMatch(pem, /evil/);
    assert.equal(pem.match(/BEGIN CERTIFICATE/g)?.length, 2);
    assert.ok(new X509Certificate(pem).checkPrivateKey(createPrivateKey(pem)));
  });

  it('is refused with a reason', () => {
    const other = pairFor('other.example');
    const rsa = (modulusLength: number) =>
      generateKeyPairSync('rsa', {
        modulusLength,
        privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
        publicKeyEncoding: { type: 'spki', format: 'pem' },
      }).privateKey;
    assert.throws(() => pemOf(undefined), /no such secret of type kubernetes\.io\/tls/);
    refuses('', pair.keyPem, /^tls\.crt holds no certificate$/);
    refuses(pair.certPem.replace(/M/g, 'N'), pair.keyPem, /^tls\.crt holds no certificate$/);
    refuses(pair.certPem.repeat(17), pair.keyPem, /^tls\.crt holds more than 16 certificates$/);
    refuses(pair.certPem, '', /^tls\.key holds no private key$/);
    refuses(pair.certPem, other.keyPem, /^tls\.key is not the key of tls\.crt$/);
    refuses(pair.certPem, rsa(1024), /type or the length of tls\.key/);
  });

  it('never has an encrypted key', () => {
    const cipher = { cipher: 'aes-256-cbc', passphrase: 'x' };
    const encrypted = createPrivateKey(pair.keyPem).export({
      type: 'pkcs8',
      format: 'pem',
      ...cipher,
    });
    refuses(pair.certPem, String(encrypted), /^tls\.key holds no private key$/);
  });
});
