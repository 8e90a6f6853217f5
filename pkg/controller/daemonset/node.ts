// Whether a daemon's pod belongs on a node (NodeShouldRunDaemonPod of upstream's pkg/controller/daemon, which uses
// predicates of the scheduler). Resources are not its business: a pod that does not fit stays Pending. Pure.
import type { Node, PodSpec, Taint, Toleration } from '../../apis/core/v1/types.js';
import { compileRequiredNodeAffinity } from '../../component-helpers/node-selector.js';
import { findUntoleratedTaint, repelsNewPods, TAINTS } from '../../component-helpers/taints.js';

/** Every daemon stays through these. */
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

export interface Belonging {
  shouldRun: boolean;
  /** A pod that is there already may stay. */
  mayStay: boolean;
}

export function belongs(spec: PodSpec, node: Node): Belonging {
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
