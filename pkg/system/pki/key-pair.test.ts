import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { createCa } from './certificates.js';
import { keyPairProblem } from './key-pair.js';

const pemOf = (type: 'ec' | 'rsa'): string => {
  const { privateKey } =
    type === 'ec'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
};

describe('a certificate and a key', () => {
  const own = createCa('a');
  const cases: [string, string, string, string | undefined][] = [
    ['of one pair', own.certPem, own.keyPem, undefined],
    ['of two pairs', own.certPem, createCa('b').keyPem, 'private key does not match'],
    ['of two pairs of one curve', own.certPem, pemOf('ec'), 'private key does not match'],
    ['of two kinds', own.certPem, pemOf('rsa'), 'private key type does not match'],
    ['that is none', own.certPem, own.keyPem.replace(/\n.{20}/, '\n'), 'failed to parse'],
    ['without a certificate', own.certPem.replace(/\n.{20}/, '\n'), own.keyPem, 'malformed'],
  ];
  for (const [name, certificate, key, problem] of cases)
    it(name, () => {
      const text = keyPairProblem(certificate, key);
      if (problem === undefined) assert.equal(text, undefined);
      else assert.match(text!, new RegExp(problem));
    });
});
