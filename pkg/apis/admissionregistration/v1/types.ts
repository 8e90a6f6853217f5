// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { Condition, LabelSelector, ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.admissionregistration.v1.AuditAnnotation */
export interface AuditAnnotation {
  key: string;
  valueExpression: string;
}

/** api.admissionregistration.v1.ExpressionWarning */
export interface ExpressionWarning {
  fieldRef: string;
  warning: string;
}

/** api.admissionregistration.v1.MatchCondition */
export interface MatchCondition {
  expression: string;
  name: string;
}

/** api.admissionregistration.v1.MatchResources */
export interface MatchResources {
  excludeResourceRules?: NamedRuleWithOperations[];
  matchPolicy?: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  resourceRules?: NamedRuleWithOperations[];
}

/** api.admissionregistration.v1.MutatingWebhook */
export interface MutatingWebhook {
  admissionReviewVersions: string[];
  clientConfig: WebhookClientConfig;
  failurePolicy?: string;
  matchConditions?: MatchCondition[];
  matchPolicy?: string;
  name: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  reinvocationPolicy?: string;
  rules?: RuleWithOperations[];
  sideEffects: string;
  timeoutSeconds?: number;
}

/** api.admissionregistration.v1.MutatingWebhookConfiguration */
export interface MutatingWebhookConfiguration {
  apiVersion: 'admissionregistration.k8s.io/v1';
  kind: 'MutatingWebhookConfiguration';
  metadata: ObjectMeta;
  webhooks?: MutatingWebhook[];
}

/** api.admissionregistration.v1.MutatingWebhookConfigurationList */
export interface MutatingWebhookConfigurationList {
  apiVersion: 'admissionregistration.k8s.io/v1';
  items: MutatingWebhookConfiguration[];
  kind: 'MutatingWebhookConfigurationList';
  metadata: ListMeta;
}

/** api.admissionregistration.v1.NamedRuleWithOperations */
export interface NamedRuleWithOperations {
  apiGroups?: string[];
  apiVersions?: string[];
  operations?: string[];
  resourceNames?: string[];
  resources?: string[];
  scope?: string;
}

/** api.admissionregistration.v1.ParamKind */
export interface ParamKind {
  apiVersion?: string;
  kind?: string;
}

/** api.admissionregistration.v1.ParamRef */
export interface ParamRef {
  name?: string;
  namespace?: string;
  parameterNotFoundAction?: string;
  selector?: LabelSelector;
}

/** api.admissionregistration.v1.RuleWithOperations */
export interface RuleWithOperations {
  apiGroups?: string[];
  apiVersions?: string[];
  operations?: string[];
  resources?: string[];
  scope?: string;
}

/** api.admissionregistration.v1.ServiceReference */
export interface ServiceReference {
  name: string;
  namespace: string;
  path?: string;
  port?: number;
}

/** api.admissionregistration.v1.TypeChecking */
export interface TypeChecking {
  expressionWarnings?: ExpressionWarning[];
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicy */
export interface ValidatingAdmissionPolicy {
  apiVersion: 'admissionregistration.k8s.io/v1';
  kind: 'ValidatingAdmissionPolicy';
  metadata: ObjectMeta;
  spec: ValidatingAdmissionPolicySpec;
  status?: ValidatingAdmissionPolicyStatus;
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicyBinding */
export interface ValidatingAdmissionPolicyBinding {
  apiVersion: 'admissionregistration.k8s.io/v1';
  kind: 'ValidatingAdmissionPolicyBinding';
  metadata: ObjectMeta;
  spec: ValidatingAdmissionPolicyBindingSpec;
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicyBindingList */
export interface ValidatingAdmissionPolicyBindingList {
  apiVersion: 'admissionregistration.k8s.io/v1';
  items: ValidatingAdmissionPolicyBinding[];
  kind: 'ValidatingAdmissionPolicyBindingList';
  metadata: ListMeta;
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicyBindingSpec */
export interface ValidatingAdmissionPolicyBindingSpec {
  matchResources?: MatchResources;
  paramRef?: ParamRef;
  policyName?: string;
  validationActions?: string[];
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicyList */
export interface ValidatingAdmissionPolicyList {
  apiVersion: 'admissionregistration.k8s.io/v1';
  items: ValidatingAdmissionPolicy[];
  kind: 'ValidatingAdmissionPolicyList';
  metadata: ListMeta;
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicySpec */
export interface ValidatingAdmissionPolicySpec {
  auditAnnotations?: AuditAnnotation[];
  failurePolicy?: string;
  matchConditions?: MatchCondition[];
  matchConstraints?: MatchResources;
  paramKind?: ParamKind;
  validations?: Validation[];
  variables?: Variable[];
}

/** api.admissionregistration.v1.ValidatingAdmissionPolicyStatus */
export interface ValidatingAdmissionPolicyStatus {
  conditions?: Condition[];
  observedGeneration?: number;
  typeChecking?: TypeChecking;
}

/** api.admissionregistration.v1.ValidatingWebhook */
export interface ValidatingWebhook {
  admissionReviewVersions: string[];
  clientConfig: WebhookClientConfig;
  failurePolicy?: string;
  matchConditions?: MatchCondition[];
  matchPolicy?: string;
  name: string;
  namespaceSelector?: LabelSelector;
  objectSelector?: LabelSelector;
  rules?: RuleWithOperations[];
  sideEffects: string;
  timeoutSeconds?: number;
}

/** api.admissionregistration.v1.ValidatingWebhookConfiguration */
export interface ValidatingWebhookConfiguration {
  apiVersion: 'admissionregistration.k8s.io/v1';
  kind: 'ValidatingWebhookConfiguration';
  metadata: ObjectMeta;
  webhooks?: ValidatingWebhook[];
}

/** api.admissionregistration.v1.ValidatingWebhookConfigurationList */
export interface ValidatingWebhookConfigurationList {
  apiVersion: 'admissionregistration.k8s.io/v1';
  items: ValidatingWebhookConfiguration[];
  kind: 'ValidatingWebhookConfigurationList';
  metadata: ListMeta;
}

/** api.admissionregistration.v1.Validation */
export interface Validation {
  expression: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
}

/** api.admissionregistration.v1.Variable */
export interface Variable {
  expression: string;
  name: string;
}

/** api.admissionregistration.v1.WebhookClientConfig */
export interface WebhookClientConfig {
  caBundle?: string;
  service?: ServiceReference;
  url?: string;
}
