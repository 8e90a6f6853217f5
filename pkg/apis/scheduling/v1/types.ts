// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.scheduling.v1.PriorityClass */
export interface PriorityClass {
  apiVersion: 'scheduling.k8s.io/v1';
  description?: string;
  globalDefault?: boolean;
  kind: 'PriorityClass';
  metadata: ObjectMeta;
  preemptionPolicy?: string;
  value: number;
}

/** api.scheduling.v1.PriorityClassList */
export interface PriorityClassList {
  apiVersion: 'scheduling.k8s.io/v1';
  items: PriorityClass[];
  kind: 'PriorityClassList';
  metadata: ListMeta;
}
