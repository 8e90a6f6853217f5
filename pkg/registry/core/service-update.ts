// What an update of a service inherits from the stored one, and what a change of type drops
// (upstream pkg/registry/core/service/storage/storage.go patchAllocatedValues and
// strategy.go dropTypeDependentFields). Users replace services without naming the values that the
// server chose; those must survive.
import { copyFields } from '../../apimachinery/meta/copy-fields.js';
import type { Service, ServiceSpec } from '../../apis/core/v1/types.js';
import {
  needsClusterIP,
  needsExternalTrafficPolicy,
  needsHealthCheckNodePort,
  needsNodePort,
} from './service-needs.js';

const sameList = (
  left: readonly unknown[] | undefined,
  right: readonly unknown[] | undefined,
): boolean => JSON.stringify(left ?? []) === JSON.stringify(right ?? []);

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

/** Carries allocated values over when the update leaves them out. In place on `next`. */
export function inheritAllocated(next: Service, old: Service): void {
  if (needsClusterIP(old) && needsClusterIP(next)) {
    if (!next.spec.clusterIP) copyFields(next.spec, old.spec, 'clusterIP');
    if (!next.spec.clusterIPs?.length && next.spec.clusterIP === old.spec.clusterIP) {
      copyFields(next.spec, old.spec, 'clusterIPs');
    }
  }
  if (needsNodePort(old) && needsNodePort(next)) inheritNodePorts(next.spec, old.spec);
  if (needsHealthCheckNodePort(old) && needsHealthCheckNodePort(next)) {
    if (!next.spec.healthCheckNodePort) copyFields(next.spec, old.spec, 'healthCheckNodePort');
  }
}

/** Keeps clusterIP and clusterIPs saying the same after one of them was changed. */
export function normalizeClusterIPs(next: Service, old: Service | undefined): void {
  const { spec } = next;
  if (!old) {
    if (spec.clusterIP && !spec.clusterIPs?.length) spec.clusterIPs = [spec.clusterIP];
    return;
  }
  if (spec.clusterIP === old.spec.clusterIP || !sameList(spec.clusterIPs, old.spec.clusterIPs))
    return;
  if (spec.clusterIP) spec.clusterIPs = [spec.clusterIP];
  else delete spec.clusterIPs;
}

/** Drops what the new type has no use for, if the user did not set it to something new. In place on `next`. */
export function dropTypeDependent(next: Service, old: Service): void {
  if (needsClusterIP(old) && !needsClusterIP(next)) {
    if (sameClusterIPs(next.spec, old.spec)) {
      delete next.spec.clusterIP;
      delete next.spec.clusterIPs;
    }
    dropUnchanged(next.spec, old.spec, 'ipFamilies');
    dropUnchanged(next.spec, old.spec, 'ipFamilyPolicy');
    dropUnchanged(next.spec, old.spec, 'internalTrafficPolicy');
  }
  if (
    needsNodePort(old) &&
    !needsNodePort(next) &&
    sameList(nodePortsOf(next.spec), nodePortsOf(old.spec))
  ) {
    for (const port of next.spec.ports ?? []) delete port.nodePort;
  }
  if (needsHealthCheckNodePort(old) && !needsHealthCheckNodePort(next)) {
    dropUnchanged(next.spec, old.spec, 'healthCheckNodePort');
  }
  if (old.spec.type === 'LoadBalancer' && next.spec.type !== 'LoadBalancer') {
    dropUnchanged(next.spec, old.spec, 'allocateLoadBalancerNodePorts');
    dropUnchanged(next.spec, old.spec, 'loadBalancerClass');
  }
  if (needsExternalTrafficPolicy(old) && !needsExternalTrafficPolicy(next)) {
    dropUnchanged(next.spec, old.spec, 'externalTrafficPolicy');
  }
}

function dropUnchanged(next: ServiceSpec, old: ServiceSpec, field: keyof ServiceSpec): void {
  if (JSON.stringify(next[field]) === JSON.stringify(old[field])) delete next[field];
}
