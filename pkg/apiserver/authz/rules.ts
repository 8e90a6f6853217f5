// The meaning of a PolicyRule (upstream apis/rbac evaluation_helpers.go and
// component-helpers/auth/rbac/validation/policy_comparator.go).
import type { PolicyRule } from '../../apis/rbac/v1/types.js';
import { matchesUrl, type Attributes } from '../auth/authorizer.js';

const hasOrAll = (list: readonly string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes(value) || list.includes('*'));

function resourceMatches(rule: PolicyRule, attributes: Attributes): boolean {
  const resources = rule.resources ?? [];
  if (resources.includes('*')) return true;
  if (!attributes.subresource) return resources.includes(attributes.resource);
  return (
    resources.includes(`${attributes.resource}/${attributes.subresource}`) ||
    resources.includes(`*/${attributes.subresource}`)
  );
}

const coversUrl = (urls: readonly string[] | undefined, path: string): boolean =>
  urls?.some((url) => matchesUrl(url, path)) ?? false;

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if (attributes.path !== undefined) return coversUrl(rule.nonResourceURLs, attributes.path);
  if (!hasOrAll(rule.apiGroups, attributes.group) || !resourceMatches(rule, attributes))
    return false;
  return !rule.resourceNames?.length || rule.resourceNames.includes(attributes.name);
}

/** Splits the rule into rules of one verb on one resource (and name) or one path. */
function breakDown(rule: PolicyRule): PolicyRule[] {
  const parts: PolicyRule[] = [];
  for (const verb of rule.verbs) {
    for (const url of rule.nonResourceURLs ?? [])
      parts.push({ verbs: [verb], nonResourceURLs: [url] });
    for (const group of rule.apiGroups ?? []) {
      for (const resource of rule.resources ?? []) {
        const names = rule.resourceNames?.length ? rule.resourceNames : [undefined];
        for (const name of names)
          parts.push({
            verbs: [verb],
            apiGroups: [group],
            resources: [resource],
            ...(name && { resourceNames: [name] }),
          });
      }
    }
  }
  return parts;
}

function resourceCovered(owned: readonly string[], wanted: string): boolean {
  if (owned.includes('*') || owned.includes(wanted)) return true;
  const slash = wanted.indexOf('/');
  return slash >= 0 && owned.includes(`*/${wanted.slice(slash + 1)}`);
}

/** Whether `owner` allows everything that `part`, a split rule, allows. */
function ruleCovers(owner: PolicyRule, part: PolicyRule): boolean {
  if (!hasOrAll(owner.verbs, part.verbs[0]!)) return false;
  if (part.nonResourceURLs) return coversUrl(owner.nonResourceURLs, part.nonResourceURLs[0]!);
  if (
    !hasOrAll(owner.apiGroups, part.apiGroups![0]!) ||
    !resourceCovered(owner.resources ?? [], part.resources![0]!)
  )
    return false;
  if (!owner.resourceNames?.length) return true;
  return part.resourceNames !== undefined && owner.resourceNames.includes(part.resourceNames[0]!);
}

/** The parts of `wanted` that `owned` does not allow; empty when `owned` covers everything. */
export const uncovered = (
  owned: readonly PolicyRule[],
  wanted: readonly PolicyRule[],
): PolicyRule[] =>
  wanted.flatMap(breakDown).filter((part) => !owned.some((owner) => ruleCovers(owner, part)));

/** Joins rules of one resource that differ in their verbs only (upstream CompactRules). */
export function compactRules(rules: readonly PolicyRule[]): PolicyRule[] {
  const joined = new Map<string, PolicyRule>();
  const others: PolicyRule[] = [];
  for (const rule of rules) {
    const { verbs, apiGroups = [], resources = [], resourceNames = [] } = rule;
    const isSimple =
      apiGroups.length === 1 &&
      resources.length === 1 &&
      resourceNames.length < 2 &&
      !rule.nonResourceURLs?.length;
    if (!isSimple) {
      others.push(rule);
      continue;
    }
    const key = JSON.stringify([apiGroups, resources, resourceNames]);
    const known = joined.get(key);
    if (known) known.verbs.push(...verbs);
    else joined.set(key, { ...rule, verbs: [...verbs] });
  }
  return [...others, ...joined.values()];
}

const quoteList = (list: readonly string[]): string =>
  `[${list.map((item) => JSON.stringify(item)).join(' ')}]`;

/** '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}', as upstream prints a rule. */
export function showRule(rule: PolicyRule): string {
  const parts: string[] = [];
  if (rule.apiGroups?.length) parts.push(`APIGroups:${quoteList(rule.apiGroups)}`);
  if (rule.resources?.length) parts.push(`Resources:${quoteList(rule.resources)}`);
  if (rule.resourceNames?.length) parts.push(`ResourceNames:${quoteList(rule.resourceNames)}`);
  if (rule.nonResourceURLs?.length)
    parts.push(`NonResourceURLs:${quoteList(rule.nonResourceURLs)}`);
  parts.push(`Verbs:${quoteList(rule.verbs)}`);
  return `{${parts.join(', ')}}`;
}
