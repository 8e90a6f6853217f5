// NodeUnschedulable: a cordoned node takes only pods that tolerate the taint of cordoned nodes.
import { rejection, type Plugin } from '../framework/framework.js';
import { TAINTS, tolerates } from '../../component-helpers/taints.js';

const REJECTION = rejection('node(s) were unschedulable', true);
const TAINT = { key: TAINTS.unschedulable, effect: 'NoSchedule' };

export const nodeUnschedulable: Plugin = {
  name: 'NodeUnschedulable',
  prepareFilter(pod) {
    const tolerated = tolerates(pod.pod.spec.tolerations, TAINT);
    return (node) => (node.node.spec.unschedulable && !tolerated ? REJECTION : undefined);
  },
  events: ['NodeAdd', 'NodeTaintsChanged'],
};
