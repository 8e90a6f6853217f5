// The checks of the CIS Kubernetes Benchmark 1.10 as data: number, subject, verdict. A verdict
// looks at the running cluster. A check that a default cluster does not pass names the choice that
// stands against it; a check of something that is not there says so.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { filesBelow, tooOpen, type Component, type Facts, type REVIEWED } from './cis-facts.js';

export interface Verdict {
  result: 'pass' | 'fail' | 'choice' | 'none';
  note?: string;
}

type Check = readonly [id: string, subject: string, judge: (facts: Facts) => Verdict];

const PASS: Verdict = { result: 'pass' };
const verdict = (holds: boolean, note: string): Verdict =>
  holds ? PASS : { result: 'fail', note };
const choice = (note: string) => (): Verdict => ({ result: 'choice', note });
const none = (note: string) => (): Verdict => ({ result: 'none', note });

/** A flag with a value that `test` accepts; an absent flag counts as undefined. */
const flag =
  (
    component: Component,
    name: string,
    test: (value: string | undefined) => boolean,
    why?: string,
  ) =>
  ({ flags }: Facts): Verdict => {
    const value = flags.get(component)?.get(name);
    if (test(value)) return PASS;
    const note = `--${name}${value === undefined ? ' is not set' : `=${value}`}`;
    return why ? { result: 'choice', note: why } : { result: 'fail', note };
  };
const isSet = (value: string | undefined) => value !== undefined && value !== '';
const isUnset = (value: string | undefined) => value === undefined;
const is = (wanted: string) => (value: string | undefined) => value === wanted;
const isNot = (refused: string) => (value: string | undefined) => value !== refused;
const has = (member: string) => (value: string | undefined) =>
  value?.split(',').includes(member) === true;
const lacks = (member: string) => (value: string | undefined) => !has(member)(value);
const atLeast = (least: number) => (value: string | undefined) => Number(value ?? NaN) >= least;
const both =
  (...judges: ((facts: Facts) => Verdict)[]) =>
  (facts: Facts): Verdict =>
    judges.map((judge) => judge(facts)).find(({ result }) => result !== 'pass') ?? PASS;

/** Files owned by root that nobody else opens. */
const closed =
  (paths: (facts: Facts) => readonly string[], mode = 0o600) =>
  (facts: Facts): Verdict => {
    const open = tooOpen(paths(facts), mode);
    return verdict(open === undefined, `${open} is open to others`);
  };
const credentials = (name: string) => closed(({ layout }) => [join(layout.credentials, name)]);
const pki = (end: string) => closed(({ layout }) => filesBelow(layout.pki, end));

const may =
  (...questions: (typeof REVIEWED)[number][]) =>
  (facts: Facts): Verdict => {
    const allowed = questions.find((question) => facts.anyoneMay.get(question) !== false);
    return verdict(allowed === undefined, `every authenticated user may ${allowed}`);
  };

type PodOf = Facts['pods'][number];
const containersOf = ({ spec }: PodOf) => [
  ...(spec?.initContainers ?? []),
  ...(spec?.containers ?? []),
];
/** No pod has what `test` finds. */
const noPod =
  (test: (pod: PodOf) => boolean) =>
  ({ pods }: Facts): Verdict => {
    const bad = pods.find(test);
    return verdict(!bad, `pod ${bad?.metadata.namespace}/${bad?.metadata.name}`);
  };
const noContainer = (test: (container: ReturnType<typeof containersOf>[number]) => boolean) =>
  noPod((pod) => containersOf(pod).some(test));

/** The providers of a configuration for secrets, the first of which writes. */
function firstProvider({ flags }: Facts): Verdict {
  const path = flags.get('kube-apiserver')?.get('encryption-provider-config');
  if (!path) return { result: 'fail', note: '--encryption-provider-config is not set' };
  const { resources } = parse(readFileSync(path, 'utf8')) as {
    resources: { providers: object[] }[];
  };
  const bad = resources
    .map(({ providers }) => Object.keys(providers[0] ?? {})[0] ?? '')
    .find((name) => !['aescbc', 'kms', 'secretbox'].includes(name));
  return verdict(bad === undefined, `the first provider is ${bad}`);
}

const NO_POD_FILE = none('the supervisor starts the process; there is no pod specification file');
const NO_UNIT = none('the supervisor starts the kubelet; its definition is below .wheelhouse');
const NO_CONFIG = none('the kubelet takes flags, and no configuration file');
const API: Component = 'kube-apiserver';
const CM: Component = 'kube-controller-manager';
const AUDIT = (name: string, test: (value: string | undefined) => boolean) => flag(API, name, test);
const ROTATION = choice(
  'hack/up renews certificates when it starts a cluster; the kubelet does not ask for its own',
);

const FILES: readonly Check[] = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((i): Check => [
    `1.1.${i}`,
    'pod specification files of the control plane',
    NO_POD_FILE,
  ]),
  ...['1.1.9', '1.1.10'].map((id): Check => [
    id,
    'CNI files: mode 600, owner root',
    closed(({ pids }) => filesBelow(`/proc/${pids.get('flanneld')}/root/etc/cni/net.d`)),
  ]),
  ['1.1.11', 'data folder of etcd: mode 700', closed(({ layout }) => [layout.etcd], 0o700)],
  ['1.1.12', 'data folder of etcd: owner etcd', choice('etcd runs as root, in the checkout')],
  ['1.1.13', 'admin.conf: mode 600', closed(({ layout }) => [layout.kubeconfig])],
  ['1.1.14', 'admin.conf: owner root', closed(({ layout }) => [layout.kubeconfig])],
  ['1.1.15', 'scheduler.conf: mode 600', credentials('scheduler.conf')],
  ['1.1.16', 'scheduler.conf: owner root', credentials('scheduler.conf')],
  ['1.1.17', 'controller-manager.conf: mode 600', credentials('controller-manager.conf')],
  ['1.1.18', 'controller-manager.conf: owner root', credentials('controller-manager.conf')],
  ['1.1.19', 'PKI files: owner root', closed(({ layout }) => filesBelow(layout.pki), 0o644)],
  ['1.1.20', 'certificates: mode 600', pki('.crt')],
  ['1.1.21', 'keys: mode 600', pki('.key')],
];

const API_SERVER: readonly Check[] = [
  [
    '1.2.1',
    'anonymous requests are off',
    flag(
      API,
      'anonymous-auth',
      is('false'),
      "upstream's default: RBAC lets them read health and version, which probes and joining nodes need",
    ),
  ],
  ['1.2.2', 'no static tokens', flag(API, 'token-auth-file', isUnset)],
  [
    '1.2.3',
    'DenyServiceExternalIPs',
    flag(
      API,
      'enable-admission-plugins',
      has('DenyServiceExternalIPs'),
      'external IPs of services are a feature that clusters use',
    ),
  ],
  [
    '1.2.4',
    'client certificate for kubelets',
    both(flag(API, 'kubelet-client-certificate', isSet), flag(API, 'kubelet-client-key', isSet)),
  ],
  ['1.2.5', 'authority of kubelets', flag(API, 'kubelet-certificate-authority', isSet)],
  ['1.2.6', 'no AlwaysAllow', flag(API, 'authorization-mode', lacks('AlwaysAllow'))],
  ['1.2.7', 'Node authorizer', flag(API, 'authorization-mode', has('Node'))],
  ['1.2.8', 'RBAC authorizer', flag(API, 'authorization-mode', has('RBAC'))],
  [
    '1.2.9',
    'EventRateLimit',
    flag(
      API,
      'enable-admission-plugins',
      has('EventRateLimit'),
      'its limits depend on the cluster; events have a priority level of their own',
    ),
  ],
  ['1.2.10', 'no AlwaysAdmit', flag(API, 'enable-admission-plugins', lacks('AlwaysAdmit'))],
  [
    '1.2.11',
    'AlwaysPullImages',
    flag(
      API,
      'enable-admission-plugins',
      has('AlwaysPullImages'),
      'nodes of hack/up have imported images and no registry to pull from',
    ),
  ],
  ['1.2.12', 'ServiceAccount', flag(API, 'disable-admission-plugins', lacks('ServiceAccount'))],
  [
    '1.2.13',
    'NamespaceLifecycle',
    flag(API, 'disable-admission-plugins', lacks('NamespaceLifecycle')),
  ],
  ['1.2.14', 'NodeRestriction', flag(API, 'enable-admission-plugins', has('NodeRestriction'))],
  ['1.2.15', 'no profiler', flag(API, 'profiling', is('false'))],
  ['1.2.16', 'audit log', AUDIT('audit-log-path', isSet)],
  ['1.2.17', 'audit log: 30 days', AUDIT('audit-log-maxage', atLeast(30))],
  ['1.2.18', 'audit log: 10 files', AUDIT('audit-log-maxbackup', atLeast(10))],
  ['1.2.19', 'audit log: 100 MB a file', AUDIT('audit-log-maxsize', atLeast(100))],
  ['1.2.20', 'request timeout', flag(API, 'request-timeout', isNot('0s'))],
  ['1.2.21', 'service account lookup', flag(API, 'service-account-lookup', isNot('false'))],
  ['1.2.22', 'service account keys', flag(API, 'service-account-key-file', isSet)],
  [
    '1.2.23',
    'client certificate for etcd',
    both(flag(API, 'etcd-certfile', isSet), flag(API, 'etcd-keyfile', isSet)),
  ],
  [
    '1.2.24',
    'serving certificate',
    both(flag(API, 'tls-cert-file', isSet), flag(API, 'tls-private-key-file', isSet)),
  ],
  ['1.2.25', 'client authority', flag(API, 'client-ca-file', isSet)],
  ['1.2.26', 'authority of etcd', flag(API, 'etcd-cafile', isSet)],
  ['1.2.27', 'encryption at rest', flag(API, 'encryption-provider-config', isSet)],
  ['1.2.28', 'encryption by aescbc, kms or secretbox', firstProvider],
  ['1.2.29', 'strong ciphers', flag(API, 'tls-cipher-suites', isSet)],
];

const LEADERS: readonly Check[] = [
  ['1.3.1', 'threshold of ended pods', flag(CM, 'terminated-pod-gc-threshold', isSet)],
  ['1.3.2', 'no profiler', flag(CM, 'profiling', is('false'))],
  [
    '1.3.3',
    'credentials of a service account for each controller',
    flag(CM, 'use-service-account-credentials', is('true')),
  ],
  ['1.3.4', 'service account key', flag(CM, 'service-account-private-key-file', isSet)],
  ['1.3.5', 'root authority', flag(CM, 'root-ca-file', isSet)],
  ['1.3.6', 'rotation of serving certificates', ROTATION],
  ['1.3.7', 'loopback only', flag(CM, 'bind-address', is('127.0.0.1'))],
  ['1.4.1', 'no profiler', flag('kube-scheduler', 'profiling', is('false'))],
  ['1.4.2', 'loopback only', flag('kube-scheduler', 'bind-address', is('127.0.0.1'))],
];

const ETCD: readonly Check[] = [
  [
    '2.1',
    'serving certificate',
    both(flag('etcd', 'cert-file', isSet), flag('etcd', 'key-file', isSet)),
  ],
  ['2.2', 'clients have certificates', flag('etcd', 'client-cert-auth', is('true'))],
  ['2.3', 'no self-signed certificate', flag('etcd', 'auto-tls', isNot('true'))],
  [
    '2.4',
    'certificate for peers',
    both(flag('etcd', 'peer-cert-file', isSet), flag('etcd', 'peer-key-file', isSet)),
  ],
  ['2.5', 'peers have certificates', flag('etcd', 'peer-client-cert-auth', is('true'))],
  ['2.6', 'no self-signed certificate for peers', flag('etcd', 'peer-auto-tls', isNot('true'))],
  [
    '2.7',
    'an authority of its own',
    ({ flags }) => {
      const read = (component: Component, name: string) =>
        readFileSync(flags.get(component)!.get(name)!, 'utf8');
      const own = read('etcd', 'trusted-ca-file');
      return verdict(own !== read(API, 'client-ca-file'), 'etcd trusts the authority of clients');
    },
  ],
];

const CONTROL_PLANE: readonly Check[] = [
  [
    '3.1.1',
    'no client certificates for users',
    choice("the administrator of hack/up has one; other users are the operator's matter"),
  ],
  ['3.1.2', 'no service account tokens for users', none('a default cluster has no users')],
  ['3.1.3', 'no bootstrap tokens for users', none('a default cluster has no bootstrap tokens')],
  ['3.2.1', 'an audit policy', AUDIT('audit-policy-file', isSet)],
  ['3.2.2', 'an audit policy for what matters', AUDIT('audit-policy-file', isSet)],
];

const refusesStrangers = ({ anonymousKubelet: status }: Facts): Verdict =>
  verdict(status === 401 || status === 403, `it answers ${status} to strangers`);
const kubeconfigs = closed(({ layout, nodes }) =>
  nodes.map((node) => join(layout.credentials, `kubelet-${node}.conf`)),
);
const authority = closed(({ layout }) => [join(layout.pki, 'ca.crt')], 0o644);

const NODE: readonly Check[] = [
  ['4.1.1', 'service file of the kubelet: mode', NO_UNIT],
  ['4.1.2', 'service file of the kubelet: owner', NO_UNIT],
  ['4.1.3', 'kubeconfig of kube-proxy: mode 600', credentials('kube-proxy.conf')],
  ['4.1.4', 'kubeconfig of kube-proxy: owner root', credentials('kube-proxy.conf')],
  ['4.1.5', 'kubeconfig of the kubelet: mode 600', kubeconfigs],
  ['4.1.6', 'kubeconfig of the kubelet: owner root', kubeconfigs],
  ['4.1.7', 'client authority: mode 644', authority],
  ['4.1.8', 'client authority: owner root', authority],
  ['4.1.9', 'configuration of the kubelet: mode', NO_CONFIG],
  ['4.1.10', 'configuration of the kubelet: owner', NO_CONFIG],
  ['4.2.1', 'the kubelet refuses strangers', refusesStrangers],
  ['4.2.2', 'the kubelet asks who may do what', refusesStrangers],
  ['4.2.3', 'client authority', flag('kubelet', 'client-ca-file', isSet)],
  [
    '4.2.4',
    'no read-only port',
    flag('kubelet', 'read-only-port', (value) => value === undefined || value === '0'),
  ],
  [
    '4.2.5',
    'idle streams end',
    flag(
      'kubelet',
      'streaming-connection-idle-timeout',
      (value) => value !== '0' && value !== '0s',
    ),
  ],
  ['4.2.6', 'chains of iptables', flag('kubelet', 'make-iptables-util-chains', isNot('false'))],
  [
    '4.2.7',
    'no other host name',
    flag('kubelet', 'hostname-override', isUnset, 'several nodes of hack/up share one machine'),
  ],
  [
    '4.2.8',
    'events are captured',
    flag('kubelet', 'event-qps', (value) => !value?.startsWith('-')),
  ],
  [
    '4.2.9',
    'serving certificate',
    both(flag('kubelet', 'tls-cert-file', isSet), flag('kubelet', 'tls-private-key-file', isSet)),
  ],
  ['4.2.10', 'rotation of client certificates', ROTATION],
  ['4.2.11', 'rotation of serving certificates', ROTATION],
  ['4.2.12', 'strong ciphers', flag('kubelet', 'tls-cipher-suites', isSet)],
  ['4.2.13', 'a limit of processes', flag('kubelet', 'pod-max-pids', atLeast(1))],
  [
    '4.3.1',
    'metrics of kube-proxy on loopback',
    flag(
      'kube-proxy',
      'metrics-bind-address',
      (value) => value === undefined || value.startsWith('127.0.0.1'),
    ),
  ],
];

const mountsToken = ({ spec }: PodOf) =>
  spec?.volumes?.some(({ projected }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
  ) === true;
/** The DNS server watches services and endpoints. */
const NEEDS_TOKEN = 'kube-dns';
const isRestricted = (pod: PodOf) =>
  containersOf(pod).every(
    ({ securityContext }) => securityContext?.allowPrivilegeEscalation === false,
  );
const seccompOf = (pod: PodOf) =>
  pod.spec?.securityContext?.seccompProfile?.type ??
  containersOf(pod)[0]?.securityContext?.seccompProfile?.type;

const RBAC: readonly Check[] = [
  [
    '5.1.1',
    'cluster-admin where required only',
    ({ clusterRoleBindings }) => {
      const bad = clusterRoleBindings.find(
        ({ metadata, roleRef }) =>
          roleRef.name === 'cluster-admin' && metadata.name !== 'cluster-admin',
      );
      return verdict(!bad, `binding ${bad?.metadata.name}`);
    },
  ],
  ['5.1.2', 'secrets', may('list secrets')],
  [
    '5.1.3',
    'no wildcards in roles',
    choice("upstream's default roles have them: cluster-admin, and a few controllers"),
  ],
  ['5.1.4', 'creation of pods', may('create pods')],
  [
    '5.1.5',
    'default service accounts mount no token',
    choice("upstream's default; a default account has no right beyond those of every user"),
  ],
  [
    '5.1.6',
    'tokens where necessary only',
    noPod((pod) => mountsToken(pod) && !pod.metadata.name.startsWith(NEEDS_TOKEN)),
  ],
  ['5.1.7', 'no use of system:masters', choice('the kubeconfig of hack/up is in that group')],
  [
    '5.1.8',
    'bind, impersonate, escalate',
    may(
      'bind clusterroles rbac.authorization.k8s.io',
      'escalate clusterroles rbac.authorization.k8s.io',
      'impersonate users',
    ),
  ],
  ['5.1.9', 'creation of persistent volumes', may('create persistentvolumes')],
  ['5.1.10', 'proxy of nodes', may('get nodes/proxy')],
  [
    '5.1.11',
    'approval of certificates',
    may('update certificatesigningrequests/approval certificates.k8s.io'),
  ],
  [
    '5.1.12',
    'webhook configurations',
    may('create mutatingwebhookconfigurations admissionregistration.k8s.io'),
  ],
  ['5.1.13', 'tokens of service accounts', may('create serviceaccounts/token')],
];

const capabilities = (container: ReturnType<typeof containersOf>[number]) =>
  container.securityContext?.capabilities;

const POLICIES: readonly Check[] = [
  ['5.2.1', 'a policy mechanism', flag(API, 'disable-admission-plugins', lacks('PodSecurity'))],
  ['5.2.2', 'no privileged containers', noContainer((c) => c.securityContext?.privileged === true)],
  ['5.2.3', 'no process IDs of the host', noPod(({ spec }) => spec?.hostPID === true)],
  ['5.2.4', 'no IPC of the host', noPod(({ spec }) => spec?.hostIPC === true)],
  ['5.2.5', 'no network of the host', noPod(({ spec }) => spec?.hostNetwork === true)],
  ['5.2.6', 'no privilege escalation', noPod((pod) => !isRestricted(pod))],
  [
    '5.2.7',
    'no root in containers',
    noPod(
      ({ spec, ...pod }) =>
        !containersOf({ spec, ...pod }).every(
          ({ securityContext }) =>
            (securityContext?.runAsNonRoot ?? spec?.securityContext?.runAsNonRoot) === true,
        ),
    ),
  ],
  [
    '5.2.8',
    'no NET_RAW',
    noContainer(
      (c) => !capabilities(c)?.drop?.some((name) => name === 'ALL' || name === 'NET_RAW'),
    ),
  ],
  [
    '5.2.9',
    'no added capabilities',
    noContainer((c) => !!capabilities(c)?.add?.some((name) => name !== 'NET_BIND_SERVICE')),
  ],
  ['5.2.10', 'no capabilities', noContainer((c) => !capabilities(c)?.drop?.includes('ALL'))],
  ['5.2.11', 'no HostProcess', none('nodes run Linux')],
  [
    '5.2.12',
    'no paths of the host',
    noPod(({ spec }) => !!spec?.volumes?.some(({ hostPath }) => hostPath)),
  ],
  ['5.2.13', 'no ports of the host', noContainer(({ ports }) => !!ports?.some((p) => p.hostPort))],
  ['5.3.1', 'the network supports policies', flag('kube-proxy', 'network-policy', isNot('false'))],
  [
    '5.3.2',
    'every namespace has a network policy',
    choice('a policy for namespaces without pods would break nothing and protect nothing'),
  ],
  [
    '5.4.1',
    'secrets as files',
    noContainer(({ env }) => !!env?.some(({ valueFrom }) => valueFrom?.secretKeyRef)),
  ],
  [
    '5.4.2',
    'external secret storage',
    choice('a KMS plugin can be configured; a default cluster has none to talk to'),
  ],
  ['5.5.1', 'image provenance', choice('no registry signs the images of a default cluster')],
  ['5.7.1', 'boundaries by namespaces', none('the operator decides')],
  ['5.7.2', 'RuntimeDefault seccomp', noPod((pod) => seccompOf(pod) !== 'RuntimeDefault')],
  [
    '5.7.3',
    'security contexts',
    noPod((pod) => !containersOf(pod).every(({ securityContext }) => securityContext)),
  ],
  [
    '5.7.4',
    'the default namespace is not used',
    noPod(({ metadata }) => metadata.namespace === 'default'),
  ],
];

export const CHECKS: readonly Check[] = [
  ...FILES,
  ...API_SERVER,
  ...LEADERS,
  ...ETCD,
  ...CONTROL_PLANE,
  ...NODE,
  ...RBAC,
  ...POLICIES,
];
