// The flags --tls-min-version and --tls-cipher-suites of every program with a secure port.
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
    throw new FlagError(`${binary}: --tls-cipher-suites: ${(error as Error).message}`, 2);
  }
}
