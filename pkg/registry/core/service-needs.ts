// Predicates: the fields that a service of a given type has (upstream pkg/registry/core/service).
import { externallyAccessible } from '../../apis/core/v1/service-defaults.js';
import type { Service } from '../../apis/core/v1/types.js';

export const HEADLESS = 'None';

export const needsClusterIP = ({ spec }: Service): boolean =>
  spec.type === 'ClusterIP' || spec.type === 'NodePort' || spec.type === 'LoadBalancer';

export const isHeadless = ({ spec }: Service): boolean =>
  spec.clusterIP === HEADLESS || spec.clusterIPs?.[0] === HEADLESS;

export const needsNodePort = ({ spec }: Service): boolean =>
  spec.type === 'NodePort' ||
  (spec.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false);

export const needsHealthCheckNodePort = ({ spec }: Service): boolean =>
  spec.type === 'LoadBalancer' && spec.externalTrafficPolicy === 'Local';

export const needsExternalTrafficPolicy = externallyAccessible;
