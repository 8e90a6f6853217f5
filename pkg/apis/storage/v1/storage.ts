// The kinds of storage.k8s.io: defaults and validation (upstream pkg/apis/storage).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.js';
import type { TopologySelectorTerm } from '../../core/v1/types.js';
import {
  dnsSubdomain,
  each,
  optionally,
  optionalOneOf,
  required,
  requiredWith,
  tokenLifetime,
  unique,
} from '../../core/v1/validation/fields.js';
import { validateCsiDriverName } from '../../core/v1/validation/volumes.js';
import { validateNonnegativeQuantity } from '../../core/v1/validation/resources.js';
import { movedLabelWarnings } from '../../core/v1/warnings.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import {
  utf8Length,
  validateImmutableField,
  validateNonnegative,
  validateWith,
} from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import type {
  CSIDriver,
  CSINode,
  CSINodeDriver,
  CSIStorageCapacity,
  StorageClass,
  TokenRequest,
  VolumeAttachment,
} from './types.js';

const MAX_PARAMETERS = 512;
const MAX_TEXT_BYTES = 256 * 1024;
const MAX_NODE_ID = 256;

export function defaultStorageClass(storageClass: StorageClass): void {
  storageClass.reclaimPolicy ??= 'Delete';
  storageClass.volumeBindingMode ??= 'Immediate';
}

function validateParameters(parameters: Record<string, string> = {}): FieldError[] {
  const path = 'parameters';
  if (Object.keys(parameters).length > MAX_PARAMETERS)
    return [fieldErrors.tooLong(path, MAX_PARAMETERS)];
  return validateTexts(parameters, path);
}

/** Texts by keys that are not empty, at most 256 KiB together. */
function validateTexts(texts: Record<string, string> = {}, path: string): FieldError[] {
  const bytes = Object.entries(texts).reduce(
    (sum, [key, text]) => sum + utf8Length(key) + utf8Length(text),
    0,
  );
  return [
    ...fieldErrors.when(Object.hasOwn(texts, '')).invalid(path, '', 'field can not be empty.'),
    ...fieldErrors.when(bytes > MAX_TEXT_BYTES).tooLong(path, MAX_TEXT_BYTES),
  ];
}

/** The values of each label; undefined terms of the comparison stand for those not read yet. */
type TopologyValues = Map<string, Set<string>>;

function sameTopology(left: TopologyValues, right: TopologyValues | undefined): boolean {
  if (!right || left.size !== right.size) return left.size === (right?.size ?? 0);
  return [...left].every(([key, values]) => {
    const others = right.get(key);
    return others?.size === values.size && [...values].every((value) => others.has(value));
  });
}

function readTopology(
  { matchLabelExpressions }: TopologySelectorTerm,
  path: string,
): { labels: TopologyValues; errors: FieldError[] } {
  const labels: TopologyValues = new Map();
  const errors = each(matchLabelExpressions, `${path}.matchLabelExpressions`, (expression, at) => {
    const { key, values } = expression;
    const seen = new Set<string>();
    const repeated = fieldErrors.when(labels.has(key)).duplicate(`${at}.key`, key);
    labels.set(key, seen);
    return [
      ...repeated,
      ...fieldErrors.unless(values?.length).required(`${at}.values`),
      ...each(values, `${at}.values`, (value, field) => unique(value, seen, field)),
      ...validateWith(isQualifiedName, key, `${at}.key`),
    ];
  });
  return { labels, errors };
}

/** As upstream, a term without labels equals each term that follows it, itself included. */
function validateTopologies(terms: readonly TopologySelectorTerm[] | undefined): FieldError[] {
  const read: (TopologyValues | undefined)[] = (terms ?? []).map(() => undefined);
  return each(terms, 'allowedTopologies', (term, path, index) => {
    const { labels, errors } = readTopology(term, path);
    const equal = read.filter((other) => sameTopology(labels, other));
    read[index] = labels;
    return [
      ...errors,
      ...equal.map(() => fieldErrors.duplicate(`${path}.matchLabelExpressions`, '')),
    ];
  });
}

export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  const { provisioner, parameters, volumeBindingMode: mode } = storageClass;
  return [
    ...requiredWith(isQualifiedName, provisioner?.toLowerCase(), 'provisioner'),
    ...validateParameters(parameters),
    ...optionalOneOf(storageClass.reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy'),
    ...(mode === undefined
      ? [fieldErrors.required('volumeBindingMode')]
      : optionalOneOf(mode, ['Immediate', 'WaitForFirstConsumer'], 'volumeBindingMode')),
    ...validateTopologies(storageClass.allowedTopologies),
  ];
}

export const storageClassWarnings = ({ allowedTopologies }: StorageClass): string[] =>
  movedLabelWarnings(
    each(allowedTopologies, 'allowedTopologies', ({ matchLabelExpressions }, at) =>
      (matchLabelExpressions ?? []).map(
        ({ key }, index) => [key, `${at}.matchLabelExpressions[${index}].key`] as const,
      ),
    ),
  );

export function storageCapacityWarnings({ nodeTopology }: CSIStorageCapacity): string[] {
  const { matchLabels = {}, matchExpressions = [] } = nodeTopology ?? {};
  return movedLabelWarnings([
    ...matchExpressions.map(
      ({ key }, index) => [key, `nodeTopology.matchExpressions[${index}].key`] as const,
    ),
    ...Object.keys(matchLabels).map((key) => [key, `nodeTopology.matchLabels.${key}`] as const),
  ]);
}

export function validateStorageClassUpdate(next: StorageClass, old: StorageClass): FieldError[] {
  const fixed = (['parameters', 'provisioner', 'reclaimPolicy'] as const).flatMap((field) =>
    fieldErrors
      .unless(semanticEqual(next[field], old[field]))
      .forbidden(field, `updates to ${field} are forbidden.`),
  );
  const modes = [next.volumeBindingMode, old.volumeBindingMode] as const;
  return [...fixed, ...validateImmutableField(...modes, 'volumeBindingMode')];
}

export function defaultCSIDriver(driver: CSIDriver): void {
  const spec = (driver.spec ??= {});
  spec.attachRequired ??= true;
  spec.podInfoOnMount ??= false;
  spec.storageCapacity ??= false;
  spec.fsGroupPolicy ??= 'ReadWriteOnceWithFSType';
  spec.volumeLifecycleModes ??= ['Persistent'];
  spec.requiresRepublish ??= false;
  spec.seLinuxMount ??= false;
}

function validateTokenRequests(requests: readonly TokenRequest[] | undefined): FieldError[] {
  const audiences = new Set<string>();
  return each(requests, 'spec.tokenRequests', ({ audience, expirationSeconds }, path) => {
    if (audiences.has(audience)) return [fieldErrors.duplicate(`${path}.audience`, audience)];
    audiences.add(audience);
    return tokenLifetime(expirationSeconds, `${path}.expirationSeconds`);
  });
}

export const validateCSIDriver = ({ spec }: CSIDriver): FieldError[] => [
  ...optionalOneOf(
    spec.fsGroupPolicy,
    ['File', 'None', 'ReadWriteOnceWithFSType'],
    'spec.fsGroupPolicy',
  ),
  ...validateTokenRequests(spec.tokenRequests),
  ...(spec.volumeLifecycleModes ?? []).flatMap((mode) =>
    optionalOneOf(mode, ['Persistent', 'Ephemeral'], 'spec.volumeLifecycleModes'),
  ),
];

/** Immutable fields, with the paths that upstream's messages give them. */
const DRIVER_FIXED = {
  attachRequired: 'spec.attachedRequired',
  volumeLifecycleModes: 'spec.volumeLifecycleModes',
} as const;

export const validateCSIDriverUpdate = (next: CSIDriver, old: CSIDriver): FieldError[] =>
  Object.entries(DRIVER_FIXED).flatMap(([field, path]) => {
    const key = field as keyof typeof DRIVER_FIXED;
    return validateImmutableField(next.spec[key], old.spec[key], path);
  });

function validateNodeDriver(driver: CSINodeDriver, names: Set<string>, path: string): FieldError[] {
  const { name } = driver;
  const nodeID = driver.nodeID ?? '';
  const keys = new Set<string>();
  return [
    ...validateCsiDriverName(name ?? '', `${path}.name`),
    ...required(nodeID, `${path}.nodeID`),
    ...fieldErrors
      .when(nodeID.length > MAX_NODE_ID)
      .invalid(`${path}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`),
    ...validateNonnegative(driver.allocatable?.count, `${path}.allocatable.count`),
    ...unique(name, names, `${path}.name`),
    ...(driver.topologyKeys ?? []).flatMap((key) => [
      ...required(key, path),
      ...unique(key, keys, path),
      ...validateWith(isQualifiedName, key, path),
    ]),
  ];
}

export function validateCSINode({ spec }: CSINode): FieldError[] {
  const names = new Set<string>();
  return each(spec.drivers, 'spec.drivers', (driver, path) =>
    validateNodeDriver(driver, names, path),
  );
}

/** Drivers come and go; one that stays keeps what it said. */
export const validateCSINodeUpdate = (next: CSINode, old: CSINode): FieldError[] =>
  (old.spec.drivers ?? []).flatMap((before) =>
    (next.spec.drivers ?? [])
      .filter(({ name }) => name === before.name)
      .flatMap((driver) => validateImmutableField(driver, before, 'CSINodeDriver')),
  );

export function validateCSIStorageCapacity(capacity: CSIStorageCapacity): FieldError[] {
  const amounts = (['capacity', 'maximumVolumeSize'] as const).flatMap((field) =>
    capacity[field] === undefined ? [] : validateNonnegativeQuantity(capacity[field], field),
  );
  return [
    ...dnsSubdomain(capacity.storageClassName ?? '', 'storageClassName'),
    ...validateLabelSelector(capacity.nodeTopology, 'nodeTopology'),
    ...amounts,
  ];
}

export function validateVolumeAttachment({ spec, status }: VolumeAttachment): FieldError[] {
  const { persistentVolumeName: name, inlineVolumeSpec } = spec.source ?? {};
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';
  const path = 'spec.source';
  return [
    // Upstream checks twice that the name is there.
    ...required(spec.attacher, 'spec.attacher'),
    ...validateCsiDriverName(spec.attacher ?? '', 'spec.attacher'),
    ...validateWith(isDns1123Subdomain, spec.nodeName ?? '', 'spec.nodeName'),
    ...fieldErrors.when(name === undefined && !inlineVolumeSpec).required(path, one),
    ...fieldErrors.when(name !== undefined && inlineVolumeSpec).forbidden(path, one),
    ...fieldErrors
      .when(name === '')
      .required(`${path}.persistentVolumeName`, 'must specify non empty persistentVolumeName'),
    ...optionally(isDns1123Subdomain, name, `${path}.persistentVolumeName`),
    ...fieldErrors
      .when(inlineVolumeSpec && !inlineVolumeSpec.csi)
      .required(`${path}.inlineVolumeSpec.csi`, 'must specify a CSI volume source'),
    ...validateAttachmentStatus(status),
  ];
}

const MAX_ERROR_BYTES = 1024;

function validateAttachmentStatus(status: VolumeAttachment['status']): FieldError[] {
  const errors = validateTexts(status?.attachmentMetadata, 'status.attachmentMetadata');
  const tooLong = (['attachError', 'detachError'] as const).flatMap((field) =>
    fieldErrors
      .when(utf8Length(status?.[field]?.message ?? '') > MAX_ERROR_BYTES)
      .tooLong(`status.${field}.message`, MAX_ERROR_BYTES),
  );
  return [...errors, ...tooLong];
}
