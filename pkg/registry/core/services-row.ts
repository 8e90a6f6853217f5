// The table row of a service (upstream printService).
import type { Service } from '../../apis/core/v1/types.js';
import type { Cell } from '../../apiserver/resource/definition.js';
import { age, formatLabels, NONE, orNone, UNKNOWN } from '../cells.js';

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

export function serviceRow(service: Service, now: number): Cell[] {
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
