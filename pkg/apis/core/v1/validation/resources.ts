// Validation of resource names and amounts (upstream ValidateResourceRequirements).
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import type { ResourceRequirements } from '../types.js';
import { COUNTED_QUOTA } from './facts.generated.js';
import { shownAs } from '../../../meta/v1/go-value.js';

const BAD_QUANTITY =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const HUGE_PAGES = 'hugepages-';
const CONTAINER_RESOURCES = new Set(['cpu', 'memory', 'ephemeral-storage']);
const STANDARD = new Set([
  ...CONTAINER_RESOURCES,
  ...COUNTED_QUOTA,
  'storage',
  ...['cpu', 'memory', 'ephemeral-storage'].flatMap((name) => [
    `requests.${name}`,
    `limits.${name}`,
  ]),
  'requests.storage',
]);

export const isHugePages = (name: string): boolean => name.startsWith(HUGE_PAGES);

/** Native resources have no domain or one in kubernetes.io. */
export const isNativeResource = (name: string): boolean =>
  !name.includes('/') || name.includes('kubernetes.io/');

export function isExtendedResource(name: string): boolean {
  if (isNativeResource(name) || name.startsWith('requests.')) return false;
  return isQualifiedName(`requests.${name}`).length === 0;
}

/** Amounts of these resources are whole numbers. */
export const isIntegerResource = (name: string): boolean =>
  COUNTED_QUOTA.has(name) || isExtendedResource(name) || name.startsWith('count/');

const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePages(name);

export const isStandardResource = (name: string): boolean =>
  STANDARD.has(name) || isHugePages(name) || name.startsWith(`requests.${HUGE_PAGES}`);

/** Upstream prints resource names in errors without quotes. */
export const badResourceName = (path: string, name: string, detail: string): FieldError =>
  fieldErrors.invalid(path, shownAs(name), detail);

export function validateResourceName(name: string, path: string): FieldError[] {
  const errors = validateWith(isQualifiedName, name, path);
  if (errors.length === 0 && !name.includes('/') && !isStandardResource(name))
    errors.push(badResourceName(path, name, 'must be a standard resource type or fully qualified'));
  return errors;
}

export function validateContainerResourceName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  if (!name.includes('/')) {
    if (!CONTAINER_RESOURCES.has(name) && !isHugePages(name))
      errors.push(badResourceName(path, name, 'must be a standard resource for containers'));
  } else if (!isNativeResource(name) && !isExtendedResource(name)) {
    errors.push(badResourceName(path, name, "doesn't follow extended resource name standard"));
  }
  return errors;
}

export function validateNonnegativeQuantity(text: unknown, path: string): FieldError[] {
  const quantity = tryParseQuantity(text);
  if (!quantity) return [fieldErrors.invalid(path, text, BAD_QUANTITY)];
  return fieldErrors
    .when(quantity.sign < 0)
    .invalid(path, quantity.toString(), 'must be greater than or equal to 0');
}

export function validateResourceAmount(name: string, text: unknown, path: string): FieldError[] {
  const errors = validateNonnegativeQuantity(text, path);
  const quantity = tryParseQuantity(text);
  if (quantity && isIntegerResource(name) && quantity.nanos % 1_000_000_000n !== 0n)
    errors.push(fieldErrors.invalid(path, quantity.toString(), 'must be an integer'));
  return errors;
}

function validateRequest(
  name: string,
  request: string,
  limits: Record<string, string>,
  path: string,
): FieldError[] {
  const limit = tryParseQuantity(limits[name]);
  const amount = tryParseQuantity(request);
  if (!limit)
    return fieldErrors
      .unless(isOvercommitAllowed(name))
      .required(`${path}.limits`, 'Limit must be set for non overcommitable resources');
  const order = amount?.compare(limit) ?? 0;
  const complain = (relation: string): FieldError[] => [
    fieldErrors.invalid(
      `${path}.requests`,
      amount?.toString(),
      `must be ${relation} ${name} limit of ${limit.toString()}`,
    ),
  ];
  if (order !== 0 && !isOvercommitAllowed(name)) return complain('equal to');
  return order > 0 ? complain('less than or equal to') : [];
}

const needsComputeResources = (names: readonly string[]): boolean =>
  names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory');

export function validateResourceRequirements(
  resources: ResourceRequirements | undefined,
  path: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const { limits = {}, requests = {} } = resources ?? {};
  for (const [side, list] of Object.entries({ limits, requests })) {
    for (const [name, amount] of Object.entries(list)) {
      const field = `${path}.${side}[${name}]`;
      errors.push(
        ...validateContainerResourceName(name, field),
        ...validateResourceAmount(name, amount, field),
      );
      if (side === 'requests') errors.push(...validateRequest(name, amount, limits, path));
    }
  }
  if (needsComputeResources([...Object.keys(limits), ...Object.keys(requests)]))
    errors.push(fieldErrors.forbidden(path, 'HugePages require cpu or memory'));
  return errors;
}
