import { strict as assert } from 'node:assert';
import { cloneJson } from '../apimachinery/meta/clone.js';
import type { PodSpec } from '../apis/core/v1/types.js';
import { CHECKS, type Level, violationsOf } from './pod-security-checks.js';
import { policyOf } from './pod-security.js';

type Json = ReturnType<typeof JSON.parse>;

/** Allowed by `restricted` at every version. */
const SAFE = {
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
  initContainers: [
    {
      name: 'i',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
  containers: [
    {
      name: 'c',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    },
  ],
};

/** `path` in SAFE gets `value`; undefined removes. */
function spec(changes: Record<string, unknown>): PodSpec {
  const made = cloneJson(SAFE) as Json;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = made;
    for (const key of keys) at = at[key] ??= {};
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return made as PodSpec;
}

const C = 'containers.0.securityContext';
const I = 'initContainers.0.securityContext';
const P = 'securityContext';
const POD_SECCOMP = 'seccomp.security.alpha.kubernetes.io/pod';

/** [changes, annotations, versions that forbid at baseline, at restricted, words of the latest]. */
type Row = [Record<string, unknown>, Record<string, string>, string, string, string?];

const ROWS: readonly Row[] = [
  [{}, {}, '', ''],
  // Host namespaces, ports, paths, privileges.
  [
    { hostNetwork: true, hostIPC: true },
    {},
    '0-',
    '0-',
    'host namespaces (hostNetwork=true, hostIPC=true)',
  ],
  [{ hostPID: true }, {}, '0-', '0-', 'host namespaces (hostPID=true)'],
  [
    { [`${I}.privileged`]: true },
    {},
    '0-',
    '0-',
    'privileged (container "i" must not set securityContext.privileged=true)',
  ],
  [
    {
      ephemeralContainers: [
        {
          name: 'e',
          securityContext: { ...SAFE.containers[0]!.securityContext, privileged: true },
        },
      ],
    },
    {},
    '0-',
    '0-',
    'privileged (container "e" must not set securityContext.privileged=true)',
  ],
  [
    {
      'containers.0.ports': [
        { containerPort: 1, hostPort: 90 },
        { containerPort: 2, hostPort: 8080 },
      ],
    },
    {},
    '0-',
    '0-',
    'hostPort (container "c" uses hostPorts 8080, 90)',
  ],
  [{ 'containers.0.ports': [{ containerPort: 1 }] }, {}, '', ''],
  [
    { [`${C}.procMount`]: 'Unmasked' },
    {},
    '0-',
    '0-',
    'procMount (container "c" must not set securityContext.procMount to "Unmasked")',
  ],
  [{ [`${C}.procMount`]: 'Default' }, {}, '', ''],
  [
    { [`${P}.windowsOptions`]: { hostProcess: true } },
    {},
    '0-',
    '0-',
    'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [
    {
      [`${C}.windowsOptions`]: { hostProcess: true },
      [`${I}.windowsOptions`]: { hostProcess: true },
    },
    {},
    '0-',
    '0-',
    'hostProcess (containers "i", "c" must not set securityContext.windowsOptions.hostProcess=true)',
  ],
  [{ [`${P}.windowsOptions`]: { hostProcess: false } }, {}, '', ''],
  // Volumes: `restricted` says one thing of a hostPath.
  [
    { volumes: [{ name: 'h', hostPath: { path: '/' } }] },
    {},
    '0-',
    '0-',
    'hostPath volumes (volume "h")',
  ],
  [
    {
      volumes: [
        { name: 'g', gcePersistentDisk: { pdName: 'x' } },
        { name: 'n', nfs: {} },
      ],
    },
    {},
    '',
    '0-',
    'restricted volume types (volumes "g", "n" use restricted volume types "gcePersistentDisk", "nfs")',
  ],
  [
    {
      volumes: [
        'configMap',
        'csi',
        'downwardAPI',
        'emptyDir',
        'ephemeral',
        'persistentVolumeClaim',
        'projected',
        'secret',
      ].map((type) => ({ name: type, [type]: {} })),
    },
    {},
    '',
    '',
  ],
  // Capabilities.
  [
    { [`${C}.capabilities`]: { drop: ['ALL'], add: ['CHOWN'] } },
    {},
    '',
    '22-',
    'unrestricted capabilities (container "c" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    { [`${C}.capabilities`]: { add: ['NET_RAW', 'SYS_ADMIN'] } },
    {},
    '0-',
    '0-',
    'non-default capabilities (container "c" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    { [`${C}.capabilities`]: { drop: ['ALL'], add: ['chown'] } },
    {},
    '0-',
    '0-',
    'non-default capabilities (container "c" must not include "chown" in securityContext.capabilities.add)',
  ],
  [
    { [`${C}.capabilities`]: { drop: ['all'] } },
    {},
    '',
    '22-',
    'unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"])',
  ],
  [
    { [`${C}.capabilities`]: undefined, [`${I}.capabilities`]: undefined },
    {},
    '',
    '22-',
    'unrestricted capabilities (containers "i", "c" must set securityContext.capabilities.drop=["ALL"])',
  ],
  [{ [`${C}.capabilities`]: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }, {}, '', ''],
  [{ [`${C}.capabilities`]: undefined, 'os.name': 'windows' }, {}, '', '22-24'],
  // SELinux and AppArmor.
  [{ [`${P}.seLinuxOptions`]: { type: 'container_engine_t' } }, {}, '0-30', '0-30'],
  [
    { [`${P}.seLinuxOptions`]: { type: 'foo', user: 'u' }, [`${C}.seLinuxOptions`]: { role: 'r' } },
    {},
    '0-',
    '0-',
    'seLinuxOptions (pod and container "c" set forbidden securityContext.seLinuxOptions: type "foo"; user may not be set; role may not be set)',
  ],
  [{ [`${C}.seLinuxOptions`]: { type: 'container_kvm_t', level: 's0' } }, {}, '', ''],
  [
    { [`${P}.appArmorProfile`]: { type: 'Unconfined' } },
    {},
    '0-',
    '0-',
    'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")',
  ],
  [
    { [`${C}.appArmorProfile`]: { type: 'Unconfined' } },
    { 'container.apparmor.security.beta.kubernetes.io/c': 'unconfined' },
    '0-',
    '0-',
    'forbidden AppArmor profiles (container "c" and annotation must not set AppArmor profile type to "Unconfined", "container.apparmor.security.beta.kubernetes.io/c=\\"unconfined\\"")',
  ],
  [
    { [`${C}.appArmorProfile`]: { type: 'Localhost' } },
    { 'container.apparmor.security.beta.kubernetes.io/c': 'localhost/x' },
    '',
    '',
  ],
  // Seccomp: annotations before 1.19, fields since.
  [{}, { [POD_SECCOMP]: 'unconfined' }, '0-18', '0-18'],
  [{}, { 'container.seccomp.security.alpha.kubernetes.io/i': 'unconfined' }, '0-18', '0-18'],
  [{}, { [POD_SECCOMP]: 'docker/default' }, '', ''],
  [
    { [`${P}.seccompProfile.type`]: 'Unconfined' },
    {},
    '19-',
    '19-',
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    { [`${I}.seccompProfile`]: { type: 'Unconfined' } },
    {},
    '19-',
    '19-',
    'seccompProfile (container "i" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [
    { [`${P}.seccompProfile`]: undefined, [`${I}.seccompProfile`]: { type: 'Localhost' } },
    {},
    '',
    '19-',
    'seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [{ [`${P}.seccompProfile`]: undefined, 'os.name': 'windows' }, {}, '', '19-24'],
  // Sysctls.
  [{ [`${P}.sysctls`]: [{ name: 'kernel.shm_rmid_forced' }] }, {}, '', ''],
  [
    { [`${P}.sysctls`]: [{ name: 'kernel.msgmax' }, { name: 'net.core.somaxconn' }] },
    {},
    '0-',
    '0-',
    'forbidden sysctls (kernel.msgmax, net.core.somaxconn)',
  ],
  [{ [`${P}.sysctls`]: [{ name: 'net.ipv4.ip_local_reserved_ports' }] }, {}, '0-26', '0-26'],
  [{ [`${P}.sysctls`]: [{ name: 'net.ipv4.tcp_fin_timeout' }] }, {}, '0-28', '0-28'],
  [{ [`${P}.sysctls`]: [{ name: 'net.ipv4.tcp_wmem' }] }, {}, '0-31', '0-31'],
  // Users and escalation.
  [
    { [`${C}.allowPrivilegeEscalation`]: undefined },
    {},
    '',
    '8-',
    'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false)',
  ],
  [{ [`${C}.allowPrivilegeEscalation`]: true, 'os.name': 'windows' }, {}, '', '8-24'],
  [
    { [`${P}.runAsNonRoot`]: undefined },
    {},
    '',
    '0-',
    'runAsNonRoot != true (pod or containers "i", "c" must set securityContext.runAsNonRoot=true)',
  ],
  [
    { [`${P}.runAsNonRoot`]: undefined, [`${C}.runAsNonRoot`]: true, [`${I}.runAsNonRoot`]: true },
    {},
    '',
    '',
  ],
  [
    { [`${C}.runAsNonRoot`]: false },
    {},
    '',
    '0-',
    'runAsNonRoot != true (container "c" must not set securityContext.runAsNonRoot=false)',
  ],
  [
    { [`${P}.runAsNonRoot`]: false, [`${C}.runAsNonRoot`]: true, [`${I}.runAsNonRoot`]: true },
    {},
    '',
    '0-',
    'runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)',
  ],
  [
    { [`${P}.runAsUser`]: 0, [`${C}.runAsUser`]: 0 },
    {},
    '',
    '23-',
    'runAsUser=0 (pod and container "c" must not set runAsUser=0)',
  ],
  [{ [`${P}.runAsUser`]: 1000 }, {}, '', ''],
];

const NEWEST = 32;
const inRange = (range: string, minor: number): boolean => {
  if (!range) return false;
  const [from, to] = range.split('-');
  return minor >= Number(from) && (to ? minor <= Number(to) : true);
};

describe('Pod Security Standards', () => {
  for (const [changes, annotations, baseline, restricted, words] of ROWS)
    it(`${JSON.stringify(changes)} ${Object.values(annotations).join()}`.slice(0, 110), () => {
      const made = spec(changes);
      const judge = (level: Level, minor: number) => violationsOf(level, minor, made, annotations);
      for (const minor of [...Array(NEWEST + 1).keys(), NEWEST + 5, Infinity]) {
        assert.deepEqual(judge('privileged', minor), []);
        assert.equal(
          judge('baseline', minor).length > 0,
          inRange(baseline, minor),
          `baseline ${minor}`,
        );
        assert.equal(
          judge('restricted', minor).length > 0,
          inRange(restricted, minor),
          `restricted ${minor}`,
        );
      }
      if (words === undefined) return;
      const [found] = judge(baseline.endsWith('-') ? 'baseline' : 'restricted', Infinity);
      assert.equal(`${found!.reason} (${found!.detail})`, words);
    });

  it('says of a field once what is wrong: the check of the higher level replaces that of the lower', () => {
    const made = spec({
      volumes: [{ name: 'h', hostPath: {} }],
      [`${C}.capabilities`]: { add: ['NET_RAW'] },
    });
    assert.deepEqual(
      violationsOf('restricted', Infinity, made).map(({ reason }) => reason),
      ['unrestricted capabilities', 'restricted volume types'],
    );
  });

  it('has a row that fails for every check', () => {
    const failing = new Set(
      ROWS.flatMap(([changes, annotations]) =>
        CHECKS.filter(({ forms }) => forms.at(-1)![1](spec(changes), annotations)).map(
          ({ id }) => id,
        ),
      ),
    );
    assert.deepEqual(
      CHECKS.map(({ id }) => id).filter((id) => !failing.has(id)),
      [],
    );
  });
});

describe('Pod Security labels', () => {
  const read = (labels: Record<string, string>) => {
    const { policy, errors } = policyOf(
      Object.fromEntries(
        Object.entries(labels).map(([key, value]) => [`pod-security.kubernetes.io/${key}`, value]),
      ),
    );
    return {
      ...Object.fromEntries(
        Object.entries(policy).map(([mode, { level, version }]) => [mode, `${level}:${version}`]),
      ),
      errors: errors.map(({ field, message }) => `${field}: ${message}`),
    };
  };

  it('name levels and versions; absent ones are privileged and latest', () => {
    assert.deepEqual(
      read({ enforce: 'baseline', 'enforce-version': 'v1.20', warn: 'restricted' }),
      {
        enforce: 'baseline:v1.20',
        audit: 'privileged:latest',
        warn: 'restricted:latest',
        errors: [],
      },
    );
  });

  it('fail closed to enforce, and open to warn', () => {
    for (const text of ['Restricted', '', 'strict', ' baseline', 'constructor'])
      assert.equal((read({ enforce: text }) as Json).enforce, 'restricted:latest', text);
    for (const version of ['1.20', 'v1', 'v2.0', 'v1.020', 'v1.-1', 'Latest', ''])
      assert.equal(
        (read({ enforce: 'baseline', 'enforce-version': version }) as Json).enforce,
        'baseline:latest',
        version,
      );
    assert.deepEqual((read({ warn: 'x', audit: 'y' }) as Json).warn, 'privileged:latest');
    assert.equal((read({ enforce: 'x', 'audit-version': 'y' }) as Json).errors.length, 2);
  });
});
