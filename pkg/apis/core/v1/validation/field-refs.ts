// Validation of references from environment variables and downward API files to fields of the pod
// and to resources of its containers.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import type { ObjectFieldSelector, ResourceFieldSelector } from '../types.js';
import { optionalOneOf } from './fields.js';
import {
  SIZE_DIVISORS,
  ENV_FIELDS,
  VOLUME_FIELDS,
  CONTAINER_RESOURCES,
} from './facts.generated.js';

/**
 * Field labels of pods (upstream AddFieldLabelConversionsForPod in pkg/apis/core/v1/conversion.go).
 */
const KNOWN_FIELDS = new Set([
  ...ENV_FIELDS,
  ...VOLUME_FIELDS,
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
  'spec.host',
]);

const SUBSCRIPT = /^(.*)\['(.*)'\]$/;

/** `supported` is ENV_FIELDS or VOLUME_FIELDS. */
export function validateFieldRef(
  ref: ObjectFieldSelector,
  supported: readonly string[],
  path: string,
): FieldError[] {
  if (!ref.apiVersion) return [fieldErrors.required(`${path}.apiVersion`)];
  if (!ref.fieldPath) return [fieldErrors.required(`${path}.fieldPath`)];
  const match = SUBSCRIPT.exec(ref.fieldPath);
  if (match?.[1] === 'metadata.annotations')
    return validateWith(isQualifiedName, (match[2] ?? '').toLowerCase(), path);
  if (match?.[1] === 'metadata.labels') return validateWith(isQualifiedName, match[2] ?? '', path);
  if (match && KNOWN_FIELDS.has(match[1] ?? ''))
    return [fieldErrors.invalid(path, match[1], 'does not support subscript')];
  if (ref.apiVersion !== 'v1' || !KNOWN_FIELDS.has(ref.fieldPath)) {
    const detail =
      ref.apiVersion === 'v1'
        ? `field label not supported: ${ref.fieldPath}`
        : `unsupported pod version: ${ref.apiVersion}`;
    const why = `error converting fieldPath: ${detail}`;
    return [fieldErrors.invalid(`${path}.fieldPath`, ref.fieldPath, why)];
  }
  return optionalOneOf(ref.fieldPath, supported, `${path}.fieldPath`);
}

function validateDivisor(
  resource: string,
  divisor: string | undefined,
  path: string,
): FieldError[] {
  const amount = tryParseQuantity(divisor);
  if (!amount || amount.isZero) return [];
  const complain = (list: string, of: string): FieldError[] => [
    fieldErrors.invalid(
      `${path}.divisor`,
      resource,
      `only divisor's values ${list} are supported with the ${of} resource`,
    ),
  ];
  const sizes = SIZE_DIVISORS.join(', ');
  if (resource.endsWith('.cpu'))
    return ['1', '1m'].includes(amount.toString()) ? [] : complain('1m and 1', 'cpu');
  if (SIZE_DIVISORS.includes(amount.toString())) return [];
  if (resource.endsWith('.memory')) return complain(sizes, 'memory');
  if (resource.endsWith('.ephemeral-storage')) return complain(sizes, 'local ephemeral storage');
  return resource.includes('.hugepages-') ? complain(sizes, 'hugepages') : [];
}

/** Files need a container's name; variables refer to their own container. */
export function validateResourceFieldRef(
  ref: ResourceFieldSelector,
  inVolume: boolean,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  if (inVolume && !ref.containerName) errors.push(fieldErrors.required(`${path}.containerName`));
  else if (!ref.resource) errors.push(fieldErrors.required(`${path}.resource`));
  else if (
    !CONTAINER_RESOURCES.includes(ref.resource) &&
    !/^(requests|limits)\.hugepages-/.test(ref.resource)
  ) {
    errors.push(fieldErrors.notSupported(`${path}.resource`, ref.resource, CONTAINER_RESOURCES));
  }
  return [...errors, ...validateDivisor(ref.resource ?? '', ref.divisor, path)];
}
