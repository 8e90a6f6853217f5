// Defaults of services (upstream SetDefaults_Service). Allocation chooses families and cluster IPs,
// because they depend on the cluster's ranges.
import type { Service } from './types.js';

const CLIENT_IP_AFFINITY_SECONDS = 10_800;
const CLUSTER_TYPES = new Set(['ClusterIP', 'NodePort', 'LoadBalancer']);

/** True for services that are reachable from outside and so have an external traffic policy. */
export function externallyAccessible(service: Service): boolean {
  const { type, externalIPs } = service.spec;
  return (
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && (externalIPs?.length ?? 0) > 0)
  );
}

export function defaultService(service: Service): void {
  const spec = (service.spec ??= {});
  service.status ??= {};
  service.status.loadBalancer ??= {};
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (
    spec.sessionAffinity === 'ClientIP' &&
    spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined
  )
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: CLIENT_IP_AFFINITY_SECONDS } };
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port;
  }
  if (externallyAccessible(service)) spec.externalTrafficPolicy ||= 'Cluster';
  if (CLUSTER_TYPES.has(spec.type)) spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type !== 'LoadBalancer') return;
  spec.allocateLoadBalancerNodePorts ??= true;
  for (const ingress of service.status.loadBalancer.ingress ?? []) {
    if (ingress.ip) ingress.ipMode ??= 'VIP';
  }
}
