// Watches the files of the serving certificate and of the client CAs. New connections use replaced
// files without a restart (upstream's dynamic serving certificate controller); open connections
// keep theirs. Files that do not match one another are ignored until they match.
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { Env } from '../pkg/util/env/env.js';
import { followFiles } from './follow-files.js';

export interface CertificateFiles {
  cert: string;
  key: string;
  clientCa?: string | undefined;
}

/** PEM contents. */
export interface Certificates {
  cert: string;
  key: string;
  ca?: string;
}

async function read({ cert, key, clientCa }: CertificateFiles): Promise<Certificates> {
  const [certPem, keyPem, caPem] = await Promise.all([
    readFile(cert, 'utf8'),
    readFile(key, 'utf8'),
    clientCa ? readFile(clientCa, 'utf8') : undefined,
  ]);
  return { cert: certPem, key: keyPem, ...(caPem === undefined ? {} : { ca: caPem }) };
}

/**
 * Throws for files that are no certificate or key, or do not match. Node accepts any text as client
 * CAs.
 */
function check({ cert, key, ca }: Certificates): void {
  createSecureContext({ cert, key });
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('the client CA file has no certificates');
}

/** Calls `use` whenever the files have valid content that is not in use. Resolves on abort. */
export async function followCertificates(
  files: CertificateFiles,
  inUse: Certificates,
  env: Pick<Env, 'clock' | 'log'>,
  use: (certificates: Certificates) => void,
  signal: AbortSignal,
): Promise<void> {
  let known = inUse;
  const { cert, key, clientCa } = files;
  const paths = [cert, key, ...(clientCa === undefined ? [] : [clientCa])];
  const failed = 'new certificates cannot be used, keeping the old ones';
  const look = async () => {
    const certificates = await read(files);
    if (isDeepStrictEqual(certificates, known)) return;
    check(certificates);
    use(certificates);
    known = certificates;
    env.log.info('serving with new certificates', { ...files });
  };
  await followFiles(paths, { env, failed }, look, signal);
}
