// Written by hack/generate-api.mjs from hack/api-facts; do not edit.
import type { ListMeta, ObjectMeta } from '../../../apimachinery/meta/types.js';

/** api.autoscaling.v1.CrossVersionObjectReference */
export interface CrossVersionObjectReference {
  apiVersion?: string;
  kind: string;
  name: string;
}

/** api.autoscaling.v1.HorizontalPodAutoscaler */
export interface HorizontalPodAutoscaler {
  apiVersion: 'autoscaling/v1';
  kind: 'HorizontalPodAutoscaler';
  metadata: ObjectMeta;
  spec: HorizontalPodAutoscalerSpec;
  status?: HorizontalPodAutoscalerStatus;
}

/** api.autoscaling.v1.HorizontalPodAutoscalerList */
export interface HorizontalPodAutoscalerList {
  apiVersion: 'autoscaling/v1';
  items: HorizontalPodAutoscaler[];
  kind: 'HorizontalPodAutoscalerList';
  metadata: ListMeta;
}

/** api.autoscaling.v1.HorizontalPodAutoscalerSpec */
export interface HorizontalPodAutoscalerSpec {
  maxReplicas: number;
  minReplicas?: number;
  scaleTargetRef: CrossVersionObjectReference;
  targetCPUUtilizationPercentage?: number;
}

/** api.autoscaling.v1.HorizontalPodAutoscalerStatus */
export interface HorizontalPodAutoscalerStatus {
  currentCPUUtilizationPercentage?: number;
  currentReplicas: number;
  desiredReplicas: number;
  lastScaleTime?: string;
  observedGeneration?: number;
}

/** api.autoscaling.v1.Scale */
export interface Scale {
  apiVersion: 'autoscaling/v1';
  kind: 'Scale';
  metadata: ObjectMeta;
  spec: ScaleSpec;
  status?: ScaleStatus;
}

/** api.autoscaling.v1.ScaleSpec */
export interface ScaleSpec {
  replicas?: number;
}

/** api.autoscaling.v1.ScaleStatus */
export interface ScaleStatus {
  replicas: number;
  selector?: string;
}
