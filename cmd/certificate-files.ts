// Watches the files of the serving certificate and of the client CAs. New connections use replaced
// files without a restart (upstream's dynamic serving certificate controller); open connections
// keep theirs. Files that do not match one another are ignored until they match.
import { createSecureContext } from 'node:tls';
import type { Env } from '../pkg/util/env/env.js';
import { followTexts } from './follow-files.js';

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
  const { cert, key, clientCa } = files;
  const first = [inUse.cert, inUse.key, ...(clientCa ? [inUse.ca ?? ''] : [])];
  const apply = ([certPem, keyPem, ca]: string[]) => {
    const certificates = { cert: certPem!, key: keyPem!, ...(ca !== undefined && { ca }) };
    check(certificates);
    use(certificates);
  };
  await followTexts([cert, key, ...(clientCa ? [clientCa] : [])], first, apply, env, signal);
}
