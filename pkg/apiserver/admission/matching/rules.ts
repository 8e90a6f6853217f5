// Whether a rule of a webhook or of a policy selects a request (upstream
// apiserver/pkg/admission/plugin/webhook/predicates/rules/rules.go).
import type { NamedRuleWithOperations } from '../../../apis/admissionregistration/v1/types.js';
import type { ResourceFacts, SubresourceFacts } from '../../../apimachinery/schema/facts.js';
import type { ResourceDefinition } from '../../resource/definition.js';
import type { AdmissionRequest } from '../plugin.js';

export type GroupVersionKind = Pick<ResourceFacts, 'group' | 'version' | 'kind'>;

/** The kind of the objects that a resource or one of its subresources takes. */
export function kindOf({ facts }: ResourceDefinition, subresource: string): GroupVersionKind {
  const { group, version, kind, subresources } = facts;
  const part: Partial<SubresourceFacts> =
    subresources?.find(({ name }) => name === subresource) ?? {};
  return { group, version, kind, ...pick(part) };
}

const pick = ({ group, version, kind }: Partial<SubresourceFacts>): Partial<GroupVersionKind> => ({
  ...(group !== undefined && { group }),
  ...(version !== undefined && { version }),
  ...(kind !== undefined && { kind }),
});

const has = (list: readonly string[] | undefined, wanted: string): boolean =>
  list?.some((item) => item === '*' || item === wanted) ?? false;

const isNamespace = ({ facts }: ResourceDefinition): boolean =>
  facts.resource === 'namespaces' && facts.group === '';

/** The request's namespace is a Namespace's own name, but the object is in the cluster's scope. */
function hasScope(scope: string | undefined, request: AdmissionRequest): boolean {
  const inNamespace = request.namespace !== '' && !isNamespace(request.resource);
  if (scope === undefined || scope === '*') return true;
  return scope === (inNamespace ? 'Namespaced' : 'Cluster');
}

/** 'pods', 'pods/status', 'pods/*', '*', '*' + '/scale' or '*' + '/*'. */
const hasResource = (rules: readonly string[], resource: string, subresource: string): boolean =>
  rules.some((rule) => {
    const slash = rule.indexOf('/');
    const name = slash < 0 ? rule : rule.slice(0, slash);
    const part = slash < 0 ? '' : rule.slice(slash + 1);
    return (name === '*' || name === resource) && (part === '*' || part === subresource);
  });

/** Whether `rule` selects `request` when its object is seen as one of `resource`. */
export function ruleSelects(
  rule: NamedRuleWithOperations,
  request: AdmissionRequest,
  resource: ResourceDefinition,
): boolean {
  const { facts } = resource;
  return (
    hasScope(rule.scope, request) &&
    has(rule.operations, request.operation) &&
    has(rule.apiGroups, facts.group) &&
    has(rule.apiVersions, facts.version) &&
    hasResource(rule.resources ?? [], facts.resource, request.subresource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(request.name))
  );
}
