// The Pod Security Standards as data: each check with the versions from which it has a form, its
// reason and the words of its violation (upstream staging/pod-security-admission/policy, v1.32).
import type { Container, PodSpec, Volume } from '../apis/core/v1/types.js';
import {
  APP_ARMOR_PREFIX,
  SECCOMP_POD_ANNOTATION,
  SECCOMP_PREFIX,
} from '../apis/core/v1/validation/pod-annotations.js';
import { allContainers } from '../component-helpers/pods.js';

export type Level = 'privileged' | 'baseline' | 'restricted';

type Annotations = Readonly<Record<string, string>>;

export interface Violation {
  reason: string;
  detail: string;
}

type Find = (spec: PodSpec, annotations: Annotations) => Violation | undefined;

interface Check {
  id: string;
  level: 'baseline' | 'restricted';
  /** The minor version of v1 from which each form applies, oldest first. */
  forms: readonly (readonly [since: number, find: Find])[];
  /** The check of the lower level that this one contains. */
  overrides?: string;
}

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].toSorted();

const quote = (values: readonly string[]): string =>
  values.map((value) => JSON.stringify(value)).join(', ');

const plural = (noun: string, many: readonly unknown[]): string =>
  `${noun}${many.length === 1 ? '' : 's'}`;

const named = (noun: string, names: readonly string[]): string =>
  `${plural(noun, names)} ${quote(names)}`;

const namesOf = (spec: PodSpec, isBad: (container: Container) => boolean): string[] =>
  allContainers(spec)
    .filter(isBad)
    .map(({ name }) => name);

/** The values that `read` finds in containers, and the names of the containers with one. */
function inContainers<T>(
  spec: PodSpec,
  read: (container: Container) => readonly T[],
): { names: string[]; values: T[] } {
  const found = allContainers(spec).map((container) => [container.name, read(container)] as const);
  return {
    names: found.flatMap(([name, values]) => (values.length ? [name] : [])),
    values: found.flatMap(([, values]) => values),
  };
}

/** 'pod and containers "a", "b"'; undefined when neither the pod nor a container is bad. */
function setters(pod: boolean, containers: readonly string[]): string | undefined {
  const all = [
    ...(pod ? ['pod'] : []),
    ...(containers.length ? [named('container', containers)] : []),
  ];
  return all.length ? all.join(' and ') : undefined;
}

type SharedContext = NonNullable<Container['securityContext']> &
  NonNullable<PodSpec['securityContext']>;

/** A rule for a field that the pod's security context and the containers' have both. */
function bothContexts<T>(
  spec: PodSpec,
  read: (context: SharedContext) => T | undefined,
  isBad: (value: T) => boolean,
): { who: string | undefined; values: T[] } {
  const bad = (context: object | undefined): T[] => {
    const value = context && read(context as SharedContext);
    return value !== undefined && isBad(value) ? [value] : [];
  };
  const pod = bad(spec.securityContext);
  const { names, values } = inContainers(spec, ({ securityContext }) => bad(securityContext));
  return { who: setters(pod.length > 0, names), values: [...pod, ...values] };
}

const violation = (isBad: unknown, reason: string, detail: string): Violation | undefined =>
  isBad ? { reason, detail } : undefined;

/** A violation of containers, in the form 'REASON (containers "a" REST)'. */
const ofContainers = (reason: string, names: readonly string[], rest: string) =>
  violation(names.length, reason, `${named('container', names)} ${rest}`);

/** A violation of the pod or of containers that set a field in their security contexts. */
const ofSetters = (who: string | undefined, reason: string, rest: string) =>
  violation(who, reason, `${who} ${rest}`);

/** Windows pods are exempt by spec.os from checks of Linux alone. */
const exceptWindows =
  (find: Find): Find =>
  (spec, annotations) =>
    spec.os?.name === 'windows' ? undefined : find(spec, annotations);

const SAFE_PROFILES: readonly string[] = ['RuntimeDefault', 'Localhost'];

const DEFAULT_CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

function capabilities(
  reason: string,
  spec: PodSpec,
  allowed: (name: string) => boolean,
): Violation | undefined {
  const { names, values } = inContainers(spec, ({ securityContext }) =>
    (securityContext?.capabilities?.add ?? []).filter((name) => !allowed(name)),
  );
  const bad = quote(sorted(values));
  const rest = `must not include ${bad} in securityContext.capabilities.add`;
  return ofContainers(reason, names, rest);
}

const restrictedCapabilities: Find = (spec) => {
  const reason = 'unrestricted capabilities';
  const found = [
    ofContainers(
      reason,
      namesOf(spec, ({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL')),
      'must set securityContext.capabilities.drop=["ALL"]',
    ),
    capabilities(reason, spec, (name) => name === 'NET_BIND_SERVICE'),
  ].flatMap((part) => part?.detail ?? []);
  return violation(found.length, reason, found.join('; '));
};

const appArmor: Find = (spec, annotations) => {
  const { who, values } = bothContexts(
    spec,
    (context) => context.appArmorProfile?.type,
    (type) => !SAFE_PROFILES.includes(type),
  );
  const forbidden = Object.entries(annotations)
    .filter(
      ([key, value]) =>
        key.startsWith(APP_ARMOR_PREFIX) &&
        !['', 'runtime/default'].includes(value) &&
        !value.startsWith('localhost/'),
    )
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const all = [...sorted(values), ...sorted(forbidden)];
  const whom = [
    ...(who ? [who] : []),
    ...(forbidden.length ? [plural('annotation', forbidden)] : []),
  ];
  return violation(
    all.length,
    plural('forbidden AppArmor profile', all),
    `${whom.join(' and ')} must not set AppArmor profile type to ${quote(all)}`,
  );
};

const hostNamespaces: Find = (spec) => {
  const used = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
  const detail = used.map((field) => `${field}=true`).join(', ');
  return violation(used.length, 'host namespaces', detail);
};

const hostPathVolumes: Find = (spec) => {
  const bad = (spec.volumes ?? []).filter(({ hostPath }) => hostPath).map(({ name }) => name);
  return violation(bad.length, 'hostPath volumes', named('volume', bad));
};

const hostPorts: Find = (spec) => {
  const { names, values } = inContainers(spec, ({ ports = [] }) =>
    ports.flatMap(({ hostPort }) => hostPort || []),
  );
  const ports = sorted(values.map(String));
  const use = names.length === 1 ? 'uses' : 'use';
  const rest = `${use} ${plural('hostPort', ports)} ${ports.join(', ')}`;
  return ofContainers('hostPort', names, rest);
};

const procMount: Find = (spec) => {
  const { names, values } = inContainers(spec, ({ securityContext }) =>
    [securityContext?.procMount ?? 'Default'].filter((type) => type !== 'Default'),
  );
  const types = quote(sorted(values));
  return ofContainers('procMount', names, `must not set securityContext.procMount to ${types}`);
};

const seLinux =
  (...types: string[]): Find =>
  (spec) => {
    const isBadType = (type: string | undefined) => Boolean(type && !types.includes(type));
    const { who, values } = bothContexts(
      spec,
      (context) => context.seLinuxOptions,
      ({ type, user, role }) => Boolean(isBadType(type) || user || role),
    );
    if (!who) return undefined;
    const bad = sorted(values.flatMap(({ type }) => (isBadType(type) ? [type!] : [])));
    const data = [
      ...(bad.length ? [`${plural('type', bad)} ${quote(bad)}`] : []),
      ...(values.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(values.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    const rest = `set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`;
    return ofSetters(who, 'seLinuxOptions', rest);
  };

const seccompAnnotations: Find = (spec, annotations) => {
  const keys = [
    SECCOMP_POD_ANNOTATION,
    ...allContainers(spec).map(({ name }) => `${SECCOMP_PREFIX}${name}`),
  ];
  const bad = sorted(
    keys.flatMap((key) => {
      const value = annotations[key];
      const isSafe =
        value === undefined ||
        ['runtime/default', 'docker/default'].includes(value) ||
        value.startsWith('localhost/');
      return isSafe ? [] : [`${key}=${JSON.stringify(value)}`];
    }),
  );
  const detail = `forbidden ${plural('annotation', bad)} ${bad.join(', ')}`;
  return violation(bad.length, 'seccompProfile', detail);
};

const seccompFields: Find = (spec) => {
  const { who, values } = bothContexts(
    spec,
    (context) => context.seccompProfile?.type,
    (type) => !SAFE_PROFILES.includes(type),
  );
  const types = quote(sorted(values));
  const rest = `must not set securityContext.seccompProfile.type to ${types}`;
  return ofSetters(who, 'seccompProfile', rest);
};

const seccompRequired: Find = (spec, annotations) => {
  const pod = spec.securityContext?.seccompProfile;
  return (
    seccompFields(spec, annotations) ??
    ofNeed(
      'seccompProfile',
      namesOf(spec, ({ securityContext }) => !securityContext?.seccompProfile && !pod),
      'must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"',
    )
  );
};

function ofNeed(reason: string, names: readonly string[], rest: string): Violation | undefined {
  const found = ofContainers(reason, names, rest);
  return found && { reason, detail: `pod or ${found.detail}` };
}

const SYSCTLS_1_0 = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
];
const SYSCTLS_1_27 = [...SYSCTLS_1_0, 'net.ipv4.ip_local_reserved_ports'];
const SYSCTLS_1_29 = [
  ...SYSCTLS_1_27,
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
];
const SYSCTLS_1_32 = [...SYSCTLS_1_29, 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem'];

const sysctls =
  (safe: readonly string[]): Find =>
  (spec) => {
    const bad = (spec.securityContext?.sysctls ?? [])
      .map(({ name }) => name)
      .filter((name) => !safe.includes(name));
    return violation(bad.length, 'forbidden sysctls', bad.join(', '));
  };

const windowsHostProcess: Find = (spec) => {
  const { who } = bothContexts(
    spec,
    (context) => context.windowsOptions?.hostProcess,
    (hostProcess) => hostProcess,
  );
  const rest = 'must not set securityContext.windowsOptions.hostProcess=true';
  return ofSetters(who, 'hostProcess', rest);
};

const noEscalation: Find = (spec) =>
  ofContainers(
    'allowPrivilegeEscalation != false',
    namesOf(spec, ({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false),
    'must set securityContext.allowPrivilegeEscalation=false',
  );

const SAFE_VOLUMES = new Set(
  'configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret'.split(' '),
);

const restrictedVolumes: Find = (spec) => {
  const typesOf = (volume: Volume) =>
    Object.entries(volume).flatMap(([type, source]) =>
      type === 'name' || source === undefined ? [] : [type],
    );
  const bad = (spec.volumes ?? []).filter(
    (volume) => !typesOf(volume).some((type) => SAFE_VOLUMES.has(type)),
  );
  const types = sorted(bad.map((volume) => typesOf(volume)[0] ?? 'unknown'));
  const names = bad.map(({ name }) => name);
  const use = names.length === 1 ? 'uses' : 'use';
  const detail = `${named('volume', names)} ${use} ${plural('restricted volume type', types)} ${quote(types)}`;
  return violation(names.length, 'restricted volume types', detail);
};

const runAsNonRoot: Find = (spec) => {
  const reason = 'runAsNonRoot != true';
  const { who } = bothContexts(
    spec,
    (context) => context.runAsNonRoot,
    (value) => !value,
  );
  if (who) return ofSetters(who, reason, 'must not set securityContext.runAsNonRoot=false');
  const pod = spec.securityContext?.runAsNonRoot;
  return ofNeed(
    reason,
    namesOf(spec, ({ securityContext }) => securityContext?.runAsNonRoot === undefined && !pod),
    'must set securityContext.runAsNonRoot=true',
  );
};

const runAsUser: Find = (spec) => {
  const { who } = bothContexts(
    spec,
    (context) => context.runAsUser,
    (user) => user === 0,
  );
  return ofSetters(who, 'runAsUser=0', 'must not set runAsUser=0');
};

const privileged: Find = (spec) =>
  ofContainers(
    'privileged',
    namesOf(spec, ({ securityContext }) => securityContext?.privileged === true),
    'must not set securityContext.privileged=true',
  );

const SELINUX_TYPES = ['container_t', 'container_init_t', 'container_kvm_t'];

const baseline = (id: string, ...forms: Check['forms']): Check => ({
  id,
  level: 'baseline',
  forms,
});
const restricted = (id: string, forms: Check['forms'], overrides?: string): Check => ({
  id,
  level: 'restricted',
  forms,
  ...(overrides && { overrides }),
});

/** In the order of upstream's answers: by level, then by id. */
export const CHECKS: readonly Check[] = [
  baseline('appArmorProfile', [0, appArmor]),
  baseline('capabilities_baseline', [
    0,
    (spec) =>
      capabilities('non-default capabilities', spec, (name) => DEFAULT_CAPABILITIES.has(name)),
  ]),
  baseline('hostNamespaces', [0, hostNamespaces]),
  baseline('hostPathVolumes', [0, hostPathVolumes]),
  baseline('hostPorts', [0, hostPorts]),
  baseline('privileged', [0, privileged]),
  baseline('procMount', [0, procMount]),
  baseline(
    'seLinuxOptions',
    [0, seLinux(...SELINUX_TYPES)],
    [31, seLinux(...SELINUX_TYPES, 'container_engine_t')],
  ),
  baseline('seccompProfile_baseline', [0, seccompAnnotations], [19, seccompFields]),
  baseline(
    'sysctls',
    [0, sysctls(SYSCTLS_1_0)],
    [27, sysctls(SYSCTLS_1_27)],
    [29, sysctls(SYSCTLS_1_29)],
    [32, sysctls(SYSCTLS_1_32)],
  ),
  baseline('windowsHostProcess', [0, windowsHostProcess]),
  restricted('allowPrivilegeEscalation', [
    [8, noEscalation],
    [25, exceptWindows(noEscalation)],
  ]),
  restricted(
    'capabilities_restricted',
    [
      [22, restrictedCapabilities],
      [25, exceptWindows(restrictedCapabilities)],
    ],
    'capabilities_baseline',
  ),
  restricted('restrictedVolumes', [[0, restrictedVolumes]], 'hostPathVolumes'),
  restricted('runAsNonRoot', [[0, runAsNonRoot]]),
  restricted('runAsUser', [[23, runAsUser]]),
  restricted(
    'seccompProfile_restricted',
    [
      [19, seccompRequired],
      [25, exceptWindows(seccompRequired)],
    ],
    'seccompProfile_baseline',
  ),
];

/** The violations of a level at minor version `minor` of v1; Infinity is the latest. */
export function violationsOf(
  level: Level,
  minor: number,
  spec: PodSpec,
  annotations: Annotations = {},
): Violation[] {
  if (level === 'privileged') return [];
  const formOf = ({ forms }: Check): Find | undefined =>
    forms.findLast(([since]) => since <= minor)?.[1];
  const active = CHECKS.filter(
    (check) => (level === 'restricted' || check.level === 'baseline') && formOf(check),
  );
  const overridden = new Set(active.map(({ overrides }) => overrides));
  return active
    .filter(({ id }) => !overridden.has(id))
    .flatMap((check) => formOf(check)!(spec, annotations) ?? []);
}
