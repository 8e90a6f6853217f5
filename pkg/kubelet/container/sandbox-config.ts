// A pod's SandboxConfig. Pure.
import type { Pod } from '../../apis/core/v1/types.js';
import { templateContainers } from '../../component-helpers/pods.js';
import type { PortMapping, SandboxConfig } from '../runtime/runtime.js';
import { sandboxLabels } from '../types/labels.js';
import { identityOf } from '../types/observed.js';
import type { DnsConfig } from './dns.js';
import { hostname } from './names.js';
import { sandboxSecurity } from './security.js';

export interface SandboxParts {
  attempt: number;
  logDirectory: string;
  cgroupParent: string;
  dns: DnsConfig;
  clusterDomain: string;
  /** The node's kernel has IPv6. */
  hasIPv6: boolean;
}

/** The router advertisement of a neighbour would make the neighbour a router (CVE-2020-10749). */
const NO_ADVERTISEMENTS = {
  'net.ipv6.conf.default.accept_ra': '0',
  'net.ipv6.conf.eth0.accept_ra': '0',
};

function portMappings(pod: Pod): PortMapping[] {
  if (pod.spec.hostNetwork) return [];
  return templateContainers(pod.spec).flatMap((c) =>
    (c.ports ?? [])
      .filter((p) => p.hostPort)
      .map((p) => ({
        protocol: (p.protocol ?? 'TCP') as PortMapping['protocol'],
        containerPort: p.containerPort,
        hostPort: p.hostPort!,
        ...(p.hostIP && { hostIp: p.hostIP }),
      })),
  );
}

/** The host name of the kernel (uname's nodename) has 64 characters. */
const MAX_NODE_NAME = 64;

function nodeName(fqdn: string): string {
  if (fqdn.length <= MAX_NODE_NAME) return fqdn;
  throw new Error(
    `failed to construct FQDN from pod hostname and cluster domain, FQDN ${fqdn} is too long (${MAX_NODE_NAME} characters is the max, ${fqdn.length} characters requested)`,
  );
}

export function sandboxConfig(pod: Pod, parts: SandboxParts): SandboxConfig {
  const { short, domain } = hostname(pod, parts.clusterDomain);
  const own = (pod.spec.securityContext?.sysctls ?? []).map((s) => [s.name, s.value]);
  const sysctls: Record<string, string> = {
    ...(parts.hasIPv6 && !pod.spec.hostNetwork && NO_ADVERTISEMENTS),
    ...Object.fromEntries(own),
  };
  return {
    metadata: { ...identityOf(pod), attempt: parts.attempt },
    // A sandbox on the host network shares the host's UTS namespace, and runc rejects a host name
    // there.
    hostname: pod.spec.hostNetwork
      ? ''
      : pod.spec.setHostnameAsFQDN && domain
        ? nodeName(`${short}.${domain}`)
        : short,
    logDirectory: parts.logDirectory,
    dnsConfig: parts.dns,
    portMappings: portMappings(pod),
    labels: sandboxLabels(pod),
    annotations: { ...pod.metadata.annotations },
    linux: { cgroupParent: parts.cgroupParent, securityContext: sandboxSecurity(pod), sysctls },
  };
}
