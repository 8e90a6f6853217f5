// Mutating admission policies: defaults and validation (upstream pkg/apis/admissionregistration of
// v1.34).
import { fieldErrors, type FieldError } from '../../../apimachinery/errors/status-error.js';
import { each, oneOf } from '../../core/v1/validation/fields.js';
import {
  defaultMatch,
  FAILURE_POLICIES,
  validateBindingParts,
  validateExpression,
  validatePolicyParts,
  type PolicyChecks,
} from '../v1/admissionregistration.js';
import type { MatchResources } from '../v1/types.js';
import type { MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, Mutation } from './types.js';

/** A deletion has no object to change. */
const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'UPDATE'];

/** The member of a mutation by its type. */
const MEMBERS = { ApplyConfiguration: 'applyConfiguration', JSONPatch: 'jsonPatch' } as const;
type PatchType = keyof typeof MEMBERS;
const PATCH_TYPES = Object.keys(MEMBERS) as PatchType[];

/** The part of a mutation that its type names, and its expression. */
export function mutationOf(mutation: Mutation): {
  readonly part: (typeof MEMBERS)[PatchType];
  readonly expression: string;
} {
  const part = MEMBERS[mutation.patchType as PatchType];
  return { part, expression: mutation[part]?.expression ?? '' };
}

export function defaultMutatingPolicy(policy: MutatingAdmissionPolicy): void {
  policy.spec ??= {};
  policy.spec.failurePolicy ??= 'Fail';
  defaultMatch(policy.spec.matchConstraints);
}

const validateOperations = (match: MatchResources | undefined, path: string): FieldError[] =>
  (match?.resourceRules ?? []).flatMap(({ operations }) =>
    (operations ?? [])
      .filter((operation) => !OPERATIONS.includes(operation))
      .map((operation) =>
        fieldErrors.notSupported(`${path}.resourceRules.operations`, operation, OPERATIONS),
      ),
  );

function validateMutation(mutation: Mutation, path: string, checks: PolicyChecks): FieldError[] {
  const errors = oneOf(mutation.patchType, PATCH_TYPES, `${path}.patchType`);
  if (errors.length) return errors;
  const when = `when patchType is ${mutation.patchType}`;
  const { part, expression } = mutationOf(mutation);
  for (const member of Object.values(MEMBERS)) {
    const at = `${path}.${member}`;
    if (member !== part && mutation[member])
      errors.push(fieldErrors.invalid(at, `{${member}}`, `must not be specified ${when}`));
    if (member !== part) continue;
    if (!mutation[member]) errors.push(fieldErrors.required(at, `must be specified ${when}`));
    else
      errors.push(
        ...validateExpression(expression, `${at}.expression`, (text) =>
          checks.expression(part, text),
        ),
      );
  }
  return errors;
}

export const validateMutatingPolicy = (
  { spec }: MutatingAdmissionPolicy,
  checks: PolicyChecks,
): FieldError[] => [
  ...oneOf(spec.failurePolicy, FAILURE_POLICIES, 'spec.failurePolicy'),
  ...validatePolicyParts(spec, checks),
  ...validateOperations(spec.matchConstraints, 'spec.matchConstraints'),
  ...(spec.mutations?.length
    ? []
    : [fieldErrors.required('spec.mutations', 'mutations must contain at least one item')]),
  ...each(spec.mutations, 'spec.mutations', (mutation, at) =>
    validateMutation(mutation, at, checks),
  ),
  ...oneOf(spec.reinvocationPolicy, ['IfNeeded', 'Never'], 'spec.reinvocationPolicy'),
];

export const validateMutatingBinding = ({ spec }: MutatingAdmissionPolicyBinding): FieldError[] => [
  ...validateBindingParts(spec),
  ...validateOperations(spec.matchResources, 'spec.matchResources'),
];
