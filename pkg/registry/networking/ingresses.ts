import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultIngress,
  ingressWarnings,
  validateIngress,
  validateIngressStatus,
  validateNewIngress,
} from '../../apis/networking/v1/networking.js';
import type { Ingress } from '../../apis/networking/v1/types.js';
import { INGRESSES } from '../../apis/resource-types.js';
import { age, firstFew, NONE } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

function hosts({ spec }: Ingress): string {
  return firstFew((spec.rules ?? []).map(({ host }) => host ?? '').filter(Boolean)) || '*';
}

function addresses({ status }: Ingress): string {
  return (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter(Boolean)
    .join(',');
}

export const ingresses = defineResource({
  type: INGRESSES,
  storage: 'ingress',
  name: subdomainName,
  defaults: defaultIngress,
  row: (ingress, now) => [
    ingress.metadata.name,
    ingress.spec.ingressClassName ?? NONE,
    hosts(ingress),
    addresses(ingress),
    ingress.spec.tls?.length ? '80, 443' : '80',
    age(ingress, now),
  ],
  prepareCreate(ingress) {
    ingress.status = { loadBalancer: {} };
  },
  prepareUpdate: keepStatus,
  validate: validateIngress,
  validateCreate: validateNewIngress,
  warnings: ingressWarnings,
  generation: true,
  status: { ...STATUS_ONLY, validateUpdate: validateIngressStatus },
});
