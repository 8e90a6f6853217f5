// Validation of limit ranges and resource quotas.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import {
  parseQuantity,
  type Quantity,
  tryParseQuantity,
} from '../../../../apimachinery/quantity/quantity.js';
import { isQualifiedName } from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import { semanticEqual } from '../../../meta/v1/semantic-equal.js';
import type {
  LimitRange,
  LimitRangeItem,
  ResourceQuota,
  ScopedResourceSelectorRequirement,
} from '../types.js';
import {
  badResourceName,
  isStandardResource,
  validateContainerResourceName,
  validateResourceAmount,
  validateResourceName,
} from './resources.js';
import { QUOTA_SCOPES } from './facts.generated.js';
import { each, unique } from './fields.js';
import { shownAs } from '../../../meta/v1/go-value.js';

const { below, invalid, unless, when } = fieldErrors;
const LIMIT_TYPES = ['Container', 'PersistentVolumeClaim', 'Pod'];
type Side = 'min' | 'max' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio';
const SIDES: readonly Side[] = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'];

/** Pairs that must be in order, where the error belongs, and the words for both. */
const ORDERS: readonly (readonly [Side, Side, Side, string, string])[] = [
  ['min', 'max', 'min', 'min value', 'max value'],
  ['min', 'defaultRequest', 'defaultRequest', 'min value', 'default request value'],
  ['defaultRequest', 'max', 'defaultRequest', 'default request value', 'max value'],
  ['defaultRequest', 'default', 'defaultRequest', 'default request value', 'default limit value'],
  ['min', 'default', 'default', 'min value', 'default value'],
  ['default', 'max', 'default', 'default value', 'max value'],
];

/** Upstream prints the amount as a Go struct, which nobody reads; the text after it says enough. */
const badAmount = (path: string, amount: Quantity, detail: string): FieldError =>
  invalid(path, shownAs(`resource.Quantity{s:"${amount.toString()}"}`), detail);

function validateLimitOrder(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const amount = (side: Side): Quantity | undefined => tryParseQuantity(item[side]?.[name]);
  return ORDERS.flatMap(([low, high, at, lowText, highText]) => {
    const [from, to] = [amount(low), amount(high)];
    if (!from || !to || from.compare(to) <= 0) return [];
    const detail = `${lowText} ${from.toString()} is greater than ${highText} ${to.toString()}`;
    return [badAmount(`${path}.${at}[${name}]`, at === low ? from : to, detail)];
  });
}

const ONE = parseQuantity('1');

/** The ratio of limit to request must be possible between min and max. */
function validateLimitRatio(item: LimitRangeItem, name: string, path: string): FieldError[] {
  const ratio = tryParseQuantity(item.maxLimitRequestRatio?.[name]);
  if (!ratio) return [];
  const field = `${path}.maxLimitRequestRatio[${name}]`;
  if (ratio.compare(ONE) < 0)
    return [badAmount(field, ratio, `ratio ${ratio.toString()} is less than 1`)];
  const [min, max] = [tryParseQuantity(item.min?.[name]), tryParseQuantity(item.max?.[name])];
  if (!min || !max) return [];
  const bound = Number(max.nanos) / Number(min.nanos);
  if (Number(ratio.nanos) / 1e9 <= bound) return [];
  const detail = `ratio ${ratio.toString()} is greater than max/min = ${bound.toFixed(6)}`;
  return [badAmount(field, ratio, detail)];
}

/** The names that the type of the item allows. */
const validateLimitName = (type: string): ((name: string, path: string) => FieldError[]) =>
  type === 'Container' || type === 'Pod' ? validateContainerResourceName : validateResourceName;

function validateLimitType(type: string | undefined, path: string): FieldError[] {
  const errors = validateWith(isQualifiedName, type, path);
  return errors.length || type?.includes('/') || LIMIT_TYPES.includes(type ?? '')
    ? errors
    : [invalid(path, type, 'must be a standard limit type or fully qualified')];
}

function validateLimitItem(item: LimitRangeItem, path: string): FieldError[] {
  const { type } = item;
  const errors = validateLimitType(type, `${path}.type`);
  const { complain } = below(path, errors);
  const names = new Set<string>();
  const forbidden: readonly Side[] = type === 'Pod' ? ['default', 'defaultRequest'] : [];
  for (const side of SIDES) {
    if (forbidden.includes(side)) {
      if (Object.keys(item[side] ?? {}).length)
        complain.forbidden(side, "may not be specified when `type` is 'Pod'");
      continue;
    }
    for (const name of Object.keys(item[side] ?? {})) {
      names.add(name);
      errors.push(...validateLimitName(type)(name, `${path}.${side}[${name}]`));
    }
  }
  if (type === 'PersistentVolumeClaim' && !item.min?.['storage'] && !item.max?.['storage'])
    complain.required(
      'limits',
      'either minimum or maximum storage value is required, but neither was provided',
    );
  return [
    ...errors,
    ...[...names].flatMap((name) => [
      ...validateLimitOrder(item, name, path),
      ...validateLimitRatio(item, name, path),
    ]),
  ];
}

export function validateLimitRange({ spec }: LimitRange): FieldError[] {
  const seen = new Set<string>();
  return each(spec?.limits, 'spec.limits', (item, path) => [
    ...unique(item.type, seen, `${path}.type`),
    ...validateLimitItem(item, path),
  ]);
}

/** Names without a domain that quotas count; `storage` alone is for volumes. */
const isQuotaResource = (name: string): boolean => name !== 'storage' && isStandardResource(name);

function validateQuotaName(name: string, path: string): FieldError[] {
  const errors = validateResourceName(name, path);
  return name.includes('/') || isQuotaResource(name)
    ? errors
    : [...errors, badResourceName(path, name, 'must be a standard resource for quota')];
}

export function validateResourceQuota({ spec, status }: ResourceQuota): FieldError[] {
  const lists = {
    'spec.hard': spec.hard,
    'status.hard': status?.hard,
    'status.used': status?.used,
  };
  const errors = Object.entries(lists).flatMap(([path, list]) =>
    Object.entries(list ?? {}).flatMap(([name, amount]) => [
      ...validateQuotaName(name, `${path}[${name}]`),
      ...validateResourceAmount(name, amount, `${path}[${name}]`),
    ]),
  );
  return [...errors, ...validateScopes(spec), ...validateScopeSelector(spec)];
}

const CONFLICTING_SCOPES = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;
const COMPUTE = /^((requests|limits)\.)?(cpu|memory)$/;
const SELECTOR_PATH = 'spec.scopeSelector.matchExpressions';

/** Scopes select pods: they allow the count of pods and, except BestEffort, requests and limits. */
const fitsScope = (scope: string, name: string): boolean =>
  !QUOTA_SCOPES.includes(scope) ||
  name === 'pods' ||
  (scope !== 'BestEffort' && COMPUTE.test(name));

/** One complaint for each name that the scope cannot limit. */
const misfits = (scope: string, hard: object, complaint: FieldError): FieldError[] =>
  Object.keys(hard)
    .filter((name) => isQuotaResource(name) && !fitsScope(scope, name))
    .map(() => complaint);

const conflicts = (scopes: readonly string[], complaint: FieldError): FieldError[] =>
  CONFLICTING_SCOPES.filter((pair) => pair.every((scope) => scopes.includes(scope))).map(
    () => complaint,
  );

function validateScopes({ scopes = [], hard = {} }: ResourceQuota['spec']): FieldError[] {
  const list = scopes.map((scope) => JSON.stringify(scope)).join(', ');
  const complain = (detail: string): FieldError =>
    invalid('spec.scopes', shownAs(`[]core.ResourceQuotaScope{${list}}`), detail);
  return [
    ...scopes.flatMap((scope) => [
      ...(QUOTA_SCOPES.includes(scope) ? [] : [complain('unsupported scope')]),
      ...misfits(scope, hard, complain('unsupported scope applied to resource')),
    ]),
    ...conflicts(scopes, complain('conflicting scopes')),
  ];
}

function validateScopeValues({
  operator,
  values = [],
}: ScopedResourceSelectorRequirement): FieldError[] {
  const path = `${SELECTOR_PATH}.values`;
  if (operator === 'In' || operator === 'NotIn')
    return unless(values.length).required(
      path,
      "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
    );
  if (operator !== 'Exists' && operator !== 'DoesNotExist')
    return [invalid(`${SELECTOR_PATH}.operator`, operator ?? '', 'not a valid selector operator')];
  return when(values.length).invalid(
    path,
    values,
    "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
  );
}

const ONLY_EXISTS =
  "must be 'Exist' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity";

/** Upstream's paths carry no index here. */
function validateScopeSelector({ scopeSelector, hard = {} }: ResourceQuota['spec']): FieldError[] {
  const requirements = scopeSelector?.matchExpressions ?? [];
  const complain = (detail: string): FieldError =>
    invalid(SELECTOR_PATH, shownAs('core.ScopeSelector{}'), detail);
  return [
    ...requirements.flatMap((requirement) => {
      const { scopeName: scope, operator } = requirement;
      const isKnown = QUOTA_SCOPES.includes(scope);
      return [
        ...unless(isKnown).invalid(`${SELECTOR_PATH}.scopeName`, scope, 'unsupported scope'),
        ...misfits(scope, hard, complain('unsupported scope applied to resource')),
        ...when(isKnown && scope !== 'PriorityClass' && operator !== 'Exists').invalid(
          `${SELECTOR_PATH}.operator`,
          operator,
          ONLY_EXISTS,
        ),
        ...validateScopeValues(requirement),
      ];
    }),
    ...conflicts(
      requirements.map(({ scopeName }) => scopeName),
      complain('conflicting scopes'),
    ),
  ];
}

export function validateResourceQuotaUpdate(next: ResourceQuota, old: ResourceQuota): FieldError[] {
  const same = semanticEqual(
    [...(next.spec.scopes ?? [])].sort(),
    [...(old.spec.scopes ?? [])].sort(),
  );
  return unless(same).invalid('spec.scopes', next.spec.scopes, 'field is immutable');
}
