// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { LabelSelector, ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.rbac.v1.AggregationRule */
export interface AggregationRule {
  clusterRoleSelectors?: LabelSelector[];
}

/** api.rbac.v1.ClusterRole */
export interface ClusterRole {
  aggregationRule?: AggregationRule;
  apiVersion: 'rbac.authorization.k8s.io/v1';
  kind: 'ClusterRole';
  metadata: ObjectMeta;
  rules?: PolicyRule[] | null;
}

/** api.rbac.v1.ClusterRoleBinding */
export interface ClusterRoleBinding {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  kind: 'ClusterRoleBinding';
  metadata: ObjectMeta;
  roleRef: RoleRef;
  subjects?: Subject[];
}

/** api.rbac.v1.ClusterRoleBindingList */
export interface ClusterRoleBindingList {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  items: ClusterRoleBinding[];
  kind: 'ClusterRoleBindingList';
  metadata: ListMeta;
}

/** api.rbac.v1.ClusterRoleList */
export interface ClusterRoleList {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  items: ClusterRole[];
  kind: 'ClusterRoleList';
  metadata: ListMeta;
}

/** api.rbac.v1.PolicyRule */
export interface PolicyRule {
  apiGroups?: string[];
  nonResourceURLs?: string[];
  resourceNames?: string[];
  resources?: string[];
  verbs: string[];
}

/** api.rbac.v1.Role */
export interface Role {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  kind: 'Role';
  metadata: ObjectMeta;
  rules?: PolicyRule[] | null;
}

/** api.rbac.v1.RoleBinding */
export interface RoleBinding {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  kind: 'RoleBinding';
  metadata: ObjectMeta;
  roleRef: RoleRef;
  subjects?: Subject[];
}

/** api.rbac.v1.RoleBindingList */
export interface RoleBindingList {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  items: RoleBinding[];
  kind: 'RoleBindingList';
  metadata: ListMeta;
}

/** api.rbac.v1.RoleList */
export interface RoleList {
  apiVersion: 'rbac.authorization.k8s.io/v1';
  items: Role[];
  kind: 'RoleList';
  metadata: ListMeta;
}

/** api.rbac.v1.RoleRef */
export interface RoleRef {
  apiGroup: string;
  kind: string;
  name: string;
}

/** api.rbac.v1.Subject */
export interface Subject {
  apiGroup?: string;
  kind: string;
  name: string;
  namespace?: string;
}
