// Fields that an update of a service takes over from the stored service, and fields that a change
// of type removes (upstream pkg/registry/core/service/storage/storage.go patchAllocatedValues and
// strategy.go dropTypeDependentFields). Users replace services without the allocated values; those
// values must survive.
import { copyFields } from '../../apimachinery/meta/copy-fields.js';
import type { Service, ServiceSpec } from '../../apis/core/v1/types.js';
import { sameList } from './service-families.js';
import {
  needsClusterIP,
  needsExternalTrafficPolicy,
  needsHealthCheckNodePort,
  needsNodePort,
} from './service-needs.js';

const sameClusterIPs = (left: ServiceSpec, right: ServiceSpec): boolean =>
  left.clusterIP === right.clusterIP && sameList(left.clusterIPs, right.clusterIPs);

const nodePortsOf = (spec: ServiceSpec): number[] =>
  (spec.ports ?? []).map(({ nodePort }) => nodePort ?? 0);

function inheritNodePorts(next: ServiceSpec, old: ServiceSpec): void {
  const wanted = new Set(nodePortsOf(next));
  const used = new Set(nodePortsOf(old).filter((port) => port && wanted.has(port)));
  const oldByName = new Map(
    (old.ports ?? []).map(({ name, nodePort }) => [name ?? '', nodePort ?? 0]),
  );
  for (const port of next.ports ?? []) {
    if (port.nodePort) continue;
    const before = oldByName.get(port.name ?? '');
    if (!before || used.has(before)) continue;
    port.nodePort = before;
    used.add(before);
  }
}

/** Copies allocated values that the update leaves out from `old` to `next`, in place. */
export function inheritAllocated(next: Service, old: Service): void {
  if (needsClusterIP(old) && needsClusterIP(next)) {
    if (!next.spec.clusterIP) copyFields(next.spec, old.spec, 'clusterIP');
    if (!next.spec.clusterIPs?.length && next.spec.clusterIP === old.spec.clusterIP)
      copyFields(next.spec, old.spec, 'clusterIPs');
  }
  if (needsNodePort(old) && needsNodePort(next)) inheritNodePorts(next.spec, old.spec);
  if (needsHealthCheckNodePort(old) && needsHealthCheckNodePort(next)) {
    if (!next.spec.healthCheckNodePort) copyFields(next.spec, old.spec, 'healthCheckNodePort');
  }
}

/** Makes clusterIP the first of clusterIPs after a change of one of them. */
export function normalizeClusterIPs(next: Service, old: Service | undefined): void {
  const { spec } = next;
  if (!old) {
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
    return;
  }
  if (spec.clusterIP === old.spec.clusterIP) return;
  const unchanged = sameList(spec.clusterIPs, old.spec.clusterIPs);
  if (!unchanged && (spec.clusterIPs?.length || !spec.clusterIP)) return;
  if (spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
  else delete spec.clusterIPs;
}

/**
 * Removes the fields that the new type does not have, unless the update changed them. In place on
 * `next`.
 */
export function dropTypeDependent(next: Service, old: Service): void {
  if (needsClusterIP(old) && !needsClusterIP(next)) {
    if (sameClusterIPs(next.spec, old.spec)) {
      delete next.spec.clusterIP;
      delete next.spec.clusterIPs;
    }
    dropUnchanged(next.spec, old.spec, 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy');
  }
  if (
    needsNodePort(old) &&
    !needsNodePort(next) &&
    // Ports may come, go and change, but no node port may be new.
    nodePortsOf(next.spec).every((port) => !port || nodePortsOf(old.spec).includes(port))
  ) {
    for (const port of next.spec.ports ?? []) delete port.nodePort;
  }
  if (needsHealthCheckNodePort(old) && !needsHealthCheckNodePort(next))
    dropUnchanged(next.spec, old.spec, 'healthCheckNodePort');
  if (old.spec.type === 'LoadBalancer' && next.spec.type !== 'LoadBalancer')
    dropUnchanged(next.spec, old.spec, 'allocateLoadBalancerNodePorts', 'loadBalancerClass');
  if (needsExternalTrafficPolicy(old) && !needsExternalTrafficPolicy(next))
    dropUnchanged(next.spec, old.spec, 'externalTrafficPolicy');
  // A load balancer is removed later, which need not concern the reader of the service.
  if (next.spec.type !== 'LoadBalancer') next.status = { ...next.status, loadBalancer: {} };
}

function dropUnchanged(
  next: ServiceSpec,
  old: ServiceSpec,
  ...fields: (keyof ServiceSpec)[]
): void {
  for (const field of fields)
    if (JSON.stringify(next[field]) === JSON.stringify(old[field])) delete next[field];
}
