// Validation of limit ranges, resource quotas and persistent volumes.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import { tryParseQuantity } from '../../../../apimachinery/quantity/quantity.js';
import { isDns1123Subdomain, isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import type { LimitRange, LimitRangeItem, PersistentVolume, ResourceQuota } from '../types.js';
import { oneOf, optionalOneOf, required } from './fields.js';
import { validateAccessModes, VOLUME_MODES } from './persistent-volume-claim.js';
import {
  isStandardResource,
  validateNonnegativeQuantity,
  validateResourceAmount,
} from './resources.js';
import { validateNodeSelector } from './scheduling.js';

const LIMIT_TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];
const QUOTA_SCOPES = [
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
];
const RECLAIM_POLICIES = ['Delete', 'Recycle', 'Retain'];

const NOT_A_SOURCE = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

function validateLimitOrder(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const sides = ['min', 'defaultRequest', 'default', 'max'] as const;
  const texts = {
    min: 'min value',
    defaultRequest: 'default request value',
    default: 'default value',
    max: 'max value',
  };
  const errors: FieldError[] = [];
  for (const [at, low] of sides.entries()) {
    for (const high of sides.slice(at + 1)) {
      const [from, to] = [
        tryParseQuantity(item[low]?.[name]),
        tryParseQuantity(item[high]?.[name]),
      ];
      if (!from || !to || from.compare(to) <= 0) continue;
      const detail = `${texts[low]} ${from.toString()} is greater than ${texts[high]} ${to.toString()}`;
      errors.push(fieldErrors.invalid(`${path}.${low}[${name}]`, from.toString(), detail));
    }
  }
  return errors;
}

function validateLimitItem(item: LimitRangeItem, path: string): FieldError[] {
  const errors = validateWith(isQualifiedName, item.type ?? '', `${path}.type`);
  const names = new Set<string>();
  for (const side of ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const) {
    for (const [name, amount] of Object.entries(item[side] ?? {})) {
      names.add(name);
      const field = `${path}.${side}[${name}]`;
      if (LIMIT_TYPES.includes(item.type) && !name.includes('/') && !isStandardResource(name)) {
        errors.push(
          fieldErrors.invalid(field, name, 'must be a standard limit type or fully qualified'),
        );
      }
      errors.push(...validateNonnegativeQuantity(amount, field));
    }
  }
  if (item.type === 'Pod') {
    if (Object.keys(item.default ?? {}).length)
      errors.push(
        fieldErrors.forbidden(`${path}.default`, "may not be specified when `type` is 'Pod'"),
      );
    if (Object.keys(item.defaultRequest ?? {}).length)
      errors.push(
        fieldErrors.forbidden(
          `${path}.defaultRequest`,
          "may not be specified when `type` is 'Pod'",
        ),
      );
  }
  if (item.type === 'PersistentVolumeClaim' && !item.min?.['storage'] && !item.max?.['storage']) {
    errors.push(
      fieldErrors.required(
        `${path}.limits`,
        'either minimum or maximum storage value is required, but neither was provided',
      ),
    );
  }
  return [...errors, ...[...names].flatMap((name) => validateLimitOrder(item, name, path))];
}

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const seen = new Set<string>();
  return (spec.limits ?? []).flatMap((item, index) => {
    const path = `spec.limits[${index}]`;
    const errors = seen.has(item.type) ? [fieldErrors.duplicate(`${path}.type`, item.type)] : [];
    seen.add(item.type);
    return [...errors, ...validateLimitItem(item, path)];
  });
}

export function validateResourceQuota({ spec, status }: ResourceQuota): FieldError[] {
  const errors: FieldError[] = [];
  const lists = {
    'spec.hard': spec.hard,
    'status.hard': status?.hard,
    'status.used': status?.used,
  };
  for (const [path, list] of Object.entries(lists)) {
    for (const [name, amount] of Object.entries(list ?? {})) {
      const field = `${path}[${name}]`;
      errors.push(...validateWith(isQualifiedName, name, field));
      if (!name.includes('/') && !isStandardResource(name)) {
        errors.push(
          fieldErrors.invalid(field, name, 'must be a standard resource type or fully qualified'),
        );
        errors.push(fieldErrors.invalid(field, name, 'must be a standard resource for quota'));
      }
      errors.push(...validateResourceAmount(name, amount, field));
    }
  }
  return [...errors, ...validateScopes(spec)];
}

const CONFLICTING_SCOPES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;
const COMPUTE = /^((requests|limits)\.)?(cpu|memory)$/;

/** Scopes select pods: they allow the count of pods and, except BestEffort, requests and limits. */
function validateScopes({ scopes = [], hard = {} }: ResourceQuota['spec']): FieldError[] {
  const errors: FieldError[] = [];
  for (const scope of scopes) {
    if (!QUOTA_SCOPES.includes(scope))
      errors.push(fieldErrors.invalid('spec.scopes', scopes, 'unsupported scope'));
    for (const name of Object.keys(hard)) {
      const fits = name === 'pods' || (scope !== 'BestEffort' && COMPUTE.test(name));
      if (isStandardResource(name) && !fits)
        errors.push(
          fieldErrors.invalid('spec.scopes', scopes, 'unsupported scope applied to resource'),
        );
    }
  }
  for (const pair of CONFLICTING_SCOPES) {
    if (pair.every((scope) => scopes.includes(scope)))
      errors.push(fieldErrors.invalid('spec.scopes', scopes, 'conflicting scopes'));
  }
  return errors;
}

export function validateResourceQuotaUpdate(next: ResourceQuota, old: ResourceQuota): FieldError[] {
  const same = semanticEqual(
    [...(next.spec.scopes ?? [])].sort(),
    [...(old.spec.scopes ?? [])].sort(),
  );
  return same ? [] : [fieldErrors.invalid('spec.scopes', next.spec.scopes, 'field is immutable')];
}

const sourcesOf = ({ spec }: PersistentVolume): [string, unknown][] =>
  Object.entries(spec).filter(([key, value]) => !NOT_A_SOURCE.has(key) && value !== undefined);

export function validatePersistentVolume(volume: PersistentVolume): FieldError[] {
  const { spec } = volume;
  const errors: FieldError[] = [];
  if (!spec.accessModes?.length) errors.push(fieldErrors.required('spec.accessModes'));
  errors.push(...validateAccessModes(spec.accessModes ?? [], 'spec.accessModes'));
  if (!Object.keys(spec.capacity ?? {}).length) errors.push(fieldErrors.required('spec.capacity'));
  for (const [name, amount] of Object.entries(spec.capacity ?? {})) {
    const field = `spec.capacity[${name}]`;
    if (name !== 'storage')
      errors.push(fieldErrors.notSupported('spec.capacity', name, ['storage']));
    errors.push(...validateNonnegativeQuantity(amount, field));
    if (tryParseQuantity(amount)?.isZero)
      errors.push(fieldErrors.invalid(field, amount, 'must be greater than zero'));
  }
  errors.push(
    ...oneOf(
      spec.persistentVolumeReclaimPolicy,
      RECLAIM_POLICIES,
      'spec.persistentVolumeReclaimPolicy',
    ),
  );
  const affinity = spec.nodeAffinity?.required;
  if (affinity) errors.push(...validateNodeSelector(affinity, 'spec.nodeAffinity.required'));
  const [first, ...more] = sourcesOf(volume);
  if (!first) errors.push(fieldErrors.required('spec', 'must specify a volume type'));
  for (const [kind] of more)
    errors.push(fieldErrors.forbidden(`spec.${kind}`, 'may not specify more than 1 volume type'));
  if (spec.hostPath) errors.push(...required(spec.hostPath.path, 'spec.hostPath.path'));
  if (spec.local) {
    errors.push(...required(spec.local.path, 'spec.local.path'));
    if (!spec.nodeAffinity)
      errors.push(fieldErrors.required('spec.nodeAffinity', 'Local volume requires node affinity'));
  }
  if (spec.hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle') {
    errors.push(
      fieldErrors.forbidden(
        'spec.persistentVolumeReclaimPolicy',
        "may not be 'recycle' for a hostPath mount of '/'",
      ),
    );
  }
  if (spec.storageClassName)
    errors.push(
      ...validateWith(isDns1123Subdomain, spec.storageClassName, 'spec.storageClassName'),
    );
  return [...errors, ...optionalOneOf(spec.volumeMode, VOLUME_MODES, 'spec.volumeMode')];
}

export function validatePersistentVolumeUpdate(
  next: PersistentVolume,
  old: PersistentVolume,
): FieldError[] {
  const errors: FieldError[] = [];
  if (!semanticEqual(Object.fromEntries(sourcesOf(next)), Object.fromEntries(sourcesOf(old)))) {
    errors.push(
      fieldErrors.forbidden(
        'spec.persistentvolumesource',
        'spec.persistentvolumesource is immutable after creation',
      ),
    );
  }
  if (next.spec.volumeMode !== old.spec.volumeMode) {
    errors.push(
      fieldErrors.invalid('spec.volumeMode', next.spec.volumeMode ?? null, 'field is immutable'),
    );
  }
  if (old.spec.nodeAffinity && !semanticEqual(next.spec.nodeAffinity, old.spec.nodeAffinity)) {
    errors.push(
      fieldErrors.invalid(
        'spec.nodeAffinity',
        next.spec.nodeAffinity ?? null,
        'field is immutable, except for updating from beta label to GA',
      ),
    );
  }
  return errors;
}
