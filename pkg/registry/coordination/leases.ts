import { validateLease } from '../../apis/coordination/v1/lease.js';
import { LEASES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';

export const leases = defineResource({
  type: LEASES,
  validate: validateLease,
  defaults(lease) {
    lease.spec ??= {};
  },
  cells: (lease) => [lease.spec.holderIdentity ?? ''],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
});
