// The flow schemas and priority levels that every cluster has (upstream
// apis/flowcontrol/bootstrap).
import type { FieldError } from '../../apimachinery/errors/status-error.js';
import { invalidText } from '../../apis/meta/v1/go-value.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import type {
  FlowSchema,
  LimitedPriorityLevelConfiguration,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  ResourcePolicyRule,
  Subject,
} from '../../apis/flowcontrol/v1/types.js';

const API = 'flowcontrol.apiserver.k8s.io/v1';
const AUTO_UPDATE = { 'apf.kubernetes.io/autoupdate-spec': 'true' };

const words = (text: string): string[] => text.split(' ');
const groups = (text: string): Subject[] =>
  words(text).map((name) => ({ kind: 'Group', group: { name } }));
const users = (text: string): Subject[] =>
  words(text).map((name) => ({ kind: 'User', user: { name } }));
const serviceAccounts = (text: string): Subject[] =>
  words(text).map((name) => ({
    kind: 'ServiceAccount',
    serviceAccount: { name, namespace: 'kube-system' },
  }));

const EVERYBODY = groups('system:unauthenticated system:authenticated');
const SYSTEM_ACCOUNTS = serviceAccounts('*');
const EVERYTHING: Omit<PolicyRulesWithSubjects, 'subjects'> = {
  resourceRules: [
    { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true },
  ],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
};

const rule = (
  verbs: string,
  group: string,
  resources: string,
  clusterScope = false,
): ResourcePolicyRule => ({
  verbs: words(verbs),
  apiGroups: [group],
  resources: words(resources),
  namespaces: ['*'],
  ...(clusterScope ? { clusterScope } : {}),
});
const LOCKING = 'get create update';
const LEASES = rule(LOCKING, 'coordination.k8s.io', 'leases');

function schema(
  name: string,
  level: string,
  matchingPrecedence: number,
  distinguisher: string,
  subjects: Subject[],
  what: Omit<PolicyRulesWithSubjects, 'subjects'> = EVERYTHING,
): FlowSchema {
  return {
    apiVersion: API,
    kind: 'FlowSchema',
    metadata: { name, annotations: AUTO_UPDATE },
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence,
      ...(distinguisher ? { distinguisherMethod: { type: distinguisher } } : {}),
      rules: [{ subjects, ...what }],
    },
  };
}

function level(name: string, spec: PriorityLevelConfigurationSpec): PriorityLevelConfiguration {
  return {
    apiVersion: API,
    kind: 'PriorityLevelConfiguration',
    metadata: { name, annotations: AUTO_UPDATE },
    spec,
  };
}

function limited(
  name: string,
  nominalConcurrencyShares: number,
  lendablePercent: number,
  limitResponse: NonNullable<LimitedPriorityLevelConfiguration['limitResponse']>,
): PriorityLevelConfiguration {
  return level(name, {
    type: 'Limited',
    limited: { nominalConcurrencyShares, lendablePercent, limitResponse },
  });
}

const queue = (queues: number, handSize: number) => ({
  type: 'Queue',
  queuing: { queues, handSize, queueLengthLimit: 50 },
});

/** Objects with a spec that the server restores even when their annotation turns updates off. */
export const MANDATORY_FLOWS: ReadonlySet<string> = new Set(['exempt', 'catch-all']);

export const DEFAULT_PRIORITY_LEVELS: readonly PriorityLevelConfiguration[] = [
  level('exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
  limited('catch-all', 5, 0, { type: 'Reject' }),
  limited('system', 30, 33, queue(64, 6)),
  limited('node-high', 40, 25, queue(64, 6)),
  limited('leader-election', 10, 0, queue(16, 4)),
  limited('workload-high', 40, 50, queue(128, 6)),
  limited('workload-low', 100, 90, queue(128, 6)),
  limited('global-default', 20, 50, queue(128, 6)),
];

export const DEFAULT_FLOW_SCHEMAS: readonly FlowSchema[] = [
  schema('exempt', 'exempt', 1, '', groups('system:masters')),
  schema('catch-all', 'catch-all', 10_000, 'ByUser', EVERYBODY),
  schema('probes', 'exempt', 2, '', EVERYBODY, {
    nonResourceRules: [{ verbs: ['get'], nonResourceURLs: words('/healthz /readyz /livez') }],
  }),
  schema(
    'system-leader-election',
    'leader-election',
    100,
    'ByUser',
    [...users('system:kube-controller-manager system:kube-scheduler'), ...SYSTEM_ACCOUNTS],
    { resourceRules: [LEASES] },
  ),
  schema(
    'endpoint-controller',
    'workload-high',
    150,
    'ByUser',
    [
      ...users('system:kube-controller-manager'),
      ...serviceAccounts('endpoint-controller endpointslicemirroring-controller'),
    ],
    { resourceRules: [rule(LOCKING, '', 'endpoints')] },
  ),
  schema('workload-leader-election', 'leader-election', 200, 'ByUser', SYSTEM_ACCOUNTS, {
    resourceRules: [rule(LOCKING, '', 'endpoints configmaps'), LEASES],
  }),
  schema('system-node-high', 'node-high', 400, 'ByUser', groups('system:nodes'), {
    resourceRules: [
      rule('*', '', 'nodes nodes/status', true),
      rule('*', 'coordination.k8s.io', 'leases'),
    ],
  }),
  schema('system-nodes', 'system', 500, 'ByUser', groups('system:nodes')),
  schema(
    'kube-controller-manager',
    'workload-high',
    800,
    'ByNamespace',
    users('system:kube-controller-manager'),
  ),
  schema('kube-scheduler', 'workload-high', 800, 'ByNamespace', users('system:kube-scheduler')),
  schema('kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', SYSTEM_ACCOUNTS),
  schema('service-accounts', 'workload-low', 9_000, 'ByUser', groups('system:serviceaccounts')),
  schema('global-default', 'global-default', 9_900, 'ByUser', EVERYBODY),
];

/** Nobody may change the spec of a mandatory object, but for the shares of the level `exempt`. */
export function validateMandatory(object: FlowSchema | PriorityLevelConfiguration): FieldError[] {
  const { name } = object.metadata;
  if (!MANDATORY_FLOWS.has(name)) return [];
  const all = object.kind === 'FlowSchema' ? DEFAULT_FLOW_SCHEMAS : DEFAULT_PRIORITY_LEVELS;
  const wanted = all.find(({ metadata }) => metadata.name === name)!;
  const loose = object.kind === 'PriorityLevelConfiguration' && name === 'exempt';
  const fixed = (spec: object): object => (loose ? { ...spec, exempt: undefined } : spec);
  const except = loose ? " except the 'spec.exempt' field" : '';
  return semanticEqual(fixed(object.spec), fixed(wanted.spec))
    ? []
    : [
        invalidText(
          'spec',
          `flowcontrol.${object.kind}Spec{}`,
          `spec of '${name}'${except} must equal the fixed value`,
        ),
      ];
}
