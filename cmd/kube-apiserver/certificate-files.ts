// Follows the files of the serving certificate and of the client authorities: what is put in their place is
// used for new connections without a restart (upstream's dynamic serving certificate controller).
// Connections that are there go on as they began. Files that do not fit together are left alone until they do.
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

/** A folder whose changes the system does not report is looked at this often, as upstream does. */
const LOOK_MS = 60_000;
/** Several files that are replaced together are read together. */
const SETTLE_MS = 200;

async function read({ cert, key, clientCa }: CertificateFiles): Promise<Certificates> {
  const [certPem, keyPem, caPem] = await Promise.all([
    readFile(cert, 'utf8'),
    readFile(key, 'utf8'),
    clientCa ? readFile(clientCa, 'utf8') : undefined,
  ]);
  return { cert: certPem, key: keyPem, ...(caPem === undefined ? {} : { ca: caPem }) };
}

/** Throws for files that are no certificate, no key, or not of one another; Node takes any text as authorities. */
function check({ cert, key, ca }: Certificates): void {
  createSecureContext({ cert, key });
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----'))
    throw new Error('the client authorities are no certificates');
}

/** Calls `use` whenever the files hold something valid that is not in use. Resolves on abort. */
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
    // Folders, not files: a file that is replaced is another file.
    const watcher = watch(folder, { signal, persistent: false }, () => wakeup.wake());
    watcher.on('error', (error) =>
      env.log.warn('cannot watch for new certificates, looking once a minute', { folder, error }),
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
