// Decides about one object of the owner graph. Pure (upstream: garbagecollector.go
// attemptToDeleteItem).
import type { OwnerReference } from '../../apimachinery/meta/types.js';
import {
  FOREGROUND_FINALIZER,
  isOrphaning,
  isWaiting,
  ORPHAN_FINALIZER,
  type GraphNode,
  type OwnerGraph,
} from './graph.js';

/** `unknown` owners must be read live before a decision is possible. */
export type OwnerState = 'solid' | 'absent' | 'waiting' | 'unknown';

export type GcAction =
  | { kind: 'none' }
  | { kind: 'check-owners'; owners: OwnerReference[] }
  /** Removes the owner reference from each dependent, then the orphan finalizer from the owner. */
  | { kind: 'orphan-dependents'; dependents: GraphNode[] }
  | { kind: 'remove-finalizer'; finalizer: string }
  /** Foreground deletion: these dependents must be deleted first. */
  | { kind: 'requeue'; uids: string[] }
  | { kind: 'keep-owners'; owners: OwnerReference[] }
  /** Breaks a cycle of waiting objects: they stop blocking the deletion of their owners. */
  | { kind: 'unblock-owners'; owners: OwnerReference[] }
  | { kind: 'delete'; propagation: 'Orphan' | 'Foreground' | 'Background' };

export function stateOfOwner(
  graph: OwnerGraph,
  node: GraphNode,
  reference: OwnerReference,
): OwnerState {
  if (graph.isAbsent(node.namespace, reference.uid)) return 'absent';
  const owner = graph.get(reference.uid);
  if (!owner?.type) return 'unknown';
  // An owner must be cluster-scoped or in the same namespace. A live read in the dependent's
  // namespace decides about any other owner.
  if (owner.namespace !== '' && owner.namespace !== node.namespace) return 'unknown';
  return isWaiting(owner) ? 'waiting' : 'solid';
}

export function planCollection(graph: OwnerGraph, node: GraphNode): GcAction {
  if (isOrphaning(node)) return { kind: 'orphan-dependents', dependents: [...node.dependents] };
  if (isWaiting(node)) {
    const blocking = [...node.dependents].filter((dependent) => blocks(dependent, node));
    if (!blocking.length) return { kind: 'remove-finalizer', finalizer: FOREGROUND_FINALIZER };
    return {
      kind: 'requeue',
      uids: [...node.dependents].filter((dependent) => !dependent.deleting).map(({ uid }) => uid),
    };
  }
  if (node.deleting || !node.owners.length) return { kind: 'none' };

  const states = node.owners.map((reference) => ({
    reference,
    state: stateOfOwner(graph, node, reference),
  }));
  const having = (state: OwnerState) =>
    states.filter((entry) => entry.state === state).map(({ reference }) => reference);
  const unknown = having('unknown');
  const solid = having('solid');
  if (unknown.length) return { kind: 'check-owners', owners: unknown };
  if (solid.length)
    return solid.length === states.length
      ? { kind: 'none' }
      : { kind: 'keep-owners', owners: solid };
  if (having('waiting').length && node.dependents.size) {
    const blocking = node.owners.some((reference) => reference.blockOwnerDeletion);
    if (blocking && [...node.dependents].some(isWaiting)) {
      return {
        kind: 'unblock-owners',
        owners: node.owners.map((reference) => ({ ...reference, blockOwnerDeletion: false })),
      };
    }
    return { kind: 'delete', propagation: 'Foreground' };
  }
  const propagation = node.finalizers.includes(ORPHAN_FINALIZER)
    ? 'Orphan'
    : node.finalizers.includes(FOREGROUND_FINALIZER)
      ? 'Foreground'
      : 'Background';
  return { kind: 'delete', propagation };
}

function blocks(dependent: GraphNode, owner: GraphNode): boolean {
  return dependent.owners.some(
    (reference) => reference.uid === owner.uid && reference.blockOwnerDeletion === true,
  );
}
