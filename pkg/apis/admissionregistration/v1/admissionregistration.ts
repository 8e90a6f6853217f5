// Admission webhooks and policies: defaults and validation (upstream
// pkg/apis/admissionregistration). The caller gives the functions that compile expressions.
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1035Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isQualifiedName,
} from '../../../apimachinery/validation/names.js';
import {
  each,
  oneOf,
  optionalOneOf,
  required,
  requiredWith,
  unique,
  validateAlone,
} from '../../core/v1/validation/fields.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { utf8Length, validateWith } from '../../meta/v1/object-meta.js';
import {
  REVIEW_VERSIONS,
  validateReviewVersions,
  validateWebhookService,
  validateWebhookUrl,
} from '../../meta/v1/webhook-client.js';
import type {
  AuditAnnotation,
  MatchCondition,
  MatchResources,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  NamedRuleWithOperations,
  ParamKind,
  ParamRef,
  RuleWithOperations,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingAdmissionPolicyBindingSpec,
  ValidatingAdmissionPolicySpec,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
  Validation,
  Variable,
} from './types.js';
import { shownAs } from '../../meta/v1/go-value.js';

const TIMEOUT_SECONDS = 10;
const MAX_TIMEOUT_SECONDS = 30;
const HTTPS_PORT = 443;
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
export const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];
const SIDE_EFFECTS = ['None', 'NoneOnDryRun'];
const SCOPES = ['*', 'Cluster', 'Namespaced'];
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const MAX_MATCH_CONDITIONS = 64;
const MAX_AUDIT_ANNOTATIONS = 20;
const MAX_AUDIT_EXPRESSION = 5 * 1024;

type Webhook = ValidatingWebhook | MutatingWebhook;

function defaultWebhook(webhook: Webhook): void {
  webhook.failurePolicy ??= 'Fail';
  webhook.matchPolicy ??= 'Equivalent';
  webhook.namespaceSelector ??= {};
  webhook.objectSelector ??= {};
  webhook.timeoutSeconds ??= TIMEOUT_SECONDS;
  if (webhook.clientConfig?.service) webhook.clientConfig.service.port ??= HTTPS_PORT;
  for (const rule of webhook.rules ?? []) rule.scope ??= '*';
}

export function defaultValidatingWebhooks({ webhooks }: ValidatingWebhookConfiguration): void {
  webhooks?.forEach(defaultWebhook);
}

export function defaultMutatingWebhooks({ webhooks }: MutatingWebhookConfiguration): void {
  for (const webhook of webhooks ?? []) {
    defaultWebhook(webhook);
    webhook.reinvocationPolicy ??= 'Never';
  }
}

/** A list that must not be empty, and in which '*' is alone; `what` names its members. */
const validateMembers = (
  list: readonly string[] | undefined,
  what: string,
  path: string,
): FieldError[] => (list?.length ? validateAlone(list, what, path) : [fieldErrors.required(path)]);

/** 'pods', 'pods/status', '*', 'pods/*', '*' + '/scale', '*' + '/*'. */
function validateResources(resources: readonly string[] | undefined, path: string): FieldError[] {
  const list = resources ?? [];
  if (!list.length) return [fieldErrors.required(path)];
  const whole = new Set<string>();
  const everywhere = new Set<string>();
  const errors = each(list, path, (text, at) => {
    if (!text) return [fieldErrors.required(at)];
    const slash = text.indexOf('/');
    if (slash < 0) return [];
    const [resource, part] = [text.slice(0, slash), text.slice(slash + 1)];
    const covered = [
      ...(whole.has(resource) ? [`${resource}/*`] : []),
      ...(everywhere.has(part) ? [`*/${part}`] : []),
    ];
    if (part === '*') whole.add(resource);
    if (resource === '*') everywhere.add(part);
    return covered.map((other) =>
      fieldErrors.invalid(at, text, `if '${other}' is present, must not specify ${text}`),
    );
  });
  const complain = (other: string, what: string): void =>
    void errors.push(
      fieldErrors.invalid(path, list, `if '${other}' is present, must not specify other ${what}`),
    );
  if (list.length > 1 && list.includes('*/*')) complain('*/*', 'resources');
  const plain = list.filter((text) => text && !text.includes('/'));
  if (list.includes('*') && plain.at(-1) !== '*') complain('*', 'resources without subresources');
  return errors;
}

const validateRule = (rule: RuleWithOperations, path: string): FieldError[] => [
  ...validateMembers(rule.operations, 'operations', `${path}.operations`),
  ...each(rule.operations, `${path}.operations`, (operation, at) =>
    optionalOneOf(operation, OPERATIONS, at),
  ),
  ...validateMembers(rule.apiGroups, 'API groups', `${path}.apiGroups`),
  ...validateMembers(rule.apiVersions, 'API versions', `${path}.apiVersions`),
  ...each(rule.apiVersions, `${path}.apiVersions`, (version, at) => required(version, at)),
  ...validateResources(rule.resources, `${path}.resources`),
  ...optionalOneOf(rule.scope, SCOPES, `${path}.scope`),
];

function validateNamedRule(rule: NamedRuleWithOperations, path: string): FieldError[] {
  const seen = new Set<string>();
  return [
    ...each(rule.resourceNames, `${path}.resourceNames`, (name, at) => [
      ...validateWith(isPathSegmentName, name, at),
      ...unique(name, seen, at),
    ]),
    ...validateRule(rule, path),
  ];
}

function validateClient({ clientConfig }: Webhook, path: string): FieldError[] {
  const { url, service } = clientConfig ?? {};
  if ((url === undefined) === (service === undefined))
    return [fieldErrors.required(path, 'exactly one of url or service is required')];
  return service
    ? // Upstream's check takes the name for the namespace and the other way round.
      validateWebhookService(
        { ...service, name: service.namespace, namespace: service.name },
        `${path}.service`,
      )
    : validateWebhookUrl(url!, `${path}.url`);
}

/** A domain of at least three labels (upstream IsFullyQualifiedName). */
function validateHookName(name: string | undefined, path: string): FieldError[] {
  if (!name) return [fieldErrors.required(path)];
  const problems = isDns1123Subdomain(name);
  if (problems.length) return [fieldErrors.invalid(path, name, problems.join(','))];
  return fieldErrors
    .unless(name.split('.').length >= 3)
    .invalid(path, name, 'should be a domain with at least three segments separated by dots');
}

/** Why the expression of a match condition does not compile; undefined when it does. */
export type ConditionCheck = (expression: string) => string | undefined;

/** Each gives an error text for an expression that does not compile. */
export interface PolicyChecks {
  readonly condition: ConditionCheck;
  /** Called for the variables in their order, before `expression`. */
  variable(name: string, expression: string): string | undefined;
  expression(
    part: 'validation' | 'message' | 'auditAnnotation' | 'applyConfiguration' | 'jsonPatch',
    expression: string,
  ): string | undefined;
}

export function validateExpression(
  expression: string | undefined,
  path: string,
  compile: (expression: string) => string | undefined,
): FieldError[] {
  if (!expression?.trim()) return [fieldErrors.required(path, 'expression is not specified')];
  const problem = compile(expression);
  return fieldErrors.unless(problem === undefined).invalid(path, expression, problem);
}

/** Conditions by CEL, which `check` compiles. */
function validateMatchConditions(
  conditions: readonly MatchCondition[] | undefined,
  path: string,
  check: ConditionCheck,
): FieldError[] {
  const count = conditions?.length ?? 0;
  const seen = new Set<string>();
  return [
    ...fieldErrors.when(count > MAX_MATCH_CONDITIONS).tooMany(path, count, MAX_MATCH_CONDITIONS),
    ...each(conditions, path, ({ expression, name }, at) => {
      const text = expression?.trim();
      const problem = text ? check(text) : undefined;
      return [
        ...required(text, `${at}.expression`),
        ...fieldErrors.unless(problem === undefined).invalid(`${at}.expression`, text, problem),
        ...requiredWith(isQualifiedName, name, `${at}.name`),
        ...(name ? unique(name, seen, `${at}.name`) : []),
      ];
    }),
  ];
}

function validateWebhook(webhook: Webhook, path: string, check: ConditionCheck): FieldError[] {
  const seconds = webhook.timeoutSeconds ?? TIMEOUT_SECONDS;
  const policies = `must specify one of ${SIDE_EFFECTS.join(', ')}`;
  const { reinvocationPolicy }: MutatingWebhook = webhook;
  return [
    ...validateHookName(webhook.name, `${path}.name`),
    ...each(webhook.rules, `${path}.rules`, validateRule),
    ...optionalOneOf(webhook.failurePolicy, FAILURE_POLICIES, `${path}.failurePolicy`),
    ...optionalOneOf(webhook.matchPolicy, MATCH_POLICIES, `${path}.matchPolicy`),
    ...(webhook.sideEffects === undefined || webhook.sideEffects === null
      ? [fieldErrors.required(`${path}.sideEffects`, policies)]
      : optionalOneOf(webhook.sideEffects, SIDE_EFFECTS, `${path}.sideEffects`)),
    ...fieldErrors
      .when(seconds < 1 || seconds > MAX_TIMEOUT_SECONDS)
      .invalid(
        `${path}.timeoutSeconds`,
        seconds,
        `the timeout value must be between 1 and ${MAX_TIMEOUT_SECONDS} seconds`,
      ),
    ...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`),
    ...optionalOneOf(reinvocationPolicy, ['IfNeeded', 'Never'], `${path}.reinvocationPolicy`),
    ...validateClient(webhook, `${path}.clientConfig`),
    ...validateMatchConditions(webhook.matchConditions, `${path}.matchConditions`, check),
    ...validateReviewVersions(
      webhook.admissionReviewVersions,
      `${path}.admissionReviewVersions`,
      `must specify one of ${REVIEW_VERSIONS.join(', ')}`,
    ),
  ];
}

export function validateWebhooks(
  { webhooks }: ValidatingWebhookConfiguration | MutatingWebhookConfiguration,
  check: ConditionCheck,
): FieldError[] {
  const seen = new Set<string>();
  return each<Webhook>(webhooks, 'webhooks', (webhook, path) => [
    ...validateWebhook(webhook, path, check),
    ...(webhook.name ? unique(webhook.name, seen, `${path}.name`) : []),
  ]);
}

export function defaultMatch(match: MatchResources | undefined): void {
  if (!match) return;
  match.matchPolicy ??= 'Equivalent';
  match.namespaceSelector ??= {};
  match.objectSelector ??= {};
  for (const rule of [...(match.resourceRules ?? []), ...(match.excludeResourceRules ?? [])])
    rule.scope ??= '*';
}

export function defaultAdmissionPolicy(policy: ValidatingAdmissionPolicy): void {
  policy.spec ??= {};
  policy.status ??= {};
  policy.spec.failurePolicy ??= 'Fail';
  defaultMatch(policy.spec.matchConstraints);
}

export function defaultPolicyBinding(binding: {
  spec: Pick<ValidatingAdmissionPolicyBindingSpec, 'matchResources'>;
}): void {
  binding.spec ??= {};
  defaultMatch(binding.spec.matchResources);
}

function validateMatch(match: MatchResources | undefined, path: string): FieldError[] {
  if (!match) return [];
  return [
    ...optionalOneOf(match.matchPolicy, MATCH_POLICIES, `${path}.matchPolicy`),
    ...validateLabelSelector(match.namespaceSelector, `${path}.namespaceSelector`),
    ...validateLabelSelector(match.objectSelector, `${path}.objectSelector`),
    ...each(match.resourceRules, `${path}.resourceRules`, validateNamedRule),
    ...each(match.excludeResourceRules, `${path}.excludeResourceRules`, validateNamedRule),
  ];
}

function validateParamVersion(apiVersion: string | undefined, path: string): FieldError[] {
  if (!apiVersion) return [fieldErrors.required(path)];
  const [first = '', second, ...more] = apiVersion.split('/');
  if (more.length)
    return [fieldErrors.invalid(path, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)];
  const [group, version] = second === undefined ? ['', first] : [first, second];
  const joined = (value: string, problems: string[]): FieldError[] =>
    fieldErrors.when(problems.length).invalid(path, value, problems.join(','));
  return [
    ...(group ? joined(group, isDns1123Subdomain(group)) : []),
    ...(version
      ? joined(version, isDns1035Label(version))
      : [fieldErrors.invalid(path, apiVersion, 'version must be specified')]),
  ];
}

function validateParamKind({ apiVersion, kind }: ParamKind, path: string): FieldError[] {
  const problems = isDns1035Label((kind ?? '').toLowerCase()).join(',');
  const detail = `may have mixed case, but should otherwise match: ${problems}`;
  return [
    ...validateParamVersion(apiVersion, `${path}.apiVersion`),
    ...required(kind, `${path}.kind`),
    ...fieldErrors.when(kind && problems).invalid(`${path}.kind`, kind, detail),
  ];
}

const CEL_NAME = /^[_a-zA-Z][_a-zA-Z0-9]*$/;
const CEL_RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

function validateVariable(
  { name, expression }: Variable,
  path: string,
  checks: PolicyChecks,
): FieldError[] {
  const missing = required(name?.trim(), `${path}.name`, 'name is not specified');
  return [
    ...missing,
    ...fieldErrors
      .unless(missing.length || (CEL_NAME.test(name) && !CEL_RESERVED.has(name)))
      .invalid(`${path}.name`, name, 'name is not a valid CEL identifier'),
    ...validateExpression(expression, `${path}.expression`, (text) => checks.variable(name, text)),
  ];
}

function validateValidation(rule: Validation, path: string, checks: PolicyChecks): FieldError[] {
  const { message = '', messageExpression = '' } = rule;
  const errors = validateExpression(rule.expression, `${path}.expression`, (text) =>
    checks.expression('validation', text),
  );
  const { complain } = fieldErrors.below(path, errors);
  if (messageExpression && !messageExpression.trim())
    complain.invalid('messageExpression', messageExpression, 'must be non-empty if specified');
  const problem = messageExpression.trim()
    ? checks.expression('message', messageExpression)
    : undefined;
  if (problem !== undefined) complain.invalid('messageExpression', messageExpression, problem);
  if (message && !message.trim())
    complain.invalid('message', message, 'message must be non-empty if specified');
  else if (/[\r\n]/.test(message.trim()))
    complain.invalid('message', message, 'message must not contain line breaks');
  return [...errors, ...optionalOneOf(rule.reason, REASONS, `${path}.reason`)];
}

const goAnnotations = (annotations: readonly AuditAnnotation[]) => {
  const type = 'admissionregistration.AuditAnnotation';
  const items = annotations.map(
    ({ key, valueExpression }) =>
      `${type}{Key:${JSON.stringify(key)}, ValueExpression:${JSON.stringify(valueExpression)}}`,
  );
  return shownAs(`[]${type}{${items.join(', ')}}`);
};

/** Keys of audit annotations have the name of the policy before them. */
function validateAuditAnnotations(
  policy: string | undefined,
  annotations: readonly AuditAnnotation[] = [],
  checks: PolicyChecks,
): FieldError[] {
  const field = 'spec.auditAnnotations';
  const seen = new Set<string>();
  return [
    ...fieldErrors
      .when(annotations.length > MAX_AUDIT_ANNOTATIONS)
      .invalid(
        field,
        goAnnotations(annotations),
        `must not have more than ${MAX_AUDIT_ANNOTATIONS} auditAnnotations`,
      ),
    ...each(annotations, field, ({ key, valueExpression }, path) => {
      const at = `${path}.valueExpression`;
      const text = (valueExpression ?? '').trim();
      const problem = text ? checks.expression('auditAnnotation', text) : undefined;
      return [
        ...(policy
          ? validateWith(isQualifiedName, `${policy}/${key}`, `${path}.key`)
          : [fieldErrors.invalid(`${path}.key`, key, 'requires metadata.name be non-empty')]),
        ...required(text, at, 'valueExpression is not specified'),
        ...fieldErrors
          .when(utf8Length(text) > MAX_AUDIT_EXPRESSION)
          .required(at, `must not exceed ${MAX_AUDIT_EXPRESSION} bytes in length`),
        ...fieldErrors.unless(problem === undefined).invalid(at, text, problem),
        ...unique(key, seen, `${path}.key`),
      ];
    }),
  ];
}

/** The fields that policies of both kinds have, besides their failure policy. */
export function validatePolicyParts(
  spec: Pick<
    ValidatingAdmissionPolicySpec,
    'paramKind' | 'matchConstraints' | 'matchConditions' | 'variables'
  >,
  checks: PolicyChecks,
): FieldError[] {
  const match = spec.matchConstraints;
  const path = 'spec.matchConstraints';
  return [
    ...(spec.paramKind ? validateParamKind(spec.paramKind, 'spec.paramKind') : []),
    ...(match ? validateMatch(match, path) : [fieldErrors.required(path)]),
    ...fieldErrors.when(match && !match.resourceRules?.length).required(`${path}.resourceRules`),
    ...validateMatchConditions(spec.matchConditions, 'spec.matchConditions', checks.condition),
    ...each(spec.variables, 'spec.variables', (variable, at) =>
      validateVariable(variable, at, checks),
    ),
  ];
}

export function validateAdmissionPolicy(
  { metadata, spec }: ValidatingAdmissionPolicy,
  checks: PolicyChecks,
): FieldError[] {
  const empty = !spec.validations?.length && !spec.auditAnnotations?.length;
  return [
    ...optionalOneOf(spec.failurePolicy, FAILURE_POLICIES, 'spec.failurePolicy'),
    ...validatePolicyParts(spec, checks),
    ...(empty
      ? ['spec.validations', 'spec.auditAnnotations'].map((field) =>
          fieldErrors.required(
            field,
            'validations or auditAnnotations must contain at least one item',
          ),
        )
      : []),
    ...each(spec.validations, 'spec.validations', (rule, at) =>
      validateValidation(rule, at, checks),
    ),
    ...validateAuditAnnotations(metadata.name, spec.auditAnnotations, checks),
  ];
}

function validateParamRef(ref: ParamRef | undefined, path: string): FieldError[] {
  if (!ref) return [];
  const { name, selector, parameterNotFoundAction: action } = ref;
  const exclusive = (field: string): FieldError[] =>
    fieldErrors
      .when(name && selector)
      .forbidden(`${path}.${field}`, 'name and selector are mutually exclusive');
  return [
    ...(name ? validateWith(isPathSegmentName, name, `${path}.name`) : []),
    ...exclusive('name'),
    ...validateLabelSelector(selector, `${path}.selector`),
    ...exclusive('selector'),
    ...fieldErrors
      .when(!name && !selector)
      .required(path, 'one of name or selector must be specified'),
    ...oneOf(action, ['Deny', 'Allow'], `${path}.parameterNotFoundAction`),
  ];
}

/** The fields that bindings of both kinds have. */
export const validateBindingParts = ({
  policyName,
  paramRef,
  matchResources,
}: Pick<
  ValidatingAdmissionPolicyBindingSpec,
  'policyName' | 'paramRef' | 'matchResources'
>): FieldError[] => [
  ...requiredWith(isDns1123Subdomain, policyName, 'spec.policyName'),
  ...validateParamRef(paramRef, 'spec.paramRef'),
  ...validateMatch(matchResources, 'spec.matchResources'),
];

export function validatePolicyBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const path = 'spec.validationActions';
  const actions = spec.validationActions ?? [];
  const seen = new Set<string>();
  return [
    ...validateBindingParts(spec),
    ...each(actions, path, (action, at) => [
      ...optionalOneOf(action, ['Audit', 'Deny', 'Warn'], at),
      ...unique(action, seen, at),
    ]),
    ...fieldErrors
      .when(seen.has('Deny') && seen.has('Warn'))
      .invalid(
        path,
        actions,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    ...fieldErrors
      .unless(actions.length)
      .required(path, 'at least one validation action is required'),
  ];
}
