// NodeAffinity: nodeSelector and node affinity, required and preferred.
import {
  compilePreferredTerms,
  compileRequiredNodeAffinity,
} from '../../component-helpers/node-selector.js';
import { normalizeByMax, rejection, type Plugin } from '../framework/framework.js';

const REJECTION = rejection("node(s) didn't match Pod's node affinity/selector", true);

export const nodeAffinity: Plugin = {
  name: 'NodeAffinity',
  prepareFilter(pod) {
    const matches = compileRequiredNodeAffinity(pod.pod.spec);
    return matches && ((node) => (matches(node.node) ? undefined : REJECTION));
  },
  prepareScore(pod) {
    const score = compilePreferredTerms(
      pod.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
    );
    return (
      score && { score: (node) => score(node.node), normalize: (scores) => normalizeByMax(scores) }
    );
  },
  weight: 2,
  events: ['NodeAdd', 'NodeLabelsChanged'],
};
