// Match conditions of webhooks and policies (upstream
// apiserver/pkg/admission/plugin/webhook/matchconditions/matcher.go).
import { aggregateText } from '../../../apimachinery/errors/status-error.js';
import type { MatchCondition } from '../../../apis/admissionregistration/v1/types.js';
import { BOOL } from '../../../cel/checker/types.js';
import { MATCH_CONDITIONS_BUDGET } from '../../../cel/limits.js';
import { activationOf, type ActivationInput } from './activation.js';
import {
  admissionEnvironment,
  compileAdmission,
  type Compiled,
  type ExpressionScope,
} from '../../../cel/kubernetes/admission.js';
import { BudgetError, evaluate } from './evaluation.js';

/** `error` is set when a condition failed and none was false; the failure policy decides then. */
export type ConditionsAnswer =
  | { readonly matches: true }
  | { readonly matches: false; readonly falseCondition: string }
  | { readonly matches: false; readonly error: string };

export type ConditionMatcher = (input: ActivationInput) => ConditionsAnswer;

/** Why the expression of a condition cannot be used, in upstream's words. */
export function conditionError(expression: string, scope: ExpressionScope): string | undefined {
  const compiled = compileAdmission(expression, admissionEnvironment(scope), [BOOL]);
  return 'error' in compiled ? compiled.error : undefined;
}

/** Compiles at the first call; the result should be kept as long as the conditions. */
export function compileConditions(
  conditions: readonly MatchCondition[],
  scope: ExpressionScope,
): ConditionMatcher {
  let programs: Compiled[] | undefined;
  const compile = (): Compiled[] => {
    const environment = admissionEnvironment({ ...scope, isStored: true });
    return conditions.map(({ expression }) => compileAdmission(expression, environment, [BOOL]));
  };
  return (input) => {
    programs ??= compile();
    const activation = activationOf(input);
    const budget = { remaining: MATCH_CONDITIONS_BUDGET };
    const errors = new Set<string>();
    let falseCondition: string | undefined;
    try {
      // Upstream evaluates all conditions before it looks at a result, so the budget decides first.
      for (const [at, { name, expression }] of conditions.entries()) {
        const evaluated = evaluate(expression, programs[at]!, activation, budget);
        if ('error' in evaluated) errors.add(evaluated.error);
        else if (evaluated.value === false) falseCondition ??= name;
      }
    } catch (error) {
      if (!(error instanceof BudgetError)) throw error;
      return { matches: false, error: error.message };
    }
    if (falseCondition !== undefined) return { matches: false, falseCondition };
    if (!errors.size) return { matches: true };
    return { matches: false, error: aggregateText([...errors]) };
  };
}
