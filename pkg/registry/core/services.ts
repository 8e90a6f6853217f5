// Services. Cluster IPs and node ports are allocated by service-allocation.ts.
import { age, formatLabels, NONE, orNone, UNKNOWN } from '../cells.js';
import type { Cell } from '../../apiserver/resource/definition.js';
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
import { dropTypeDependent, inheritAllocated, normalizeClusterIPs } from './service-update.js';

function externalIP({ spec, status }: Service): string {
  const own = spec.externalIPs ?? [];
  if (spec.type === 'ExternalName') return spec.externalName ?? '';
  if (spec.type === 'ClusterIP' || spec.type === 'NodePort') return orNone(own.join(','));
  if (spec.type !== 'LoadBalancer') return UNKNOWN;
  const given = (status?.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter(Boolean);
  return [...given, ...own].join(',') || '<pending>';
}

function portsText({ spec }: Service): string {
  const ports = (spec.ports ?? []).map(({ port, nodePort, protocol }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.join(',') || NONE;
}

function serviceRow(service: Service, now: number): Cell[] {
  const { spec } = service;
  return [
    service.metadata.name,
    spec.type ?? '',
    orNone(spec.clusterIPs?.[0] ?? spec.clusterIP),
    externalIP(service),
    portsText(service),
    age(service, now),
    formatLabels(spec.selector),
  ];
}

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
