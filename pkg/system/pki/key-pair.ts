// Whether a certificate and a private key belong together (Go's crypto/tls X509KeyPair).
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';

/** The names of Node for the public keys that TLS servers use. */
const KEY_TYPES = new Set(['rsa', 'ec', 'ed25519']);

/** Undefined for a text that cannot be read. */
function read<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** The SubjectPublicKeyInfo of a private key in PEM; throws for other texts. */
export const publicKeyBytes = (keyPem: string): Buffer =>
  createPublicKey(createPrivateKey(keyPem)).export({ type: 'spki', format: 'der' });

/** Go's complaint about two PEM blocks; undefined when a server can use them. */
export function keyPairProblem(certificatePem: string, keyPem: string): string | undefined {
  const certificate = read(() => new X509Certificate(certificatePem));
  if (!certificate) return 'x509: malformed certificate';
  const key = read(() => createPrivateKey(keyPem));
  if (!key) return 'tls: failed to parse private key';
  const type = read((): KeyObject => certificate.publicKey)?.asymmetricKeyType ?? '';
  if (!KEY_TYPES.has(type)) return 'tls: unknown public key algorithm';
  if (key.asymmetricKeyType !== type) return 'tls: private key type does not match public key type';
  return certificate.checkPrivateKey(key)
    ? undefined
    : 'tls: private key does not match public key';
}
