// The names that an expression may use: variables, types, functions and macros.
import type { Macro } from '../syntax/macros.js';
import { TypeValue, type Value } from '../values/value.js';
import type { FunctionDeclaration, Overload } from './declarations.js';
import { DURATION, DYN, listOf, mapOf, PRIMITIVES, TIMESTAMP, typeOf, type Type } from './types.js';

/** Struct types. */
export interface TypeProvider {
  hasStruct(name: string): boolean;
  fieldType(struct: string, field: string): Type | undefined;
  /** Makes a struct from field values; absent when structs cannot be written. */
  readonly construct?: (struct: string, fields: ReadonlyMap<string, Value>) => Value;
}

export interface Library {
  readonly macros?: readonly Macro[];
  readonly functions?: readonly FunctionDeclaration[];
  /** Types that may be named in an expression. */
  readonly types?: Readonly<Record<string, Type>>;
  /** Enables the syntax of optionals. */
  readonly optionalSyntax?: boolean;
}

export interface Identifier {
  readonly name: string;
  readonly type: Type;
  /** Set for constants: the names of types and enums. */
  readonly value?: Value;
}

export interface EnvironmentOptions {
  readonly libraries: readonly Library[];
  readonly variables: Readonly<Record<string, Type>>;
  readonly constants?: readonly Identifier[];
  readonly types?: TypeProvider;
  /** The namespace in which names are looked up first: `google.rpc`. */
  readonly container?: string;
  /** Elements of a list or map literal must have one type. */
  readonly homogeneousLiterals?: boolean;
  /** `1 < 1.5`: comparisons between int, uint and double compile. */
  readonly crossTypeComparisons?: boolean;
}

export interface Environment extends Required<Omit<EnvironmentOptions, 'constants' | 'types'>> {
  readonly types: TypeProvider;
  readonly identifiers: ReadonlyMap<string, Identifier>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly macros: readonly Macro[];
  readonly optionalSyntax: boolean;
  readonly candidates: (name: string) => readonly string[];
}

const NO_STRUCTS: TypeProvider = { hasStruct: () => false, fieldType: () => undefined };

const STANDARD_TYPES: Readonly<Record<string, Type>> = {
  ...PRIMITIVES,
  list: listOf(DYN),
  map: mapOf(DYN, DYN),
  type: typeOf(),
  'google.protobuf.Duration': DURATION,
  'google.protobuf.Timestamp': TIMESTAMP,
};

/** The names under which `name` may be declared, in order (cel-go common/containers). */
function candidatesIn(container: string): (name: string) => readonly string[] {
  return (name) => {
    if (name.startsWith('.')) return [name.slice(1)];
    if (container === '') return [name];
    const parts = container.split('.');
    return [...parts.map((_, i) => `${parts.slice(0, parts.length - i).join('.')}.${name}`), name];
  };
}

function mergeFunctions(libraries: readonly Library[]): Map<string, FunctionDeclaration> {
  const functions = new Map<string, FunctionDeclaration>();
  for (const { functions: declared = [] } of libraries) {
    for (const declaration of declared) {
      const before: readonly Overload[] = functions.get(declaration.name)?.overloads ?? [];
      functions.set(declaration.name, {
        name: declaration.name,
        overloads: [...before, ...declaration.overloads],
      });
    }
  }
  return functions;
}

export function createEnvironment(options: EnvironmentOptions): Environment {
  const { libraries, variables, constants = [], container = '' } = options;
  const identifiers = new Map<string, Identifier>();
  for (const types of [STANDARD_TYPES, ...libraries.map((library) => library.types ?? {})])
    for (const [name, type] of Object.entries(types))
      identifiers.set(name, { name, type: typeOf(type), value: new TypeValue(type.name) });
  for (const constant of constants) identifiers.set(constant.name, constant);
  for (const [name, type] of Object.entries(variables)) identifiers.set(name, { name, type });
  return {
    libraries,
    variables,
    container,
    types: options.types ?? NO_STRUCTS,
    homogeneousLiterals: options.homogeneousLiterals ?? false,
    crossTypeComparisons: options.crossTypeComparisons ?? false,
    identifiers,
    functions: mergeFunctions(libraries),
    macros: libraries.flatMap((library) => library.macros ?? []),
    optionalSyntax: libraries.some((library) => library.optionalSyntax),
    candidates: candidatesIn(container),
  };
}

/**
 * The same environment with more variables and functions, and with other types. No function of the
 * base gets another overload.
 */
export function extendEnvironment(
  base: Environment,
  added: Pick<EnvironmentOptions, 'variables' | 'types'> & { libraries?: readonly Library[] },
): Environment {
  const identifiers = new Map(base.identifiers);
  for (const [name, type] of Object.entries(added.variables)) identifiers.set(name, { name, type });
  return {
    ...base,
    identifiers,
    variables: { ...base.variables, ...added.variables },
    types: added.types ?? base.types,
    ...(added.libraries && {
      functions: new Map([...base.functions, ...mergeFunctions(added.libraries)]),
    }),
  };
}
