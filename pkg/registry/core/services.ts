import { defaultService } from '../../apis/core/v1/service-defaults.js';
import { SERVICES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';
import { keepSpec, keepStatus } from '../strategy.js';
import { serviceRow } from './services-row.js';

export interface ServiceRanges {
  /** IPv4 CIDR of cluster IPs: '10.100.0.0/16'. Its first address is the apiserver's own service. */
  serviceClusterIPRange: string;
  /** Inclusive: '30000-32767'. */
  nodePortRange: string;
}

export function services(_ranges: ServiceRanges) {
  return defineResource({
    type: SERVICES,
    storage: 'services/specs',
    defaults: defaultService,
    row: serviceRow,
    selectableFields: {
      'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
      'spec.type': ({ spec }) => spec.type ?? '',
    },
    prepareCreate(service) {
      service.status = { loadBalancer: {} };
    },
    prepareUpdate: keepStatus,
    status: { prepareUpdate: keepSpec },
    allowCreateOnUpdate: true,
  });
}
