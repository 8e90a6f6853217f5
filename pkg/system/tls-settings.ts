// TLS settings of servers, under Go's names of versions and cipher suites.
import { getCiphers, type SecureVersion } from 'node:tls';

export interface TlsSettings {
  minVersion?: SecureVersion;
  ciphers?: string;
}

/** OpenSSL 3 has no older versions at its default security level. */
export const TLS_VERSIONS: Readonly<Record<string, SecureVersion>> = {
  VersionTLS12: 'TLSv1.2',
  VersionTLS13: 'TLSv1.3',
};

/** The suites of TLS 1.3, which always stay on, as in Go. */
const TLS13_SUITES = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
];

/** The OpenSSL name of an IANA name: TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256. */
function opensslName(name: string): string | undefined {
  const found = /^TLS_(ECDHE_RSA|ECDHE_ECDSA|RSA)_WITH_([A-Z0-9_]+)$/.exec(name);
  if (!found) return undefined;
  const exchange = found[1] === 'RSA' ? '' : `${found[1]!.replace('_', '-')}-`;
  const cipher = found[2]!
    .replace(/^CHACHA20_POLY1305(_SHA256)?$/, 'CHACHA20-POLY1305')
    .replace(/^AES_(128|256)_CBC_/, 'AES$1-')
    .replace(/^AES_(128|256)_/, 'AES$1-')
    .replaceAll('_', '-');
  const openssl = `${exchange}${cipher}`;
  return getCiphers().includes(openssl.toLowerCase()) ? openssl : undefined;
}

/**
 * The settings of --tls-min-version and --tls-cipher-suites; an absent or empty one keeps the
 * server's own. Throws Error for a suite that OpenSSL lacks (upstream
 * cli/flag/ciphersuites_flag.go).
 */
export function tlsSettings(
  minVersion: string | undefined,
  suites: readonly string[],
): TlsSettings {
  const settings: TlsSettings = {};
  if (minVersion) {
    const version = TLS_VERSIONS[minVersion];
    if (!version) throw new Error(`unknown tls version ${JSON.stringify(minVersion)}`);
    settings.minVersion = version;
  }
  if (!suites.length) return settings;
  const names = suites
    .filter((suite) => !TLS13_SUITES.includes(suite))
    .map((suite) => {
      const name = opensslName(suite);
      if (!name) throw new Error(`Cipher suite ${suite} not supported or doesn't exist`);
      return name;
    });
  return { ...settings, ciphers: [...TLS13_SUITES, ...names].join(':') };
}
