// The keys and certificates of one cluster, under kubeadm's file names. ensureClusterPki is
// idempotent: valid files stay; a certificate that is missing, near its expiry, signed by another
// CA or issued for other names is reissued. Distributing files to other machines is left to the
// caller.
//
// Invariants: private keys have mode 0600. Files change by rename only. A CA is never replaced,
// because every certificate that it issued would become invalid (remove its files to start over).
import { createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { atomicWrite, readIfPresent } from '../files/atomic-write.js';
import {
  type CertificateAndKey,
  createCa,
  issue,
  type KeyUsage,
  type SubjectNames,
} from './certificates.js';
import { writeKubeconfig } from './kubeconfig.js';
import { familyOf } from '../../util/netaddr/ip.js';

export interface ClusterNode {
  name: string;
  addresses: readonly string[];
}

export interface ClusterPkiOptions {
  /**
   * Further DNS names and IP addresses of the API server and etcd, besides localhost and the names
   * of the service.
   */
  serverNames?: readonly string[];
  /** First address of the service range: '10.100.0.1'. */
  serviceIP?: string;
  /** Default 'cluster.local'. */
  domain?: string;
  nodes?: readonly ClusterNode[];
  /** Milliseconds since the epoch; default: the system clock. */
  now?: number;
}

/** PEM of sa.key and sa.pub. */
interface AccountKeys {
  serviceAccountKey: string;
  serviceAccountPublicKey: string;
}

export interface Credentials extends AccountKeys {
  ca: CertificateAndKey;
  /**
   * Certificates by file name without extension: 'apiserver', 'apiserver-kubelet-client',
   * 'etcd/server', 'nodes/NAME/kubelet-client', ...
   */
  certificates: Readonly<Record<string, CertificateAndKey>>;
}

export interface ClusterPki extends Credentials {
  dir: string;
  etcdCa: CertificateAndKey;
  frontProxyCa: CertificateAndKey;
}

interface CertificateSpec extends SubjectNames {
  ca: 'ca' | 'etcd/ca' | 'front-proxy-ca';
  usages: readonly KeyUsage[];
}

/** A certificate that expires within this time is reissued. */
const RENEW_BEFORE_MS = 30 * 86_400_000;

const LOCAL_NAMES = ['localhost', '127.0.0.1', '::1'] as const;

/** Client identities of the components, as RBAC's default bindings expect them. */
export const COMPONENT_IDENTITIES: Readonly<
  Record<string, { commonName: string; organizations?: readonly string[] }>
> = {
  admin: { commonName: 'kubernetes-admin', organizations: ['system:masters'] },
  'controller-manager': { commonName: 'system:kube-controller-manager' },
  scheduler: { commonName: 'system:kube-scheduler' },
  'kube-proxy': { commonName: 'system:kube-proxy' },
  flanneld: { commonName: 'flanneld' },
};

const client = (
  ca: CertificateSpec['ca'],
  commonName: string,
  organizations: readonly string[] = [],
): CertificateSpec => ({ ca, commonName, organizations, usages: ['client'] });

function wantedCertificates(options: ClusterPkiOptions): Record<string, CertificateSpec> {
  const domain = options.domain ?? 'cluster.local';
  const names = options.serverNames ?? [];
  const service = ['', '.default', '.default.svc', `.default.svc.${domain}`].map(
    (rest) => `kubernetes${rest}`,
  );
  const server = [...new Set([...LOCAL_NAMES, ...names])];
  const member = (commonName: string): CertificateSpec => ({
    ca: 'etcd/ca',
    commonName,
    usages: ['server', 'client'],
    sans: server,
  });
  const wanted: Record<string, CertificateSpec> = {
    apiserver: {
      ca: 'ca',
      commonName: 'kube-apiserver',
      usages: ['server'],
      sans: [...service, ...server, ...(options.serviceIP ? [options.serviceIP] : [])],
    },
    'apiserver-kubelet-client': client('ca', 'kube-apiserver-kubelet-client'),
    'front-proxy-client': client('front-proxy-ca', 'front-proxy-client'),
    'etcd/server': member('etcd-server'),
    'etcd/peer': member('etcd-peer'),
    'etcd/healthcheck-client': client('etcd/ca', 'kube-etcd-healthcheck-client'),
    'etcd/root': client('etcd/ca', 'root'),
    'apiserver-etcd-client': client('etcd/ca', 'kube-apiserver-etcd-client'),
    'flanneld-etcd-client': client('etcd/ca', 'flanneld-etcd-client'),
    'skydns-etcd-client': client('etcd/ca', 'skydns-etcd-client'),
  };
  for (const [component, { commonName, organizations }] of Object.entries(COMPONENT_IDENTITIES))
    wanted[`components/${component}`] = client('ca', commonName, organizations);
  for (const { name, addresses } of options.nodes ?? []) {
    const identity = client('ca', `system:node:${name}`, ['system:nodes']);
    wanted[`nodes/${name}/kubelet-client`] = identity;
    const sans = [name, ...addresses];
    wanted[`nodes/${name}/kubelet`] = { ...identity, usages: ['server'], sans };
  }
  return wanted;
}

/** The files of the certificates that every cluster has, without their extension. */
export const clusterCertificates = (): string[] => Object.keys(wantedCertificates({}));

async function readPair(base: string): Promise<Partial<CertificateAndKey>> {
  const [certPem, keyPem] = await Promise.all([
    readIfPresent(`${base}.crt`),
    readIfPresent(`${base}.key`),
  ]);
  return { ...(certPem && { certPem }), ...(keyPem && { keyPem }) };
}

async function writePair(base: string, pair: CertificateAndKey): Promise<CertificateAndKey> {
  // first, so that no certificate exists without its key
  await atomicWrite(`${base}.key`, pair.keyPem, 0o600);
  await atomicWrite(`${base}.crt`, pair.certPem, 0o600);
  return pair;
}

async function ensureCa(
  dir: string,
  file: string,
  commonName: string,
  now: number,
): Promise<CertificateAndKey> {
  const base = join(dir, file);
  const { certPem, keyPem } = await readPair(base);
  if (!certPem) return writePair(base, createCa(commonName, { now }));
  if (Date.parse(new X509Certificate(certPem).validTo) <= now)
    throw new Error(
      `${base}.crt has expired: remove it and the certificates it issued to start over`,
    );
  return { certPem, keyPem: keyPem ?? '' };
}

/** Whether the certificate has exactly these names; node:crypto prints IPv6 addresses in full. */
function sameNames(certificate: X509Certificate, sans: readonly string[]): boolean {
  const present = (certificate.subjectAltName ?? '').split(', ').filter(Boolean);
  if (present.length !== sans.length) return false;
  return sans.every((san) =>
    familyOf(san) ? certificate.checkIP(san) !== undefined : present.includes(`DNS:${san}`),
  );
}

function isGood(
  pair: Partial<CertificateAndKey>,
  wanted: CertificateSpec,
  ca: CertificateAndKey,
  now: number,
): pair is CertificateAndKey {
  if (!pair.certPem || !pair.keyPem) return false;
  try {
    const certificate = new X509Certificate(pair.certPem);
    const key = createPublicKey(pair.keyPem).export({ type: 'spki', format: 'der' });
    const subject = [
      ...(wanted.organizations ?? []).map((organization) => `O=${organization}`),
      `CN=${wanted.commonName}`,
    ].join('\n');
    return (
      Date.parse(certificate.validTo) - now > RENEW_BEFORE_MS &&
      certificate.subject === subject &&
      sameNames(certificate, wanted.sans ?? []) &&
      certificate.publicKey.export({ type: 'spki', format: 'der' }).equals(key) &&
      certificate.verify(new X509Certificate(ca.certPem).publicKey)
    );
  } catch {
    return false; // not a certificate: reissue it
  }
}

function newServiceAccountKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

function accountKeys(serviceAccountKey: string): AccountKeys {
  const spki = createPublicKey(serviceAccountKey).export({ type: 'spki', format: 'pem' });
  return { serviceAccountKey, serviceAccountPublicKey: spki.toString() };
}

async function ensureServiceAccountKey(dir: string): Promise<AccountKeys> {
  const path = join(dir, 'sa.key');
  const present = await readIfPresent(path);
  const keys = accountKeys(present || newServiceAccountKey());
  if (!present) await atomicWrite(path, keys.serviceAccountKey, 0o600);
  await atomicWrite(join(dir, 'sa.pub'), keys.serviceAccountPublicKey, 0o644);
  return keys;
}

/**
 * Credentials in memory for a server that lives as long as its process: one CA and the certificates
 * `names`, which must be of the cluster CA. Takes a tenth of the time of the files.
 */
export function createCredentials(
  names: readonly string[],
  options: ClusterPkiOptions & { serviceAccountKey?: string } = {},
): Credentials {
  const now = options.now ?? Date.now();
  const ca = createCa('kubernetes', { now });
  const known = wantedCertificates(options);
  const certificates: Record<string, CertificateAndKey> = {};
  for (const name of names) {
    const wanted = known[name];
    if (wanted?.ca !== 'ca') throw new Error(`${name} is not a certificate of the cluster CA`);
    certificates[name] = issue({ ...wanted, ca, now });
  }
  const account = accountKeys(options.serviceAccountKey ?? newServiceAccountKey());
  return { ca, certificates, ...account };
}

/**
 * Creates or updates the files in `dir` for `options` and returns their content. May be called
 * again with other names or nodes. Throws when a certificate is due and the key of its CA is
 * missing, or when a CA has expired.
 */
export async function ensureClusterPki(
  dir: string,
  options: ClusterPkiOptions = {},
): Promise<ClusterPki> {
  const now = options.now ?? Date.now();
  const cas = {
    ca: await ensureCa(dir, 'ca', 'kubernetes', now),
    'etcd/ca': await ensureCa(dir, 'etcd/ca', 'etcd-ca', now),
    'front-proxy-ca': await ensureCa(dir, 'front-proxy-ca', 'front-proxy-ca', now),
  };
  const certificates: Record<string, CertificateAndKey> = {};
  for (const [file, wanted] of Object.entries(wantedCertificates(options))) {
    const ca = cas[wanted.ca];
    const present = await readPair(join(dir, file));
    if (isGood(present, wanted, ca, now)) {
      certificates[file] = present;
      continue;
    }
    if (!ca.keyPem)
      throw new Error(
        `${join(dir, file)}.crt is due, but ${join(dir, wanted.ca)}.key is missing to sign it`,
      );
    certificates[file] = await writePair(join(dir, file), issue({ ...wanted, ca, now }));
  }
  return {
    dir,
    ca: cas.ca,
    etcdCa: cas['etcd/ca'],
    frontProxyCa: cas['front-proxy-ca'],
    certificates,
    ...(await ensureServiceAccountKey(dir)),
  };
}

/**
 * Writes one kubeconfig per component and node into `dir`: admin.conf, controller-manager.conf,
 * scheduler.conf, kube-proxy.conf, flanneld.conf, kubelet-NODE.conf. Returns their paths by name.
 */
export async function ensureKubeconfigs(
  dir: string,
  pki: ClusterPki,
  server: string,
): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  for (const [file, pair] of Object.entries(pki.certificates)) {
    const component = /^components\/(.+)$/.exec(file)?.[1];
    const node = /^nodes\/(.+)\/kubelet-client$/.exec(file)?.[1];
    const name = component ?? (node ? `kubelet-${node}` : undefined);
    if (!name) continue;
    const path = join(dir, `${name}.conf`);
    const user = component
      ? (COMPONENT_IDENTITIES[component]?.commonName ?? component)
      : `system:node:${node}`;
    await writeKubeconfig(path, { server, caPem: pki.ca.certPem, ...pair, name: user });
    paths[name] = path;
  }
  return paths;
}
