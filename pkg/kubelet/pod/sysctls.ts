// The sysctls that pods may set: the safe ones, which no other pod notices, and those that
// --allowed-unsafe-sysctls adds (upstream: pkg/kubelet/sysctl/allowlist.go, safe_sysctls.go,
// k8s.io/component-helpers/node/util/sysctl/namespace.go). Pure.
import type { PodSpec } from '../../apis/core/v1/types.js';
import { SAFE_SYSCTLS } from './facts.generated.js';

type Namespace = 'ipc' | 'net';

const NAMESPACES: readonly (readonly [prefix: string, namespace: Namespace])[] = [
  ['kernel.sem', 'ipc'],
  ['kernel.shm', 'ipc'],
  ['kernel.msg', 'ipc'],
  ['fs.mqueue.', 'ipc'],
  ['net.', 'net'],
];

/** The kernel namespace to which a sysctl, or all sysctls with a prefix, belong. */
function namespaceOf(name: string): Namespace | undefined {
  return NAMESPACES.find(([prefix]) =>
    prefix === 'kernel.sem' ? name === prefix : name.startsWith(prefix),
  )?.[1];
}

/**
 * A name with dots between its parts: a name whose first separator is a slash has slashes there,
 * and dots within parts (net/ipv4/conf/eth0.1/rp_filter), as sysctl(8) writes it.
 */
export function dottedSysctl(name: string): string {
  if (!name.includes('/')) return name;
  const first = /[./]/.exec(name)?.[0];
  return first === '.' ? name : name.replace(/[./]/g, (c) => (c === '/' ? '.' : '/'));
}

/** The first pattern that is no namespaced sysctl, which a kubelet must not start with. */
export const unknownSysctl = (patterns: readonly string[]): string | undefined =>
  patterns.find((p) => namespaceOf(dottedSysctl(p).replace(/\*$/, '')) === undefined);

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

export function sysctlRefusal(
  spec: PodSpec,
  unsafe: readonly string[],
): { reason: string; message: string } | undefined {
  const refuse = (why: string) => ({
    reason: 'SysctlForbidden',
    message: `forbidden sysctl: ${why}`,
  });
  const allowed = [...SAFE_SYSCTLS, ...unsafe.map(dottedSysctl)];
  for (const sysctl of spec.securityContext?.sysctls ?? []) {
    const name = dottedSysctl(sysctl.name);
    if (!allowed.some((pattern) => matches(pattern, name)))
      return refuse(`"${name}" not allowlisted`);
    const namespace = namespaceOf(name);
    const isShared = namespace === 'net' ? spec.hostNetwork : spec.hostIPC;
    if (isShared) return refuse(`"${name}" not allowed with host ${namespace} enabled`);
  }
  return undefined;
}
