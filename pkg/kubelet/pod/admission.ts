// Whether this node runs a pod that was placed here: the scheduler does not judge pods that name
// their node, static pods, or what only the node knows (upstream: pkg/kubelet/lifecycle/
// predicate.go, pkg/kubelet/sysctl). Pure.
import type { Node, Pod, Taint } from '../../apis/core/v1/types.js';
import {
  countResources,
  emptyResources,
  hostPortsOf,
  portsConflict,
  resourcesOf,
  shortages,
  type Resources,
  type Shortage,
} from '../../component-helpers/node-fit.js';
import { compileRequiredNodeAffinity } from '../../component-helpers/node-selector.js';
import { podRequests, quantitiesOf } from '../../component-helpers/resources.js';
import { findUntoleratedTaint } from '../../component-helpers/taints.js';
import { isCritical } from '../eviction/rank.js';
import { isStaticPod } from '../types/labels.js';
import { sysctlRefusal } from './sysctls.js';

/** The reason and message of the pod's Failed status. */
export interface Refusal {
  reason: string;
  message: string;
  /** The refusal follows from the labels of the Node object, of which a newer version may exist. */
  byLabels?: boolean;
  /** The resources that are short, when nothing else keeps the pod away. */
  short?: readonly Shortage[];
}

export interface AdmissionInput {
  pod: Pod;
  /** The other pods of the node that have not terminated. */
  others: readonly Pod[];
  nodeName: string;
  allocatable: Readonly<Record<string, string>>;
  /** `undefined`: the kubelet runs alone, or has not registered yet. */
  node: Node | undefined;
  /** Names or patterns (ending in *) of --allowed-unsafe-sysctls. */
  unsafeSysctls: readonly string[];
}

type Check = (input: AdmissionInput) => Refusal | undefined;

const OS = 'linux';
const OS_LABEL = 'kubernetes.io/os';

const failed = (predicate: string, why: string): Refusal => ({
  reason: predicate,
  message: `Predicate ${predicate} failed: ${why}`,
});

const operatingSystem: Check = ({ pod }) => {
  const label = pod.metadata.labels?.[OS_LABEL];
  if (label !== undefined && label !== OS)
    return {
      reason: 'PodOSSelectorNodeLabelDoesNotMatch',
      message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
    };
  return pod.spec.os && pod.spec.os.name !== OS
    ? {
        reason: 'PodOSNotSupported',
        message: "Failed to admit pod as the OS field doesn't match node OS",
      }
    : undefined;
};

/** Extended resources that the node does not offer belong to the cluster and are not counted. */
function offered(wanted: Resources, allocatable: Resources): Resources {
  const isMissing = (name: string) =>
    name.includes('/') && !name.startsWith('kubernetes.io/') && !(name in allocatable.scalar);
  const scalar = Object.entries(wanted.scalar).filter(([name]) => !isMissing(name));
  return { ...wanted, scalar: Object.fromEntries(scalar) };
}

const room: Check = ({ pod, others, allocatable: amounts }) => {
  const quantities = quantitiesOf(amounts);
  const allocatable = resourcesOf(quantities);
  const requested = emptyResources();
  for (const other of others) countResources(requested, resourcesOf(podRequests(other)), 1);
  const allowedPods = quantities['pods']?.value() ?? Infinity;
  const wanted = offered(resourcesOf(podRequests(pod)), allocatable);
  const short = shortages(wanted, { allocatable, requested, allowedPods }, others.length);
  const [first] = short;
  if (!first) return undefined;
  const { resource, used, capacity } = first;
  const counts = `requested: ${first.requested}, used: ${used}, capacity: ${capacity}`;
  const message = `Node didn't have enough resource: ${resource}, ${counts}`;
  return { short, reason: `OutOf${resource}`, message };
};

const affinity: Check = ({ pod, node }) => {
  const matches = node && compileRequiredNodeAffinity(pod.spec);
  return !matches || matches(node)
    ? undefined
    : {
        ...failed('NodeAffinity', "node(s) didn't match Pod's node affinity/selector"),
        byLabels: true,
      };
};

const name: Check = ({ pod, nodeName }) =>
  pod.spec.nodeName && pod.spec.nodeName !== nodeName
    ? failed('NodeName', "node(s) didn't match the requested node name")
    : undefined;

const ports: Check = ({ pod, others }) => {
  const wanted = hostPortsOf(pod);
  const taken = wanted.length ? others.flatMap(hostPortsOf) : [];
  return wanted.some((a) => taken.some((b) => portsConflict(a, b)))
    ? failed('NodePorts', "node(s) didn't have free ports for the requested pod ports")
    : undefined;
};

const evicts = ({ effect }: Taint) => effect === 'NoExecute';
const taints: Check = ({ pod, node }) =>
  !isStaticPod(pod) && findUntoleratedTaint(node?.spec?.taints, pod.spec.tolerations, evicts)
    ? failed('TaintToleration', "node(s) had taints that the pod didn't tolerate")
    : undefined;

/** In upstream's order; the first refusal counts. */
const CHECKS: readonly Check[] = [
  ({ pod, unsafeSysctls }) => sysctlRefusal(pod.spec, unsafeSysctls),
  operatingSystem,
  room,
  affinity,
  name,
  ports,
  taints,
];

/** A shortage, which preemption may mend, counts only when nothing else keeps the pod away. */
export function admissionRefusal(input: AdmissionInput): Refusal | undefined {
  let shortage: Refusal | undefined;
  for (const check of CHECKS) {
    const refusal = check(input);
    if (refusal && !(refusal.short && isCritical(input.pod))) return refusal;
    shortage ??= refusal;
  }
  return shortage;
}
