// A certificate and its key on disk, as upstream's certificate store keeps them:
// kubelet-KIND-TIME.pem, and the link kubelet-KIND-current.pem, which is replaced by a rename. The
// key of a request that is not answered yet lies in kubelet-KIND.key.tmp, so that a kubelet that is
// killed asks for the same certificate again.
import { X509Certificate } from 'node:crypto';
import { readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, readIfPresent } from '../../system/files/atomic-write.js';
import { newKey } from '../../system/pki/certificates.js';
import { keyPairProblem, publicKeyBytes } from '../../system/pki/key-pair.js';
import { familyOf } from '../../util/netaddr/ip.js';
import type { Life, Wanted } from './plan.js';

/** Both in one PEM, which OpenSSL reads as a certificate and as a key. */
export interface Pair extends Life {
  pem: string;
}

/** Undefined for a pair that no server and no client could use. */
export function readPair(pem: string, gotAt: number): Pair | undefined {
  if (keyPairProblem(pem, pem) !== undefined) return undefined;
  const { validFrom, validTo } = new X509Certificate(pem);
  return { pem, from: Math.max(Date.parse(validFrom), gotAt), until: Date.parse(validTo) };
}

/** True for a certificate with the subject and all the names. */
export function isFor(pair: Pair, { commonName, sans }: Wanted): boolean {
  const certificate = new X509Certificate(pair.pem);
  return (
    certificate.subject.split('\n').includes(`CN=${commonName}`) &&
    sans.every((san) => (familyOf(san) ? certificate.checkIP(san) : certificate.checkHost(san)))
  );
}

function isKey(pem: string): boolean {
  try {
    return publicKeyBytes(pem).length > 0;
  } catch {
    return false;
  }
}

export type PairStore = ReturnType<typeof pairStore>;

/** `now` in milliseconds since the epoch. */
export function pairStore(folder: string, kind: Wanted['kind'], now: () => number) {
  const prefix = `kubelet-${kind}`;
  const path = join(folder, `${prefix}-current.pem`);
  const keyPath = join(folder, `${prefix}.key.tmp`);
  const dropPendingKey = (): Promise<void> => rm(keyPath, { force: true });
  /** Files of former certificates, and of one that a killed kubelet did not link. */
  const removeOthers = async (kept: string) => {
    const dated = (name: string) =>
      name.startsWith(prefix) && /^-[\d-]+\.pem$/.test(name.slice(prefix.length));
    for (const name of await readdir(folder))
      if (dated(name) && name !== kept) await rm(join(folder, name), { force: true });
  };
  return {
    /** The path of the link. */
    path,
    /** Undefined when there is none, or its parts do not match. */
    async current(): Promise<Pair | undefined> {
      const pem = await readIfPresent(path);
      if (pem !== undefined) return readPair(pem, Math.min((await stat(path)).mtimeMs, now()));
      return undefined;
    },
    /** @throws Error when the key did not ask for the certificate. */
    async save(certPem: string, keyPem: string): Promise<Pair> {
      const problem = keyPairProblem(certPem, keyPem);
      if (problem !== undefined) throw new Error(problem);
      const pem = `${certPem.trimEnd()}\n${keyPem}`;
      const time = new Date(now()).toISOString().replace(/\..*/, '').replace(/[T:]/g, '-');
      const name = `${prefix}-${time}.pem`;
      await atomicWrite(join(folder, name), pem, 0o600);
      await dropPendingKey(); // before the link: no other certificate is asked for with its key
      const link = join(folder, `.${prefix}-current.tmp`);
      await rm(link, { force: true });
      await symlink(name, link);
      await rename(link, path);
      await removeOthers(name);
      return readPair(pem, now())!;
    },
    /** The PEM of the key of the open request; a new one when there is none. */
    async pendingKey(): Promise<string> {
      const key = await readIfPresent(keyPath);
      if (key && isKey(key)) return key;
      const { keyPem } = newKey();
      await atomicWrite(keyPath, keyPem, 0o600);
      return keyPem;
    },
    dropPendingKey,
  };
}
