// Predicates: the fields that a service of a given type has (upstream pkg/registry/core/service).
import { externallyAccessible } from '../../apis/core/v1/service-defaults.js';
import type { Service } from '../../apis/core/v1/types.js';

export const HEADLESS = 'None';

export function needsClusterIP({ spec }: Service): boolean {
  return spec.type === 'ClusterIP' || spec.type === 'NodePort' || spec.type === 'LoadBalancer';
}

export function isHeadless({ spec }: Service): boolean {
  return spec.clusterIP === HEADLESS || spec.clusterIPs?.[0] === HEADLESS;
}

export function needsNodePort({ spec }: Service): boolean {
  return (
    spec.type === 'NodePort' ||
    (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false)
  );
}

export function needsHealthCheckNodePort({ spec }: Service): boolean {
  return spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';
}

export const needsExternalTrafficPolicy = externallyAccessible;
