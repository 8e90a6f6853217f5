// The scale of the built-in workloads, as the scale subresource shows and changes it. Pure.
import { selectorFromLabelSelector } from '../apimachinery/labels/selector.js';
import type { ApiObject, ResourceType } from '../apimachinery/meta/object.js';
import type { LabelSelector } from '../apimachinery/meta/types.js';
import {
  DEPLOYMENTS,
  REPLICATION_CONTROLLERS,
  REPLICA_SETS,
  STATEFUL_SETS,
} from '../apis/resource-types.js';

export interface Scalable extends ApiObject {
  /** The selector of a replication controller is a plain map of labels. */
  spec: { replicas?: number; selector?: LabelSelector | { [label: string]: string } };
  status?: { replicas?: number };
}

/** The types of workloads that have a scale. */
export const WORKLOADS: readonly ResourceType<Scalable>[] = [
  DEPLOYMENTS,
  REPLICA_SETS,
  REPLICATION_CONTROLLERS,
  STATEFUL_SETS,
];

export const workloadScale = {
  /** The selector is text; '' when it selects nothing. */
  read({ kind, spec, status }: Scalable) {
    const isMap = kind === 'ReplicationController';
    const labels = isMap ? { matchLabels: spec.selector ?? {} } : spec.selector;
    const selector = selectorFromLabelSelector(labels as LabelSelector | undefined).toString();
    return { specReplicas: spec.replicas ?? 0, statusReplicas: status?.replicas ?? 0, selector };
  },
  write(object: Scalable, replicas: number) {
    object.spec.replicas = replicas;
  },
};
