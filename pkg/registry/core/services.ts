// Services. Cluster IPs and node ports are allocated by service-allocation.ts.
import { defaultService } from '../../apis/core/v1/service-defaults.js';
import { validateService, validateServiceUpdate } from '../../apis/core/v1/validation/service.js';
import { label1035Name } from '../../apis/meta/v1/object-meta.js';
import { serviceWarnings } from '../../apis/core/v1/warnings.js';
import type { Service } from '../../apis/core/v1/types.js';
import { SERVICES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';
import { keepStatus } from '../strategy.js';
import { allocateService, reservationConflict, reservationsOf } from './service-allocation.js';
import { parseServiceRanges, type ServiceRanges } from './service-ranges.js';
import { serviceRow } from './services-row.js';
import { dropTypeDependent, inheritAllocated, normalizeClusterIPs } from './service-update.js';

/** A stored service from before clusterIPs existed, with that field. */
function withIPs(old: Service): Service {
  const { clusterIP, clusterIPs, type } = old.spec;
  return clusterIP && !clusterIPs?.length
    ? { ...old, spec: { ...old.spec, type: type || 'ClusterIP', clusterIPs: [clusterIP] } }
    : old;
}

export function services(options: ServiceRanges) {
  const ranges = parseServiceRanges(options);
  return defineResource({
    type: SERVICES,
    storage: 'services/specs',
    name: label1035Name,
    defaults: defaultService,
    row: serviceRow,
    selectableFields: {
      'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
      'spec.type': ({ spec }) => spec.type ?? '',
    },
    prepareCreate(service) {
      service.status = { loadBalancer: {} };
      normalizeClusterIPs(service, undefined);
    },
    prepareUpdate(next, stored) {
      const old = withIPs(stored);
      keepStatus(next, old);
      inheritAllocated(next, old);
      normalizeClusterIPs(next, old);
      dropTypeDependent(next, old);
    },
    validate: validateService,
    warnings: serviceWarnings,
    validateUpdate: (next, old) => validateServiceUpdate(next, withIPs(old)),
    status: {},
    allowCreateOnUpdate: true,
    reservations: (service) => reservationsOf(service, ranges),
    reservationConflict: (service, reservation) =>
      reservationConflict(service, reservation, ranges),
    allocate: (service, old, context) =>
      allocateService(service, old && withIPs(old), ranges, context),
  });
}
