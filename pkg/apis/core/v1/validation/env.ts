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

function validateKeyRef(ref: { name?: string; key: string }, path: string): FieldError[] {
  return [
    ...validateWith(isDns1123Subdomain, ref.name ?? '', `${path}.name`),
    ...(ref.key
      ? validateWith(isConfigMapKey, ref.key, `${path}.key`)
      : [fieldErrors.required(`${path}.key`)]),
  ];
}

function validateValueFrom(variable: EnvVar, path: string): FieldError[] {
  const source = variable.valueFrom;
  if (!source) return [];
  const errors: FieldError[] = [];
  const complain = fieldErrors.below(path, errors);
  let sources = 0;
  if (source.fieldRef && ++sources)
    errors.push(...validateFieldRef(source.fieldRef, ENV_FIELDS, `${path}.fieldRef`));
  if (source.resourceFieldRef && ++sources)
    errors.push(
      ...validateResourceFieldRef(source.resourceFieldRef, false, `${path}.resourceFieldRef`),
    );
  if (source.configMapKeyRef && ++sources)
    errors.push(...validateKeyRef(source.configMapKeyRef, `${path}.configMapKeyRef`));
  if (source.secretKeyRef && ++sources)
    errors.push(...validateKeyRef(source.secretKeyRef, `${path}.secretKeyRef`));
  if (sources === 0) {
    complain.invalid(
      '',
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    );
  } else if (variable.value)
    complain.invalid('', '', 'may not be specified when `value` is not empty');
  else if (sources > 1)
    complain.invalid('', '', 'may not have more than one field specified at a time');
  return errors;
}

export function validateEnv(variables: readonly EnvVar[] | undefined, path: string): FieldError[] {
  return (variables ?? []).flatMap((variable, index) => {
    const field = `${path}[${index}]`;
    const name = variable.name
      ? validateWith(isRelaxedEnvVarName, variable.name, `${field}.name`)
      : [fieldErrors.required(`${field}.name`)];
    return [...name, ...validateValueFrom(variable, `${field}.valueFrom`)];
  });
}

function validateSourceName(name: string | undefined, path: string): FieldError[] {
  // Upstream accepts a trailing dash here (ValidateConfigMapName with prefix true).
  return name
    ? validateWith(isDns1123Subdomain, name.replace(/-$/, 'a'), `${path}.name`)
    : [fieldErrors.required(`${path}.name`)];
}

export function validateEnvFrom(
  sources: readonly EnvFromSource[] | undefined,
  path: string,
): FieldError[] {
  return (sources ?? []).flatMap((source, index) => {
    const field = `${path}[${index}]`;
    const errors = source.prefix
      ? validateWith(isRelaxedEnvVarName, source.prefix, `${field}.prefix`)
      : [];
    const complain = fieldErrors.below(path, errors);
    if (source.configMapRef)
      errors.push(...validateSourceName(source.configMapRef.name, `${field}.configMapRef`));
    if (source.secretRef)
      errors.push(...validateSourceName(source.secretRef.name, `${field}.secretRef`));
    if (!source.configMapRef && !source.secretRef) {
      complain.invalid('', '', 'must specify one of: `configMapRef` or `secretRef`');
    } else if (source.configMapRef && source.secretRef) {
      complain.invalid('', '', 'may not have more than one field specified at a time');
    }
    return errors;
  });
}
