// Admission webhooks and policies: defaults and validation (upstream
// pkg/apis/admissionregistration). The expressions of policies are not compiled here.
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isQualifiedName } from '../../../apimachinery/validation/names.js';
import { oneOf, optionalOneOf, required } from '../../core/v1/validation/fields.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { validateWith } from '../../meta/v1/object-meta.js';
import type {
  MatchResources,
  MutatingWebhook,
  MutatingWebhookConfiguration,
  NamedRuleWithOperations,
  RuleWithOperations,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhook,
  ValidatingWebhookConfiguration,
} from './types.js';

const TIMEOUT_SECONDS = 10;
const MAX_TIMEOUT_SECONDS = 30;
const HTTPS_PORT = 443;
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];
const FAILURE_POLICIES = ['Fail', 'Ignore'];
const MATCH_POLICIES = ['Equivalent', 'Exact'];

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

function validateRule(
  rule: RuleWithOperations | NamedRuleWithOperations,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['operations', 'apiGroups', 'apiVersions', 'resources'] as const) {
    const list = rule[field] ?? [];
    if (list.length === 0) errors.push(fieldErrors.required(`${path}.${field}`));
    if (list.length > 1 && list.includes('*')) {
      errors.push(
        fieldErrors.invalid(
          `${path}.${field}`,
          list,
          "if '*' is present, must not specify other " +
            (field === 'apiGroups'
              ? 'API groups'
              : field === 'apiVersions'
                ? 'API versions'
                : field),
        ),
      );
    }
  }
  for (const [index, operation] of (rule.operations ?? []).entries()) {
    if (!OPERATIONS.includes(operation))
      errors.push(fieldErrors.notSupported(`${path}.operations[${index}]`, operation, OPERATIONS));
  }
  return [...errors, ...optionalOneOf(rule.scope, ['*', 'Cluster', 'Namespaced'], `${path}.scope`)];
}

function validateClient({ clientConfig }: Webhook, path: string): FieldError[] {
  const { url, service } = clientConfig ?? {};
  if ((url === undefined) === (service === undefined))
    return [fieldErrors.required(path, 'exactly one of url or service is required')];
  if (service)
    return [
      ...required(service.name, `${path}.service.name`),
      ...required(service.namespace, `${path}.service.namespace`),
    ];
  return url?.startsWith('https://')
    ? []
    : [fieldErrors.invalid(`${path}.url`, url, "'https' is the only allowed URL scheme")];
}

function validateWebhook(webhook: Webhook, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = webhook.name ?? '';
  if (name.split('.').length < 3)
    errors.push(
      fieldErrors.invalid(
        `${path}.name`,
        name,
        'should be a domain with at least three segments separated by dots',
      ),
    );
  if (!webhook.admissionReviewVersions?.length) {
    errors.push(
      fieldErrors.required(`${path}.admissionReviewVersions`, 'must specify one of v1, v1beta1'),
    );
  } else if (
    !webhook.admissionReviewVersions.some((version) => version === 'v1' || version === 'v1beta1')
  ) {
    errors.push(
      fieldErrors.invalid(
        `${path}.admissionReviewVersions`,
        webhook.admissionReviewVersions,
        'must include at least one of v1, v1beta1',
      ),
    );
  }
  errors.push(...validateClient(webhook, `${path}.clientConfig`));
  errors.push(...oneOf(webhook.sideEffects, ['None', 'NoneOnDryRun'], `${path}.sideEffects`));
  errors.push(...optionalOneOf(webhook.failurePolicy, FAILURE_POLICIES, `${path}.failurePolicy`));
  errors.push(...optionalOneOf(webhook.matchPolicy, MATCH_POLICIES, `${path}.matchPolicy`));
  const seconds = webhook.timeoutSeconds ?? TIMEOUT_SECONDS;
  if (seconds < 1 || seconds > MAX_TIMEOUT_SECONDS) {
    errors.push(
      fieldErrors.invalid(
        `${path}.timeoutSeconds`,
        seconds,
        `the timeout value must be between 1 and ${MAX_TIMEOUT_SECONDS} seconds`,
      ),
    );
  }
  errors.push(...validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`));
  errors.push(...validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`));
  return [
    ...errors,
    ...(webhook.rules ?? []).flatMap((rule, index) =>
      validateRule(rule, `${path}.rules[${index}]`),
    ),
  ];
}

export function validateWebhooks({
  webhooks,
}: ValidatingWebhookConfiguration | MutatingWebhookConfiguration): FieldError[] {
  const seen = new Set<string>();
  return (webhooks ?? []).flatMap((webhook: Webhook, index) => {
    const path = `webhooks[${index}]`;
    const errors = validateWebhook(webhook, path);
    if (seen.has(webhook.name)) errors.push(fieldErrors.duplicate(`${path}.name`, webhook.name));
    seen.add(webhook.name);
    return errors;
  });
}

function defaultMatch(match: MatchResources | undefined): void {
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

export function defaultPolicyBinding(binding: ValidatingAdmissionPolicyBinding): void {
  binding.spec ??= {};
  defaultMatch(binding.spec.matchResources);
}

export function validateAdmissionPolicy({ spec }: ValidatingAdmissionPolicy): FieldError[] {
  const errors: FieldError[] = [];
  const rules = spec.matchConstraints?.resourceRules ?? [];
  if (!spec.matchConstraints) errors.push(fieldErrors.required('spec.matchConstraints'));
  else if (rules.length === 0)
    errors.push(fieldErrors.required('spec.matchConstraints.resourceRules'));
  errors.push(
    ...rules.flatMap((rule, index) =>
      validateRule(rule, `spec.matchConstraints.resourceRules[${index}]`),
    ),
  );
  errors.push(...optionalOneOf(spec.failurePolicy, FAILURE_POLICIES, 'spec.failurePolicy'));
  if (!spec.validations?.length && !spec.auditAnnotations?.length) {
    errors.push(
      fieldErrors.required(
        'spec.validations',
        'validations or auditAnnotations must contain at least one item',
      ),
    );
  }
  for (const [index, { expression }] of (spec.validations ?? []).entries()) {
    if (!expression?.trim())
      errors.push(
        fieldErrors.required(
          `spec.validations[${index}].expression`,
          'expression is not specified',
        ),
      );
  }
  for (const [index, { name, expression }] of (spec.matchConditions ?? []).entries()) {
    errors.push(
      ...validateWith(isQualifiedName, name ?? '', `spec.matchConditions[${index}].name`),
      ...required(expression, `spec.matchConditions[${index}].expression`),
    );
  }
  return errors;
}

export function validatePolicyBinding({ spec }: ValidatingAdmissionPolicyBinding): FieldError[] {
  const errors = required(spec.policyName, 'spec.policyName');
  const actions = spec.validationActions ?? [];
  if (actions.length === 0)
    errors.push(
      fieldErrors.required('spec.validationActions', 'at least one validation action is required'),
    );
  for (const [index, action] of actions.entries()) {
    errors.push(
      ...optionalOneOf(action, ['Audit', 'Deny', 'Warn'], `spec.validationActions[${index}]`),
    );
  }
  if (actions.includes('Deny') && actions.includes('Warn')) {
    errors.push(
      fieldErrors.invalid(
        'spec.validationActions',
        actions,
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  }
  return errors;
}
