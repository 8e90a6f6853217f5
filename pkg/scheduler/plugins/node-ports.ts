// NodePorts: two pods of a node cannot use the same host port.
import type { Plugin, Rejection } from '../framework/framework.js';

const REJECTION: Rejection = {
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
};

export const nodePorts: Plugin = {
  name: 'NodePorts',
  prepareFilter(pod) {
    if (!pod.hostPorts.length) return undefined;
    return (node) => (pod.hostPorts.some((port) => node.isPortUsed(port)) ? REJECTION : undefined);
  },
  events: ['AssignedPodDelete', 'NodeAdd'],
};
