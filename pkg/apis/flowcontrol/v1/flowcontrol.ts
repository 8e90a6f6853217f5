// API priority and fairness: defaults and validation (upstream pkg/apis/flowcontrol).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Label, isDns1123Subdomain } from '../../../apimachinery/validation/names.js';
import {
  each,
  optionalOneOf,
  required,
  requiredWith,
  unique,
  validateAlone,
} from '../../core/v1/validation/fields.js';
import { shownAs } from '../../meta/v1/go-value.js';
import type {
  FlowSchema,
  LimitedPriorityLevelConfiguration,
  LimitResponse,
  NonResourcePolicyRule,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  QueuingConfiguration,
  ResourcePolicyRule,
  Subject,
} from './types.js';
import { VERBS } from './facts.generated.js';

const { below, invalid, notSupported, unless, when } = fieldErrors;
const DEFAULT_PRECEDENCE = 1000;
const MAX_PRECEDENCE = 10_000;
const DEFAULT_SHARES = 30;
const DEFAULT_QUEUING = { queues: 64, handSize: 8, queueLengthLimit: 50 } as const;
const MAX_QUEUES = 10_000_000;
const MAX_HASH_BITS = 60;
const EXEMPT = 'exempt';
const DISTINGUISHERS = ['ByNamespace', 'ByUser'];
/** Kinds of subjects, each with the field that it needs, and the name of the others. */
const SUBJECTS = { Group: 'group', ServiceAccount: 'serviceAccount', User: 'user' } as const;

export function defaultFlowSchema(schema: FlowSchema): void {
  const spec = (schema.spec ??= {} as FlowSchema['spec']);
  schema.status ??= {};
  spec.priorityLevelConfiguration ??= { name: '' };
  spec.matchingPrecedence ||= DEFAULT_PRECEDENCE;
}

function validateSubject(subject: Subject, path: string): FieldError[] {
  const own = SUBJECTS[subject.kind as keyof typeof SUBJECTS];
  if (!own) return optionalOneOf(subject.kind ?? '', Object.keys(SUBJECTS), `${path}.kind`);
  const errors = Object.entries(SUBJECTS).flatMap(([kind, field]) =>
    unless(field === own || subject[field] === undefined).forbidden(
      `${path}.${field}`,
      `${field} is forbidden when subject kind is not '${kind}'`,
    ),
  );
  const named = subject[own];
  if (!named) {
    const detail = `${own} is required when subject kind is '${subject.kind}'`;
    return [...errors, fieldErrors.required(`${path}.${own}`, detail)];
  }
  if (own !== 'serviceAccount') return [...errors, ...required(named.name, `${path}.${own}.name`)];
  const { name, namespace } = subject.serviceAccount!;
  return [
    ...errors,
    ...(name === '*' ? [] : requiredWith(isDns1123Subdomain, name, `${path}.serviceAccount.name`)),
    ...requiredWith(
      isDns1123Label,
      namespace,
      `${path}.serviceAccount.namespace`,
      'must specify namespace for service account',
    ),
  ];
}

function validateVerbs(verbs: readonly string[] | undefined, path: string): FieldError[] {
  const list = verbs ?? [];
  if (!list.length) return [fieldErrors.required(path, 'verbs must contain at least one value')];
  if (list.includes('*')) return validateAlone(list, 'verbs', path);
  return unless(list.every((verb) => VERBS.includes(verb))).notSupported(path, list, VERBS);
}

function validateUrl(url: string, path: string): FieldError[] {
  const complain = (detail: string): FieldError[] => [invalid(path, url, detail)];
  if (!url) return complain('must not be empty');
  if (!url.startsWith('/')) return complain('must start with slash');
  if (url.includes(' ')) return complain('must not contain white-space');
  if (url.includes('//')) return complain('must not contain double slash');
  const stars = url.split('*').length - 1;
  return stars > 1 || (stars === 1 && !url.endsWith('/*'))
    ? complain('wildcard can only do suffix matching')
    : [];
}

function validateNonResourceRule(rule: NonResourcePolicyRule, path: string): FieldError[] {
  const urls = rule.nonResourceURLs ?? [];
  const field = `${path}.nonResourceURLs`;
  return [
    ...validateVerbs(rule.verbs, `${path}.verbs`),
    ...(urls.length
      ? urls.includes('*')
        ? validateAlone(urls, 'non-resource URLs', field)
        : each(urls, field, validateUrl)
      : [fieldErrors.required(field, 'nonResourceURLs must contain at least one value')]),
  ];
}

function validateResourceRule(rule: ResourcePolicyRule, path: string): FieldError[] {
  const namespaces = rule.namespaces ?? [];
  const filled = (field: 'apiGroups' | 'resources', one: string): FieldError[] =>
    rule[field]?.length
      ? validateAlone(rule[field], `${one}s`, `${path}.${field}`)
      : [
          fieldErrors.required(
            `${path}.${field}`,
            `resource rules must supply at least one ${one}`,
          ),
        ];
  const field = `${path}.namespaces`;
  const missing = unless(namespaces.length || rule.clusterScope).required(
    field,
    'resource rules that are not cluster scoped must supply at least one namespace',
  );
  const form = "each member of this list must be '*' or a DNS-1123 label;";
  return [
    ...validateVerbs(rule.verbs, `${path}.verbs`),
    ...filled('apiGroups', 'api group'),
    ...filled('resources', 'resource'),
    ...missing,
    ...(namespaces.includes('*')
      ? validateAlone(namespaces, 'namespaces', field)
      : each(namespaces, field, (namespace, at) =>
          isDns1123Label(namespace).map((text) => invalid(at, namespace, `${form} ${text}`)),
        )),
  ];
}

function validateRule(rule: PolicyRulesWithSubjects, path: string): FieldError[] {
  const errors = rule.subjects?.length
    ? each(rule.subjects, `${path}.subjects`, validateSubject)
    : [fieldErrors.required(`${path}.subjects`, 'subjects must contain at least one value')];
  const { complain } = below(path, errors);
  if (!rule.resourceRules?.length && !rule.nonResourceRules?.length)
    complain.required('', 'at least one of resourceRules and nonResourceRules has to be non-empty');
  return [
    ...errors,
    ...each(rule.resourceRules, `${path}.resourceRules`, validateResourceRule),
    ...each(rule.nonResourceRules, `${path}.nonResourceRules`, validateNonResourceRule),
  ];
}

export function validateFlowSchema({ metadata, spec, status }: FlowSchema): FieldError[] {
  const errors: FieldError[] = [];
  const precedence = spec.matchingPrecedence ?? 0;
  const complain = (detail: string): void =>
    void errors.push(invalid('spec.matchingPrecedence', precedence, detail));
  if (precedence <= 0) complain('must be a positive value');
  if (precedence > MAX_PRECEDENCE) complain(`must not be greater than ${MAX_PRECEDENCE}`);
  if (precedence === 1 && metadata.name !== EXEMPT)
    complain("only the schema named 'exempt' may have matchingPrecedence 1");
  const method = spec.distinguisherMethod;
  if (method && !DISTINGUISHERS.includes(method.type)) {
    const shown = shownAs(
      `flowcontrol.FlowDistinguisherMethod{Type:${JSON.stringify(method.type ?? '')}}`,
    );
    errors.push(notSupported('spec.distinguisherMethod.type', shown, DISTINGUISHERS));
  }
  return [
    ...errors,
    ...requiredWith(
      isDns1123Subdomain,
      spec.priorityLevelConfiguration.name,
      'spec.priorityLevelConfiguration.name',
      'must reference a priority level',
    ),
    ...each(spec.rules, 'spec.rules', validateRule),
    ...validateConditions(status?.conditions),
  ];
}

function validateConditions(conditions: readonly { type?: string }[] | undefined): FieldError[] {
  const seen = new Set<string>();
  return each(conditions, 'status.conditions', ({ type = '' }, path) => [
    ...unique(type, seen, `${path}.type`),
    ...required(type, `${path}.type`, 'must not be empty'),
  ]);
}

export const validateFlowStatusUpdate = ({
  status,
}: FlowSchema | PriorityLevelConfiguration): FieldError[] => validateConditions(status?.conditions);

export function defaultPriorityLevel(level: PriorityLevelConfiguration): void {
  const spec = (level.spec ??= {} as PriorityLevelConfiguration['spec']);
  level.status ??= {};
  if (spec.exempt) {
    spec.exempt.nominalConcurrencyShares ??= 0;
    spec.exempt.lendablePercent ??= 0;
  }
  if (!spec.limited) return;
  spec.limited.nominalConcurrencyShares ??= DEFAULT_SHARES;
  spec.limited.lendablePercent ??= 0;
  const queuing = spec.limited.limitResponse?.queuing;
  if (!queuing) return;
  for (const field of ['queues', 'handSize', 'queueLengthLimit'] as const)
    queuing[field] ||= DEFAULT_QUEUING[field];
}

function validateQueuing(queuing: QueuingConfiguration, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  const complain = (field: keyof QueuingConfiguration, detail: string): void =>
    void errors.push(invalid(`${path}.${field}`, queuing[field] ?? 0, detail));
  if (queueLengthLimit <= 0) complain('queueLengthLimit', 'must be positive');
  if (queues <= 0) complain('queues', 'must be positive');
  else if (queues > MAX_QUEUES) complain('queues', `must not be greater than ${MAX_QUEUES}`);
  if (handSize <= 0) complain('handSize', 'must be positive');
  else if (handSize > queues) complain('handSize', `should not be greater than queues (${queues})`);
  else if (Math.ceil(Math.log2(queues) * handSize) > MAX_HASH_BITS) {
    complain(
      'handSize',
      `required entropy bits of deckSize ${queues} and handSize ${handSize} should not be greater than ${MAX_HASH_BITS}`,
    );
  }
  return errors;
}

function validateLimitResponse(response: LimitResponse | undefined, path: string): FieldError[] {
  const { type = '', queuing } = response ?? {};
  const field = `${path}.queuing`;
  if (type === 'Queue')
    return queuing
      ? validateQueuing(queuing, field)
      : [fieldErrors.required(field, 'must not be empty if limited.limitResponse.type is Limited')];
  if (type !== 'Reject') return optionalOneOf(type, ['Queue', 'Reject'], `${path}.type`);
  return when(queuing).forbidden(field, 'must be nil if limited.limitResponse.type is not Limited');
}

type Shares = Pick<
  LimitedPriorityLevelConfiguration,
  'nominalConcurrencyShares' | 'lendablePercent' | 'borrowingLimitPercent'
>;

function validateShares(given: Shares, path: string): FieldError[] {
  const outside = (field: keyof Shares, high: number, detail: string): FieldError[] => {
    const value = given[field] ?? 0;
    return unless(value >= 0 && value <= high).invalid(`${path}.${field}`, value, detail);
  };
  return [
    ...outside('nominalConcurrencyShares', Infinity, 'must be a non-negative integer'),
    ...outside('lendablePercent', 100, 'must be between 0 and 100, inclusive'),
    ...outside('borrowingLimitPercent', Infinity, 'if specified, must be a non-negative integer'),
  ];
}

export function validatePriorityLevel({
  metadata,
  spec,
  status,
}: PriorityLevelConfiguration): FieldError[] {
  const { exempt, limited } = spec;
  const type = spec.type ?? '';
  const { complain, errors } = below('spec');
  if ((metadata.name === EXEMPT) !== (type === 'Exempt'))
    complain.invalid('type', type, "type must be 'Exempt' if and only if name is 'exempt'");
  if (type === 'Exempt') {
    if (limited) complain.forbidden('limited', 'must be nil if the type is not Limited');
    if (exempt) errors.push(...validateShares(exempt, 'spec.exempt'));
    else complain.required('exempt', 'must not be empty if type is Exempt');
  } else if (type === 'Limited') {
    if (exempt) complain.forbidden('exempt', 'must be nil if the type is Limited');
    if (limited)
      errors.push(
        ...validateShares(limited, 'spec.limited'),
        ...validateLimitResponse(limited.limitResponse, 'spec.limited.limitResponse'),
      );
    else complain.required('limited', 'must not be empty when type is Limited');
  } else errors.push(...optionalOneOf(type, ['Exempt', 'Limited'], 'spec.type'));
  return [...errors, ...validateConditions(status?.conditions)];
}
