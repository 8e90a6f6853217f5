// The resources of the group admissionregistration.k8s.io.
import {
  defaultAdmissionPolicy,
  defaultMutatingWebhooks,
  defaultPolicyBinding,
  defaultValidatingWebhooks,
  validateAdmissionPolicy,
  validatePolicyBinding,
  validateWebhooks,
  type ConditionCheck,
  type PolicyChecks,
} from '../../apis/admissionregistration/v1/admissionregistration.js';
import type { ObjectMeta } from '../../apimachinery/meta/types.js';
import type {
  MatchResources,
  MutatingWebhookConfiguration,
  ParamKind,
  ParamRef,
  ValidatingWebhookConfiguration,
  MatchCondition,
} from '../../apis/admissionregistration/v1/types.js';
import {
  defaultMutatingPolicy,
  validateMutatingBinding,
  validateMutatingPolicy,
} from '../../apis/admissionregistration/v1beta1/mutating-policies.js';
import {
  MUTATING_ADMISSION_POLICIES,
  MUTATING_ADMISSION_POLICY_BINDINGS,
  MUTATING_WEBHOOK_CONFIGURATIONS,
  VALIDATING_ADMISSION_POLICIES,
  VALIDATING_ADMISSION_POLICY_BINDINGS,
  VALIDATING_WEBHOOK_CONFIGURATIONS,
} from '../../apis/resource-types.js';
import {
  loadExpressions,
  loadedExpressions,
  type Expressions,
} from '../../apiserver/admission/expressions/load.js';
import { UNSET } from '../cells.js';
import { defineResource } from '../define.js';
import { STATUS_ALONE } from '../strategy.js';

// The expressions of webhooks and policies are compiled when they are written.
type PolicySpec = Parameters<Expressions['policyCompiler']>[0];

/** Loads the expression language when one of the parts has conditions. */
async function loadForConditions(
  parts: readonly { readonly matchConditions?: readonly MatchCondition[] }[] | undefined,
): Promise<void> {
  if (parts?.some(({ matchConditions }) => matchConditions?.length)) await loadExpressions();
}

const checkCondition =
  (hasParams: boolean): ConditionCheck =>
  (expression) =>
    loadedExpressions().conditionError(expression, { hasParams });

/** Checks in the order of the policy's expressions; the language has to be loaded. */
function policyChecks({ spec }: { readonly spec: PolicySpec }): PolicyChecks {
  const compiler = loadedExpressions().policyCompiler(spec);
  const errorOf = (compiled: ReturnType<typeof compiler.variable>): string | undefined =>
    'error' in compiled ? compiled.error : undefined;
  return {
    condition: checkCondition(spec.paramKind !== undefined),
    variable: (name, expression) => errorOf(compiler.variable(name, expression)),
    expression: (part, expression) => errorOf(compiler.expression(part, expression)),
  };
}

type Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;
const WEBHOOKS = {
  cells: (configuration: Configuration) => [configuration.webhooks?.length ?? 0],
  load: ({ webhooks }: Configuration) => loadForConditions(webhooks),
  validate: (configuration: Configuration) =>
    validateWebhooks(configuration, checkCondition(false)),
  generation: true,
  allowUnconditionalUpdate: false,
};

export const mutatingWebhookConfigurations = defineResource({
  type: MUTATING_WEBHOOK_CONFIGURATIONS,
  defaults: defaultMutatingWebhooks,
  ...WEBHOOKS,
});

const POLICIES = {
  load: async () => void (await loadExpressions()),
  generation: true,
  allowUnconditionalUpdate: false,
};

const paramKindText = (kind: ParamKind | undefined): string =>
  kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : UNSET;

export const mutatingAdmissionPolicies = defineResource({
  type: MUTATING_ADMISSION_POLICIES,
  defaults: defaultMutatingPolicy,
  cells: (policy) => [policy.spec.mutations?.length ?? 0, paramKindText(policy.spec.paramKind)],
  validate: (policy) => validateMutatingPolicy(policy, policyChecks(policy)),
  ...POLICIES,
});

export const validatingAdmissionPolicies = defineResource({
  type: VALIDATING_ADMISSION_POLICIES,
  defaults: defaultAdmissionPolicy,
  cells: (policy) => [policy.spec.validations?.length ?? 0, paramKindText(policy.spec.paramKind)],
  freshStatus: () => ({}),
  validate: (policy) => validateAdmissionPolicy(policy, policyChecks(policy)),
  status: STATUS_ALONE,
  ...POLICIES,
});

interface Binding {
  readonly metadata: ObjectMeta;
  spec: { policyName?: string; paramRef?: ParamRef; matchResources?: MatchResources };
}
const BINDINGS = {
  defaults: defaultPolicyBinding,
  cells: ({ spec }: Binding) => [
    spec.policyName ?? '',
    spec.paramRef ? `${spec.paramRef.namespace ?? '*'}/${spec.paramRef.name ?? ''}` : UNSET,
  ],
  generation: true,
  allowUnconditionalUpdate: false,
};

export const mutatingAdmissionPolicyBindings = defineResource({
  type: MUTATING_ADMISSION_POLICY_BINDINGS,
  validate: validateMutatingBinding,
  ...BINDINGS,
});

export const validatingAdmissionPolicyBindings = defineResource({
  type: VALIDATING_ADMISSION_POLICY_BINDINGS,
  validate: validatePolicyBinding,
  ...BINDINGS,
});

export const validatingWebhookConfigurations = defineResource({
  type: VALIDATING_WEBHOOK_CONFIGURATIONS,
  defaults: defaultValidatingWebhooks,
  ...WEBHOOKS,
});
