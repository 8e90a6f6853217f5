// Validation of env and envFrom of containers.
import { type FieldError, fieldErrors } from '../../../../apimachinery/errors/status-error.js';
import {
  isConfigMapKey,
  isDns1123Subdomain,
  isRelaxedEnvVarName,
} from '../../../../apimachinery/validation/names.js';
import { validateWith } from '../../../meta/v1/object-meta.js';
import type { EnvFromSource, EnvVar } from '../types.js';
import { validateFieldRef, validateResourceFieldRef } from './field-refs.js';
import { ENV_FIELDS } from './facts.generated.js';
import { each, requiredWith, whenSet } from './fields.js';

const validateKeyRef = (ref: { name?: string; key: string }, path: string): FieldError[] => [
  ...validateWith(isDns1123Subdomain, ref.name, `${path}.name`),
  ...requiredWith(isConfigMapKey, ref.key, `${path}.key`),
];

function validateValueFrom({ value, valueFrom: source }: EnvVar, path: string): FieldError[] {
  if (!source) return [];
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = source;
  const resource = `${path}.resourceFieldRef`;
  const errors = [
    ...(fieldRef ? validateFieldRef(fieldRef, ENV_FIELDS, `${path}.fieldRef`) : []),
    ...(resourceFieldRef ? validateResourceFieldRef(resourceFieldRef, false, resource) : []),
    ...(configMapKeyRef ? validateKeyRef(configMapKeyRef, `${path}.configMapKeyRef`) : []),
    ...(secretKeyRef ? validateKeyRef(secretKeyRef, `${path}.secretKeyRef`) : []),
  ];
  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef].filter(
    Boolean,
  ).length;
  const detail =
    sources === 0
      ? 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'
      : value
        ? 'may not be specified when `value` is not empty'
        : 'may not have more than one field specified at a time';
  return [...errors, ...fieldErrors.when(sources !== 1 || value).invalid(path, '', detail)];
}

export const validateEnv = (variables: readonly EnvVar[] | undefined, path: string): FieldError[] =>
  each(variables, path, (variable, at) => [
    ...requiredWith(isRelaxedEnvVarName, variable.name, `${at}.name`),
    ...validateValueFrom(variable, `${at}.valueFrom`),
  ]);

function validateSourceName(source: { name?: string } | undefined, path: string): FieldError[] {
  // Upstream accepts a trailing dash here (ValidateConfigMapName with prefix true).
  const name = source?.name?.replace(/-$/, 'a');
  return source ? requiredWith(isDns1123Subdomain, name, `${path}.name`) : [];
}

export const validateEnvFrom = (
  sources: readonly EnvFromSource[] | undefined,
  path: string,
): FieldError[] =>
  each(sources, path, ({ prefix, configMapRef, secretRef }, at) => {
    const detail = configMapRef
      ? 'may not have more than one field specified at a time'
      : 'must specify one of: `configMapRef` or `secretRef`';
    return [
      ...whenSet(isRelaxedEnvVarName, prefix, `${at}.prefix`),
      ...validateSourceName(configMapRef, `${at}.configMapRef`),
      ...validateSourceName(secretRef, `${at}.secretRef`),
      ...fieldErrors.when(!configMapRef === !secretRef).invalid(path, '', detail),
    ];
  });
