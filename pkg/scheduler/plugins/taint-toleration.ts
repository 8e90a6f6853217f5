// TaintToleration: NoSchedule and NoExecute taints keep pods away, PreferNoSchedule costs score.
import type { Taint, Toleration } from '../../apis/core/v1/types.js';
import { normalizeByMax, type Plugin } from '../framework/framework.js';

/** k8s.io/api/core/v1 Toleration.ToleratesTaint */
function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (!toleration.key && toleration.operator !== 'Exists') return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '');
}

export function tolerates(tolerations: Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((t) => toleratesTaint(t, taint));
}

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  prepareFilter(pod) {
    const { tolerations } = pod.pod.spec;
    return (node) => {
      const taint = node.node.spec.taints?.find(
        (t) =>
          (t.effect === 'NoSchedule' || t.effect === 'NoExecute') && !tolerates(tolerations, t),
      );
      if (!taint) return undefined;
      const text = `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
      return { reasons: [text], unresolvable: true };
    };
  },
  prepareScore(pod) {
    const soft = (pod.pod.spec.tolerations ?? []).filter(
      (t) => !t.effect || t.effect === 'PreferNoSchedule',
    );
    return {
      score: (node) =>
        (node.node.spec.taints ?? []).filter(
          (t) => t.effect === 'PreferNoSchedule' && !tolerates(soft, t),
        ).length,
      normalize: (scores) => normalizeByMax(scores, true),
    };
  },
  weight: 3,
  events: ['NodeAdd', 'NodeTaintsChanged'],
};
