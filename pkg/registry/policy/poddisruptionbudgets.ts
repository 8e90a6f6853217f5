import { pathSegmentName } from '../../apis/meta/v1/object-meta.js';
import {
  defaultPodDisruptionBudget,
  emptyBudgetStatus,
  validatePodDisruptionBudget,
  validatePodDisruptionBudgetStatus,
} from '../../apis/policy/v1/poddisruptionbudget.js';
import { POD_DISRUPTION_BUDGETS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ONLY } from '../strategy.js';

const orNotAvailable = (value: number | string | undefined): string =>
  value === undefined ? 'N/A' : String(value);

export const podDisruptionBudgets = defineResource({
  type: POD_DISRUPTION_BUDGETS,
  storage: 'poddisruptionbudgets',
  // Upstream's strategy checks the spec only; what is left is the rule of all names.
  name: pathSegmentName,
  defaults: defaultPodDisruptionBudget,
  row: (budget, now) => [
    budget.metadata.name,
    orNotAvailable(budget.spec.minAvailable),
    orNotAvailable(budget.spec.maxUnavailable),
    budget.status?.disruptionsAllowed ?? 0,
    age(budget, now),
  ],
  prepareCreate(budget) {
    budget.status = emptyBudgetStatus();
  },
  prepareUpdate: keepStatus,
  validate: validatePodDisruptionBudget,
  generation: true,
  allowUnconditionalUpdate: false,
  status: { ...STATUS_ONLY, validateUpdate: validatePodDisruptionBudgetStatus },
});
