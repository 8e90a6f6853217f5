// kubeadm certs: the certificates in the files and kubeconfigs of a cluster.
import { X509Certificate } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { humanDuration } from '../../pkg/apimachinery/duration/human-duration.js';
import { loadKubeconfig } from '../../pkg/client/kubeconfig.js';
import { clusterCertificates } from '../../pkg/system/pki/cluster-pki.js';
import { columns } from '../../pkg/util/columns/columns.js';
import { command } from './command.js';
import { EXPIRATION_FLAGS } from './flags.generated.js';

/** The files below the folder whose names end so, in order; without that end. */
const filesIn = (folder: string, end: string): string[] =>
  (existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [])
    .filter((file) => file.endsWith(end))
    .map((file) => file.slice(0, -end.length))
    .sort();

/** etcd/server is upstream's etcd-server. */
const nameOf = (file: string): string => file.replaceAll('/', '-');

function expiryOf({ validTo }: X509Certificate, now: number): string[] {
  const [, day, month, year, time = ''] = new Date(validTo).toUTCString().split(' ');
  const left = humanDuration(Date.parse(validTo) - now);
  return [`${month} ${day}, ${year} ${time.slice(0, 5)} UTC`, left];
}

/** An authority without its key in the folder is managed elsewhere. */
async function checkExpiration(pki: string, kubeconfigs: string, now: number): Promise<string> {
  const all = filesIn(pki, '.crt').map((file): [string, X509Certificate] => [
    file,
    new X509Certificate(readFileSync(join(pki, `${file}.crt`))),
  ]);
  for (const file of filesIn(kubeconfigs, '.conf')) {
    const { cert } = await loadKubeconfig(join(kubeconfigs, `${file}.conf`));
    if (cert) all.push([`${file}.conf`, new X509Certificate(cert)]);
  }
  const authorities = all.filter(([, { ca }]) => ca);
  const managed = (authority: string | undefined): string =>
    authority && existsSync(join(pki, `${authority}.key`)) ? 'no' : 'yes';
  const leaves = all.filter(([, { ca }]) => !ca);
  const rows = leaves.map(([file, certificate]) => {
    const [authority] = authorities.find(([, ca]) => certificate.verify(ca.publicKey)) ?? [];
    return [
      nameOf(file),
      ...expiryOf(certificate, now),
      nameOf(authority ?? ''),
      managed(authority),
    ];
  });
  const missing = clusterCertificates().filter((name) => !all.some(([file]) => file === name));
  const lost = missing.map((file) => [`!MISSING! ${nameOf(file)}`, '', '', '', '']);
  const cas = authorities.map(([file, ca]) => [nameOf(file), ...expiryOf(ca, now), managed(file)]);
  return `${columns([LEAF_HEADS, ...rows, ...lost])}\n\n${columns([CA_HEADS, ...cas])}\n`;
}

const [CA, WHEN, MANAGED] = [
  'CERTIFICATE AUTHORITY',
  ['EXPIRES', 'RESIDUAL TIME'],
  'EXTERNALLY MANAGED',
] as const;
const LEAF_HEADS = ['CERTIFICATE', ...WHEN, CA, MANAGED];
const CA_HEADS = [CA, ...WHEN, MANAGED];

export const CERTS_COMMANDS = {
  'certs check-expiration': command(
    'Check certificates expiration for a Kubernetes cluster',
    EXPIRATION_FLAGS,
    [],
    ({ flags, env: { clock } }) =>
      checkExpiration(flags['cert-dir'], flags['kubeconfig-dir'], clock.now()),
  ),
};
