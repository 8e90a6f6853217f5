// The expressions of admission policies, which may use the policy's variables (upstream
// apiserver/pkg/admission/plugin/cel/composition.go).
import type { Environment, TypeProvider } from '../checker/environment.js';
import { BOOL, DYN, NULL, STRING, structOf, type Type } from '../checker/types.js';
import { CompileError } from '../syntax/source.js';
import { admissionEnvironment, compileAdmission, type Compiled } from './admission.js';
import { checkKubernetes } from './environment.js';
import { CONFIGURATION_TYPE, PATCH_FUNCTIONS, PATCH_LIST_TYPE, PATCH_TYPES } from './mutation.js';
import { schemaTypes, type Declaration } from './schema.js';

const VARIABLES = 'kubernetes.variables';

/** The types that the result of an expression may have, by the expression's part in the policy. */
const RESULTS = {
  validation: [BOOL],
  message: [STRING],
  auditAnnotation: [STRING, NULL],
  applyConfiguration: [CONFIGURATION_TYPE],
  jsonPatch: [PATCH_LIST_TYPE],
} as const satisfies Readonly<Record<string, readonly Type[]>>;

export type PolicyPart = keyof typeof RESULTS;

const PATCHES = { types: [PATCH_TYPES], libraries: [PATCH_FUNCTIONS] };

export interface PolicyCompiler {
  /** The variables that follow and the other expressions may use the variable. */
  readonly variable: (name: string, expression: string) => Compiled;
  readonly expression: (part: PolicyPart, expression: string) => Compiled;
  /** Complaints of the type checker, with carets. The result may have any type. */
  readonly problem: (expression: string) => string | undefined;
}

/** Kinds whose objects the variables `object`, `oldObject` and `params` have. */
export interface Kinds {
  readonly object: Declaration;
  readonly params?: Declaration;
}

/** Structs have no fields that a later expression knows, as upstream's. */
function fieldType(type: Type): Type {
  if (type.kind === 'list' || type.kind === 'map')
    return { ...type, params: type.params.map(fieldType) };
  return ['struct', 'opaque', 'type', 'param', 'error'].includes(type.kind) ? DYN : type;
}

/** The parts of a policy that decide which variables its expressions have. */
export interface PolicySpec {
  readonly paramKind?: object;
  /** Without variables, the name `variables` is not declared. */
  readonly variables?: readonly { readonly name: string; readonly expression: string }[];
}

export function policyCompiler(
  spec: PolicySpec,
  { isStored = false, kinds }: { readonly isStored?: boolean; readonly kinds?: Kinds } = {},
): PolicyCompiler {
  const { object, params } = kinds ?? {};
  const hasParams = kinds ? params !== undefined : spec.paramKind !== undefined;
  const declared = [object, params].filter((one) => one !== undefined);
  const hasVariables = Boolean(spec.variables?.length);
  const fields = new Map<string, Type>();
  const types: TypeProvider = {
    hasStruct: (name) => name === VARIABLES,
    fieldType: (name, field) => (name === VARIABLES ? fields.get(field) : undefined),
  };
  const composed = hasVariables ? { variables: { variables: structOf(VARIABLES) } } : {};
  const environmentOf = (hasAuthorizer: boolean, patches?: typeof PATCHES) =>
    admissionEnvironment({
      hasParams,
      hasAuthorizer,
      isStored,
      ...composed,
      ...patches,
      ...(object && { objectType: object.type }),
      ...(params && { paramsType: params.type }),
      types: [types, schemaTypes(declared), ...(patches?.types ?? [])],
    });
  const whole = environmentOf(true);
  const forMessages = environmentOf(false);
  let forPatches: Environment | undefined;
  const environmentFor = (part: PolicyPart): Environment => {
    if (part === 'message') return forMessages;
    const isPatch = part === 'applyConfiguration' || part === 'jsonPatch';
    return isPatch ? (forPatches ??= environmentOf(true, PATCHES)) : whole;
  };
  return {
    variable(name, expression) {
      const compiled = compileAdmission(expression, whole, []);
      fields.set(name, 'error' in compiled ? DYN : fieldType(compiled.program.type));
      return compiled;
    },
    expression: (part, expression) =>
      compileAdmission(expression, environmentFor(part), RESULTS[part]),
    problem(expression) {
      try {
        checkKubernetes(expression, whole);
        return undefined;
      } catch (error) {
        if (error instanceof CompileError) return error.message;
        throw error;
      }
    },
  };
}
