// NodeName: a pod with spec.nodeName runs on no other node.
import type { Plugin, Rejection } from '../framework/framework.js';

const REJECTION: Rejection = {
  reasons: ["node(s) didn't match the requested node name"],
  unresolvable: true,
};

export const nodeName: Plugin = {
  name: 'NodeName',
  prepareFilter(pod) {
    const wanted = pod.pod.spec.nodeName;
    return wanted ? (node) => (node.name === wanted ? undefined : REJECTION) : undefined;
  },
  events: ['NodeAdd'],
};
