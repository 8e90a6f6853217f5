// NodeName: a pod with spec.nodeName runs on no other node.
import { rejection, type Plugin } from '../framework/framework.js';

const REJECTION = rejection("node(s) didn't match the requested node name", true);

export const nodeName: Plugin = {
  name: 'NodeName',
  prepareFilter(pod) {
    const wanted = pod.pod.spec.nodeName;
    return wanted ? (node) => (node.name === wanted ? undefined : REJECTION) : undefined;
  },
  events: ['NodeAdd'],
};
