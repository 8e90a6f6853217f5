import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import {
  validateIngressClass,
  validateIngressClassUpdate,
} from '../../apis/networking/v1/networking.js';
import type { IngressClass } from '../../apis/networking/v1/types.js';
import { INGRESS_CLASSES } from '../../apis/resource-types.js';
import { age, NONE } from '../cells.js';
import { defineResource } from '../define.js';

function parametersText({ spec }: IngressClass): string {
  const { parameters } = spec;
  if (!parameters) return NONE;
  return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`;
}

export const ingressClasses = defineResource({
  type: INGRESS_CLASSES,
  storage: 'ingressclasses',
  name: subdomainName,
  defaults(ingressClass) {
    ingressClass.spec ??= {};
    if (ingressClass.spec.parameters) ingressClass.spec.parameters.scope ??= 'Cluster';
  },
  row: (ingressClass, now) => [
    ingressClass.metadata.name,
    ingressClass.spec.controller ?? '',
    parametersText(ingressClass),
    age(ingressClass, now),
  ],
  validate: validateIngressClass,
  validateUpdate: validateIngressClassUpdate,
  generation: true,
});
