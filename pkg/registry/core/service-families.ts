// IP families of services and their order. They follow from the families and addresses in the spec,
// the family policy and the cluster's ranges (upstream service/storage/alloc.go
// initIPFamilyFields).
// Invariant: without an error, spec.ipFamilies has one or two families, each with a range in this
// cluster. Headless services without a selector may name any family.
import { type FieldError, fieldErrors } from '../../apimachinery/errors/status-error.js';
import type { Service, ServiceSpec } from '../../apis/core/v1/types.js';
import { validateClusterIPs } from '../../apis/core/v1/validation/service-ips.js';
import { HEADLESS } from './service-needs.js';

const { invalid } = fieldErrors;

export type IPFamily = 'IPv4' | 'IPv6';

export const familyOf = (ip: string): IPFamily => (ip.includes(':') ? 'IPv6' : 'IPv4');
const otherThan = (family: string | undefined): IPFamily => (family === 'IPv4' ? 'IPv6' : 'IPv4');

const POLICY = 'spec.ipFamilyPolicy';

export const sameList = (left: readonly string[] = [], right: readonly string[] = []): boolean =>
  left.length === right.length && left.every((value, index) => value === right[index]);

/**
 * An absent list means that the user leaves the choice to the server; it does not count as shorter.
 */
const isReduced = (next: readonly string[] = [], old: readonly string[] = []): boolean =>
  next.length > 0 && next.length < old.length;

/**
 * True when a PreferDualStack service keeps its addresses and families. Such a service stays as it
 * is, even when the cluster has gained or lost a family since.
 */
export function keepsPreferredStack(service: Service, old: Service | undefined): boolean {
  const [next, before] = [service.spec, old?.spec];
  if (
    !before ||
    next.ipFamilyPolicy !== 'PreferDualStack' ||
    next.type !== before.type ||
    next.type === 'ExternalName'
  )
    return false;
  if (before.ipFamilyPolicy !== undefined && before.ipFamilyPolicy !== 'PreferDualStack')
    return false;
  return (
    sameList(next.clusterIPs, before.clusterIPs) && sameList(next.ipFamilies, before.ipFamilies)
  );
}

const isBareHeadless = ({ clusterIP, selector }: ServiceSpec): boolean =>
  clusterIP === HEADLESS && !Object.keys(selector ?? {}).length;

const defaultPolicy = (spec: ServiceSpec, old: ServiceSpec | undefined): string =>
  old?.ipFamilyPolicy ?? (isBareHeadless(spec) ? 'RequireDualStack' : 'SingleStack');

/**
 * A change to SingleStack releases the second address and family, unless the user also changed the
 * lists.
 */
function downgrade(spec: ServiceSpec, old: ServiceSpec): FieldError[] {
  if (spec.ipFamilyPolicy === 'SingleStack') {
    if (sameList(spec.clusterIPs, old.clusterIPs) && spec.clusterIPs)
      spec.clusterIPs = spec.clusterIPs.slice(0, 1);
    if (sameList(spec.ipFamilies, old.ipFamilies) && spec.ipFamilies)
      spec.ipFamilies = spec.ipFamilies.slice(0, 1);
    return [];
  }
  const complain = (what: string) =>
    invalid(POLICY, spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`);
  return [
    ...(isReduced(spec.clusterIPs, old.clusterIPs) ? [complain('cluster IP')] : []),
    ...(isReduced(spec.ipFamilies, old.ipFamilies) ? [complain('IP family')] : []),
  ];
}

function checkSingleStack({ clusterIPs, ipFamilies, ipFamilyPolicy }: ServiceSpec): FieldError[] {
  if (ipFamilyPolicy !== 'SingleStack') return [];
  const complain = (what: string) =>
    invalid(
      POLICY,
      ipFamilyPolicy,
      `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
    );
  return [
    ...(clusterIPs?.length === 2 ? [complain('cluster IPs')] : []),
    ...(ipFamilies?.length === 2 ? [complain('IP families')] : []),
  ];
}

/** Derives the families that the user left out from the addresses in the spec. */
function inferFromIPs(spec: ServiceSpec, configured: readonly IPFamily[]): FieldError[] {
  const ips = spec.clusterIPs ?? [];
  if (ips[0] === HEADLESS) return [];
  const errors: FieldError[] = [];
  for (const [index, ip] of ips.entries()) {
    if (index < (spec.ipFamilies?.length ?? 0)) continue;
    const family = familyOf(ip);
    if (configured.includes(family)) spec.ipFamilies = [...(spec.ipFamilies ?? []), family];
    else
      errors.push(
        invalid(`spec.clusterIPs[${index}]`, ips, `${family} is not configured on this cluster`),
      );
  }
  return errors;
}

function checkConfigured(spec: ServiceSpec, configured: readonly IPFamily[]): FieldError[] {
  const errors: FieldError[] = [];
  if (spec.ipFamilyPolicy === 'RequireDualStack' && configured.length < 2)
    errors.push(
      invalid(
        POLICY,
        spec.ipFamilyPolicy,
        'this cluster is not configured for dual-stack services',
      ),
    );
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    if ((configured as readonly string[]).includes(family)) continue;
    errors.push(invalid(`spec.ipFamilies[${index}]`, family, 'not configured on this cluster'));
  }
  return errors;
}

/**
 * Sets policy and families of a service that has a cluster IP or is headless, in place.
 * `configured` are the families of the cluster's ranges; the first is the default.
 */
export function chooseFamilies(
  service: Service,
  old: Service | undefined,
  configured: readonly IPFamily[],
): FieldError[] {
  const { spec } = service;
  if (keepsPreferredStack(service, old)) return [];
  spec.ipFamilyPolicy ??= defaultPolicy(spec, old?.spec);
  const unreadable = validateClusterIPs(spec);
  if (unreadable.length) return unreadable;
  const errors = old ? downgrade(spec, old.spec) : [];
  errors.push(...checkSingleStack(spec), ...inferFromIPs(spec, configured));
  if (errors.length) return errors;
  const bare = isBareHeadless(spec);
  if (!bare) errors.push(...checkConfigured(spec, configured));
  if (errors.length) return errors;
  const families = spec.ipFamilies?.length ? spec.ipFamilies : [configured[0] ?? 'IPv4'];
  const wantsBoth =
    spec.ipFamilyPolicy !== 'SingleStack' &&
    families.length === 1 &&
    (bare || configured.length === 2);
  spec.ipFamilies = wantsBoth ? [...families, otherThan(families[0])] : families;
  return [];
}
