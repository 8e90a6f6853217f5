// Writes kubeconfig files (clientcmd/api/v1) with embedded certificates, as kubeadm does.
import { stringify } from 'yaml';
import { atomicWrite } from '../files/atomic-write.js';

export interface KubeconfigOptions {
  /** 'https://10.0.0.1:6443' */
  server: string;
  caPem: string;
  /** The name in the server's certificate; default the host of the URL. */
  serverName?: string;
  certPem?: string;
  keyPem?: string;
  /** A file with certificate and key, instead of their texts. */
  pairFile?: string;
  /** A bearer token instead of a certificate. */
  token?: string;
  /** User name in the file; default 'default'. */
  name?: string;
  cluster?: string;
  namespace?: string;
}

const base64 = (text: string) => Buffer.from(text, 'utf8').toString('base64');

/** A kubeconfig in YAML with one cluster, user and context; keys in the order of kubectl. */
export function renderKubeconfig(options: KubeconfigOptions): string {
  const user = options.name ?? 'default';
  const cluster = options.cluster ?? 'wheelhouse';
  const context = `${user}@${cluster}`;
  const credentials = options.token
    ? { token: options.token }
    : options.pairFile
      ? { 'client-certificate': options.pairFile, 'client-key': options.pairFile }
      : {
          'client-certificate-data': base64(options.certPem ?? ''),
          'client-key-data': base64(options.keyPem ?? ''),
        };
  const config = {
    apiVersion: 'v1',
    clusters: [
      {
        name: cluster,
        cluster: {
          server: options.server,
          'certificate-authority-data': base64(options.caPem),
          ...(options.serverName && { 'tls-server-name': options.serverName }),
        },
      },
    ],
    contexts: [
      {
        name: context,
        context: { cluster, user, ...(options.namespace && { namespace: options.namespace }) },
      },
    ],
    'current-context': context,
    kind: 'Config',
    preferences: {},
    users: [{ name: user, user: credentials }],
  };
  // No line folding: some tools expect base64 text on one line.
  return stringify(config, { lineWidth: 0 });
}

/** Writes the kubeconfig atomically with mode 0600; an equal file is left alone. */
export async function writeKubeconfig(path: string, options: KubeconfigOptions): Promise<void> {
  await atomicWrite(path, renderKubeconfig(options), 0o600);
}
