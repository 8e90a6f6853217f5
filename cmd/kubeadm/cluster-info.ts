// The config map kube-public/cluster-info: a kubeconfig with the address and the authorities of the
// API server, for machines that join.
import { hash, X509Certificate } from 'node:crypto';
import { parse } from 'yaml';

export const CLUSTER_INFO = { namespace: 'kube-public', name: 'cluster-info' };

interface Kubeconfig {
  clusters?: { cluster?: { server?: unknown; 'certificate-authority-data'?: unknown } }[];
}

/** The server's URL and the PEM of its authorities. @throws Error when one is missing. */
export function clusterOf(kubeconfig: string): { server: string; caPem: string } {
  const file = parse(kubeconfig) as Kubeconfig | null;
  const { server, 'certificate-authority-data': data } = file?.clusters?.[0]?.cluster ?? {};
  if (typeof server !== 'string' || typeof data !== 'string')
    throw new Error('malformed kubeconfig in the cluster-info ConfigMap: no server or authority');
  return { server, caPem: Buffer.from(data, 'base64').toString('utf8') };
}

/** The hash of each certificate's public key, as --discovery-token-ca-cert-hash takes it. */
export function publicKeyHashes(pem: string): string[] {
  const all = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  return all.map((one) => {
    const key = new X509Certificate(one).publicKey.export({ type: 'spki', format: 'der' });
    return `sha256:${hash('sha256', key)}`;
  });
}
