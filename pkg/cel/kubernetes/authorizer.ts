// Authorization checks in expressions (k8s.io/apiserver/pkg/cel/library/authz.go). The host gives
// the function that decides.
import { isDns1123Label, isDns1123Subdomain } from '../../apimachinery/validation/names.js';
import { declare } from '../checker/declarations.js';
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

const PREFIX = 'kubernetes.authorization.';
const AUTHORIZER = `${PREFIX}Authorizer`;
const PATH_CHECK = `${PREFIX}PathCheck`;
const GROUP_CHECK = `${PREFIX}GroupCheck`;
const RESOURCE_CHECK = `${PREFIX}ResourceCheck`;
const DECISION = `${PREFIX}Decision`;

/** The types of the variables `authorizer` and `authorizer.requestResource`. */
export const AUTHORIZER_TYPE: Type = structOf(AUTHORIZER);
export const RESOURCE_CHECK_TYPE: Type = structOf(RESOURCE_CHECK);

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
  new Opaque(typeName, data, (other) => JSON.stringify(other.data) === JSON.stringify(data));

/** The value of the variable `authorizer`. */
export const authorizerValue = (authorize: Authorize): Opaque =>
  opaqueOf(AUTHORIZER, { authorize, check: NOTHING });

/** The value of `authorizer.requestResource`: a check of the resource of the request. */
export const requestResourceValue = (
  authorize: Authorize,
  of: Pick<AuthorizationCheck, 'group' | 'resource' | 'subresource' | 'namespace' | 'name'>,
): Opaque => opaqueOf(RESOURCE_CHECK, { authorize, check: { ...NOTHING, ...of } });

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
  return extend(AUTHORIZER, value, { serviceAccount: { namespace, name } });
}

function decide(value: Opaque, verb: string): Value {
  const { authorize, check } = value.data as Pending;
  return opaqueOf(DECISION, authorize({ ...check, verb }));
}

const read =
  (of: (decision: AuthorizationDecision) => Value) =>
  ({ data }: Opaque): Value =>
    of(data as AuthorizationDecision);

export const AUTHORIZATION: Library = {
  functions: declare([
    [
      'authorizer_path',
      `${AUTHORIZER}.path(string) ${PATH_CHECK}`,
      setter(PATH_CHECK, 'path', true),
    ],
    [
      'authorizer_group',
      `${AUTHORIZER}.group(string) ${GROUP_CHECK}`,
      setter(GROUP_CHECK, 'group'),
    ],
    [
      'authorizer_serviceaccount',
      `${AUTHORIZER}.serviceAccount(string, string) ${AUTHORIZER}`,
      serviceAccount,
    ],
    [
      'groupcheck_resource',
      `${GROUP_CHECK}.resource(string) ${RESOURCE_CHECK}`,
      setter(RESOURCE_CHECK, 'resource', true),
    ],
    ...(['subresource', 'namespace', 'name'] as const).map(
      (field) =>
        [
          `resourcecheck_${field}`,
          `${RESOURCE_CHECK}.${field}(string) ${RESOURCE_CHECK}`,
          setter(RESOURCE_CHECK, field),
        ] as const,
    ),
    ['pathcheck_check', `${PATH_CHECK}.check(string) ${DECISION}`, decide],
    ['resourcecheck_check', `${RESOURCE_CHECK}.check(string) ${DECISION}`, decide],
    ['decision_errored', `${DECISION}.errored() bool`, read(({ error }) => error !== undefined)],
    ['decision_error', `${DECISION}.error() string`, read(({ error }) => error ?? '')],
    ['decision_allowed', `${DECISION}.allowed() bool`, read(({ allowed }) => allowed)],
    ['decision_reason', `${DECISION}.reason() string`, read(({ reason }) => reason)],
    [
      'authorizer_fieldselector',
      `${RESOURCE_CHECK}.fieldSelector(string) ${RESOURCE_CHECK}`,
      setter(RESOURCE_CHECK, 'fieldSelector'),
    ],
    [
      'authorizer_labelselector',
      `${RESOURCE_CHECK}.labelSelector(string) ${RESOURCE_CHECK}`,
      setter(RESOURCE_CHECK, 'labelSelector'),
    ],
  ]),
};
