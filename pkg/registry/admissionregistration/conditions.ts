// The expressions of webhooks and policies are compiled when they are written.
import type { MatchCondition } from '../../apis/admissionregistration/v1/types.js';
import type {
  ConditionCheck,
  PolicyChecks,
} from '../../apis/admissionregistration/v1/admissionregistration.js';
import {
  loadedExpressions,
  loadExpressions,
  type Expressions,
} from '../../apiserver/admission/expressions/load.js';

type PolicySpec = Parameters<Expressions['policyCompiler']>[0];

interface Conditional {
  readonly matchConditions?: readonly MatchCondition[];
}

/** Loads the expression language when one of the parts has conditions. */
export async function loadForConditions(parts: readonly Conditional[] | undefined): Promise<void> {
  if (parts?.some(({ matchConditions }) => matchConditions?.length)) await loadExpressions();
}

export const checkCondition =
  (hasParams: boolean): ConditionCheck =>
  (expression) =>
    loadedExpressions().conditionError(expression, { hasParams });

/** Checks in the order of the policy's expressions; the language has to be loaded. */
export function policyChecks({ spec }: { readonly spec: PolicySpec }): PolicyChecks {
  const compiler = loadedExpressions().policyCompiler(spec);
  const errorOf = (compiled: ReturnType<typeof compiler.variable>): string | undefined =>
    'error' in compiled ? compiled.error : undefined;
  return {
    condition: checkCondition(spec.paramKind !== undefined),
    variable: (name, expression) => errorOf(compiler.variable(name, expression)),
    expression: (part, expression) => errorOf(compiler.expression(part, expression)),
  };
}
