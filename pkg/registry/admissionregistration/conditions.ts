// Match conditions of webhooks and policies: their expressions are compiled when they are written.
import type { MatchCondition } from '../../apis/admissionregistration/v1/types.js';
import type { ConditionCheck } from '../../apis/admissionregistration/v1/admissionregistration.js';
import { loadedExpressions, loadExpressions } from '../../apiserver/admission/expressions/load.js';

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
