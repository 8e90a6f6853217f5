// The scale subresource of the apps kinds that have one.
import { selectorFromLabelSelector } from '../../apimachinery/labels/selector.js';
import type { ApiObject } from '../../apimachinery/meta/object.js';
import type { LabelSelector } from '../../apimachinery/meta/types.js';
import type { ScaleSubresource } from '../../apiserver/resource/definition.js';

export interface Scalable extends ApiObject {
  spec: { replicas?: number; selector?: LabelSelector };
  status?: { replicas?: number };
}

/** The selector as text; '' when it selects nothing. */
export function selectorText(selector: LabelSelector | undefined): string {
  return selectorFromLabelSelector(selector).toString();
}

export const workloadScale: ScaleSubresource<Scalable> = {
  read: ({ spec, status }) => ({
    specReplicas: spec.replicas ?? 0,
    statusReplicas: status?.replicas ?? 0,
    selector: selectorText(spec.selector),
  }),
  write(object, replicas) {
    object.spec.replicas = replicas;
  },
};
