// Validation of cluster IPs, IP families and the family policy of services (upstream
// ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngradeClusterIPs and ...IPFamilies).
// The allocator checks that the cluster has the families (pkg/registry/core/service-families.ts).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { goStrings, shownAs } from '../../../meta/v1/go-value.js';
import type { Service, ServiceSpec } from '../types.js';
import { each, optionalOneOf, unique, validIp } from './fields.js';

const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const MAX_CLUSTER_IPS = 2;
const IPS = 'spec.clusterIPs';
const POLICY = 'spec.ipFamilyPolicy';
const FIXED = 'may not change once set';

export const hasHeadlessIPs = ({ clusterIPs }: ServiceSpec): boolean =>
  clusterIPs?.length === 1 && clusterIPs[0] === 'None';

function goFamilies(families: readonly string[] | undefined) {
  const list = families?.map((family) => JSON.stringify(family)).join(', ');
  return shownAs(`[]core.IPFamily${list === undefined ? '(nil)' : `{${list}}`}`);
}

/** clusterIP must be the first of clusterIPs: older clients know clusterIP only. */
function validateLink({ clusterIP, clusterIPs: ips = [] }: ServiceSpec): FieldError[] {
  if (clusterIP && !ips.length) return [fieldErrors.required(IPS)];
  const detail = clusterIP
    ? 'first value must match `clusterIP`'
    : 'must be empty when `clusterIP` is not specified';
  return fieldErrors.unless(ips[0] === (clusterIP || undefined)).invalid(IPS, ips, detail);
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldError[] {
  const seen = new Set<string>();
  return [
    ...each(ipFamilies, 'spec.ipFamilies', (family, at) => [
      ...optionalOneOf(family, FAMILIES, at),
      ...unique(family, seen, at),
    ]),
    ...optionalOneOf(ipFamilyPolicy, FAMILY_POLICIES, POLICY),
  ];
}

/** True when no family has two addresses. */
export function isOnePerFamily(ips: readonly string[]): boolean {
  const families = ips.map((ip) => ip.includes(':'));
  return new Set(families).size === families.length;
}

function validateIPs(ips: readonly string[]): { errors: FieldError[]; readable: boolean } {
  const errors = each(ips, IPS, (ip, at, index) =>
    index > 0 || ip !== 'None'
      ? validIp(ip, at)
      : fieldErrors
          .when(ips.length > 1)
          .invalid(IPS, ips, "'None' must be the first and only value"),
  );
  const readable = errors.length === 0;
  if (ips.length > MAX_CLUSTER_IPS)
    errors.push(fieldErrors.invalid(IPS, ips, 'may only hold up to 2 values'));
  return { errors, readable };
}

/**
 * Checks the fields of one object against each other. Allocation calls it before it chooses values.
 */
export function validateClusterIPs(spec: ServiceSpec): FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const ips = spec.clusterIPs ?? [];
  const { errors: bad, readable } = validateIPs(ips);
  const errors = [...validateLink(spec), ...validateFamilies(spec), ...bad];
  if (!readable) return errors;
  const detail = 'may specify no more than one IP for each IP family';
  errors.push(...fieldErrors.unless(isOnePerFamily(ips)).invalid(IPS, ips, detail));
  if (hasHeadlessIPs(spec)) return errors;
  const misplaced = each(ips, IPS, (ip, at, index) => {
    const family = spec.ipFamilies?.[index] ?? '';
    const fits = !FAMILIES.includes(family) || (family === 'IPv6') === ip.includes(':');
    return fieldErrors
      .unless(fits)
      .invalid(at, ip, `expected an ${family} value as indicated by \`ipFamilies[${index}]\``);
  });
  return [...errors, ...misplaced];
}

function validateIPsUpdate(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  const [now, before] = [next.clusterIPs ?? [], old.clusterIPs ?? []];
  const complain = (index: number, detail: string): FieldError =>
    fieldErrors.invalid(`${IPS}[${index}]`, goStrings(next.clusterIPs), detail);
  if (now.length === before.length)
    return before.flatMap((ip, index) => (ip === now[index] ? [] : [complain(index, FIXED)]));
  const errors: FieldError[] = [];
  if (!now.length) errors.push(complain(0, 'primary clusterIP can not be unset'));
  else if (before.length && now[0] !== before[0]) errors.push(complain(0, FIXED));
  return [...errors, ...validateRelease(next, now.length, before.length, 'clusterIP')];
}

/** Only a policy for one stack lets the second address and family go. */
function validateRelease(
  { ipFamilyPolicy }: ServiceSpec,
  count: number,
  before: number,
  what: 'clusterIP' | 'ipFamily',
): FieldError[] {
  const detail = `must be set to 'SingleStack' when releasing the secondary ${what}`;
  return fieldErrors
    .when(count === 1 && before > 1 && ipFamilyPolicy !== 'SingleStack')
    .invalid(POLICY, ipFamilyPolicy, detail);
}

function validateFamiliesUpdate(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  const [now, before] = [next.ipFamilies ?? [], old.ipFamilies ?? []];
  const first = 'spec.ipFamilies[0]';
  const shown = goFamilies(next.ipFamilies);
  if (now.length === before.length)
    return before.flatMap((family, index) =>
      fieldErrors.unless(family === now[index]).invalid(first, shown, FIXED),
    );
  return [
    ...fieldErrors
      .when(now.length < before.length && !next.clusterIPs?.length)
      .invalid(first, shown, 'primary ipFamily can not be unset'),
    ...fieldErrors
      .when(now.length && before.length && now[0] !== before[0])
      .invalid(first, goStrings(next.clusterIPs), FIXED),
    ...validateRelease(next, now.length, before.length, 'ipFamily'),
  ];
}

/** Services of an unknown type have lost their addresses, and validation refuses them anyway. */
const hasOwnIPs = ({ type = '' }: ServiceSpec): boolean =>
  ['ClusterIP', 'LoadBalancer', 'NodePort'].includes(type);

/** The first address and family may not change; the policy adds or removes the second. */
export function validateClusterIPsUpdate(
  { spec: next }: Service,
  { spec: old }: Service,
): FieldError[] {
  if (!hasOwnIPs(next) || !hasOwnIPs(old)) return [];
  const [headless, wasHeadless] = [hasHeadlessIPs(next), hasHeadlessIPs(old)];
  return [
    ...(headless && wasHeadless ? [] : validateIPsUpdate(next, old)),
    ...(headless || wasHeadless ? [] : validateFamiliesUpdate(next, old)),
  ];
}
