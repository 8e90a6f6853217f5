// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { LabelSelector, ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';
import type { PersistentVolumeClaim, PodTemplateSpec } from '../../core/v1/types.js';

/** api.apps.v1.ControllerRevision */
export interface ControllerRevision {
  apiVersion: 'apps/v1';
  data?: unknown;
  kind: 'ControllerRevision';
  metadata: ObjectMeta;
  revision: number;
}

/** api.apps.v1.ControllerRevisionList */
export interface ControllerRevisionList {
  apiVersion: 'apps/v1';
  items: ControllerRevision[];
  kind: 'ControllerRevisionList';
  metadata: ListMeta;
}

/** api.apps.v1.DaemonSet */
export interface DaemonSet {
  apiVersion: 'apps/v1';
  kind: 'DaemonSet';
  metadata: ObjectMeta;
  spec: DaemonSetSpec;
  status?: DaemonSetStatus;
}

/** api.apps.v1.DaemonSetCondition */
export interface DaemonSetCondition {
  lastTransitionTime?: string;
  message?: string;
  reason?: string;
  status: string;
  type: string;
}

/** api.apps.v1.DaemonSetList */
export interface DaemonSetList {
  apiVersion: 'apps/v1';
  items: DaemonSet[];
  kind: 'DaemonSetList';
  metadata: ListMeta;
}

/** api.apps.v1.DaemonSetSpec */
export interface DaemonSetSpec {
  minReadySeconds?: number;
  revisionHistoryLimit?: number;
  selector: LabelSelector;
  template: PodTemplateSpec;
  updateStrategy?: DaemonSetUpdateStrategy;
}

/** api.apps.v1.DaemonSetStatus */
export interface DaemonSetStatus {
  collisionCount?: number;
  conditions?: DaemonSetCondition[];
  currentNumberScheduled: number;
  desiredNumberScheduled: number;
  numberAvailable?: number;
  numberMisscheduled: number;
  numberReady: number;
  numberUnavailable?: number;
  observedGeneration?: number;
  updatedNumberScheduled?: number;
}

/** api.apps.v1.DaemonSetUpdateStrategy */
export interface DaemonSetUpdateStrategy {
  rollingUpdate?: RollingUpdateDaemonSet;
  type?: string;
}

/** api.apps.v1.Deployment */
export interface Deployment {
  apiVersion: 'apps/v1';
  kind: 'Deployment';
  metadata: ObjectMeta;
  spec: DeploymentSpec;
  status?: DeploymentStatus;
}

/** api.apps.v1.DeploymentCondition */
export interface DeploymentCondition {
  lastTransitionTime?: string;
  lastUpdateTime?: string;
  message?: string;
  reason?: string;
  status: string;
  type: string;
}

/** api.apps.v1.DeploymentList */
export interface DeploymentList {
  apiVersion: 'apps/v1';
  items: Deployment[];
  kind: 'DeploymentList';
  metadata: ListMeta;
}

/** api.apps.v1.DeploymentSpec */
export interface DeploymentSpec {
  minReadySeconds?: number;
  paused?: boolean;
  progressDeadlineSeconds?: number;
  replicas?: number;
  revisionHistoryLimit?: number;
  selector: LabelSelector;
  strategy?: DeploymentStrategy;
  template: PodTemplateSpec;
}

/** api.apps.v1.DeploymentStatus */
export interface DeploymentStatus {
  availableReplicas?: number;
  collisionCount?: number;
  conditions?: DeploymentCondition[];
  observedGeneration?: number;
  readyReplicas?: number;
  replicas?: number;
  unavailableReplicas?: number;
  updatedReplicas?: number;
}

/** api.apps.v1.DeploymentStrategy */
export interface DeploymentStrategy {
  rollingUpdate?: RollingUpdateDeployment;
  type?: string;
}

/** api.apps.v1.ReplicaSet */
export interface ReplicaSet {
  apiVersion: 'apps/v1';
  kind: 'ReplicaSet';
  metadata: ObjectMeta;
  spec: ReplicaSetSpec;
  status?: ReplicaSetStatus;
}

/** api.apps.v1.ReplicaSetCondition */
export interface ReplicaSetCondition {
  lastTransitionTime?: string;
  message?: string;
  reason?: string;
  status: string;
  type: string;
}

/** api.apps.v1.ReplicaSetList */
export interface ReplicaSetList {
  apiVersion: 'apps/v1';
  items: ReplicaSet[];
  kind: 'ReplicaSetList';
  metadata: ListMeta;
}

/** api.apps.v1.ReplicaSetSpec */
export interface ReplicaSetSpec {
  minReadySeconds?: number;
  replicas?: number;
  selector: LabelSelector;
  template?: PodTemplateSpec;
}

/** api.apps.v1.ReplicaSetStatus */
export interface ReplicaSetStatus {
  availableReplicas?: number;
  conditions?: ReplicaSetCondition[];
  fullyLabeledReplicas?: number;
  observedGeneration?: number;
  readyReplicas?: number;
  replicas: number;
}

/** api.apps.v1.RollingUpdateDaemonSet */
export interface RollingUpdateDaemonSet {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
}

/** api.apps.v1.RollingUpdateDeployment */
export interface RollingUpdateDeployment {
  maxSurge?: number | string;
  maxUnavailable?: number | string;
}

/** api.apps.v1.RollingUpdateStatefulSetStrategy */
export interface RollingUpdateStatefulSetStrategy {
  maxUnavailable?: number | string;
  partition?: number;
}

/** api.apps.v1.StatefulSet */
export interface StatefulSet {
  apiVersion: 'apps/v1';
  kind: 'StatefulSet';
  metadata: ObjectMeta;
  spec: StatefulSetSpec;
  status?: StatefulSetStatus;
}

/** api.apps.v1.StatefulSetCondition */
export interface StatefulSetCondition {
  lastTransitionTime?: string;
  message?: string;
  reason?: string;
  status: string;
  type: string;
}

/** api.apps.v1.StatefulSetList */
export interface StatefulSetList {
  apiVersion: 'apps/v1';
  items: StatefulSet[];
  kind: 'StatefulSetList';
  metadata: ListMeta;
}

/** api.apps.v1.StatefulSetOrdinals */
export interface StatefulSetOrdinals {
  start?: number;
}

/** api.apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy */
export interface StatefulSetPersistentVolumeClaimRetentionPolicy {
  whenDeleted?: string;
  whenScaled?: string;
}

/** api.apps.v1.StatefulSetSpec */
export interface StatefulSetSpec {
  minReadySeconds?: number;
  ordinals?: StatefulSetOrdinals;
  persistentVolumeClaimRetentionPolicy?: StatefulSetPersistentVolumeClaimRetentionPolicy;
  podManagementPolicy?: string;
  replicas?: number;
  revisionHistoryLimit?: number;
  selector: LabelSelector;
  serviceName: string;
  template: PodTemplateSpec;
  updateStrategy?: StatefulSetUpdateStrategy;
  volumeClaimTemplates?: PersistentVolumeClaim[];
}

/** api.apps.v1.StatefulSetStatus */
export interface StatefulSetStatus {
  availableReplicas?: number;
  collisionCount?: number;
  conditions?: StatefulSetCondition[];
  currentReplicas?: number;
  currentRevision?: string;
  observedGeneration?: number;
  readyReplicas?: number;
  replicas: number;
  updateRevision?: string;
  updatedReplicas?: number;
}

/** api.apps.v1.StatefulSetUpdateStrategy */
export interface StatefulSetUpdateStrategy {
  rollingUpdate?: RollingUpdateStatefulSetStrategy;
  type?: string;
}
