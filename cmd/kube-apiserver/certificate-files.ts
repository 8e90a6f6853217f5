// Watches the files of the serving certificate and of the client CAs. New connections use replaced
// files without a restart (upstream's dynamic serving certificate controller); open connections
// keep theirs. Files that do not match one another are ignored until they match.
import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createSecureContext } from 'node:tls';
import { sleep, type Env } from '../../pkg/util/env/env.js';
import { Wakeup } from '../../pkg/util/wait/abortable.js';
import { every } from '../../pkg/util/wait/every.js';

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

/** Poll interval for a folder that cannot be watched, as in upstream. */
const LOOK_MS = 60_000;
/** Delay before reading, so that files that are replaced together are read together. */
const SETTLE_MS = 200;

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
  const wakeup = new Wakeup();
  const folders = new Set(
    [files.cert, files.key, files.clientCa]
      .filter((path) => path !== undefined)
      .map((path) => dirname(path)),
  );
  for (const folder of folders) {
    // Watches folders, because a watch of a file does not see its replacement.
    const watcher = watch(folder, { signal, persistent: false }, () => wakeup.wake());
    watcher.on('error', (error) =>
      env.log.warn('cannot watch for new certificates, polling once a minute', { folder, error }),
    );
  }
  let known = inUse;
  let isFirst = true;
  const log = env.log.child({ ...files });
  const failed = 'new certificates cannot be used, keeping the old ones';
  const options = { env: { ...env, log }, signal, periodMs: LOOK_MS, wakeup, failed };
  await every(options, async () => {
    // The files of a pair are written one after the other.
    if (!isFirst) await sleep(env.clock, SETTLE_MS, signal);
    isFirst = false;
    const certificates = await read(files);
    if (same(certificates, known)) return;
    check(certificates);
    use(certificates);
    known = certificates;
    log.info('serving with new certificates');
  });
}

function same(one: Certificates, other: Certificates): boolean {
  return one.cert === other.cert && one.key === other.key && one.ca === other.ca;
}
