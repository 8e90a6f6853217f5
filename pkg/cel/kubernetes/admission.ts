// The variables of admission expressions and their types (upstream
// apiserver/pkg/admission/plugin/cel/compile.go).
import type { Environment, Library, TypeProvider } from '../checker/environment.js';
import {
  BOOL,
  DYN,
  INT,
  listOf,
  mapOf,
  STRING,
  structOf,
  TIMESTAMP,
  type Type,
  typeText,
} from '../checker/types.js';
import { AUTHORIZER_TYPE, RESOURCE_CHECK_TYPE } from './authorizer.js';
import {
  checkKubernetes,
  kubernetesEnvironment,
  structTypes,
  texts,
  USER_INFO,
} from './environment.js';
import { createProgram, type Program } from '../program/program.js';
import { CompileError } from '../syntax/source.js';
import { EvalError } from '../values/value.js';
import { errorText } from '../../util/errors/error-text.js';

const STRINGS = mapOf(STRING, STRING);
const struct = (name: string): Type => structOf(`kubernetes.${name}`);

/** Fields by the name of their struct type. */
const STRUCTS: Readonly<Record<string, Readonly<Record<string, Type>>>> = {
  'kubernetes.GroupVersionKind': texts('group', 'version', 'kind'),
  'kubernetes.GroupVersionResource': texts('group', 'version', 'resource'),
  'kubernetes.UserInfo': USER_INFO,
  'kubernetes.AdmissionRequest': {
    ...texts('subResource', 'requestSubResource', 'name', 'namespace', 'operation'),
    kind: struct('GroupVersionKind'),
    resource: struct('GroupVersionResource'),
    requestKind: struct('GroupVersionKind'),
    requestResource: struct('GroupVersionResource'),
    userInfo: struct('UserInfo'),
    dryRun: BOOL,
    options: DYN,
  },
  'kubernetes.NamespaceCondition': {
    ...texts('status', 'type', 'reason', 'message'),
    lastTransitionTime: TIMESTAMP,
  },
  'kubernetes.NamespaceMetadata': {
    ...texts('name', 'generateName', 'namespace', 'UID', 'resourceVersion'),
    labels: STRINGS,
    annotations: STRINGS,
    creationTimestamp: TIMESTAMP,
    deletionGracePeriodSeconds: INT,
    deletionTimestamp: TIMESTAMP,
    generation: INT,
    finalizers: listOf(STRING),
  },
  'kubernetes.NamespaceSpec': { finalizers: listOf(STRING) },
  'kubernetes.NamespaceStatus': {
    ...texts('phase'),
    conditions: listOf(struct('NamespaceCondition')),
  },
  'kubernetes.Namespace': {
    metadata: struct('NamespaceMetadata'),
    spec: struct('NamespaceSpec'),
    status: struct('NamespaceStatus'),
  },
};

/** The struct types of all; a struct has the fields that the first of them knows. */
const joinTypes = (all: readonly TypeProvider[]): TypeProvider => {
  const constructors = all.filter((types) => types.construct);
  return {
    hasStruct: (name) => all.some((types) => types.hasStruct(name)),
    fieldType: (name, field) => {
      for (const types of all) if (types.hasStruct(name)) return types.fieldType(name, field);
      return undefined;
    },
    ...(constructors.length && {
      construct: (name, fields) =>
        constructors.find((types) => types.hasStruct(name))?.construct!(name, fields) ??
        new EvalError(`unknown type: ${name}`),
    }),
  };
};

/** The struct types of `request` and `namespaceObject`. */
const ADMISSION_TYPES = structTypes(STRUCTS);

export interface ExpressionScope {
  /** The policy has parameters. */
  readonly hasParams?: boolean;
  /** False for messages. */
  readonly hasAuthorizer?: boolean;
  /** The expression is in the store already, so everything that once compiled still does. */
  readonly isStored?: boolean;
  readonly variables?: Readonly<Record<string, Type>>;
  /** Struct types besides those of `request`. */
  readonly types?: readonly TypeProvider[];
  readonly libraries?: readonly Library[];
  /** Of `object` and `oldObject`; default dyn. */
  readonly objectType?: Type;
  readonly paramsType?: Type;
}

export function admissionEnvironment(scope: ExpressionScope = {}): Environment {
  const { hasParams, hasAuthorizer = true, isStored = false, variables } = scope;
  const { types = [], libraries, objectType = DYN, paramsType = DYN } = scope;
  return kubernetesEnvironment(
    {
      object: objectType,
      oldObject: objectType,
      request: struct('AdmissionRequest'),
      namespaceObject: struct('Namespace'),
      ...(hasParams && { params: paramsType }),
      ...(hasAuthorizer && {
        authorizer: AUTHORIZER_TYPE,
        'authorizer.requestResource': RESOURCE_CHECK_TYPE,
      }),
      ...variables,
    },
    { isStored, types: joinTypes([ADMISSION_TYPES, ...types]), ...(libraries && { libraries }) },
  );
}

export type Compiled = { readonly program: Program } | { readonly error: string };

/**
 * Compiles an expression whose result has one of `results`; the error is upstream's text. An empty
 * list allows any result.
 */
export function compileAdmission(
  expression: string,
  environment: Environment,
  results: readonly Type[],
): Compiled {
  try {
    const checked = checkKubernetes(expression, environment);
    const got = typeText(checked.type);
    const wanted = results.map(typeText);
    if (wanted.length && !wanted.includes(got))
      return {
        error:
          wanted.length === 1
            ? `must evaluate to ${wanted[0]!} but got ${got}`
            : `must evaluate to one of [${wanted.join(' ')}]`,
      };
    return { program: createProgram(checked) };
  } catch (error) {
    const isCompile = error instanceof CompileError;
    return {
      error: `${isCompile ? 'compilation failed' : 'program instantiation failed'}: ${errorText(error)}`,
    };
  }
}
