// The flow schemas and priority levels that every cluster has; default-flows.yaml has them.
import { type FieldError, fieldErrors, GoText } from '../../apimachinery/errors/status-error.js';
import { semanticEqual } from '../../apis/meta/v1/semantic-equal.js';
import type {
  FlowSchema,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  Subject,
} from '../../apis/flowcontrol/v1/types.js';
import { DEFAULT_FLOWS } from './default-flows.generated.js';

interface Schema {
  level: string;
  precedence: number;
  by: string;
  subjects: readonly string[];
  rules?: readonly (readonly string[])[];
  paths?: string;
}

export interface FlowTable {
  levels: Readonly<Record<string, readonly number[]>>;
  schemas: Readonly<Record<string, Schema>>;
}

const API = 'flowcontrol.apiserver.k8s.io/v1';
const words = (text: string): string[] => text.split(' ');
const metadata = (name: string) => ({
  name,
  annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' },
});

function subjectOf(text: string): Subject {
  const [kind, name = ''] = words(text);
  if (kind === 'user') return { kind: 'User', user: { name } };
  if (kind === 'group') return { kind: 'Group', group: { name } };
  return { kind: 'ServiceAccount', serviceAccount: { name, namespace: 'kube-system' } };
}

/** The requests that a schema matches, of every subject. */
function requestsOf({ rules, paths }: Schema): Omit<PolicyRulesWithSubjects, 'subjects'> {
  if (paths) return { nonResourceRules: [{ verbs: ['get'], nonResourceURLs: words(paths) }] };
  const everything = [['*', '*', '*', 'cluster']];
  return {
    resourceRules: (rules ?? everything).map(
      ([verbs = '', group = '', resources = '', cluster]) => ({
        verbs: words(verbs),
        apiGroups: [group],
        resources: words(resources),
        namespaces: ['*'],
        ...(cluster && { clusterScope: true }),
      }),
    ),
    ...(!rules && { nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] }),
  };
}

function level(name: string, spec: PriorityLevelConfigurationSpec): PriorityLevelConfiguration {
  return { apiVersion: API, kind: 'PriorityLevelConfiguration', metadata: metadata(name), spec };
}

/** Objects with a spec that the server restores even when their annotation turns updates off. */
export const MANDATORY_FLOWS: ReadonlySet<string> = new Set(['exempt', 'catch-all']);

export const DEFAULT_PRIORITY_LEVELS: readonly PriorityLevelConfiguration[] = [
  level('exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
  ...Object.entries(DEFAULT_FLOWS.levels).map(([name, row]) => {
    const [nominalConcurrencyShares = 0, lendablePercent = 0, queues, handSize = 0] = row;
    const limitResponse =
      queues === undefined
        ? { type: 'Reject' }
        : { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } };
    return level(name, {
      type: 'Limited',
      limited: { nominalConcurrencyShares, lendablePercent, limitResponse },
    });
  }),
];

export const DEFAULT_FLOW_SCHEMAS: readonly FlowSchema[] = Object.entries(
  DEFAULT_FLOWS.schemas,
).map(([name, schema]) => ({
  apiVersion: API,
  kind: 'FlowSchema',
  metadata: metadata(name),
  spec: {
    priorityLevelConfiguration: { name: schema.level },
    matchingPrecedence: schema.precedence,
    ...(schema.by && { distinguisherMethod: { type: schema.by } }),
    rules: [{ subjects: schema.subjects.map(subjectOf), ...requestsOf(schema) }],
  },
}));

/** Nobody may change the spec of a mandatory object, but for the shares of the level `exempt`. */
export function validateMandatory(object: FlowSchema | PriorityLevelConfiguration): FieldError[] {
  const { name } = object.metadata;
  if (!MANDATORY_FLOWS.has(name)) return [];
  const all = object.kind === 'FlowSchema' ? DEFAULT_FLOW_SCHEMAS : DEFAULT_PRIORITY_LEVELS;
  const wanted = all.find(({ metadata }) => metadata.name === name)!;
  const loose = object.kind === 'PriorityLevelConfiguration' && name === 'exempt';
  const fixed = (spec: object): object => (loose ? { ...spec, exempt: undefined } : spec);
  const except = loose ? " except the 'spec.exempt' field" : '';
  if (semanticEqual(fixed(object.spec), fixed(wanted.spec))) return [];
  const detail = `spec of '${name}'${except} must equal the fixed value`;
  return [fieldErrors.invalid('spec', new GoText(`flowcontrol.${object.kind}Spec{}`), detail)];
}
