// Decides whether a node runs a daemon pod (upstream: NodeShouldRunDaemonPod of
// pkg/controller/daemon). Resources do not count: a pod that does not fit stays Pending. Pure.
import type { Node, PodSpec, Taint, Toleration } from '../../apis/core/v1/types.js';
import { compileRequiredNodeAffinity } from '../../component-helpers/node-selector.js';
import { findUntoleratedTaint, repelsNewPods, TAINTS } from '../../component-helpers/taints.js';

/** Tolerations that every daemon pod gets. */
export function daemonTolerations(hostNetwork: boolean): Toleration[] {
  const stay = (key: string, effect: string): Toleration => ({ key, operator: 'Exists', effect });
  return [
    stay(TAINTS.notReady, 'NoExecute'),
    stay(TAINTS.unreachable, 'NoExecute'),
    stay(TAINTS.diskPressure, 'NoSchedule'),
    stay(TAINTS.memoryPressure, 'NoSchedule'),
    stay(TAINTS.pidPressure, 'NoSchedule'),
    stay(TAINTS.unschedulable, 'NoSchedule'),
    ...(hostNetwork ? [stay(TAINTS.networkUnavailable, 'NoSchedule')] : []),
  ];
}

export interface NodeFit {
  shouldRun: boolean;
  /** A running pod may stay. */
  mayStay: boolean;
}

export function nodeFit(spec: PodSpec, node: Node): NodeFit {
  const matches = compileRequiredNodeAffinity(spec);
  if ((spec.nodeName && spec.nodeName !== node.metadata.name) || matches?.(node) === false)
    return { shouldRun: false, mayStay: false };
  const tolerations = [
    ...(spec.tolerations ?? []),
    ...daemonTolerations(spec.hostNetwork === true),
  ];
  const repels = (concerns: (taint: Taint) => boolean): boolean =>
    findUntoleratedTaint(node.spec?.taints, tolerations, concerns) !== undefined;
  return {
    shouldRun: !repels(repelsNewPods),
    mayStay: !repels(({ effect }) => effect === 'NoExecute'),
  };
}
