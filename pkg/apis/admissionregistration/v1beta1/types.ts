// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';
import type { MatchCondition, MatchResources, ParamKind, ParamRef, Variable } from '../v1/types.js';

/** api.admissionregistration.v1beta1.ApplyConfiguration */
export interface ApplyConfiguration {
  expression?: string;
}

/** api.admissionregistration.v1beta1.JSONPatch */
export interface JSONPatch {
  expression?: string;
}

/** api.admissionregistration.v1beta1.MutatingAdmissionPolicy */
export interface MutatingAdmissionPolicy {
  apiVersion: 'admissionregistration.k8s.io/v1beta1';
  kind: 'MutatingAdmissionPolicy';
  metadata: ObjectMeta;
  spec: MutatingAdmissionPolicySpec;
}

/** api.admissionregistration.v1beta1.MutatingAdmissionPolicyBinding */
export interface MutatingAdmissionPolicyBinding {
  apiVersion: 'admissionregistration.k8s.io/v1beta1';
  kind: 'MutatingAdmissionPolicyBinding';
  metadata: ObjectMeta;
  spec: MutatingAdmissionPolicyBindingSpec;
}

/** api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingList */
export interface MutatingAdmissionPolicyBindingList {
  apiVersion: 'admissionregistration.k8s.io/v1beta1';
  items: MutatingAdmissionPolicyBinding[];
  kind: 'MutatingAdmissionPolicyBindingList';
  metadata: ListMeta;
}

/** api.admissionregistration.v1beta1.MutatingAdmissionPolicyBindingSpec */
export interface MutatingAdmissionPolicyBindingSpec {
  matchResources?: MatchResources;
  paramRef?: ParamRef;
  policyName?: string;
}

/** api.admissionregistration.v1beta1.MutatingAdmissionPolicyList */
export interface MutatingAdmissionPolicyList {
  apiVersion: 'admissionregistration.k8s.io/v1beta1';
  items: MutatingAdmissionPolicy[];
  kind: 'MutatingAdmissionPolicyList';
  metadata: ListMeta;
}

/** api.admissionregistration.v1beta1.MutatingAdmissionPolicySpec */
export interface MutatingAdmissionPolicySpec {
  failurePolicy?: string;
  matchConditions?: MatchCondition[];
  matchConstraints?: MatchResources;
  mutations?: Mutation[];
  paramKind?: ParamKind;
  reinvocationPolicy?: string;
  variables?: Variable[];
}

/** api.admissionregistration.v1beta1.Mutation */
export interface Mutation {
  applyConfiguration?: ApplyConfiguration;
  jsonPatch?: JSONPatch;
  patchType: string;
}
