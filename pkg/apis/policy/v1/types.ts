// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { Condition, DeleteOptions, LabelSelector, ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.policy.v1.Eviction */
export interface Eviction {
  apiVersion: 'policy/v1';
  deleteOptions?: DeleteOptions;
  kind: 'Eviction';
  metadata: ObjectMeta;
}

/** api.policy.v1.PodDisruptionBudget */
export interface PodDisruptionBudget {
  apiVersion: 'policy/v1';
  kind: 'PodDisruptionBudget';
  metadata: ObjectMeta;
  spec: PodDisruptionBudgetSpec;
  status?: PodDisruptionBudgetStatus;
}

/** api.policy.v1.PodDisruptionBudgetList */
export interface PodDisruptionBudgetList {
  apiVersion: 'policy/v1';
  items: PodDisruptionBudget[];
  kind: 'PodDisruptionBudgetList';
  metadata: ListMeta;
}

/** api.policy.v1.PodDisruptionBudgetSpec */
export interface PodDisruptionBudgetSpec {
  maxUnavailable?: number | string;
  minAvailable?: number | string;
  selector?: LabelSelector;
  unhealthyPodEvictionPolicy?: string;
}

/** api.policy.v1.PodDisruptionBudgetStatus */
export interface PodDisruptionBudgetStatus {
  conditions?: Condition[];
  currentHealthy: number;
  desiredHealthy: number;
  disruptedPods?: Record<string, string>;
  disruptionsAllowed: number;
  expectedPods: number;
  observedGeneration?: number;
}
