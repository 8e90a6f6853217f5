import { validateLease } from '../../apis/coordination/v1/lease.js';
import { LEASES } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const leases = defineResource({
  type: LEASES,
  validate: validateLease,
  defaults(lease) {
    lease.spec ??= {};
  },
  row: (lease, now) => [lease.metadata.name, lease.spec.holderIdentity ?? '', age(lease, now)],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
});
