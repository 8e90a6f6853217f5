// Warnings about fields of services that are accepted but without effect (upstream
// pkg/api/service/warnings.go). kubectl prints them.
import type { Service } from './types.js';

export function serviceWarnings({ spec }: Service): string[] {
  const warnings: string[] = [];
  if (
    spec.clusterIP === 'None' &&
    spec.sessionAffinity !== undefined &&
    spec.sessionAffinity !== 'None'
  ) {
    warnings.push('spec.SessionAffinity is ignored for headless services');
  }
  if (spec.externalIPs?.length && spec.type === 'ExternalName')
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  return warnings;
}
