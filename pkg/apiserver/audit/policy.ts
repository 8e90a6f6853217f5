// The audit policy: which level and stages a request gets (upstream apiserver/pkg/audit/policy,
// apis/audit/validation). The first rule that matches decides; no rule means no event.
import { shaped, type Shaped } from '../../apimachinery/codec/configuration.js';
import { parseYaml } from '../../apimachinery/codec/yaml.js';
import { type FieldError, fieldErrors } from '../../apimachinery/errors/status-error.js';
import { isJsonObject } from '../../apimachinery/meta/clone.js';
import { isDns1123Subdomain } from '../../apimachinery/validation/names.js';
import { each, oneOf } from '../../apis/core/v1/validation/fields.js';
import { errorText } from '../../util/errors/error-text.js';
import type { UserInfo } from '../auth/authenticator.js';
import { matchesUrl } from '../auth/authorizer.js';
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

const stageErrors = (stages: readonly string[] | undefined, path: string): FieldError[] =>
  each(stages, path, (stage, at) =>
    fieldErrors
      .unless((STAGES as readonly string[]).includes(stage))
      .invalid(at, stage, `allowed stages are ${STAGES.join(',')}`),
  );

function errorsOf(rule: PolicyRule, path: string): FieldError[] {
  const errors = oneOf(rule.level, LEVELS, `${path}.level`);
  const { complain } = fieldErrors.below(path, errors);
  for (const [index, url] of (rule.nonResourceURLs ?? []).entries()) {
    const why = badUrl(url);
    if (why) complain.invalid(`nonResourceURLs[${index}]`, url, why);
  }
  for (const { group, resources, resourceNames } of rule.resources ?? []) {
    const why = group ? isDns1123Subdomain(group) : [];
    if (why.length) complain.invalid('resources.group', group, why.join(','));
    if (resourceNames?.length && !resources?.length) {
      const detail = 'using resourceNames requires at least one resource';
      complain.invalid('resources.resourceNames', resourceNames, detail);
    }
  }
  errors.push(...stageErrors(rule.omitStages, `${path}.omitStages`));
  if (rule.nonResourceURLs?.length && (rule.resources?.length || rule.namespaces?.length))
    complain.invalid(
      'nonResourceURLs',
      rule.nonResourceURLs,
      'rules cannot apply to both regular resources and non-resource URLs',
    );
  return errors;
}

const names = (list: readonly string[] | undefined): boolean => Boolean(list?.length);

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
    return !asked.isResource && rule.nonResourceURLs!.some((url) => matchesUrl(url, asked.path));
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
  const errors = [...stageErrors(everywhere, '.omitStages'), ...each(rules, 'rules', errorsOf)];
  if (errors.length)
    throw new Error(errors.map(({ field, message }) => `${field}: ${message}`).join(', '));
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
