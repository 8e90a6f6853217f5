// Which volumes the claims of a pod take on a node (upstream: FindPodVolumes of
// pkg/scheduler/framework/plugins/volumebinding/binder.go). Pure.
import type { PersistentVolume, PersistentVolumeClaim } from '../../apis/core/v1/types.js';
import { claimNameOf } from '../../component-helpers/pod-references.js';
import {
  foreignClaim,
  isAllowedTopology,
  isFullyBound,
  isReachable,
  SELECTED_NODE,
  storageClassOf,
  storageOf,
  volumesFor,
  waitsForConsumer,
} from '../../component-helpers/volumes.js';
import type { NodeInfo } from '../framework/node-info.js';
import type { PodInfo } from '../framework/pod-info.js';
import type { VolumeLister } from '../framework/snapshot.js';

/** The writes that come before the binding of the pod to the node. */
export interface Placement {
  bindings: { volume: PersistentVolume; claim: PersistentVolumeClaim }[];
  /** Claims for which a provisioner is to make volumes. */
  provisions: PersistentVolumeClaim[];
}

const UNBOUND = 'pod has unbound immediate PersistentVolumeClaims';
const NO_VOLUME = "node(s) didn't find available persistent volumes to bind";
const OUT_OF_REACH = 'node(s) had volume node affinity conflict';
const MISSING = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';
const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

/** Why the pod cannot use one of its claims on any node; otherwise all of the claims. */
export function claimsOf(info: PodInfo, volumes: VolumeLister): PersistentVolumeClaim[] | string {
  const claims: PersistentVolumeClaim[] = [];
  for (const volume of info.pod.spec.volumes ?? []) {
    const name = claimNameOf(info.pod, volume);
    if (name === undefined) continue;
    const claim = volumes.claim(`${info.namespace}/${name}`);
    const quoted = JSON.stringify(name);
    if (!claim)
      return volume.ephemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
        : `persistentvolumeclaim ${quoted} not found`;
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${JSON.stringify(claim.spec.volumeName ?? '')}`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim ${quoted} is being deleted`;
    const foreign = volume.ephemeral && foreignClaim(info.pod, claim);
    if (foreign) return foreign;
    if (!claims.includes(claim)) claims.push(claim);
  }
  return claims;
}

/**
 * A function that judges a node: the reasons against it, or what to write. A text when no node
 * will do.
 */
export function preparePlacement(
  pod: PodInfo,
  volumes: VolumeLister,
): ((node: NodeInfo) => Placement | string[]) | string {
  const claims = claimsOf(pod, volumes);
  if (typeof claims === 'string') return claims;
  const bound = claims.filter(isFullyBound);
  const unbound = claims.filter((claim) => !isFullyBound(claim));
  const classOf = (claim: PersistentVolumeClaim) => volumes.storageClass(storageClassOf(claim));
  // The binder finishes a claim that names its volume, whatever its class says.
  if (unbound.some((claim) => claim.spec.volumeName || !waitsForConsumer(classOf(claim))))
    return UNBOUND;
  const delayed = unbound
    .toSorted((a, b) => storageOf(a).compare(storageOf(b)))
    .map((claim) => {
      const chosen = claim.metadata.annotations?.[SELECTED_NODE];
      const free = chosen ? [] : volumesFor(claim, volumes.volumesOf(storageClassOf(claim)));
      return { claim, chosen, free, ...classOf(claim)! };
    });
  return ({ node, name }) => {
    const reasons = new Set<string>();
    const placement: Placement = { bindings: [], provisions: [] };
    const taken = new Set<PersistentVolume>();
    for (const { spec } of bound) {
      const volume = volumes.volume(spec.volumeName!);
      if (!volume) reasons.add(MISSING);
      else if (!isReachable(volume, node)) reasons.add(OUT_OF_REACH);
    }
    for (const { claim, chosen, free, provisioner, allowedTopologies } of delayed) {
      const volume = free.find((one) => !taken.has(one) && isReachable(one, node));
      if (volume) {
        taken.add(volume);
        placement.bindings.push({ volume, claim });
      } else if (
        // A reservation is for the one volume.
        free[0]?.spec.claimRef ||
        (chosen ?? name) !== name ||
        provisioner === NO_PROVISIONER ||
        !isAllowedTopology(allowedTopologies, node.metadata.labels)
      )
        reasons.add(NO_VOLUME);
      else placement.provisions.push(claim);
    }
    return reasons.size ? [...reasons] : placement;
  };
}
