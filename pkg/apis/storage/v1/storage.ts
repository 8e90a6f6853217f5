// The kinds of storage.k8s.io: defaults and validation (upstream pkg/apis/storage).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.js';
import type { TopologySelectorTerm } from '../../core/v1/types.js';
import { dnsSubdomain, each, optionalOneOf, required } from '../../core/v1/validation/fields.js';
import { validateCsiDriverName } from '../../core/v1/validation/persistent-volume.js';
import { validateNonnegativeQuantity } from '../../core/v1/validation/resources.js';
import { movedLabelWarnings } from '../../core/v1/warnings.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import {
  IMMUTABLE,
  utf8Length,
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
const MAX_PARAMETER_BYTES = 256 * 1024;
const MAX_NODE_ID = 256;
const MIN_TOKEN_SECONDS = 600;
const MAX_TOKEN_SECONDS = 2 ** 32;

export function defaultStorageClass(storageClass: StorageClass): void {
  storageClass.reclaimPolicy ??= 'Delete';
  storageClass.volumeBindingMode ??= 'Immediate';
}

function validateParameters(parameters: Record<string, string> = {}): FieldError[] {
  const path = 'parameters';
  const entries = Object.entries(parameters);
  if (entries.length > MAX_PARAMETERS) return [fieldErrors.tooLong(path, MAX_PARAMETERS)];
  const errors = Object.hasOwn(parameters, '')
    ? [fieldErrors.invalid(path, '', 'field can not be empty.')]
    : [];
  const bytes = entries.reduce((sum, [key, text]) => sum + utf8Length(key) + utf8Length(text), 0);
  return bytes > MAX_PARAMETER_BYTES
    ? [...errors, fieldErrors.tooLong(path, MAX_PARAMETER_BYTES)]
    : errors;
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
    const found = labels.has(key) ? [fieldErrors.duplicate(`${at}.key`, key)] : [];
    labels.set(key, seen);
    if (!values?.length) found.push(fieldErrors.required(`${at}.values`));
    found.push(
      ...each(values, `${at}.values`, (value, field) => {
        const repeated = seen.has(value) ? [fieldErrors.duplicate(field, value)] : [];
        seen.add(value);
        return repeated;
      }),
    );
    return [...found, ...validateWith(isQualifiedName, key, `${at}.key`)];
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
  const { provisioner, parameters } = storageClass;
  return [
    ...(provisioner
      ? isQualifiedName(provisioner.toLowerCase()).map((text) =>
          fieldErrors.invalid('provisioner', provisioner.toLowerCase(), text),
        )
      : [fieldErrors.required('provisioner')]),
    ...validateParameters(parameters),
    ...optionalOneOf(storageClass.reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy'),
    ...(storageClass.volumeBindingMode === undefined
      ? [fieldErrors.required('volumeBindingMode')]
      : optionalOneOf(
          storageClass.volumeBindingMode,
          ['Immediate', 'WaitForFirstConsumer'],
          'volumeBindingMode',
        )),
    ...validateTopologies(storageClass.allowedTopologies),
  ];
}

export function storageClassWarnings({ allowedTopologies }: StorageClass): string[] {
  return movedLabelWarnings(
    (allowedTopologies ?? []).flatMap(({ matchLabelExpressions }, term) =>
      (matchLabelExpressions ?? []).map(
        ({ key }, index) =>
          [key, `allowedTopologies[${term}].matchLabelExpressions[${index}].key`] as const,
      ),
    ),
  );
}

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
  const errors: FieldError[] = [];
  const detail = (field: string): string => `updates to ${field} are forbidden.`;
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy'] as const) {
    if (!semanticEqual(next[field], old[field]))
      errors.push(fieldErrors.forbidden(field, detail(field)));
  }
  if (next.volumeBindingMode !== old.volumeBindingMode) {
    errors.push(
      fieldErrors.invalid('volumeBindingMode', next.volumeBindingMode ?? null, IMMUTABLE),
    );
  }
  return errors;
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
    const complain = (relation: string): FieldError[] => [
      fieldErrors.invalid(
        `${path}.expirationSeconds`,
        expirationSeconds,
        `may not specify a duration ${relation}`,
      ),
    ];
    if (expirationSeconds === undefined) return [];
    if (expirationSeconds < MIN_TOKEN_SECONDS) return complain('less than 10 minutes');
    return expirationSeconds > MAX_TOKEN_SECONDS ? complain('larger than 2^32 seconds') : [];
  });
}

export function validateCSIDriver({ spec }: CSIDriver): FieldError[] {
  return [
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
}

/** Immutable fields, with the paths that upstream's messages give them. */
const DRIVER_FIXED = {
  attachRequired: 'spec.attachedRequired',
  volumeLifecycleModes: 'spec.volumeLifecycleModes',
} as const;

export function validateCSIDriverUpdate(next: CSIDriver, old: CSIDriver): FieldError[] {
  return Object.entries(DRIVER_FIXED).flatMap(([field, path]) => {
    const key = field as keyof typeof DRIVER_FIXED;
    return semanticEqual(next.spec[key], old.spec[key])
      ? []
      : [fieldErrors.invalid(path, next.spec[key], IMMUTABLE)];
  });
}

function validateNodeDriver(driver: CSINodeDriver, names: Set<string>, path: string): FieldError[] {
  const { name, nodeID } = driver;
  const errors = [
    ...validateCsiDriverName(name ?? '', `${path}.name`),
    ...required(nodeID, `${path}.nodeID`),
  ];
  if ((nodeID ?? '').length > MAX_NODE_ID)
    errors.push(
      fieldErrors.invalid(`${path}.nodeID`, nodeID, `must be ${MAX_NODE_ID} characters or less`),
    );
  errors.push(...validateNonnegative(driver.allocatable?.count, `${path}.allocatable.count`));
  if (names.has(name)) errors.push(fieldErrors.duplicate(`${path}.name`, name));
  names.add(name);
  const keys = new Set<string>();
  for (const key of driver.topologyKeys ?? []) {
    if (!key) errors.push(fieldErrors.required(path));
    if (keys.has(key)) errors.push(fieldErrors.duplicate(path, key));
    keys.add(key);
    errors.push(...validateWith(isQualifiedName, key, path));
  }
  return errors;
}

export function validateCSINode({ spec }: CSINode): FieldError[] {
  const names = new Set<string>();
  return each(spec.drivers, 'spec.drivers', (driver, path) =>
    validateNodeDriver(driver, names, path),
  );
}

/** Drivers come and go; one that stays keeps what it said. */
export function validateCSINodeUpdate(next: CSINode, old: CSINode): FieldError[] {
  return (old.spec.drivers ?? []).flatMap((before) =>
    (next.spec.drivers ?? [])
      .filter((driver) => driver.name === before.name && !semanticEqual(driver, before))
      .map((driver) => fieldErrors.invalid('CSINodeDriver', driver, IMMUTABLE)),
  );
}

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

export function validateCSIStorageCapacityUpdate(
  next: CSIStorageCapacity,
  old: CSIStorageCapacity,
): FieldError[] {
  return (['nodeTopology', 'storageClassName'] as const).flatMap((field) =>
    semanticEqual(next[field], old[field])
      ? []
      : [fieldErrors.invalid(field, next[field], IMMUTABLE)],
  );
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
    ...(name === undefined && !inlineVolumeSpec ? [fieldErrors.required(path, one)] : []),
    ...(name !== undefined && inlineVolumeSpec ? [fieldErrors.forbidden(path, one)] : []),
    ...(name === undefined
      ? []
      : [
          ...required(
            name,
            `${path}.persistentVolumeName`,
            'must specify non empty persistentVolumeName',
          ),
          ...validateWith(isDns1123Subdomain, name, `${path}.persistentVolumeName`),
        ]),
    ...(inlineVolumeSpec && !inlineVolumeSpec.csi
      ? [fieldErrors.required(`${path}.inlineVolumeSpec.csi`, 'must specify a CSI volume source')]
      : []),
    ...validateAttachmentStatus(status),
  ];
}

const MAX_METADATA_BYTES = 256 * 1024;
const MAX_ERROR_BYTES = 1024;

function validateAttachmentStatus(status: VolumeAttachment['status']): FieldError[] {
  const metadata = Object.entries(status?.attachmentMetadata ?? {});
  const bytes = metadata.reduce((sum, [key, text]) => sum + utf8Length(key) + utf8Length(text), 0);
  const tooLong = (['attachError', 'detachError'] as const).filter(
    (field) => utf8Length(status?.[field]?.message ?? '') > MAX_ERROR_BYTES,
  );
  return [
    ...metadata.flatMap(([key]) =>
      key ? [] : [fieldErrors.invalid('status.attachmentMetadata', key, 'field can not be empty.')],
    ),
    ...(bytes > MAX_METADATA_BYTES
      ? [fieldErrors.tooLong('status.attachmentMetadata', MAX_METADATA_BYTES)]
      : []),
    ...tooLong.map((field) => fieldErrors.tooLong(`status.${field}.message`, MAX_ERROR_BYTES)),
  ];
}

export function validateVolumeAttachmentUpdate(
  next: VolumeAttachment,
  old: VolumeAttachment,
): FieldError[] {
  return semanticEqual(next.spec, old.spec)
    ? []
    : [fieldErrors.invalid('spec', next.spec, IMMUTABLE)];
}
