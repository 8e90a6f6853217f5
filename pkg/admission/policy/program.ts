// The compiled expressions that policies of both kinds have: variables and match conditions
// (upstream apiserver/pkg/admission/plugin/cel/composition.go).
import type { MatchCondition } from '../../apis/admissionregistration/v1/types.js';
import type { ActivationInput } from '../../apiserver/admission/expressions/activation.js';
import type { ConditionsAnswer } from '../../apiserver/admission/expressions/conditions.js';
import type { Budget, Evaluated } from '../../apiserver/admission/expressions/evaluation.js';
import type { Expressions } from '../../apiserver/admission/expressions/load.js';

type Compiler = ReturnType<Expressions['policyCompiler']>;
type PolicySpec = Parameters<Expressions['policyCompiler']>[0];
type PolicyPart = Parameters<Compiler['expression']>[0];

export type Expression = readonly [text: string, compiled: ReturnType<Compiler['expression']>];

export type Result = Evaluated | undefined;

/** The results of expressions in order, or why there are none. */
export type Results = { readonly results: readonly Result[] } | { readonly exhausted: string };

export interface PolicyProgram {
  readonly compile: (part: PolicyPart, text: string) => Expression;
  /** Undefined without conditions. */
  readonly matches: (input: ActivationInput) => ConditionsAnswer | undefined;
  /** Variables are evaluated anew for each list, on its budget. */
  readonly evaluate: (
    list: readonly (Expression | undefined)[],
    input: ActivationInput,
    budget: Budget,
  ) => Results;
}

export function policyProgram(
  spec: PolicySpec & { readonly matchConditions?: readonly MatchCondition[] },
  expressions: Expressions,
): PolicyProgram {
  const { matchConditions = [] } = spec;
  const hasParams = spec.paramKind !== undefined;
  const hasVariables = Boolean(spec.variables?.length);
  const compiler = expressions.policyCompiler(spec, { isStored: true });
  const variables = (spec.variables ?? []).map(({ name, expression }) => ({
    name,
    compiled: compiler.variable(name, expression),
  }));
  const conditions = matchConditions.length
    ? expressions.compileConditions(matchConditions, { hasParams })
    : undefined;
  return {
    compile: (part, text) => [text, compiler.expression(part, text)],
    matches: (input) => conditions?.(input),
    evaluate(list, input, budget) {
      const plain = expressions.activationOf(input);
      const activation = hasVariables ? expressions.withVariables(plain, variables, budget) : plain;
      try {
        return {
          results: list.map(
            (item) => item && expressions.evaluate(item[0], item[1], activation, budget),
          ),
        };
      } catch (error) {
        if (error instanceof expressions.BudgetError) return { exhausted: error.message };
        throw error;
      }
    },
  };
}
