import {
  defaultPolicyBinding,
  validatePolicyBinding,
} from '../../apis/admissionregistration/v1/admissionregistration.js';
import type { ValidatingAdmissionPolicyBinding } from '../../apis/admissionregistration/v1/types.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { VALIDATING_ADMISSION_POLICY_BINDINGS } from '../../apis/resource-types.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';

function paramText({ spec }: ValidatingAdmissionPolicyBinding): string {
  const { paramRef } = spec;
  if (!paramRef) return UNSET;
  return `${paramRef.namespace ?? '*'}/${paramRef.name ?? ''}`;
}

export const validatingAdmissionPolicyBindings = defineResource({
  type: VALIDATING_ADMISSION_POLICY_BINDINGS,
  storage: 'validatingadmissionpolicybindings',
  name: subdomainName,
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
