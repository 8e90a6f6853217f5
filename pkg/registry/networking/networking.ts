// The resources of the group networking.k8s.io.
import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import {
  defaultIngress,
  defaultNetworkPolicy,
  ingressWarnings,
  validateIngress,
  validateIngressClass,
  validateIngressClassUpdate,
  validateIngressStatus,
  validateNetworkPolicy,
  validateNewIngress,
} from '../../apis/networking/v1/networking.js';
import type { Ingress, IngressClass } from '../../apis/networking/v1/types.js';
import { INGRESS_CLASSES, INGRESSES, NETWORK_POLICIES } from '../../apis/resource-types.js';
import { firstFew, NONE } from '../cells.js';
import { defineResource } from '../define.js';

function parametersText({ spec }: IngressClass): string {
  const { parameters } = spec;
  if (!parameters) return NONE;
  return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
}

export const ingressClasses = defineResource({
  type: INGRESS_CLASSES,
  defaults(ingressClass) {
    ingressClass.spec ??= {};
    if (ingressClass.spec.parameters) ingressClass.spec.parameters.scope ??= 'Cluster';
  },
  cells: (ingressClass) => [ingressClass.spec.controller ?? '', parametersText(ingressClass)],
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  generation: true,
});

const hosts = ({ spec }: Ingress): string =>
  firstFew((spec.rules ?? []).map(({ host }) => host ?? '').filter(Boolean)) || '*';

const addresses = ({ status }: Ingress): string =>
  (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter(Boolean)
    .join(',');

export const ingresses = defineResource({
  type: INGRESSES,
  storage: 'ingress',
  defaults: defaultIngress,
  cells: (ingress) => [
    ingress.spec.ingressClassName ?? NONE,
    hosts(ingress),
    addresses(ingress),
    ingress.spec.tls?.length ? '80, 443' : '80',
  ],
  freshStatus: () => ({ loadBalancer: {} }),
  validate: validateIngress,
  validateCreate: validateNewIngress,
  warnings: ingressWarnings,
  generation: true,
  status: { validateUpdate: validateIngressStatus },
});

export const networkPolicies = defineResource({
  type: NETWORK_POLICIES,
  defaults: defaultNetworkPolicy,
  cells: (policy) => [formatLabelSelector(policy.spec.podSelector)],
  validatesTwice: 'spec',
  validate: validateNetworkPolicy,
  generation: true,
});
