// Validation of affinity, tolerations and topology spread of pods, and of the taints of nodes.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import {
  isDns1123Label,
  isQualifiedName,
  isValidLabelValue,
} from '../../../../apimachinery/validation/names.js';
import type { LabelSelector } from '../../../../apimachinery/meta/types.js';
import {
  labelValue,
  validateLabelSelector,
  validateRequirement,
} from '../../../meta/v1/label-selector.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import type {
  Affinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinityTerm,
  Taint,
  Toleration,
  TopologySpreadConstraint,
  WeightedPodAffinityTerm,
} from '../types.js';
import { dnsSubdomain, each, oneOf, optionalOneOf } from './fields.js';

const TAINT_EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const REQUIRED_LATER = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED_LATER = 'preferredDuringSchedulingIgnoredDuringExecution';
const WEIGHT = 'must be in the range 1-100';

const labelKey = (key: string | undefined, path: string): FieldError[] =>
  validateWith(isQualifiedName, key ?? '', path);
const weighed = (weight: number, path: string): FieldError[] =>
  fieldErrors.unless(weight > 0 && weight <= 100).invalid(`${path}.weight`, weight, WEIGHT);

function validateFieldExpression(
  { key, operator, values }: NodeSelectorRequirement,
  path: string,
): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  if (operator !== 'In' && operator !== 'NotIn')
    complain.invalid('operator', operator ?? '', 'not a valid selector operator');
  else if (values?.length !== 1)
    complain.required(
      'values',
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    );
  if (key === 'metadata.name') errors.push(...each(values, `${path}.values`, dnsSubdomain));
  else complain.invalid('key', key ?? '', 'not a valid field selector key');
  return errors;
}

const validateNodeTerm = (term: NodeSelectorTerm, lenient: boolean, path: string): FieldError[] => [
  ...each(term.matchExpressions, `${path}.matchExpressions`, (expression, at) => [
    ...validateRequirement(expression, at, true),
    ...(lenient ? [] : each(expression.values, `${at}.values`, labelValue)),
  ]),
  ...each(term.matchFields, `${path}.matchFields`, validateFieldExpression),
];

/** `lenient`: values need no syntax of labels, since such selectors are stored already. */
export function validateNodeSelector(
  { nodeSelectorTerms }: NodeSelector,
  path: string,
  lenient = false,
): FieldError[] {
  const field = `${path}.nodeSelectorTerms`;
  if (!nodeSelectorTerms?.length)
    return [fieldErrors.required(field, 'must have at least one node selector term')];
  return each(nodeSelectorTerms, field, (term, at) => validateNodeTerm(term, lenient, at));
}

/** Keys of labels whose values the new pod adds to the selector. */
function keyList(
  keys: readonly string[] | undefined,
  selector: LabelSelector | undefined,
  path: string,
): FieldError[] {
  if (!keys?.length) return [];
  return selector
    ? each(keys, path, labelKey)
    : [fieldErrors.forbidden(path, 'must not be specified when labelSelector is not set')];
}

function validateLabelKeys(term: PodAffinityTerm, path: string): FieldError[] {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  const doubled = (labelSelector?.matchExpressions ?? []).flatMap(({ key }) => {
    // The selector has the requirements of the keys already; a second one is the user's own.
    const isDouble = matchLabelKeys.includes(key) && seen.has(key);
    seen.add(key);
    const at = `${path}[${matchLabelKeys.lastIndexOf(key)}]`;
    return fieldErrors
      .when(isDouble)
      .invalid(at, key, 'exists in both matchLabelKeys and labelSelector');
  });
  return [
    ...keyList(matchLabelKeys, labelSelector, `${path}.matchLabelKeys`),
    ...keyList(mismatchLabelKeys, labelSelector, `${path}.mismatchLabelKeys`),
    ...doubled,
    ...each(matchLabelKeys, `${path}.matchLabelKeys`, (key, at) =>
      fieldErrors
        .when(mismatchLabelKeys.includes(key))
        .invalid(at, key, 'exists in both matchLabelKeys and mismatchLabelKeys'),
    ),
  ];
}

const validatePodTerm = (term: PodAffinityTerm, path: string): FieldError[] => [
  ...validateLabelSelector(term.labelSelector, `${path}.labelSelector`),
  ...validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`),
  ...(term.namespaces ?? []).flatMap((name) =>
    validateWith(isDns1123Label, name, `${path}.namespace`),
  ),
  ...validateLabelKeys(term, path),
  ...fieldErrors.unless(term.topologyKey).required(`${path}.topologyKey`, 'can not be empty'),
  ...labelKey(term.topologyKey, `${path}.topologyKey`),
];

const validatePodTerms = (
  terms:
    | { [REQUIRED_LATER]?: PodAffinityTerm[]; [PREFERRED_LATER]?: WeightedPodAffinityTerm[] }
    | undefined,
  path: string,
): FieldError[] => [
  ...each(terms?.[REQUIRED_LATER], `${path}.${REQUIRED_LATER}`, validatePodTerm),
  ...each(
    terms?.[PREFERRED_LATER],
    `${path}.${PREFERRED_LATER}`,
    ({ weight, podAffinityTerm }, field) => [
      ...weighed(weight, field),
      ...validatePodTerm(podAffinityTerm ?? {}, `${field}.podAffinityTerm`),
    ],
  ),
];

export function validateAffinity(affinity: Affinity | undefined, path: string): FieldError[] {
  if (!affinity) return [];
  const nodes = affinity.nodeAffinity;
  const required = nodes?.[REQUIRED_LATER];
  return [
    ...(required ? validateNodeSelector(required, `${path}.nodeAffinity.${REQUIRED_LATER}`) : []),
    ...each(
      nodes?.[PREFERRED_LATER],
      `${path}.nodeAffinity.${PREFERRED_LATER}`,
      ({ weight, preference }, field) => [
        ...weighed(weight, field),
        ...validateNodeTerm(preference ?? {}, true, `${field}.preference`),
      ],
    ),
    ...validatePodTerms(affinity.podAffinity, `${path}.podAffinity`),
    ...validatePodTerms(affinity.podAntiAffinity, `${path}.podAntiAffinity`),
  ];
}

function validateTolerationValue({ operator, value = '' }: Toleration, path: string): FieldError[] {
  if (!operator || operator === 'Equal') {
    const texts = isValidLabelValue(value);
    return texts.length ? [fieldErrors.invalid(path, value, texts.join(';'))] : [];
  }
  if (operator !== 'Exists') return [fieldErrors.notSupported(path, operator, ['Equal', 'Exists'])];
  return fieldErrors
    .when(value)
    .invalid(path, value, "value must be empty when `operator` is 'Exists'");
}

export const validateTolerations = (
  tolerations: readonly Toleration[] | undefined,
  path: string,
): FieldError[] =>
  each(tolerations, path, (toleration, field) => {
    const { key, operator = '', effect = '', tolerationSeconds } = toleration;
    const errors = key ? labelKey(key, `${field}.key`) : [];
    const { complain } = fieldErrors.below(field, errors);
    if (!key && operator !== 'Exists')
      complain.invalid(
        'operator',
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      complain.invalid(
        'effect',
        effect,
        "effect must be 'NoExecute' when `tolerationSeconds` is set",
      );
    errors.push(...validateTolerationValue(toleration, `${field}.operator`));
    if (effect && !TAINT_EFFECTS.includes(effect))
      complain.notSupported('effect', effect, TAINT_EFFECTS);
    return errors;
  });

export function validateTaints(taints: readonly Taint[] | undefined, path: string): FieldError[] {
  const seen = new Set<string>();
  return each(taints, path, (taint, at) => {
    const errors = labelKey(taint.key, `${at}.key`);
    const value = isValidLabelValue(taint.value ?? '');
    if (value.length) errors.push(fieldErrors.invalid(`${at}.value`, taint.value, value.join(';')));
    errors.push(...oneOf(taint.effect, TAINT_EFFECTS, `${at}.effect`));
    const identity = `${taint.key}:${taint.effect}`;
    if (seen.has(identity)) {
      const duplicate = fieldErrors.duplicate(at, taint);
      duplicate.message += ': taints must be unique by key and effect pair';
      errors.push(duplicate);
    }
    seen.add(identity);
    return errors;
  });
}

const validatePositive = (value: number | undefined, path: string): FieldError[] =>
  fieldErrors
    .unless(value === undefined || value > 0)
    .invalid(path, value, 'must be greater than zero');

const SPREAD_ACTIONS = ['DoNotSchedule', 'ScheduleAnyway'];
const INCLUSION = ['Honor', 'Ignore'];

function validateSpreadKeys(
  { matchLabelKeys, labelSelector }: TopologySpreadConstraint,
  path: string,
): FieldError[] {
  if (!matchLabelKeys?.length) return [];
  const taken = new Set([
    ...Object.keys(labelSelector?.matchLabels ?? {}),
    ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key),
  ]);
  return [
    ...fieldErrors
      .unless(labelSelector)
      .forbidden(path, 'must not be specified when labelSelector is not set'),
    ...each(matchLabelKeys, path, (key, at) => [
      ...labelKey(key, at),
      ...fieldErrors
        .when(taken.has(key))
        .invalid(at, key, 'exists in both matchLabelKeys and labelSelector'),
    ]),
  ];
}

function validateMinDomains(
  { minDomains, whenUnsatisfiable }: TopologySpreadConstraint,
  path: string,
): FieldError[] {
  const errors = validatePositive(minDomains, path);
  if (minDomains === undefined || whenUnsatisfiable === 'DoNotSchedule') return errors;
  const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
  return [...errors, fieldErrors.invalid(path, minDomains, detail)];
}

export function validateTopologySpread(
  constraints: readonly TopologySpreadConstraint[] | undefined,
  path: string,
): FieldError[] {
  const identities = (constraints ?? []).map(
    ({ topologyKey, whenUnsatisfiable }) => `{${topologyKey}, ${whenUnsatisfiable}}`,
  );
  return (constraints ?? []).flatMap((constraint, index) => {
    const field = `${path}[${index}]`;
    const { maxSkew, topologyKey, whenUnsatisfiable } = constraint;
    const identity = identities[index]!;
    return [
      ...validatePositive(maxSkew ?? 0, `${field}.maxSkew`),
      ...(topologyKey
        ? labelKey(topologyKey, `${field}.topologyKey`)
        : [fieldErrors.required(`${field}.topologyKey`, 'can not be empty')]),
      ...fieldErrors
        .unless(SPREAD_ACTIONS.includes(whenUnsatisfiable ?? ''))
        .notSupported(`${field}.whenUnsatisfiable`, whenUnsatisfiable ?? '', SPREAD_ACTIONS),
      ...fieldErrors
        .when(identities.includes(identity, index + 1))
        .duplicate(`${field}.{topologyKey, whenUnsatisfiable}`, identity),
      ...validateMinDomains(constraint, `${field}.minDomains`),
      ...optionalOneOf(constraint.nodeAffinityPolicy, INCLUSION, `${field}.nodeAffinityPolicy`),
      ...optionalOneOf(constraint.nodeTaintsPolicy, INCLUSION, `${field}.nodeTaintsPolicy`),
      ...validateSpreadKeys(constraint, `${field}.matchLabelKeys`),
      ...validateLabelSelector(constraint.labelSelector, `${field}.labelSelector`),
    ];
  });
}
