// Authorization checks in expressions (k8s.io/apiserver/pkg/cel/library/authz.go). The host gives
// the function that decides.
import { isDns1123Label, isDns1123Subdomain } from '../../apimachinery/validation/names.js';
import { declareIn, type Row } from '../checker/declarations.js';
import type { Library } from '../checker/environment.js';
import { structOf, type Type } from '../checker/types.js';
import { EvalError, Opaque, type Value } from '../values/value.js';

/** One check: of a path, or of a resource. */
export interface AuthorizationCheck {
  /** Set when the expression asks for a service account instead of the user of the request. */
  readonly serviceAccount?: { readonly namespace: string; readonly name: string };
  readonly verb: string;
  /** Set for paths; the other fields are for resources. */
  readonly path?: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly fieldSelector: string;
  readonly labelSelector: string;
}

export interface AuthorizationDecision {
  readonly allowed: boolean;
  readonly reason: string;
  /** Set when the check failed. */
  readonly error?: string;
}

export type Authorize = (check: AuthorizationCheck) => AuthorizationDecision;

const NAMESPACE = 'kubernetes.authorization.';

/** The types of the variables `authorizer` and `authorizer.requestResource`. */
export const AUTHORIZER_TYPE: Type = structOf(`${NAMESPACE}Authorizer`);
export const RESOURCE_CHECK_TYPE: Type = structOf(`${NAMESPACE}ResourceCheck`);

interface Pending {
  readonly authorize: Authorize;
  readonly check: AuthorizationCheck;
}

const NOTHING: AuthorizationCheck = {
  verb: '',
  group: '',
  resource: '',
  subresource: '',
  namespace: '',
  name: '',
  fieldSelector: '',
  labelSelector: '',
};

const opaqueOf = (typeName: string, data: Pending | AuthorizationDecision): Opaque =>
  new Opaque(
    `${NAMESPACE}${typeName}`,
    data,
    (other) => JSON.stringify(other.data) === JSON.stringify(data),
  );

/** The value of the variable `authorizer`. */
export const authorizerValue = (authorize: Authorize): Opaque =>
  opaqueOf('Authorizer', { authorize, check: NOTHING });

/** The value of `authorizer.requestResource`: a check of the resource of the request. */
export const requestResourceValue = (
  authorize: Authorize,
  of: Pick<AuthorizationCheck, 'group' | 'resource' | 'subresource' | 'namespace' | 'name'>,
): Opaque => opaqueOf('ResourceCheck', { authorize, check: { ...NOTHING, ...of } });

/** The same check with one more fact. */
const extend = (typeName: string, value: Opaque, more: Partial<AuthorizationCheck>): Value => {
  const { authorize, check } = value.data as Pending;
  return opaqueOf(typeName, { authorize, check: { ...check, ...more } });
};
const setter =
  (typeName: string, field: keyof AuthorizationCheck, isRequired = false) =>
  (value: Opaque, text: string): Value =>
    isRequired && text.trim() === ''
      ? new EvalError(`${field} must not be empty`)
      : extend(typeName, value, { [field]: text });

function serviceAccount(value: Opaque, namespace: string, name: string): Value {
  if (isDns1123Subdomain(name).length > 0) return new EvalError('Invalid service account name');
  if (isDns1123Label(namespace).length > 0)
    return new EvalError('Invalid service account namespace');
  return extend('Authorizer', value, { serviceAccount: { namespace, name } });
}

function decide(value: Opaque, verb: string): Value {
  const { authorize, check } = value.data as Pending;
  return opaqueOf('Decision', authorize({ ...check, verb }));
}

const read =
  (of: (decision: AuthorizationDecision) => Value) =>
  ({ data }: Opaque): Value =>
    of(data as AuthorizationDecision);

const RESOURCE_SETTERS = [
  ['resourcecheck_subresource', 'subresource'],
  ['resourcecheck_namespace', 'namespace'],
  ['resourcecheck_name', 'name'],
  ['authorizer_fieldselector', 'fieldSelector'],
  ['authorizer_labelselector', 'labelSelector'],
] as const;

export const AUTHORIZATION: Library = {
  functions: declareIn(NAMESPACE, [
    ['authorizer_path', 'Authorizer.path(string) PathCheck', setter('PathCheck', 'path', true)],
    ['authorizer_group', 'Authorizer.group(string) GroupCheck', setter('GroupCheck', 'group')],
    [
      'authorizer_serviceaccount',
      'Authorizer.serviceAccount(string, string) Authorizer',
      serviceAccount,
    ],
    [
      'groupcheck_resource',
      'GroupCheck.resource(string) ResourceCheck',
      setter('ResourceCheck', 'resource', true),
    ],
    ...RESOURCE_SETTERS.map(([id, field]): Row => [
      id,
      `ResourceCheck.${field}(string) ResourceCheck`,
      setter('ResourceCheck', field),
    ]),
    ['pathcheck_check', 'PathCheck.check(string) Decision', decide],
    ['resourcecheck_check', 'ResourceCheck.check(string) Decision', decide],
    ['decision_errored', 'Decision.errored() bool', read(({ error }) => error !== undefined)],
    ['decision_error', 'Decision.error() string', read(({ error }) => error ?? '')],
    ['decision_allowed', 'Decision.allowed() bool', read(({ allowed }) => allowed)],
    ['decision_reason', 'Decision.reason() string', read(({ reason }) => reason)],
  ]),
};
