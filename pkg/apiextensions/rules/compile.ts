// Compiles the x-kubernetes-validations of one schema node (upstream
// apiextensions-apiserver/pkg/apiserver/schema/cel/compilation.go). This module loads the engine;
// ./engine.ts imports it at first use.
import type { ValidationRule } from '../../apis/apiextensions/v1/types.js';
import type { Checked } from '../../cel/checker/checker.js';
import type { Environment } from '../../cel/checker/environment.js';
import { BOOL, optionalOf, sameType, STRING } from '../../cel/checker/types.js';
import { estimateCost, type SizeEstimator } from '../../cel/cost/estimate.js';
import { checkKubernetes, kubernetesEnvironment } from '../../cel/kubernetes/environment.js';
import { schemaSizes } from '../../cel/kubernetes/schema.js';
import { ProgramError } from '../../cel/program/compile.js';
import { createProgram, type Program } from '../../cel/program/program.js';
import { CompileError } from '../../cel/syntax/source.js';
import { getOrInsert } from '../../util/map/get-or-insert.js';
import { SELF_TYPE, type Scope } from './scope.js';

const OLD_SELF = 'oldSelf';

export interface CompiledExpression {
  /** Absent when the expression does not compile. */
  readonly program?: Program;
  /** The reason why the expression does not compile, in upstream's words. */
  readonly problem?: string;
  /** Cost units of one evaluation at most. */
  readonly maxCost: number;
}

export interface CompiledRule extends CompiledExpression {
  readonly rule: ValidationRule;
  /** The rule reads oldSelf: a transition rule. */
  readonly usesOldSelf: boolean;
  /** Absent when the rule has none, or does not compile itself. */
  readonly message?: CompiledExpression;
}

/** Whether an object in the store has this expression already: more functions are known then. */
export type IsStored = (kind: Kind, expression: string) => boolean;

/**
 * The rules of a node in their order. `self` is the value of `scope`. An empty rule has neither a
 * program nor a problem.
 */
export function compileRules(
  rules: readonly ValidationRule[],
  scope: Scope,
  isStored: IsStored,
): CompiledRule[] {
  const sizes = schemaSizes(scope.declaration);
  const environments = createEnvironments(scope);
  return rules.map((rule) => {
    const compile = (kind: Kind, text: string): ReturnType<typeof compileExpression> => {
      const environment = environments(rule.optionalOldSelf === true, isStored(kind, text));
      return compileExpression(kind, text, environment, scope, sizes);
    };
    if (!rule.rule?.trim()) return { rule, usesOldSelf: false, maxCost: 0 };
    const { checked, ...compiled } = compile('rule', rule.rule);
    const usesOldSelf = checked !== undefined && reads(checked, OLD_SELF);
    if (!compiled.program || !rule.messageExpression) return { rule, usesOldSelf, ...compiled };
    const { checked: _, ...message } = compile('message', rule.messageExpression);
    return { rule, usesOldSelf, ...compiled, message };
  });
}

/** The environments of a scope, each made at its first use. */
function createEnvironments(scope: Scope): (isOptional: boolean, isStored: boolean) => Environment {
  const made = new Map<string, Environment>();
  return (isOptional, isStored) => {
    const key = `${isOptional} ${isStored}`;
    return getOrInsert(made, key, () => {
      const { type } = scope.declaration;
      const variables = { self: type, [OLD_SELF]: isOptional ? optionalOf(type) : type };
      return kubernetesEnvironment(variables, { isStored, types: scope.types });
    });
  };
}

/** The type of each expression, the beginning of its problems, and that of another type. */
const KINDS = {
  rule: { type: BOOL, name: '', wanted: 'cel expression must evaluate to a bool' },
  message: {
    type: STRING,
    name: 'messageExpression ',
    wanted: 'messageExpression must evaluate to a string',
  },
} as const;
type Kind = keyof typeof KINDS;

function compileExpression(
  kind: Kind,
  text: string,
  environment: Environment,
  scope: Scope,
  sizes: SizeEstimator,
): CompiledExpression & { readonly checked?: Checked } {
  const { type, name, wanted } = KINDS[kind];
  let checked: Checked;
  try {
    checked = checkKubernetes(text, environment);
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    return {
      problem: `${name}compilation failed: ${withOwnTypeNames(error, text, scope)}`,
      maxCost: 0,
    };
  }
  if (!sameType(checked.type, type)) return { problem: wanted, maxCost: 0 };
  try {
    const program = createProgram(checked);
    return { checked, program, maxCost: estimateCost(checked, sizes).max };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    const step = name === '' ? 'program ' : name;
    return { checked, problem: `${step}instantiation failed: ${error.message}`, maxCost: 0 };
  }
}

/** Upstream names the types of each scope by themselves; ours are parts of a larger type. */
function withOwnTypeNames(error: CompileError, text: string, { typeName }: Scope): string {
  if (typeName === SELF_TYPE) return error.message;
  const issues = error.issues.map(({ offset, message }) => ({
    offset,
    message: message.replaceAll(typeName, SELF_TYPE),
  }));
  return new CompileError(text, issues).message;
}

function reads({ references }: Checked, variable: string): boolean {
  for (const reference of references.values())
    if (reference.kind === 'ident' && reference.ident.name === variable) return true;
  return false;
}
