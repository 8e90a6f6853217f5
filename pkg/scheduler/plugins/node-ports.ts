// NodePorts: a host port is used once per node.
import type { Plugin, Rejection } from '../framework/framework.js';

const REJECTION: Rejection = {
  reasons: ["node(s) didn't have free ports for the requested pod ports"],
};

export const nodePorts: Plugin = {
  name: 'NodePorts',
  prepareFilter(pod) {
    if (!pod.hostPorts.length) return undefined;
    return (node) => (pod.hostPorts.some((port) => node.portTaken(port)) ? REJECTION : undefined);
  },
  events: ['AssignedPodDelete', 'NodeAdd'],
};
