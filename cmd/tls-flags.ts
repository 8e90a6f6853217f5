// The flags --tls-min-version and --tls-cipher-suites of every program with a secure port, and the
// files of clients of etcd.
import { readFile } from 'node:fs/promises';
import { TLS_VERSIONS, tlsSettings, type TlsSettings } from '../pkg/system/tls-settings.js';
import { FlagError, type Flag } from './flags.js';

export const TLS_FLAGS = {
  'tls-min-version': {
    type: 'string',
    default: 'VersionTLS12',
    choices: Object.keys(TLS_VERSIONS),
    help: 'Minimum TLS version supported.',
  },
  'tls-cipher-suites': {
    type: 'list',
    help: "Comma-separated list of cipher suites for the server, by their Go names; default: Node's. The suites of TLS 1.3 stay on.",
  },
} as const satisfies Record<string, Flag>;

/** Throws FlagError for unknown suites. */
export function tlsOf(
  binary: string,
  config: { 'tls-min-version': string; 'tls-cipher-suites': readonly string[] },
): TlsSettings {
  try {
    return tlsSettings(config['tls-min-version'], config['tls-cipher-suites']);
  } catch (error) {
    throw new FlagError(`${binary}: --tls-cipher-suites: ${(error as Error).message}`);
  }
}

type TlsPart = 'ca' | 'cert' | 'key';

/** The content of the files of a client of etcd; no TLS without an authority or a certificate. */
export async function etcdTls(
  paths: Record<TlsPart, string | undefined>,
): Promise<{ tls?: Partial<Record<TlsPart, Buffer>> }> {
  if (!paths.ca && !paths.cert) return {};
  const tls: Partial<Record<TlsPart, Buffer>> = {};
  for (const part of ['ca', 'cert', 'key'] as const)
    if (paths[part]) tls[part] = await readFile(paths[part]);
  return { tls };
}
