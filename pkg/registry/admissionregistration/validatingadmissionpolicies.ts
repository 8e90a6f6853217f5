import {
  defaultAdmissionPolicy,
  validateAdmissionPolicy,
} from '../../apis/admissionregistration/v1/admissionregistration.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { VALIDATING_ADMISSION_POLICIES } from '../../apis/resource-types.js';
import { loadExpressions } from '../../apiserver/admission/expressions/load.js';
import { age, UNSET } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ALONE } from '../strategy.js';
import { policyChecks } from './conditions.js';

export const validatingAdmissionPolicies = defineResource({
  type: VALIDATING_ADMISSION_POLICIES,
  storage: 'validatingadmissionpolicies',
  name: subdomainName,
  defaults: defaultAdmissionPolicy,
  row: (policy, now) => {
    const { paramKind, validations } = policy.spec;
    const kind = paramKind ? `${paramKind.apiVersion ?? ''}/${paramKind.kind ?? ''}` : UNSET;
    return [policy.metadata.name, validations?.length ?? 0, kind, age(policy, now)];
  },
  prepareCreate(policy) {
    policy.status = {};
  },
  prepareUpdate: keepStatus,
  load: async () => void (await loadExpressions()),
  validate: (policy) => validateAdmissionPolicy(policy, policyChecks(policy)),
  generation: true,
  allowUnconditionalUpdate: false,
  status: STATUS_ALONE,
});
