// A pod's host name and hosts file (upstream: kubelet_pods.go). Pure.
import type { Pod } from '../../apis/core/v1/types.js';

const MAX_HOSTNAME = 63;

export function hostname(pod: Pod, clusterDomain: string): { short: string; domain: string } {
  const short = (pod.spec.hostname || pod.metadata.name)
    .slice(0, MAX_HOSTNAME)
    .replace(/[-.]+$/, '');
  const domain = pod.spec.subdomain
    ? `${pod.spec.subdomain}.${pod.metadata.namespace ?? 'default'}.svc.${clusterDomain}`
    : '';
  return { short, domain };
}

function aliases(pod: Pod): string {
  const list = pod.spec.hostAliases ?? [];
  if (!list.length) return '';
  return `\n# Entries added by HostAliases.\n${list.map((a) => `${a.ip}\t${(a.hostnames ?? []).join('\t')}\n`).join('')}`;
}

/** `hostFile`: the host's /etc/hosts, used for pods on the host network. */
export function hostsFile(
  pod: Pod,
  podIPs: readonly string[],
  clusterDomain: string,
  hostFile: string,
): string {
  if (pod.spec.hostNetwork)
    return `# Kubernetes-managed hosts file (host network).\n${hostFile}${aliases(pod)}`;
  const { short, domain } = hostname(pod, clusterDomain);
  const own = podIPs
    .map((ip) => (domain ? `${ip}\t${short}.${domain}\t${short}\n` : `${ip}\t${short}\n`))
    .join('');
  const fixed = [
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
  ];
  return `# Kubernetes-managed hosts file.\n${fixed.join('\n')}\n${own}${aliases(pod)}`;
}
