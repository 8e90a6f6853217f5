// Whether a daemon's pod belongs on a node (NodeShouldRunDaemonPod of pkg/controller/daemon, which uses
// predicates of the scheduler). Resources are not its business: a pod that does not fit stays Pending. Pure.
import { requirementMatches, type LabelOperator } from '../../apimachinery/labels/requirement.js';
import type {
  Node,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodSpec,
  Taint,
  Toleration,
} from '../../apis/core/v1/types.js';
import { findUntoleratedTaint, repelsNewPods, TAINTS } from '../../component-helpers/taints.js';

const OPERATORS: Readonly<Record<string, LabelOperator>> = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: '!',
  Gt: 'gt',
  Lt: 'lt',
};

function matches(
  { key, operator, values = [] }: NodeSelectorRequirement,
  labels: Record<string, string>,
): boolean {
  const known = OPERATORS[operator];
  return known !== undefined && requirementMatches({ key, operator: known, values }, labels);
}

/** A term without requirements selects nothing. */
function matchesTerm(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  node: Node,
): boolean {
  if (!matchExpressions.length && !matchFields.length) return false;
  const fields = { 'metadata.name': node.metadata.name };
  return (
    matchExpressions.every((r) => matches(r, node.metadata.labels ?? {})) &&
    matchFields.every((r) => matches(r, fields))
  );
}

function fitsSelectors(spec: PodSpec, node: Node): boolean {
  const labels = node.metadata.labels ?? {};
  if (!Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => labels[key] === value))
    return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, node));
}

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
  if ((spec.nodeName && spec.nodeName !== node.metadata.name) || !fitsSelectors(spec, node))
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
