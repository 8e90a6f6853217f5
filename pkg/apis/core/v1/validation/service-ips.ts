// Validation of cluster IPs, IP families and the family policy of services (upstream
// ValidateServiceClusterIPsRelatedFields, validateUpgradeDowngradeClusterIPs and ...IPFamilies).
// The allocator checks that the cluster has the families (pkg/registry/core/service-families.ts).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { goStrings, invalidText } from '../../../meta/v1/go-value.js';
import type { Service, ServiceSpec } from '../types.js';
import { optionalOneOf, validIp } from './fields.js';

const FAMILIES = ['IPv4', 'IPv6'];
const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const MAX_CLUSTER_IPS = 2;
const IPS = 'spec.clusterIPs';
const POLICY = 'spec.ipFamilyPolicy';
const FIXED = 'may not change once set';

export const hasHeadlessIPs = ({ clusterIPs }: ServiceSpec): boolean =>
  clusterIPs?.length === 1 && clusterIPs[0] === 'None';

function goFamilies(families: readonly string[] | undefined): string {
  return families
    ? `[]core.IPFamily{${families.map((family) => JSON.stringify(family)).join(', ')}}`
    : '[]core.IPFamily(nil)';
}

/** clusterIP must be the first of clusterIPs: older clients know clusterIP only. */
function validateLink({ clusterIP, clusterIPs: ips = [] }: ServiceSpec): FieldError[] {
  if (!clusterIP)
    return ips.length
      ? [invalidText(IPS, goStrings(ips), 'must be empty when `clusterIP` is not specified')]
      : [];
  if (!ips.length) return [fieldErrors.required(IPS)];
  return ips[0] === clusterIP
    ? []
    : [invalidText(IPS, goStrings(ips), 'first value must match `clusterIP`')];
}

function validateFamilies({ ipFamilies = [], ipFamilyPolicy }: ServiceSpec): FieldError[] {
  const errors = ipFamilies.flatMap((family, index) => {
    const field = `spec.ipFamilies[${index}]`;
    const repeated =
      ipFamilies.indexOf(family) < index ? [fieldErrors.duplicate(field, family)] : [];
    return [...optionalOneOf(family, FAMILIES, field), ...repeated];
  });
  return [...errors, ...optionalOneOf(ipFamilyPolicy, FAMILY_POLICIES, POLICY)];
}

/** True when no family has two addresses. */
export function isOnePerFamily(ips: readonly string[]): boolean {
  const families = ips.map((ip) => ip.includes(':'));
  return new Set(families).size === families.length;
}

function validateIPs(ips: readonly string[]): { errors: FieldError[]; readable: boolean } {
  const errors = ips.flatMap((ip, index) => {
    if (index > 0 || ip !== 'None') return validIp(ip, `${IPS}[${index}]`);
    return ips.length > 1
      ? [invalidText(IPS, goStrings(ips), "'None' must be the first and only value")]
      : [];
  });
  const readable = errors.length === 0;
  if (ips.length > MAX_CLUSTER_IPS)
    errors.push(invalidText(IPS, goStrings(ips), 'may only hold up to 2 values'));
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
  if (!isOnePerFamily(ips))
    errors.push(
      invalidText(IPS, goStrings(ips), 'may specify no more than one IP for each IP family'),
    );
  if (hasHeadlessIPs(spec)) return errors;
  for (const [index, ip] of ips.entries()) {
    const family = spec.ipFamilies?.[index];
    if (!family || !FAMILIES.includes(family) || (family === 'IPv6') === ip.includes(':')) continue;
    const article = `an ${family}`;
    errors.push(
      fieldErrors.invalid(
        `${IPS}[${index}]`,
        ip,
        `expected ${article} value as indicated by \`ipFamilies[${index}]\``,
      ),
    );
  }
  return errors;
}

function validateIPsUpdate(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  const [now, before] = [next.clusterIPs ?? [], old.clusterIPs ?? []];
  const fixed = (index: number) =>
    invalidText(`${IPS}[${index}]`, goStrings(next.clusterIPs), FIXED);
  if (now.length === before.length)
    return before.flatMap((ip, index) => (ip === now[index] ? [] : [fixed(index)]));
  const errors: FieldError[] = [];
  if (!now.length)
    errors.push(
      invalidText(`${IPS}[0]`, goStrings(next.clusterIPs), 'primary clusterIP can not be unset'),
    );
  else if (before.length && now[0] !== before[0]) errors.push(fixed(0));
  if (now.length === 1 && before.length > 1 && next.ipFamilyPolicy !== 'SingleStack') {
    errors.push(
      fieldErrors.invalid(
        POLICY,
        next.ipFamilyPolicy ?? null,
        "must be set to 'SingleStack' when releasing the secondary clusterIP",
      ),
    );
  }
  return errors;
}

function validateFamiliesUpdate(next: ServiceSpec, old: ServiceSpec): FieldError[] {
  const [now, before] = [next.ipFamilies ?? [], old.ipFamilies ?? []];
  const first = 'spec.ipFamilies[0]';
  if (now.length === before.length) {
    return before.flatMap((family, index) =>
      family === now[index] ? [] : [invalidText(first, goFamilies(next.ipFamilies), FIXED)],
    );
  }
  const errors: FieldError[] = [];
  if (now.length < before.length && !next.clusterIPs?.length) {
    errors.push(
      invalidText(first, goFamilies(next.ipFamilies), 'primary ipFamily can not be unset'),
    );
  }
  if (now.length && before.length && now[0] !== before[0])
    errors.push(invalidText(first, goStrings(next.clusterIPs), FIXED));
  if (now.length === 1 && before.length > 1 && next.ipFamilyPolicy !== 'SingleStack') {
    errors.push(
      fieldErrors.invalid(
        POLICY,
        next.ipFamilyPolicy ?? null,
        "must be set to 'SingleStack' when releasing the secondary ipFamily",
      ),
    );
  }
  return errors;
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
