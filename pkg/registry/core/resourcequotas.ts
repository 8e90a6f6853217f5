import { defaultResourceQuota } from '../../apis/core/v1/defaults.js';
import type { ResourceQuota } from '../../apis/core/v1/types.js';
import {
  validateResourceQuota,
  validateResourceQuotaUpdate,
} from '../../apis/core/v1/validation/quotas.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { RESOURCE_QUOTAS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

/** 'cpu: 1/2, pods: 0/10' for the names that begin with 'limits.', or for the others. */
function usage({ status }: ResourceQuota, limits: boolean): string {
  return Object.keys(status?.hard ?? {})
    .sort()
    .filter((name) => name.startsWith('limits.') === limits)
    .map((name) => `${name}: ${status?.used?.[name] ?? '0'}/${status?.hard?.[name]}`)
    .join(', ');
}

export const resourceQuotas = defineResource({
  type: RESOURCE_QUOTAS,
  storage: 'resourcequotas',
  name: subdomainName,
  defaults: defaultResourceQuota,
  row: (quota, now) => [
    quota.metadata.name,
    age(quota, now),
    usage(quota, false),
    usage(quota, true),
  ],
  prepareCreate(quota) {
    quota.status = {};
  },
  prepareUpdate: keepStatus,
  validate: validateResourceQuota,
  validateUpdate: validateResourceQuotaUpdate,
  status: { ...STATUS_ONLY, validateUpdate: (next) => validateResourceQuota(next) },
});
