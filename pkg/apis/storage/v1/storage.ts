// The kinds of storage.k8s.io: defaults and validation (upstream pkg/apis/storage).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../apimachinery/validation/names.js';
import { dnsSubdomain, oneOf, optionalOneOf, required } from '../../core/v1/validation/fields.js';
import { validateNonnegativeQuantity } from '../../core/v1/validation/resources.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { IMMUTABLE, validateWith } from '../../meta/v1/object-meta.js';
import { semanticEqual } from '../../meta/v1/semantic-equal.js';
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
} from './types.js';

const MAX_DRIVER_NAME = 63;

export function defaultStorageClass(storageClass: StorageClass): void {
  storageClass.reclaimPolicy ??= 'Delete';
  storageClass.volumeBindingMode ??= 'Immediate';
}

export function validateStorageClass(storageClass: StorageClass): FieldError[] {
  const { provisioner, parameters } = storageClass;
  const errors = provisioner
    ? validateWith(isQualifiedName, provisioner.toLowerCase(), 'provisioner')
    : [fieldErrors.required('provisioner')];
  for (const key of Object.keys(parameters ?? {})) {
    if (!key) errors.push(fieldErrors.invalid('parameters', key, 'field can not be empty.'));
  }
  return [
    ...errors,
    ...optionalOneOf(storageClass.reclaimPolicy, ['Delete', 'Retain'], 'reclaimPolicy'),
    ...oneOf(
      storageClass.volumeBindingMode,
      ['Immediate', 'WaitForFirstConsumer'],
      'volumeBindingMode',
    ),
  ];
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

export function validateCSIDriver({ metadata, spec }: CSIDriver): FieldError[] {
  const errors: FieldError[] = [];
  if ((metadata.name ?? '').length > MAX_DRIVER_NAME)
    errors.push(fieldErrors.tooLong('metadata.name', MAX_DRIVER_NAME));
  errors.push(
    ...optionalOneOf(
      spec.fsGroupPolicy,
      ['File', 'None', 'ReadWriteOnceWithFSType'],
      'spec.fsGroupPolicy',
    ),
  );
  for (const mode of spec.volumeLifecycleModes ?? []) {
    errors.push(...optionalOneOf(mode, ['Ephemeral', 'Persistent'], 'spec.volumeLifecycleModes'));
  }
  return errors;
}

export function validateCSIDriverUpdate(next: CSIDriver, old: CSIDriver): FieldError[] {
  return (['attachRequired', 'volumeLifecycleModes'] as const).flatMap((field) =>
    semanticEqual(next.spec[field], old.spec[field])
      ? []
      : [fieldErrors.invalid(`spec.${field}`, next.spec[field] ?? null, IMMUTABLE)],
  );
}

export function validateCSINode({ spec }: CSINode): FieldError[] {
  const seen = new Set<string>();
  return (spec.drivers ?? []).flatMap((driver, index) => {
    const path = `spec.drivers[${index}]`;
    const errors = [
      ...required(driver.name, `${path}.name`),
      ...required(driver.nodeID, `${path}.nodeID`),
    ];
    if (seen.has(driver.name)) errors.push(fieldErrors.duplicate(`${path}.name`, driver.name));
    seen.add(driver.name);
    return errors;
  });
}

export function validateCSIStorageCapacity(capacity: CSIStorageCapacity): FieldError[] {
  return [
    ...dnsSubdomain(capacity.storageClassName ?? '', 'storageClassName'),
    ...validateLabelSelector(capacity.nodeTopology, 'nodeTopology'),
    ...(capacity.capacity === undefined
      ? []
      : validateNonnegativeQuantity(capacity.capacity, 'capacity')),
    ...(capacity.maximumVolumeSize === undefined
      ? []
      : validateNonnegativeQuantity(capacity.maximumVolumeSize, 'maximumVolumeSize')),
  ];
}

export function validateVolumeAttachment({ spec }: VolumeAttachment): FieldError[] {
  const errors = [
    ...required(spec.attacher, 'spec.attacher'),
    ...validateWith(isDns1123Subdomain, spec.nodeName ?? '', 'spec.nodeName'),
  ];
  const { persistentVolumeName, inlineVolumeSpec } = spec.source ?? {};
  if (!persistentVolumeName && !inlineVolumeSpec)
    errors.push(
      fieldErrors.required(
        'spec.source',
        'must specify exactly one of inlineVolumeSpec and persistentVolumeName',
      ),
    );
  if (persistentVolumeName && inlineVolumeSpec)
    errors.push(
      fieldErrors.forbidden(
        'spec.source',
        'must specify exactly one of inlineVolumeSpec and persistentVolumeName',
      ),
    );
  return errors;
}

export function validateVolumeAttachmentUpdate(
  next: VolumeAttachment,
  old: VolumeAttachment,
): FieldError[] {
  return semanticEqual(next.spec, old.spec)
    ? []
    : [fieldErrors.invalid('spec', next.spec, IMMUTABLE)];
}
