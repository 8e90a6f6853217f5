// Specs as upstream's internal Go types (pkg/apis/core/types.go, v1.32), for texts that show how
// two specs differ. Field order and names, which go-structs.yaml has, are part of those texts.
import { tryParseQuantity } from '../../../apimachinery/quantity/quantity.js';
import type {
  LabelSelector,
  LabelSelectorRequirement,
  ObjectMeta,
} from '../../../apimachinery/meta/types.js';
import { goDiff } from '../../../util/go-diff/go-diff.js';
import { GO_STRUCTS } from './go-structs.generated.js';
import type { GoField, GoType, GoValue } from '../../../util/go-diff/go-types.js';
import type { PersistentVolumeClaimTemplate, PodSpec } from './types.js';

const META = new Set(['LabelSelector', 'LabelSelectorRequirement', 'ObjectMeta']);
const STRING: GoType = { kind: 'string', name: 'string' };
const INT: GoType = { kind: 'int', name: 'int64' };
const member = (name: string, type: GoType, read: GoField['read']): GoField => ({
  name,
  type,
  read,
});

/** 'FSGroup' -> 'fsGroup', 'OS' -> 'os'. */
const jsonName = (name: string): string =>
  name.replace(/^[A-Z]+(?=[A-Z][a-z])|^[A-Z]+/, (run) => run.toLowerCase());

/** The parsed quantity's members as Go holds them. */
interface GoQuantity {
  value: bigint;
  scale: number;
  /** The text, when it was canonical already. */
  text: string;
  format: string;
}

function goQuantity(given: GoValue): GoQuantity {
  const text = typeof given === 'string' ? given : '';
  const none = { value: 0n, scale: 0, text: '', format: '' };
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE]?)$/.exec(text);
  if (text === '' || !match) return none;
  // An absent quantity is written as '0'.
  if (text === '0') return none;
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  if (suffix.endsWith('i')) {
    const value = (tryParseQuantity(text)?.nanos ?? 0n) / 1_000_000_000n;
    const isCanonical = !fraction && (digits & 7n) !== 0n;
    return { value, scale: 0, text: isCanonical ? text : '', format: 'BinarySI' };
  }
  const scale = 'num.kMGTPE'.indexOf(suffix || '.') * 3 - 9 - fraction.length;
  const shifted = `${whole}${fraction}`;
  const isCanonical = scale % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0');
  return { value: digits, scale, text: isCanonical ? text : '', format: 'DecimalSI' };
}

const AMOUNT: GoType = {
  kind: 'struct',
  name: 'resource.int64Amount',
  fields: [
    member('value', INT, (amount) => (amount as GoQuantity | undefined)?.value),
    member('scale', INT, (amount) => (amount as GoQuantity | undefined)?.scale),
  ],
};

const QUANTITY: GoType = {
  kind: 'struct',
  name: 'resource.Quantity',
  equal: (x, y) =>
    (tryParseQuantity(x ?? '0')?.nanos ?? 0n) === (tryParseQuantity(y ?? '0')?.nanos ?? 0n),
  fields: [
    member('i', AMOUNT, goQuantity),
    member('s', STRING, (text) => goQuantity(text).text),
    member('Format', STRING, (text) => goQuantity(text).format),
  ],
};

const INT_OR_STRING: GoType = {
  kind: 'struct',
  name: 'intstr.IntOrString',
  fields: [
    member('Type', INT, (value) => (typeof value === 'string' ? 1 : 0)),
    member('IntVal', INT, (value) => (typeof value === 'string' ? 0 : value)),
    member('StrVal', STRING, (value) => (typeof value === 'string' ? value : '')),
  ],
};

const requirementText = ({ key, operator, values }: LabelSelectorRequirement): string =>
  `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`;

/** The String method that protobuf's generator made; 'nil' for no selector. */
export function selectorText(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const { matchLabels, matchExpressions = [] } = selector;
  const requirements = matchExpressions.map(requirementText);
  return `&LabelSelector{MatchLabels:${mapText(matchLabels)},MatchExpressions:[]LabelSelectorRequirement{${requirements.join('')}},}`;
}

const mapText = (map: { [key: string]: string } = {}): string =>
  `map[string]string{${Object.keys(map)
    .sort()
    .map((key) => `${key}: ${map[key]},`)
    .join('')}}`;

/** Labels and annotations only: a claim template may have no other metadata. */
function metadataText(metadata: Pick<ObjectMeta, 'labels' | 'annotations'> = {}): string {
  const unset = 'Name:,GenerateName:,Namespace:,SelfLink:,UID:,ResourceVersion:,Generation:0';
  const times =
    'CreationTimestamp:0001-01-01 00:00:00 +0000 UTC,DeletionTimestamp:<nil>,DeletionGracePeriodSeconds:nil';
  const lists =
    'OwnerReferences:[]OwnerReference{},Finalizers:[],ManagedFields:[]ManagedFieldsEntry{}';
  return `&ObjectMeta{${unset},${times},Labels:${mapText(metadata.labels)},Annotations:${mapText(metadata.annotations)},${lists},}`;
}

const RESOURCE_LIST: GoType = {
  kind: 'map',
  name: 'core.ResourceList',
  key: { kind: 'string', name: 'core.ResourceName', text: String },
  elem: QUANTITY,
};

const known = new Map<string, GoType>([
  ['string', STRING],
  ['int', INT],
  ['int64', INT],
  ['bool', { kind: 'bool', name: 'bool' }],
  ['Quantity', QUANTITY],
  ['IntOrString', INT_OR_STRING],
  ['ResourceList', RESOURCE_LIST],
  ['Capability', { kind: 'string', name: 'core.Capability' }],
  ['PersistentVolumeAccessMode', { kind: 'string', name: 'core.PersistentVolumeAccessMode' }],
  ['map[string]string', { kind: 'map', name: 'map[string]string', key: STRING, elem: STRING }],
]);

/** Methods of pointers that formatting finds. */
const POINTER_TEXTS: Readonly<Record<string, (value: GoValue) => string>> = {
  // The template embeds its metadata, and so has the metadata's method.
  PersistentVolumeClaimTemplate: (value) =>
    metadataText((value as PersistentVolumeClaimTemplate).metadata),
  Quantity: (value) => tryParseQuantity(value)?.toString() ?? '',
  LabelSelector: (value) => selectorText(value as LabelSelector),
};

function typeOf(text: string): GoType {
  const found = known.get(text);
  if (found) return found;
  const made = compositeOf(text);
  known.set(text, made);
  return made;
}

function compositeOf(text: string): GoType {
  if (text.startsWith('[]')) {
    const elem = typeOf(text.slice(2));
    return { kind: 'slice', name: `[]${elem.name}`, elem };
  }
  if (text.startsWith('*')) {
    const elem = typeOf(text.slice(1));
    const method = POINTER_TEXTS[text.slice(1)];
    return { kind: 'pointer', name: `*${elem.name}`, elem, ...(method && { text: method }) };
  }
  const isCommon = text === 'EphemeralContainerCommon';
  const source = GO_STRUCTS[isCommon ? 'Container' : text] ?? '';
  const fields = source.split(', ').filter(Boolean).map(fieldOf);
  return { kind: 'struct', name: `${META.has(text) ? 'v1' : 'core'}.${text}`, fields };
}

function fieldOf(text: string): GoField {
  const [name = '', rest = ''] = text.trim().split(' ');
  const [of = '', json = jsonName(name)] = rest.split('=');
  if (of.startsWith('<')) return member(name, typeOf(of.slice(1)), (holder) => holder);
  return member(
    name,
    typeOf(of),
    (holder) => (holder as { [key: string]: GoValue } | undefined)?.[json] ?? undefined,
  );
}

const IN_CONTEXT = [
  'hostNetwork',
  'hostPID',
  'hostIPC',
  'shareProcessNamespace',
  'hostUsers',
] as const;

/** Upstream's internal spec keeps the host's namespaces in the security context. */
function internalSpec(spec: PodSpec): GoValue {
  const context: { [key: string]: GoValue } = { ...spec.securityContext };
  for (const field of IN_CONTEXT) if (spec[field] !== undefined) context[field] = spec[field];
  const isSet = spec.securityContext !== undefined || Object.keys(context).length > 0;
  return { ...spec, securityContext: isSet ? context : undefined };
}

/** How `next` differs from `old`, as upstream's error messages show it; '' for equal specs. */
export const podSpecDiff = (old: PodSpec, next: PodSpec): string =>
  goDiff(typeOf('PodSpec'), internalSpec(old), internalSpec(next));

/** The same for values of other types. */
export const goTypeDiff = (
  type: 'EphemeralContainer' | 'PersistentVolumeClaimSpec' | 'PersistentVolumeSource',
  old: GoValue,
  next: GoValue,
): string => goDiff(typeOf(type), old, next);
