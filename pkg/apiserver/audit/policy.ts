// The audit policy: which level and stages a request gets (upstream apiserver/pkg/audit/policy,
// apis/audit/validation). The first rule that matches decides; no rule means no event.
import { shaped, type Shaped } from '../../apimachinery/codec/configuration.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { isDns1123Subdomain } from '../../apimachinery/validation/names.js';
import { errorText } from '../../util/errors/error-text.js';
import type { UserInfo } from '../auth/authenticator.js';
import { type Level, LEVELS, type Stage, STAGES } from './event.js';
import type { AuditRule } from './record.js';
import { SHAPE } from './facts.generated.js';

type Rule = (typeof SHAPE.rules)[0];
type GroupResources = Shaped<Rule['resources'][0]>;
type PolicyRule = Omit<Shaped<Rule>, 'level' | 'omitStages'> & {
  level: Level;
  omitStages?: Stage[];
};

/** The part of a request that rules look at. */
export interface AuditAttributes {
  readonly user: UserInfo | undefined;
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly path: string;
}

export type AuditPolicy = (attributes: AuditAttributes) => AuditRule;

const badUrl = (url: string): string | undefined => {
  if (url === '*') return undefined;
  if (!url.startsWith('/')) return "non-resource URL rules must begin with a '/' character";
  return url.slice(0, -1).includes('*')
    ? "non-resource URL wildcards '*' must be the final character of the rule"
    : undefined;
};

const badStages = (at: string, stages: readonly string[] = []): string[] =>
  stages.flatMap((stage, index) =>
    (STAGES as readonly string[]).includes(stage)
      ? []
      : [
          `${at}.omitStages[${index}]: Invalid value: ${JSON.stringify(stage)}: allowed stages are ${STAGES.join(',')}`,
        ],
  );

function problemsOf(rule: PolicyRule, at: string): string[] {
  const problems: string[] = [];
  const bad = (field: string, value: unknown, why: string) =>
    void problems.push(`${at}.${field}: Invalid value: ${JSON.stringify(value)}: ${why}`);
  if (!rule.level) problems.push(`${at}.level: Required value`);
  else if (!LEVELS.includes(rule.level))
    problems.push(
      `${at}.level: Unsupported value: ${JSON.stringify(rule.level)}: supported values: ${LEVELS.map((level) => JSON.stringify(level)).join(', ')}`,
    );
  for (const [index, url] of (rule.nonResourceURLs ?? []).entries()) {
    const why = badUrl(url);
    if (why) bad(`nonResourceURLs[${index}]`, url, why);
  }
  for (const { group, resources, resourceNames } of rule.resources ?? []) {
    const why = group ? isDns1123Subdomain(group) : [];
    if (why.length) bad('resources.group', group, why.join(','));
    if (resourceNames?.length && !resources?.length)
      bad(
        'resources.resourceNames',
        resourceNames,
        'using resourceNames requires at least one resource',
      );
  }
  problems.push(...badStages(at, rule.omitStages));
  if (rule.nonResourceURLs?.length && (rule.resources?.length || rule.namespaces?.length))
    bad(
      'nonResourceURLs',
      rule.nonResourceURLs,
      'rules cannot apply to both regular resources and non-resource URLs',
    );
  return problems;
}

const names = (list: readonly string[] | undefined): boolean => Boolean(list?.length);

function urlMatches(path: string, spec: string): boolean {
  if (spec === '*' || spec === path) return true;
  return spec.endsWith('*') && path.startsWith(spec.slice(0, -1));
}

function resourceMatches(
  { group = '', resources = [], resourceNames = [] }: GroupResources,
  asked: AuditAttributes,
): boolean {
  if (group !== asked.group) return false;
  if (!resources.length) return true;
  if (resourceNames.length && !resourceNames.includes(asked.name)) return false;
  const { resource, subresource } = asked;
  const combined = subresource ? `${resource}/${subresource}` : resource;
  return resources.some(
    (wanted) =>
      wanted === '*' ||
      wanted === combined ||
      (subresource !== '' && wanted === `*/${subresource}`) ||
      wanted === `${resource}/*`,
  );
}

function ruleMatches(rule: PolicyRule, asked: AuditAttributes): boolean {
  const { user } = asked;
  if (names(rule.users) && !(user && rule.users!.includes(user.name))) return false;
  if (names(rule.userGroups) && !user?.groups.some((group) => rule.userGroups!.includes(group)))
    return false;
  if (names(rule.verbs) && !rule.verbs!.includes(asked.verb)) return false;
  if (names(rule.namespaces) || rule.resources?.length) {
    if (!asked.isResource) return false;
    if (names(rule.namespaces) && !rule.namespaces!.includes(asked.namespace)) return false;
    return !rule.resources?.length || rule.resources.some((one) => resourceMatches(one, asked));
  }
  if (names(rule.nonResourceURLs))
    return !asked.isResource && rule.nonResourceURLs!.some((spec) => urlMatches(asked.path, spec));
  return true;
}

/** Reads a policy file. Throws Error with upstream's texts. */
export function parseAuditPolicy(text: string): AuditPolicy {
  let policy: unknown;
  try {
    policy = parseYaml(text).value;
  } catch (error) {
    throw new Error(`failed decoding: ${errorText(error)}`);
  }
  if (!isJsonObject(policy)) throw new Error('failed decoding: the document is no object');
  const { kind, apiVersion, ...members } = policy;
  if (kind !== 'Policy' || apiVersion !== 'audit.k8s.io/v1')
    throw new Error(
      `unknown group version field ${JSON.stringify(apiVersion ?? '')}, kind ${JSON.stringify(kind ?? '')} in policy`,
    );
  const { rules: list = [], omitStages = [], omitManagedFields } = shaped(members, SHAPE);
  const rules = list as PolicyRule[];
  if (!rules.length) throw new Error('loaded illegal policy with 0 rules');
  const everywhere = omitStages as Stage[];
  const problems = [
    ...badStages('', everywhere),
    ...rules.flatMap((rule, index) => problemsOf(rule, `rules[${index}]`)),
  ];
  if (problems.length) throw new Error(problems.join(', '));
  const compiled = rules.map((rule) => ({
    rule,
    answer: {
      level: rule.level,
      omitStages: new Set([...everywhere, ...(rule.omitStages ?? [])]),
      omitManagedFields: rule.omitManagedFields ?? omitManagedFields === true,
    },
  }));
  const none: AuditRule = {
    level: 'None',
    omitStages: new Set(everywhere),
    omitManagedFields: omitManagedFields === true,
  };
  return (asked) => compiled.find(({ rule }) => ruleMatches(rule, asked))?.answer ?? none;
}
