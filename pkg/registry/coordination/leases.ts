import { validateLease } from '../../apis/coordination/v1/lease.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { LEASES } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const leases = defineResource({
  type: LEASES,
  storage: 'leases',
  name: subdomainName,
  validate: validateLease,
  defaults(lease) {
    lease.spec ??= {};
  },
  row: (lease, now) => [lease.metadata.name, lease.spec.holderIdentity ?? '', age(lease, now)],
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
});
