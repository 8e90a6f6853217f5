// Warnings about fields that are accepted but without effect or deprecated (upstream warnings.go of
// pkg/api/service, persistentvolume, persistentvolumeclaim, storage and node). kubectl prints them.
// pod-warnings.ts has those of pods.
import { formatIp, parseCidr, parseIp } from '../../../util/netaddr/ip.js';
import { movedLabel, nodeSelectorTermWarnings } from './node-label-warnings.js';
import type {
  Node,
  PersistentVolume,
  PersistentVolumeSpec,
  Service,
  ServiceAccount,
} from './types.js';
import { OLD_SOURCES, OLD_VOLUME_ANNOTATIONS } from './facts.generated.js';
import { each } from './validation/fields.js';

/** Why Go's netip refuses an address without colons; undefined when it does not (ParseAddr). */
function ipv4Problem(text: string): string | undefined {
  if (!text.includes('.')) return 'unable to parse IP';
  const at = (index: number): string => ` (at ${JSON.stringify(text.slice(index))})`;
  let [value, digits, fields] = [0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    const c = text[index]!;
    if (c >= '0' && c <= '9') {
      if (digits === 1 && value === 0) return 'IPv4 field has octet with leading zero';
      value = value * 10 + Number(c);
      digits++;
      if (value > 255) return 'IPv4 field has value >255';
    } else if (c === '.') {
      if (!digits || index === text.length - 1)
        return `IPv4 field must have at least one digit${at(index)}`;
      if (fields === 3) return 'IPv4 address too long';
      fields++;
      [value, digits] = [0, 0];
    } else return `unexpected character${at(index)}`;
  }
  return fields < 3 ? 'IPv4 address too short' : undefined;
}

function ipWarnings(text: string | undefined, path: string): string[] {
  if (!text || text === 'None') return [];
  const ip = parseIp(text);
  if (ip) return canonicalWarnings(ip.family, 'address', text, formatIp(ip), path);
  const problem = text.includes(':') ? 'unable to parse IP' : ipv4Problem(text);
  return [
    `${path}: IP address was accepted, but will be invalid in a future Kubernetes release: ParseAddr(${JSON.stringify(text)}): ${problem}`,
  ];
}

function canonicalWarnings(
  family: 4 | 6,
  what: 'address' | 'prefix',
  text: string,
  canonical: string,
  path: string,
): string[] {
  if (family === 4 || canonical === text) return [];
  return [
    `${path}: IPv6 ${what} ${JSON.stringify(text)} is not in RFC 5952 canonical format (${JSON.stringify(canonical)}), which may cause controller apply-loops`,
  ];
}

function cidrWarnings(text: string, path: string): string[] {
  const cidr = parseCidr(text);
  if (!cidr) return [];
  const canonical = `${formatIp(cidr.address)}/${cidr.prefixLength}`;
  return canonicalWarnings(cidr.address.family, 'prefix', text, canonical, path);
}

const warnOf = (isDue: unknown, text: string): string[] => (isDue ? [text] : []);

const OLD_HINTS = 'service.kubernetes.io/topology-aware-hints';

function headlessWarnings({ spec }: Service): string[] {
  if (spec.type !== 'ClusterIP' || spec.clusterIP !== 'None') return [];
  const ignored = [
    ...(spec.loadBalancerIP ? ['loadBalancerIP'] : []),
    ...(spec.externalIPs?.length ? ['externalIPs'] : []),
    ...((spec.sessionAffinity ?? 'None') === 'None' ? [] : ['SessionAffinity']),
  ];
  return ignored.map((field) => `spec.${field} is ignored for headless services`);
}

export function serviceWarnings(service: Service): string[] {
  const { metadata, spec } = service;
  const external = spec.type === 'ExternalName';
  const ignored = (field: string, when: string): string =>
    `spec.${field} is ignored when spec.type is ${when}"ExternalName"`;
  return [
    ...warnOf(
      metadata.annotations?.[OLD_HINTS] !== undefined,
      `annotation ${OLD_HINTS} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ),
    ...each(spec.clusterIPs, 'spec.clusterIPs', ipWarnings),
    ...headlessWarnings(service),
    ...each(spec.externalIPs, 'spec.externalIPs', ipWarnings),
    ...ipWarnings(spec.loadBalancerIP, 'spec.loadBalancerIP'),
    ...each(spec.loadBalancerSourceRanges, 'spec.loadBalancerSourceRanges', cidrWarnings),
    ...warnOf(external && spec.externalIPs?.length, ignored('externalIPs', '')),
    ...warnOf(!external && spec.externalName, ignored('externalName', 'not ')),
  ];
}

export function persistentVolumeWarnings({ metadata, spec }: PersistentVolume): string[] {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return [
    ...Object.entries(OLD_VOLUME_ANNOTATIONS).flatMap(([key, text]) =>
      metadata.annotations?.[key] === undefined ? [] : [`metadata.annotations[${key}]: ${text}`],
    ),
    ...warnOf(
      spec.persistentVolumeReclaimPolicy === 'Recycle',
      'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
    ),
    ...each(terms, 'spec.nodeAffinity.required.nodeSelectorTerms', (term, at) =>
      nodeSelectorTermWarnings(term, false, at),
    ),
    ...Object.entries(OLD_SOURCES).flatMap(([field, text]) =>
      spec[field as keyof PersistentVolumeSpec] === undefined ? [] : [`spec.${field}: ${text}`],
    ),
  ];
}

export function nodeWarnings({ spec }: Node): string[] {
  return [
    ...warnOf(spec.configSource, 'spec.configSource: the feature is removed'),
    ...warnOf(
      spec.externalID,
      'spec.externalID: this field is deprecated, and is unused by Kubernetes',
    ),
  ];
}

/** Labels of a selector that have other names by now: 'PATH: deprecated since ...'. */
export const movedLabelWarnings = (
  labels: readonly (readonly [key: string, path: string])[],
): string[] =>
  labels.flatMap(([key, path]) => {
    const moved = movedLabel(key);
    return moved === undefined ? [] : [`${path}: ${moved}`];
  });

const MOUNTABLE = 'kubernetes.io/enforce-mountable-secrets';

/** Once for each account: an update of an annotated account says nothing. */
export function serviceAccountWarnings(account: ServiceAccount, old?: ServiceAccount): string[] {
  const has = (object: ServiceAccount | undefined): boolean =>
    object?.metadata.annotations?.[MOUNTABLE] !== undefined;
  return warnOf(
    has(account) && !has(old),
    `metadata.annotations[${MOUNTABLE}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
  );
}
