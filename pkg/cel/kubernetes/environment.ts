// The environments of Kubernetes 1.32 (k8s.io/apiserver/pkg/cel/environment/base.go). A new
// expression compiles with what the release before has too; a stored one with everything.
import { check, type Checked } from '../checker/checker.js';
import {
  createEnvironment,
  extendEnvironment,
  type Environment,
  type Library,
  type TypeProvider,
} from '../checker/environment.js';
import { listOf, mapOf, STRING, type Type } from '../checker/types.js';
import { LISTS, SETS, TWO_VARIABLE_COMPREHENSIONS } from '../library/lists.js';
import { OPTIONALS } from '../library/optional.js';
import { STANDARD } from '../library/standard.js';
import { STRINGS } from '../library/strings.js';
import { parse } from '../syntax/parser.js';
import { CompileError } from '../syntax/source.js';
import { AUTHORIZATION } from './authorizer.js';
import { FORMAT, QUANTITIES, REGEX, URLS } from './libraries.js';
import { literalIssues } from './literals.js';
import { NETWORK } from './network.js';

const LIBRARIES = [
  STANDARD,
  URLS,
  REGEX,
  LISTS,
  AUTHORIZATION,
  OPTIONALS,
  QUANTITIES,
  STRINGS,
  SETS,
  NETWORK,
  FORMAT,
];

const base = (libraries: typeof LIBRARIES): Environment =>
  createEnvironment({
    libraries,
    variables: {},
    homogeneousLiterals: true,
    crossTypeComparisons: true,
  });

/** Fields of text. */
export const texts = (...names: string[]): Record<string, Type> =>
  Object.fromEntries(names.map((name) => [name, STRING]));

/** The fields of kubernetes.UserInfo. */
export const USER_INFO = {
  ...texts('username', 'uid'),
  groups: listOf(STRING),
  extra: mapOf(STRING, listOf(STRING)),
};

/** Struct types by their names, from the types of their fields. */
export const structTypes = (
  structs: Readonly<Record<string, Readonly<Record<string, Type>>>>,
): TypeProvider => ({
  hasStruct: (name) => Object.hasOwn(structs, name),
  fieldType: (name, field) =>
    Object.hasOwn(structs, name) && Object.hasOwn(structs[name]!, field)
      ? structs[name]![field]
      : undefined,
});

let forNew: Environment | undefined;
let forStored: Environment | undefined;

/**
 * The environment with these variables. `isStored` is set for expressions that an object in the
 * store has already.
 */
export function kubernetesEnvironment(
  variables: Readonly<Record<string, Type>>,
  {
    isStored = false,
    types,
    libraries,
  }: { isStored?: boolean; types?: TypeProvider; libraries?: readonly Library[] } = {},
): Environment {
  const environment = isStored
    ? (forStored ??= base([...LIBRARIES, TWO_VARIABLE_COMPREHENSIONS]))
    : (forNew ??= base(LIBRARIES));
  return extendEnvironment(environment, {
    variables,
    ...(types && { types }),
    ...(libraries && { libraries }),
  });
}

/**
 * Parses and checks an expression, its literals too.
 *
 * @throws CompileError with upstream's text.
 */
export function checkKubernetes(text: string, environment: Environment): Checked {
  const checked = check(parse(text, environment), environment);
  const issues = literalIssues(checked);
  if (issues.length > 0) throw new CompileError(text, issues);
  return checked;
}
