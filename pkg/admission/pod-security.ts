// PodSecurity: the Pod Security Standards by namespace label (upstream
// staging/pod-security-admission). Labels pod-security.kubernetes.io/{enforce,warn,audit} =
// privileged | baseline | restricted. Pods are denied or warned about; workloads with a pod
// template are only warned about. Every version means the latest version.
import type { Container, Namespace, Pod, PodSpec, Volume } from '../apis/core/v1/types.js';
import { NAMESPACES } from '../apis/resource-types.js';
import { allContainers } from '../component-helpers/pods.js';
import type { AdmissionPluginFactory, AdmissionRequest } from '../apiserver/admission/plugin.js';
import { refusal } from './refuse.js';

const PREFIX = 'pod-security.kubernetes.io/';

interface Check {
  level: 'baseline' | 'restricted';
  /** The violation in upstream's words; undefined when there is none. */
  find(spec: PodSpec, annotations: Readonly<Record<string, string>>): string | undefined;
}

const quote = (names: readonly string[]): string =>
  names.map((name) => JSON.stringify(name)).join(', ');

const plural = (noun: string, names: readonly string[]): string =>
  `${noun}${names.length === 1 ? '' : 's'} ${quote(names)}`;

function badContainers(spec: PodSpec, isBad: (container: Container) => boolean): string[] {
  return allContainers(spec)
    .filter(isBad)
    .map((container) => container.name);
}

const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
];
const SELINUX_TYPES = [
  '',
  'container_t',
  'container_init_t',
  'container_kvm_t',
  'container_engine_t',
];
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const RESTRICTED_VOLUMES: readonly (keyof Volume)[] = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

const baseline = (find: Check['find']): Check => ({ level: 'baseline', find });
const restricted = (find: Check['find']): Check => ({ level: 'restricted', find });

const CHECKS: readonly Check[] = [
  baseline((spec) => {
    const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
    return used.length
      ? `host namespaces (${used.map((field) => `${field}=true`).join(', ')})`
      : undefined;
  }),
  baseline((spec) => {
    const bad = badContainers(spec, (container) => container.securityContext?.privileged === true);
    return bad.length
      ? `privileged (${plural('container', bad)} must not set securityContext.privileged=true)`
      : undefined;
  }),
  baseline((spec) => {
    const bad = badContainers(spec, (container) =>
      (container.securityContext?.capabilities?.add ?? []).some(
        (c) => !BASELINE_CAPABILITIES.includes(c),
      ),
    );
    const added = allContainers(spec)
      .flatMap((container) => container.securityContext?.capabilities?.add ?? [])
      .filter((c) => !BASELINE_CAPABILITIES.includes(c));
    return bad.length
      ? `non-default capabilities (${plural('container', bad)} must not include ${quote([...new Set(added)].toSorted())} in securityContext.capabilities.add)`
      : undefined;
  }),
  baseline((spec) => {
    const bad = (spec.volumes ?? [])
      .filter((volume) => volume.hostPath)
      .map((volume) => volume.name);
    return bad.length ? `hostPath volumes (${plural('volume', bad)})` : undefined;
  }),
  baseline((spec) => {
    const ports = allContainers(spec).flatMap((container) =>
      (container.ports ?? []).flatMap((port) => (port.hostPort ? [port.hostPort] : [])),
    );
    const bad = badContainers(spec, (container) =>
      (container.ports ?? []).some((port) => port.hostPort),
    );
    return bad.length
      ? `hostPort (${plural('container', bad)} ${bad.length === 1 ? 'uses' : 'use'} hostPort${ports.length === 1 ? '' : 's'} ${ports.join(', ')})`
      : undefined;
  }),
  baseline((spec) => {
    const bad = badContainers(
      spec,
      (container) => (container.securityContext?.procMount ?? 'Default') !== 'Default',
    );
    return bad.length
      ? `procMount (${plural('container', bad)} must not set securityContext.procMount to "Unmasked")`
      : undefined;
  }),
  baseline((spec) => {
    const isBad = (options: { type?: string; user?: string; role?: string } | undefined) =>
      options && (!SELINUX_TYPES.includes(options.type ?? '') || options.user || options.role);
    const bad = badContainers(spec, (container) =>
      Boolean(isBad(container.securityContext?.seLinuxOptions)),
    );
    return bad.length || isBad(spec.securityContext?.seLinuxOptions)
      ? `seLinuxOptions (${bad.length ? `${plural('container', bad)} ` : 'pod '}set forbidden securityContext.seLinuxOptions)`
      : undefined;
  }),
  baseline((spec) => {
    const bad = badContainers(
      spec,
      (container) => container.securityContext?.seccompProfile?.type === 'Unconfined',
    );
    const pod = spec.securityContext?.seccompProfile?.type === 'Unconfined';
    return pod || bad.length
      ? `seccompProfile (${pod ? 'pod' : plural('container', bad)} must not set securityContext.seccompProfile.type to "Unconfined")`
      : undefined;
  }),
  baseline((spec) => {
    const bad = (spec.securityContext?.sysctls ?? [])
      .map((sysctl) => sysctl.name)
      .filter((name) => !SAFE_SYSCTLS.includes(name));
    return bad.length ? `forbidden sysctls (${bad.join(', ')})` : undefined;
  }),
  restricted((spec) => {
    const bad = badContainers(
      spec,
      (container) => container.securityContext?.allowPrivilegeEscalation !== false,
    );
    return bad.length
      ? `allowPrivilegeEscalation != false (${plural('container', bad)} must set securityContext.allowPrivilegeEscalation=false)`
      : undefined;
  }),
  restricted((spec) => {
    const bad = badContainers(spec, ({ securityContext }) => {
      const { drop = [], add = [] } = securityContext?.capabilities ?? {};
      return !drop.includes('ALL') || add.some((capability) => capability !== 'NET_BIND_SERVICE');
    });
    return bad.length
      ? `unrestricted capabilities (${plural('container', bad)} must set securityContext.capabilities.drop=["ALL"])`
      : undefined;
  }),
  restricted((spec) => {
    const bad = (spec.volumes ?? [])
      .filter((volume) => !RESTRICTED_VOLUMES.some((type) => volume[type] !== undefined))
      .map((volume) => volume.name);
    return bad.length
      ? `restricted volume types (${plural('volume', bad)} ${bad.length === 1 ? 'uses' : 'use'} a restricted volume type)`
      : undefined;
  }),
  restricted((spec) => {
    const pod = spec.securityContext?.runAsNonRoot;
    const bad = badContainers(
      spec,
      (container) => (container.securityContext?.runAsNonRoot ?? pod) !== true,
    );
    if (pod === true && !bad.length) return undefined;
    return bad.length
      ? `runAsNonRoot != true (pod or ${plural('container', bad)} must set securityContext.runAsNonRoot=true)`
      : undefined;
  }),
  restricted((spec) => {
    const bad = badContainers(spec, (container) => container.securityContext?.runAsUser === 0);
    const pod = spec.securityContext?.runAsUser === 0;
    return pod || bad.length
      ? `runAsUser=0 (${pod ? 'pod' : plural('container', bad)} must not set runAsUser=0)`
      : undefined;
  }),
  restricted((spec) => {
    const allowed = ['RuntimeDefault', 'Localhost'];
    const pod = spec.securityContext?.seccompProfile?.type;
    const bad = badContainers(
      spec,
      (container) =>
        !allowed.includes(container.securityContext?.seccompProfile?.type ?? pod ?? ''),
    );
    return bad.length
      ? `seccompProfile (pod or ${plural('container', bad)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`
      : undefined;
  }),
];

/** The violations of the level, joined as upstream joins them; undefined when there are none. */
export function podSecurityViolations(
  level: string,
  spec: PodSpec,
  annotations: Readonly<Record<string, string>> = {},
): string | undefined {
  if (level !== 'baseline' && level !== 'restricted') return undefined;
  const found = CHECKS.filter(
    (check) => level === 'restricted' || check.level === 'baseline',
  ).flatMap((check) => check.find(spec, annotations) ?? []);
  return found.length ? found.join(', ') : undefined;
}

/** The pod spec of a pod or of a workload's template. */
function specOf(request: AdmissionRequest): { spec: PodSpec; isPod: boolean } | undefined {
  const object = request.object as unknown as { spec?: Record<string, unknown> };
  if (request.resource.facts.resource === 'pods')
    return { spec: (request.object as Pod).spec, isPod: true };
  const template =
    (object.spec?.['jobTemplate'] as { spec?: { template?: unknown } } | undefined)?.spec
      ?.template ?? object.spec?.['template'];
  const spec = (template as { spec?: PodSpec } | undefined)?.spec;
  return spec?.containers ? { spec, isPod: false } : undefined;
}

const levelOf = (namespace: Namespace | undefined, mode: string): string =>
  namespace?.metadata.labels?.[`${PREFIX}${mode}`] ?? 'privileged';
const versionOf = (namespace: Namespace | undefined, mode: string): string =>
  namespace?.metadata.labels?.[`${PREFIX}${mode}-version`] ?? 'latest';

/** A pod update outside `ephemeralcontainers` changes no field that the checks read. */
function isIrrelevantUpdate(request: AdmissionRequest): boolean {
  return (
    request.operation === 'UPDATE' &&
    request.resource.facts.resource === 'pods' &&
    request.subresource !== 'ephemeralcontainers'
  );
}

export const podSecurity: AdmissionPluginFactory = ({ reader }) => ({
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: [
    'pods',
    'replicationcontrollers',
    'podtemplates',
    'deployments.apps',
    'replicasets.apps',
    'daemonsets.apps',
    'statefulsets.apps',
    'jobs.batch',
    'cronjobs.batch',
  ],
  validate(request) {
    if (
      (request.subresource && request.subresource !== 'ephemeralcontainers') ||
      isIrrelevantUpdate(request)
    )
      return;
    const namespace = reader.get(NAMESPACES, '', request.namespace);
    const labels = namespace?.metadata.labels;
    if (!labels || !Object.keys(labels).some((key) => key.startsWith(PREFIX))) return;
    const found = specOf(request);
    if (!found) return;
    const annotations = request.object?.metadata.annotations ?? {};
    if (found.isPod) {
      const level = levelOf(namespace, 'enforce');
      const violation = podSecurityViolations(level, found.spec, annotations);
      if (violation)
        throw refusal(
          request,
          `violates PodSecurity ${JSON.stringify(`${level}:${versionOf(namespace, 'enforce')}`)}: ${violation}`,
        );
    }
    const level = levelOf(namespace, 'warn');
    const violation = podSecurityViolations(level, found.spec, annotations);
    if (violation)
      request.warn(
        `would violate PodSecurity ${JSON.stringify(`${level}:${versionOf(namespace, 'warn')}`)}: ${violation}`,
      );
  },
});
