// The checks of the CIS Kubernetes Benchmark 1.10; cis-checks.yaml has them, and the functions here
// judge what takes more than a flag or a question.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CIS_CHECKS } from './cis-checks.generated.js';
import { filesBelow, questionsOf, tooOpen, type Facts } from './cis-facts.js';

export interface Verdict {
  result: 'pass' | 'fail' | 'choice' | 'none';
  note?: string;
}

type Judge = (facts: Facts) => Verdict;

const PASS: Verdict = { result: 'pass' };
const verdict = (holds: boolean, note: string): Verdict =>
  holds ? PASS : { result: 'fail', note };

/** Tests of a flag's value; an absent flag is undefined. */
const TESTS: Readonly<Record<string, (value: string | undefined, wanted: string) => boolean>> = {
  set: (value) => value !== undefined && value !== '',
  unset: (value) => value === undefined,
  is: (value, wanted) => value === wanted,
  not: (value, refused) => value !== refused,
  has: (value, member) => value?.split(',').includes(member) === true,
  lacks: (value, member) => value?.split(',').includes(member) !== true,
  least: (value, least) => Number(value ?? NaN) >= Number(least),
  positive: (value) => !value?.startsWith('-'),
  zero: (value) => value === undefined || value === '0',
  loopback: (value) => value === undefined || value.startsWith('127.0.0.1'),
};

function judgeFlags({ flags }: Facts, program: string, tests: string, why?: string): Verdict {
  for (const text of tests.split('; ')) {
    const [name = '', test = '', wanted = ''] = text.split(' ');
    const value = flags.get(program)?.get(name);
    if (TESTS[test]!(value, wanted)) continue;
    const note = `--${name}${value === undefined ? ' is not set' : `=${value}`}`;
    return why ? { result: 'choice', note: why } : { result: 'fail', note };
  }
  return PASS;
}

/** Files owned by root that nobody else opens. */
const closed =
  (paths: (facts: Facts) => readonly string[], mode = 0o600): Judge =>
  (facts) => {
    const open = tooOpen(paths(facts), mode);
    return verdict(open === undefined, `${open} is open to others`);
  };

type PodOf = Facts['pods'][number];
const containersOf = ({ spec }: PodOf) => [
  ...(spec?.initContainers ?? []),
  ...(spec?.containers ?? []),
];
type ContainerOf = ReturnType<typeof containersOf>[number];
/** No pod has what `test` finds. */
const noPod =
  (test: (pod: PodOf) => boolean): Judge =>
  ({ pods }) => {
    const bad = pods.find(test);
    return verdict(!bad, `pod ${bad?.metadata.namespace}/${bad?.metadata.name}`);
  };
const noContainer = (test: (container: ContainerOf) => boolean) =>
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

function ownAuthority({ flags }: Facts): Verdict {
  const read = (program: string, name: string) =>
    readFileSync(flags.get(program)!.get(name)!, 'utf8');
  const isOwn = read('etcd', 'trusted-ca-file') !== read('kube-apiserver', 'client-ca-file');
  return verdict(isOwn, 'etcd trusts the authority of clients');
}

function clusterAdmins({ clusterRoleBindings }: Facts): Verdict {
  const bad = clusterRoleBindings.find(
    ({ metadata, roleRef }) =>
      roleRef.name === 'cluster-admin' && metadata.name !== 'cluster-admin',
  );
  return verdict(!bad, `binding ${bad?.metadata.name}`);
}

const mountsToken = ({ spec }: PodOf) =>
  spec?.volumes?.some(({ projected }) =>
    projected?.sources?.some(({ serviceAccountToken }) => serviceAccountToken),
  ) === true;
/** The DNS server watches services and endpoints. */
const NEEDS_TOKEN = 'kube-dns';
const capabilities = (container: ContainerOf) => container.securityContext?.capabilities;
const seccompOf = (pod: PodOf) =>
  pod.spec?.securityContext?.seccompProfile?.type ??
  containersOf(pod)[0]?.securityContext?.seccompProfile?.type;

const JUDGES: Readonly<Record<string, Judge>> = {
  cniFiles: closed(({ pids }) => filesBelow(`/proc/${pids.get('flanneld')}/root/etc/cni/net.d`)),
  etcdFolder: closed(({ layout }) => [layout.etcd], 0o700),
  kubeconfig: closed(({ layout }) => [layout.kubeconfig]),
  pkiFiles: closed(({ layout }) => filesBelow(layout.pki), 0o644),
  certificates: closed(({ layout }) => filesBelow(layout.pki, '.crt')),
  keys: closed(({ layout }) => filesBelow(layout.pki, '.key')),
  kubeletConfigs: closed(({ layout, nodes }) =>
    nodes.map((node) => join(layout.credentials, `kubelet-${node}.conf`)),
  ),
  clientAuthority: closed(({ layout }) => [join(layout.pki, 'ca.crt')], 0o644),
  firstProvider,
  ownAuthority,
  clusterAdmins,
  refusesStrangers: ({ anonymousKubelet: status }) =>
    verdict(status === 401 || status === 403, `it answers ${status} to strangers`),
  tokens: noPod((pod) => mountsToken(pod) && !pod.metadata.name.startsWith(NEEDS_TOKEN)),
  privileged: noContainer((c) => c.securityContext?.privileged === true),
  hostPID: noPod(({ spec }) => spec?.hostPID === true),
  hostIPC: noPod(({ spec }) => spec?.hostIPC === true),
  hostNetwork: noPod(({ spec }) => spec?.hostNetwork === true),
  escalation: noContainer((c) => c.securityContext?.allowPrivilegeEscalation !== false),
  rootUsers: noPod((pod) =>
    containersOf(pod).some(
      ({ securityContext: own }) =>
        (own?.runAsNonRoot ?? pod.spec?.securityContext?.runAsNonRoot) !== true,
    ),
  ),
  netRaw: noContainer(
    (c) => !capabilities(c)?.drop?.some((name) => name === 'ALL' || name === 'NET_RAW'),
  ),
  addedCapabilities: noContainer(
    (c) => !!capabilities(c)?.add?.some((name) => name !== 'NET_BIND_SERVICE'),
  ),
  anyCapabilities: noContainer((c) => !capabilities(c)?.drop?.includes('ALL')),
  hostPaths: noPod(({ spec }) => !!spec?.volumes?.some(({ hostPath }) => hostPath)),
  hostPorts: noContainer(({ ports }) => !!ports?.some((p) => p.hostPort)),
  secretVariables: noContainer(({ env }) => !!env?.some((e) => e.valueFrom?.secretKeyRef)),
  seccomp: noPod((pod) => seccompOf(pod) !== 'RuntimeDefault'),
  securityContexts: noContainer((c) => !c.securityContext),
  defaultNamespace: noPod(({ metadata }) => metadata.namespace === 'default'),
};

function judgeOf(check: string, why: string | undefined): Judge {
  if (check === 'choice' || check === 'none')
    return () => ({ result: check, ...(why ? { note: why } : {}) });
  const [verb, first = '', tests = ''] = /^(\w+)(?: (\S+) ?(.*))?$/.exec(check)?.slice(1) ?? [];
  if (verb === 'flag') return (facts) => judgeFlags(facts, first, tests, why);
  if (verb === 'closed') return closed(({ layout }) => [join(layout.credentials, first)]);
  const questions = questionsOf(check);
  if (questions.length === 0) return JUDGES[check]!;
  return ({ anyoneMay }) => {
    const allowed = questions.find((question) => anyoneMay.get(question) !== false);
    return verdict(allowed === undefined, `every authenticated user may ${allowed}`);
  };
}

export const CHECKS = CIS_CHECKS.map(([id = '', subject = '', check = '', why]) => ({
  id,
  subject,
  judge: judgeOf(check, why),
}));
