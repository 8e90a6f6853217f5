// Defaults and validation of APIServices (upstream kube-aggregator/pkg/apis/apiregistration).
import { type FieldError, fieldErrors } from '../../../apimachinery/errors/status-error.js';
import {
  isDns1035Label,
  isDns1123Subdomain,
  isValidPortNum,
} from '../../../apimachinery/validation/names.js';
import type { APIService, APIServiceSpec } from './types.js';

const HTTPS_PORT = 443;
const LOCAL = 'local APIServices may not have';
const MAX_GROUP_PRIORITY = 20_000;
const MAX_VERSION_PRIORITY = 1_000;

export function defaultApiService({ spec }: { spec?: APIServiceSpec }): void {
  if (spec?.service) spec.service.port ??= HTTPS_PORT;
}

/** 'v1.apps', and 'v1.' for the core group. */
export const apiServiceName = ({ group = '', version = '' }: Partial<APIServiceSpec>): string =>
  `${version}.${group}`;

function validatePriorities(spec: Partial<APIServiceSpec>): FieldError[] {
  const outside = (field: 'groupPriorityMinimum' | 'versionPriority', most: number) => {
    const value = spec[field] ?? 0;
    return fieldErrors
      .unless(value > 0 && value <= most)
      .invalid(`spec.${field}`, value, `must be positive and less than ${most}`);
  };
  return [
    ...outside('groupPriorityMinimum', MAX_GROUP_PRIORITY),
    ...outside('versionPriority', MAX_VERSION_PRIORITY),
  ];
}

function validateTarget({
  caBundle,
  insecureSkipTLSVerify,
  service,
}: Partial<APIServiceSpec>): FieldError[] {
  const insecure = 'spec.insecureSkipTLSVerify';
  const bytes = Math.floor(((caBundle ?? '').replace(/=+$/, '').length * 3) / 4);
  if (!service)
    return [
      ...fieldErrors
        .when(caBundle)
        .invalid('spec.caBundle', `${bytes} bytes`, `${LOCAL} a caBundle`),
      ...fieldErrors
        .when(insecureSkipTLSVerify)
        .invalid(insecure, true, `${LOCAL} insecureSkipTLSVerify`),
    ];
  return [
    ...fieldErrors.unless(service.namespace).required('spec.service.namespace'),
    ...fieldErrors.unless(service.name).required('spec.service.name'),
    ...isValidPortNum(service.port ?? HTTPS_PORT).map((text) =>
      fieldErrors.invalid('spec.service.port', service.port, `port is not valid: ${text}`),
    ),
    ...fieldErrors
      .when(insecureSkipTLSVerify && caBundle)
      .invalid(insecure, true, 'may not be true if caBundle is present'),
  ];
}

/** A client may leave the whole spec out. */
export function validateApiService({
  metadata,
  spec = {},
}: Pick<APIService, 'metadata'> & { spec?: Partial<APIServiceSpec> }): FieldError[] {
  const { group = '', version = '' } = spec;
  const { complain, errors } = fieldErrors.below('spec');
  const name = apiServiceName(spec);
  if (metadata.name !== name)
    errors.push(
      fieldErrors.invalid(
        'metadata.name',
        metadata.name,
        `must be \`spec.version+"."+spec.group\`: ${JSON.stringify(name)}`,
      ),
    );
  if (group === '') {
    if (version !== 'v1')
      complain.required('group', 'only v1 may have an empty group and it better be legacy kube');
  } else for (const text of isDns1123Subdomain(group)) complain.invalid('group', group, text);
  for (const text of isDns1035Label(version)) complain.invalid('version', version, text);
  return [...errors, ...validatePriorities(spec), ...validateTarget(spec)];
}
