// TaintToleration: untolerated NoSchedule and NoExecute taints reject a node, PreferNoSchedule
// lowers its score.
import type { Taint } from '../../apis/core/v1/types.js';
import { findUntoleratedTaint, repelsNewPods, tolerates } from '../../component-helpers/taints.js';
import { normalizeByMax, type Plugin } from '../framework/framework.js';

const NO_TAINTS: readonly Taint[] = [];

export const taintToleration: Plugin = {
  name: 'TaintToleration',
  prepareFilter(pod) {
    const { tolerations } = pod.pod.spec;
    return (node) => {
      const taint = findUntoleratedTaint(node.node.spec.taints, tolerations, repelsNewPods);
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
      score({ node }) {
        let untolerated = 0;
        for (const taint of node.spec.taints ?? NO_TAINTS)
          if (taint.effect === 'PreferNoSchedule' && !tolerates(soft, taint)) untolerated++;
        return untolerated;
      },
      normalize: (scores) => normalizeByMax(scores, true),
    };
  },
  weight: 3,
  events: ['NodeAdd', 'NodeTaintsChanged'],
};
