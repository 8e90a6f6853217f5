// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';
import type { Toleration } from '../../core/v1/types.js';

/** api.node.v1.Overhead */
export interface Overhead {
  podFixed?: Record<string, string>;
}

/** api.node.v1.RuntimeClass */
export interface RuntimeClass {
  apiVersion: 'node.k8s.io/v1';
  handler: string;
  kind: 'RuntimeClass';
  metadata: ObjectMeta;
  overhead?: Overhead;
  scheduling?: Scheduling;
}

/** api.node.v1.RuntimeClassList */
export interface RuntimeClassList {
  apiVersion: 'node.k8s.io/v1';
  items: RuntimeClass[];
  kind: 'RuntimeClassList';
  metadata: ListMeta;
}

/** api.node.v1.Scheduling */
export interface Scheduling {
  nodeSelector?: Record<string, string>;
  tolerations?: Toleration[];
}
