import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultPodDisruptionBudget,
  emptyBudgetStatus,
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatus,
} from '../../apis/policy/v1/poddisruptionbudget.js';
import { POD_DISRUPTION_BUDGETS } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';

const orNotAvailable = (value: number | string | undefined): string =>
  value === undefined ? 'N/A' : String(value);

export const podDisruptionBudgets = defineResource({
  type: POD_DISRUPTION_BUDGETS,
  // Upstream's strategy checks the spec only; what is left is the rule of all names.
  name: pathSegmentName,
  defaults: defaultPodDisruptionBudget,
  cells: (budget) => [
    orNotAvailable(budget.spec.minAvailable),
    orNotAvailable(budget.spec.maxUnavailable),
    budget.status?.disruptionsAllowed ?? 0,
  ],
  freshStatus: () => emptyBudgetStatus(),
  validate: validatePodDisruptionBudget,
  generation: true,
  allowUnconditionalUpdate: false,
  status: { validateUpdate: validatePodDisruptionBudgetStatus },
});
