// The resources of the group admissionregistration.k8s.io.
import {
  defaultAdmissionPolicy,
  defaultMutatingWebhooks,
  defaultPolicyBinding,
  defaultValidatingWebhooks,
  validateAdmissionPolicy,
  validatePolicyBinding,
  validateWebhooks,
} from '../../apis/admissionregistration/v1/admissionregistration.js';
import type {
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from '../../apis/admissionregistration/v1/types.js';
import { COLUMNS } from '../../apis/facts/columns.js';
import {
  MUTATING_WEBHOOK_CONFIGURATIONS,
  VALIDATING_ADMISSION_POLICIES,
  VALIDATING_ADMISSION_POLICY_BINDINGS,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../../apis/resource-types.js';
import { loadExpressions } from '../../apiserver/admission/expressions/load.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';
import { STATUS_ALONE } from '../strategy.js';
import { checkCondition, loadForConditions, policyChecks } from './conditions.js';

type Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;
const WEBHOOKS = {
  row: (configuration: Configuration, now: number) => [
    configuration.metadata.name,
    configuration.webhooks?.length ?? 0,
    age(configuration, now),
  ],
  load: ({ webhooks }: Configuration) => loadForConditions(webhooks),
  validate: (configuration: Configuration) =>
    validateWebhooks(configuration, checkCondition(false)),
  generation: true,
  allowUnconditionalUpdate: false,
};

export const mutatingWebhookConfigurations = defineResource({
  type: MUTATING_WEBHOOK_CONFIGURATIONS,
  defaults: defaultMutatingWebhooks,
  columns: COLUMNS['MutatingWebhook']!,
  ...WEBHOOKS,
});

export const validatingAdmissionPolicies = defineResource({
  type: VALIDATING_ADMISSION_POLICIES,
  defaults: defaultAdmissionPolicy,
  row: (policy, now) => {
    const { paramKind, validations } = policy.spec;
    const kind = paramKind ? `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}` : UNSET;
    return [policy.metadata.name, validations?.length ?? 0, kind, age(policy, now)];
  },
  freshStatus: () => ({}),
  load: async () => void (await loadExpressions()),
  validate: (policy) => validateAdmissionPolicy(policy, policyChecks(policy)),
  generation: true,
  allowUnconditionalUpdate: false,
  status: STATUS_ALONE,
});

function paramText({ spec }: ValidatingAdmissionPolicyBinding): string {
  const { paramRef } = spec;
  if (!paramRef) return UNSET;
  return `${paramRef.namespace ?? '*'}/${paramRef.name ?? ''}`;
}

export const validatingAdmissionPolicyBindings = defineResource({
  type: VALIDATING_ADMISSION_POLICY_BINDINGS,
  defaults: defaultPolicyBinding,
  row: (binding, now) => [
    binding.metadata.name,
    binding.spec.policyName ?? '',
    paramText(binding),
    age(binding, now),
  ],
  validate: validatePolicyBinding,
  generation: true,
  allowUnconditionalUpdate: false,
});

export const validatingWebhookConfigurations = defineResource({
  type: VALIDATING_WEBHOOK_CONFIGURATIONS,
  defaults: defaultValidatingWebhooks,
  columns: COLUMNS['ValidatingWebhook']!,
  ...WEBHOOKS,
});
