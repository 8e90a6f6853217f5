// NodePorts: two pods of a node cannot use the same host port.
import { rejection, type Plugin } from '../framework/framework.js';

const REJECTION = rejection("node(s) didn't have free ports for the requested pod ports");

export const nodePorts: Plugin = {
  name: 'NodePorts',
  prepareFilter(pod) {
    if (!pod.hostPorts.length) return undefined;
    return (node) => (pod.hostPorts.some((port) => node.isPortUsed(port)) ? REJECTION : undefined);
  },
  events: ['AssignedPodDelete', 'NodeAdd'],
};
