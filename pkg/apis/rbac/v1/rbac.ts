// RBAC kinds: defaults and validation (upstream pkg/apis/rbac).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import { isDns1123Subdomain, isPathSegmentName } from '../../../apimachinery/validation/names.js';
import { each } from '../../core/v1/validation/fields.js';
import { goStrings, invalidText } from '../../meta/v1/go-value.js';
import { validateLabelSelector } from '../../meta/v1/label-selector.js';
import { validateWith } from '../../meta/v1/object-meta.js';
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
  const errors: FieldError[] = [];
  if (!rule.verbs?.length)
    errors.push(fieldErrors.required(`${path}.verbs`, 'verbs must contain at least one value'));
  const urls = rule.nonResourceURLs ?? [];
  if (urls.length) {
    const complain = (detail: string): void =>
      void errors.push(invalidText(`${path}.nonResourceURLs`, goStrings(urls), detail));
    if (namespaced) complain('namespaced rules cannot apply to non-resource URLs');
    if (rule.apiGroups?.length || rule.resources?.length || rule.resourceNames?.length) {
      complain('rules cannot apply to both regular resources and non-resource URLs');
    }
    return errors;
  }
  if (!rule.apiGroups?.length)
    errors.push(
      fieldErrors.required(
        `${path}.apiGroups`,
        'resource rules must supply at least one api group',
      ),
    );
  if (!rule.resources?.length)
    errors.push(
      fieldErrors.required(`${path}.resources`, 'resource rules must supply at least one resource'),
    );
  return errors;
}

export function validateRole({ rules }: Role): FieldError[] {
  return (rules ?? []).flatMap((rule, index) => validateRule(rule, true, `rules[${index}]`));
}

export function validateClusterRole({ rules, aggregationRule }: ClusterRole): FieldError[] {
  const errors = (rules ?? []).flatMap((rule, index) =>
    validateRule(rule, false, `rules[${index}]`),
  );
  if (!aggregationRule) return errors;
  const path = 'aggregationRule.clusterRoleSelectors';
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  if (selectors.length === 0)
    errors.push(
      fieldErrors.required(
        path,
        'at least one clusterRoleSelector required if aggregationRule is non-nil',
      ),
    );
  return [
    ...errors,
    ...each(selectors, path, (selector, at) => {
      const found = validateLabelSelector(selector, at);
      return found.length
        ? [...found, fieldErrors.invalid(at, null, 'invalid label selector.')]
        : [];
    }),
  ];
}

function validateRoleRef(ref: RoleRef, kinds: readonly string[]): FieldError[] {
  const errors: FieldError[] = [];
  if (ref.apiGroup !== RBAC_GROUP)
    errors.push(fieldErrors.notSupported('roleRef.apiGroup', ref.apiGroup, [RBAC_GROUP]));
  if (!kinds.includes(ref.kind))
    errors.push(fieldErrors.notSupported('roleRef.kind', ref.kind, kinds));
  if (!ref.name) return [...errors, fieldErrors.required('roleRef.name')];
  return [...errors, ...validateWith(isPathSegmentName, ref.name, 'roleRef.name')];
}

function validateSubject(subject: Subject, namespaced: boolean, path: string): FieldError[] {
  const errors = subject.name ? [] : [fieldErrors.required(`${path}.name`)];
  const complain = fieldErrors.below(path, errors);
  const group = subject.apiGroup ?? '';
  if (subject.kind === 'ServiceAccount') {
    if (subject.name)
      errors.push(...validateWith(isDns1123Subdomain, subject.name, `${path}.name`));
    if (group) complain.notSupported('apiGroup', group, ['']);
    if (!namespaced && !subject.namespace) complain.required('namespace');
  } else if (subject.kind === 'User' || subject.kind === 'Group') {
    if (group !== RBAC_GROUP) complain.notSupported('apiGroup', group, [RBAC_GROUP]);
  } else complain.notSupported('kind', subject.kind, ['ServiceAccount', 'User', 'Group']);
  return errors;
}

export function validateRoleBinding({ roleRef, subjects }: RoleBinding): FieldError[] {
  return [
    ...validateRoleRef(roleRef, ['Role', 'ClusterRole']),
    ...(subjects ?? []).flatMap((subject, index) =>
      validateSubject(subject, true, `subjects[${index}]`),
    ),
  ];
}

export function validateClusterRoleBinding({
  roleRef,
  subjects,
}: ClusterRoleBinding): FieldError[] {
  return [
    ...validateRoleRef(roleRef, ['ClusterRole']),
    ...(subjects ?? []).flatMap((subject, index) =>
      validateSubject(subject, false, `subjects[${index}]`),
    ),
  ];
}

/** The subjects of a binding may change; its role may not. */
export function validateBindingUpdate(next: AnyBinding, old: AnyBinding): FieldError[] {
  const { apiGroup, kind, name } = next.roleRef;
  if (apiGroup === old.roleRef.apiGroup && kind === old.roleRef.kind && name === old.roleRef.name)
    return [];
  const shown = `rbac.RoleRef{APIGroup:${JSON.stringify(apiGroup)}, Kind:${JSON.stringify(kind)}, Name:${JSON.stringify(name)}}`;
  return [invalidText('roleRef', shown, 'cannot change roleRef')];
}
