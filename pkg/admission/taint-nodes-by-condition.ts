// TaintNodesByCondition: a new node takes no pods until the node lifecycle controller has found it
// ready (upstream plugin/pkg/admission/nodetaint).
import type { Node } from '../apis/core/v1/types.js';
import { sameTaint, TAINTS } from '../component-helpers/taints.js';
import type { AdmissionPluginFactory } from '../apiserver/admission/plugin.js';

const NOT_READY = { key: TAINTS.notReady, effect: 'NoSchedule' };

export const taintNodesByCondition: AdmissionPluginFactory = () => ({
  name: 'TaintNodesByCondition',
  operations: ['CREATE'],
  resources: ['nodes'],
  mutate(request) {
    if (request.subresource) return;
    const spec = ((request.object as Node).spec ??= {});
    if (spec.taints?.some((taint) => sameTaint(taint, NOT_READY))) return;
    (spec.taints ??= []).push({ ...NOT_READY });
  },
});
