// Which flow schema a request belongs to, and which flow within it (upstream
// util/flowcontrol/rule.go and formatting of flow distinguishers). Pure.
import type {
  FlowSchema,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  ResourcePolicyRule,
  Subject,
} from '../../apis/flowcontrol/v1/types.js';
import type { UserInfo } from '../auth/authenticator.js';
import { matchesUrl } from '../auth/authorizer.js';
import type { RequestInfo } from '../request/request-info.js';

const SERVICE_ACCOUNT = 'system:serviceaccount:';

function subjectMatches({ kind, user, group, serviceAccount }: Subject, who: UserInfo): boolean {
  if (kind === 'User') return user?.name === '*' || user?.name === who.name;
  if (kind === 'Group') return group?.name === '*' || who.groups.includes(group?.name ?? '');
  if (!serviceAccount) return false;
  const { namespace, name } = serviceAccount;
  if (name !== '*') return who.name === `${SERVICE_ACCOUNT}${namespace}:${name}`;
  return who.name.startsWith(`${SERVICE_ACCOUNT}${namespace}:`);
}

const has = (list: readonly string[] | null | undefined, value: string): boolean =>
  list != null && (list.includes('*') || list.includes(value));

function resourceMatches(rule: ResourcePolicyRule, info: RequestInfo): boolean {
  const resource = info.subresource ? `${info.resource}/${info.subresource}` : info.resource;
  return (
    has(rule.verbs, info.verb) &&
    has(rule.apiGroups, info.group) &&
    has(rule.resources, resource) &&
    (info.namespace === '' ? rule.clusterScope === true : has(rule.namespaces, info.namespace))
  );
}

const nonResourceMatches = (rule: NonResourcePolicyRule, { path, verb }: RequestInfo): boolean =>
  has(rule.verbs, verb) &&
  rule.nonResourceURLs.some((url) => matchesUrl(url, path) || `${url}/` === path);

function ruleMatches(rule: PolicyRulesWithSubjects, info: RequestInfo, user: UserInfo): boolean {
  if (!rule.subjects.some((subject) => subjectMatches(subject, user))) return false;
  return info.isResource
    ? (rule.resourceRules ?? []).some((one) => resourceMatches(one, info))
    : (rule.nonResourceRules ?? []).some((one) => nonResourceMatches(one, info));
}

/** True when some rule of the schema concerns the request. */
export const schemaMatches = (schema: FlowSchema, info: RequestInfo, user: UserInfo): boolean =>
  (schema.spec.rules ?? []).some((rule) => ruleMatches(rule, info, user));

/** By precedence, then by name. */
export const inPrecedence = (schemas: readonly FlowSchema[]): FlowSchema[] =>
  schemas.toSorted(
    (a, b) =>
      (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0) ||
      (a.metadata.name < b.metadata.name ? -1 : 1),
  );

/** The part of a flow's identity that requests of one schema differ by. */
export function distinguisherOf({ spec }: FlowSchema, info: RequestInfo, user: UserInfo): string {
  const type = spec.distinguisherMethod?.type;
  if (type === 'ByUser') return user.name;
  return type === 'ByNamespace' ? info.namespace : '';
}
