import { formatLabelSelector } from '../../apimachinery/labels/selector.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultNetworkPolicy,
  validateNetworkPolicy,
} from '../../apis/networking/v1/networking.js';
import { NETWORK_POLICIES } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const networkPolicies = defineResource({
  type: NETWORK_POLICIES,
  storage: 'networkpolicies',
  name: subdomainName,
  defaults: defaultNetworkPolicy,
  row: (policy, now) => [
    policy.metadata.name,
    formatLabelSelector(policy.spec.podSelector),
    age(policy, now),
  ],
  validatesTwice: 'spec',
  validate: validateNetworkPolicy,
  generation: true,
});
