// RBAC kinds: defaults and validation (upstream pkg/apis/rbac).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isPathSegmentName } from '../../../apimachinery/validation/names.js';
import {
  each,
  optionalOneOf,
  required,
  requiredWith,
  whenSet,
} from '../../core/v1/validation/fields.js';
import { shownAs } from '../../meta/v1/go-value.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from './types.js';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

type AnyBinding = RoleBinding | ClusterRoleBinding;

export function defaultBinding(binding: AnyBinding): void {
  binding.roleRef ??= { apiGroup: '', kind: '', name: '' };
  binding.roleRef.apiGroup ||= RBAC_GROUP;
  for (const subject of binding.subjects ?? []) {
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= RBAC_GROUP;
  }
}

function validateRule(rule: PolicyRule, namespaced: boolean, path: string): FieldError[] {
  const { complain, errors } = fieldErrors.below(path);
  const urls = rule.nonResourceURLs;
  const hasResources =
    rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length;
  const refuse = (detail: string): void => complain.invalid('nonResourceURLs', urls, detail);
  if (!rule.verbs?.length) complain.required('verbs', 'verbs must contain at least one value');
  if (urls?.length) {
    if (namespaced) refuse('namespaced rules cannot apply to non-resource URLs');
    if (hasResources) refuse('rules cannot apply to both regular resources and non-resource URLs');
    return errors;
  }
  if (!rule.apiGroups?.length)
    complain.required('apiGroups', 'resource rules must supply at least one api group');
  if (!rule.resources?.length)
    complain.required('resources', 'resource rules must supply at least one resource');
  return errors;
}

export const validateRole = ({ rules }: Role): FieldError[] =>
  each(rules, 'rules', (rule, at) => validateRule(rule, true, at));

export function validateClusterRole({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule?.clusterRoleSelectors;
  return [
    ...each(rules, 'rules', (rule, at) => validateRule(rule, false, at)),
    ...fieldErrors
      .when(aggregationRule && !selectors?.length)
      .required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil'),
    ...each(selectors, path, (selector, at) => {
      const errors = validateLabelSelector(selector, at);
      const bad = fieldErrors.when(errors.length).invalid(at, null, 'invalid label selector.');
      return [...errors, ...bad];
    }),
  ];
}

const validateRoleRef = ({ apiGroup, kind, name }: RoleRef, kinds: readonly string[]) => [
  ...optionalOneOf(apiGroup ?? '', [RBAC_GROUP], 'roleRef.apiGroup'),
  ...optionalOneOf(kind ?? '', kinds, 'roleRef.kind'),
  ...requiredWith(isPathSegmentName, name, 'roleRef.name'),
];

function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const errors = required(subject.name, `${path}.name`);
  const { complain } = fieldErrors.below(path, errors);
  const group = subject.apiGroup ?? '';
  if (subject.kind === 'ServiceAccount') {
    errors.push(...whenSet(isDns1123Subdomain, subject.name, `${path}.name`));
    if (group) complain.notSupported('apiGroup', group, ['']);
    if (!namespaced && !subject.namespace) complain.required('namespace');
  } else if (subject.kind === 'User' || subject.kind === 'Group') {
    if (group !== RBAC_GROUP) complain.notSupported('apiGroup', group, [RBAC_GROUP]);
  } else complain.notSupported('kind', subject.kind, ['ServiceAccount', 'User', 'Group']);
  return errors;
}

const validateBinding =
  (namespaced: boolean) =>
  ({ roleRef, subjects }: AnyBinding): FieldError[] => [
    ...validateRoleRef(roleRef, namespaced ? ['Role', 'ClusterRole'] : ['ClusterRole']),
    ...each(subjects, 'subjects', (subject, at) => validateSubject(subject, namespaced, at)),
  ];

export const validateRoleBinding = validateBinding(true);
export const validateClusterRoleBinding = validateBinding(false);

/** The subjects of a binding may change; its role may not. */
export function validateBindingUpdate(next: AnyBinding, old: AnyBinding): FieldError[] {
  const { apiGroup, kind, name } = next.roleRef;
  if (apiGroup === old.roleRef.apiGroup && kind === old.roleRef.kind && name === old.roleRef.name)
    return [];
  const shown = `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;
  return [fieldErrors.invalid('roleRef', shownAs(shown), 'cannot change roleRef')];
}
