// The certificate and key of a secret, parsed and written anew: no text of the secret goes further.
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Secret } from '../apis/core/v1/types.js';
import { LONGEST_CHAIN, LONGEST_RSA, SHORTEST_RSA } from './limits.js';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const CURVES = ['prime256v1', 'secp384r1', 'secp521r1'];

/** The chain and the key as one PEM text. Throws an error whose message is for the user. */
export function pemOf(secret: Secret | undefined): string {
  if (!secret) throw new Error('there is no such secret of type kubernetes.io/tls');
  const text = (key: string) => Buffer.from(secret.data?.[key] ?? '', 'base64').toString('latin1');
  const chain = text('tls.crt').match(CERTIFICATE) ?? [];
  if (chain.length > LONGEST_CHAIN)
    throw new Error(`tls.crt holds more than ${LONGEST_CHAIN} certificates`);
  const certificates = chain.map((one) =>
    parsed('tls.crt holds no certificate', () => new X509Certificate(one)),
  );
  // OpenSSL as HAProxy uses it: one bad certificate would end the reading of all others.
  for (const cert of certificates)
    parsed('OpenSSL refuses a certificate of tls.crt', () =>
      createSecureContext({ cert: String(cert), ciphers: 'DEFAULT@SECLEVEL=2' }),
    );
  const [leaf] = certificates;
  if (!leaf) throw new Error('tls.crt holds no certificate');
  const key = parsed('tls.key holds no private key', () => createPrivateKey(text('tls.key')));
  if (!isUsable(key)) throw new Error('the type or the length of tls.key is not supported');
  if (!leaf.checkPrivateKey(key)) throw new Error('tls.key is not the key of tls.crt');
  const pem = key.export({ type: 'pkcs8', format: 'pem' }) as string;
  return `${certificates.map(String).join('')}${pem}`;
}

function parsed<T>(problem: string, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new Error(problem, { cause });
  }
}

function isUsable({ asymmetricKeyType: type, asymmetricKeyDetails: details = {} }: KeyObject) {
  const { modulusLength: bits = 0, namedCurve = '' } = details;
  if (type === 'rsa') return bits >= SHORTEST_RSA && bits <= LONGEST_RSA;
  return type === 'ec' && CURVES.includes(namedCurve);
}
