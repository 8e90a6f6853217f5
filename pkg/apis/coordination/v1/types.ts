// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.coordination.v1.Lease */
export interface Lease {
  apiVersion: 'coordination.k8s.io/v1';
  kind: 'Lease';
  metadata: ObjectMeta;
  spec: LeaseSpec;
}

/** api.coordination.v1.LeaseList */
export interface LeaseList {
  apiVersion: 'coordination.k8s.io/v1';
  items: Lease[];
  kind: 'LeaseList';
  metadata: ListMeta;
}

/** api.coordination.v1.LeaseSpec */
export interface LeaseSpec {
  acquireTime?: string;
  holderIdentity?: string;
  leaseDurationSeconds?: number;
  leaseTransitions?: number;
  preferredHolder?: string;
  renewTime?: string;
  strategy?: string;
}
