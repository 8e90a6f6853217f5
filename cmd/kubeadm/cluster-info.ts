// The config map kube-public/cluster-info: a kubeconfig with the address and the authorities of the
// API server, for machines that join.
import { hash, X509Certificate } from 'node:crypto';
import { parse } from 'yaml';

export const CLUSTER_INFO = { namespace: 'kube-public', name: 'cluster-info' };

interface Kubeconfig {
  clusters?: { cluster?: { server?: unknown; 'certificate-authority-data'?: unknown } }[];
}

export interface ClusterInfo {
  /** 'https://HOST:PORT' */
  server: string;
  /** The authorities in PEM, and nothing besides them. */
  caPem: string;
}

export const certificatesIn = (pem: string): X509Certificate[] =>
  (pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []).map(
    (one) => new X509Certificate(one),
  );

/** @throws Error for a text that is no kubeconfig with a server and its authorities. */
export function clusterOf(kubeconfig: string): ClusterInfo {
  try {
    const file = parse(kubeconfig) as Kubeconfig | null;
    const { server, 'certificate-authority-data': data } = file?.clusters?.[0]?.cluster ?? {};
    const authorities = certificatesIn(Buffer.from(String(data), 'base64').toString('latin1'));
    const { protocol, origin } = new URL(String(server));
    if (protocol !== 'https:' || !authorities.length) throw new Error('no server or authority');
    return { server: origin, caPem: authorities.join('') };
  } catch (error) {
    const why = (error as Error).message;
    throw new Error(`malformed kubeconfig in the cluster-info ConfigMap: ${why}`, { cause: error });
  }
}

/** The hash of each certificate's public key, as --discovery-token-ca-cert-hash takes it. */
export const publicKeyHashes = (pem: string): string[] =>
  certificatesIn(pem).map(({ publicKey }) => {
    const key = publicKey.export({ type: 'spki', format: 'der' });
    return `sha256:${hash('sha256', key)}`;
  });
