// Decides on which nodes a daemon set creates and deletes pods, how an update rolls, and the status
// (upstream: pkg/controller/daemon/{daemon_controller,update}.go). Pure.
import type { DaemonSet, DaemonSetStatus } from '../../apis/apps/v1/types.js';
import type { Node, Pod } from '../../apis/core/v1/types.js';
import { equalJson } from '../../apimachinery/meta/clone.js';
import { REVISION_HASH_LABEL } from '../runtime/history.js';
import { resolveIntOrPercent } from '../../component-helpers/int-or-percent.js';
import { BURST_REPLICAS } from '../runtime/limits.js';
import { availableInMs, isPodReady, isPodTerminal } from '../../component-helpers/pods.js';
import { nodeFit } from './node.js';
import { nodeOf } from './pod.js';

export interface DaemonInput {
  set: DaemonSet;
  /** Hash of the current template. */
  hash: string;
  nodes: readonly Node[];
  pods: readonly Pod[];
  now: number;
}

export interface DaemonPlan {
  /** Names of nodes that get a pod. */
  create: string[];
  remove: Pod[];
  /** Pods that finished by themselves; they are replaced with back-off. */
  finished: Pod[];
}

interface Place {
  name: string;
  shouldRun: boolean;
  mayStay: boolean;
  /** Pods that are not being deleted, the oldest first. */
  pods: Pod[];
  /** The node has a pod, perhaps one that is being deleted. */
  occupied: boolean;
}

function placesOf({ nodes, pods, set }: DaemonInput): Place[] {
  const byNode = new Map<string, Pod[]>();
  for (const pod of pods) {
    const name = nodeOf(pod);
    if (name !== undefined) byNode.set(name, [...(byNode.get(name) ?? []), pod]);
  }
  const age = ({ metadata }: Pod): string => `${metadata.creationTimestamp ?? ''} ${metadata.name}`;
  return nodes.map((node) => {
    const all = byNode.get(node.metadata.name) ?? [];
    const staying = all
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .sort((a, b) => (age(a) < age(b) ? -1 : 1));
    return {
      name: node.metadata.name,
      ...nodeFit(set.spec.template.spec ?? { containers: [] }, node),
      pods: staying,
      occupied: all.length > 0,
    };
  });
}

const isNew = (pod: Pod, hash: string): boolean =>
  pod.metadata.labels?.[REVISION_HASH_LABEL] === hash;
const isAvailable = (pod: Pod, { set, now }: DaemonInput): boolean =>
  availableInMs(pod, set.spec.minReadySeconds ?? 0, now) === 0;

const surgeOf = ({ spec }: DaemonSet, desired: number): number =>
  resolveIntOrPercent(spec.updateStrategy?.rollingUpdate?.maxSurge, desired, 'up');

export function planDaemons(input: DaemonInput): DaemonPlan {
  const places = placesOf(input);
  const plan: DaemonPlan = { create: [], remove: [], finished: [] };
  const surging = surgeOf(input.set, places.length) > 0;
  for (const place of places) {
    if (!place.mayStay) {
      plan.remove.push(...place.pods);
      continue;
    }
    if (place.shouldRun && !place.occupied) plan.create.push(place.name);
    const living = place.pods.filter((pod) => !isPodTerminal(pod));
    plan.finished.push(...place.pods.filter(isPodTerminal));
    plan.remove.push(...excessPods(living, input, surging));
  }
  const known = new Set(places.map(({ name }) => name));
  // Pods for a node that is gone. The pod garbage collector deletes pods bound to such a node.
  plan.remove.push(
    ...input.pods.filter(
      (pod) =>
        !pod.spec.nodeName && !pod.metadata.deletionTimestamp && !known.has(nodeOf(pod) ?? ''),
    ),
  );
  const eligible = places.filter(({ shouldRun }) => shouldRun);
  if (input.set.spec.updateStrategy?.type !== 'OnDelete') planRollingUpdate(plan, eligible, input);
  plan.create = plan.create.slice(0, BURST_REPLICAS);
  return plan;
}

/** Pods beyond one on a node; with surge, beyond one of each revision. The oldest stays. */
function excessPods(living: readonly Pod[], { hash }: DaemonInput, surging: boolean): Pod[] {
  if (!surging) return living.slice(1);
  return [
    ...living.filter((pod) => isNew(pod, hash)).slice(1),
    ...living.filter((pod) => !isNew(pod, hash)).slice(1),
  ];
}

function planRollingUpdate(plan: DaemonPlan, places: readonly Place[], input: DaemonInput): void {
  const rolling = input.set.spec.updateStrategy?.rollingUpdate;
  const gone = new Set([...plan.remove, ...plan.finished]);
  const rows = places.map((place) => {
    const pods = place.pods.filter((pod) => !gone.has(pod));
    return {
      name: place.name,
      current: pods.find((pod) => isNew(pod, input.hash)),
      old: pods.find((pod) => !isNew(pod, input.hash)),
    };
  });
  const surge = surgeOf(input.set, places.length);
  if (surge > 0) return planSurge(plan, rows, surge, input);
  const maxUnavailable = resolveIntOrPercent(rolling?.maxUnavailable ?? 1, places.length, 'up');
  const healthy: Pod[] = [];
  let unavailable = 0;
  for (const { current, old } of rows) {
    if (current || !old) {
      if (!current || !isAvailable(current, input)) unavailable++;
    } else if (isAvailable(old, input)) {
      healthy.push(old);
    } else {
      unavailable++;
      plan.remove.push(old); // its deletion costs no availability
    }
  }
  plan.remove.push(...healthy.slice(0, Math.max(0, maxUnavailable - unavailable)));
}

interface Row {
  name: string;
  current: Pod | undefined;
  old: Pod | undefined;
}

/**
 * Creates the new pod beside the old pod, and deletes the old pod when the new pod is available.
 */
function planSurge(
  plan: DaemonPlan,
  rows: readonly Row[],
  surge: number,
  input: DaemonInput,
): void {
  let surging = 0;
  const waiting: string[] = [];
  for (const { current, name, old } of rows) {
    if (!old) continue;
    if (!current) {
      if (isAvailable(old, input)) waiting.push(name);
      else plan.create.push(name);
    } else if (isAvailable(current, input)) plan.remove.push(old);
    else surging++;
  }
  plan.create.push(...waiting.slice(0, Math.max(0, surge - surging)));
}

export function planDaemonStatus(input: DaemonInput): {
  status: DaemonSetStatus;
  changed: boolean;
  checkAgainInMs: number | undefined;
} {
  const { hash, now, set } = input;
  const counts = { desired: 0, current: 0, misscheduled: 0, ready: 0, available: 0, updated: 0 };
  let checkAgainInMs: number | undefined;
  for (const place of placesOf(input)) {
    const [pod] = place.pods.filter((other) => isNew(other, hash)).concat(place.pods);
    if (!place.shouldRun) {
      if (place.occupied) counts.misscheduled++;
      continue;
    }
    counts.desired++;
    if (place.occupied) counts.current++;
    if (!pod) continue;
    if (isNew(pod, hash)) counts.updated++;
    if (!isPodReady(pod)) continue;
    counts.ready++;
    const wait = availableInMs(pod, set.spec.minReadySeconds ?? 0, now);
    if (wait === 0) counts.available++;
    else checkAgainInMs = Math.min(checkAgainInMs ?? Infinity, wait);
  }
  const unavailable = counts.desired - counts.available;
  const status: DaemonSetStatus = {
    currentNumberScheduled: counts.current,
    desiredNumberScheduled: counts.desired,
    numberMisscheduled: counts.misscheduled,
    numberReady: counts.ready,
    observedGeneration: set.metadata.generation ?? 0,
    ...(counts.updated && { updatedNumberScheduled: counts.updated }),
    ...(counts.available && { numberAvailable: counts.available }),
    ...(unavailable && { numberUnavailable: unavailable }),
    ...(set.status?.collisionCount !== undefined && { collisionCount: set.status.collisionCount }),
    ...(set.status?.conditions && { conditions: set.status.conditions }),
  };
  return { status, changed: !equalJson(status, set.status), checkAgainInMs };
}
