// The resources of the group flowcontrol.apiserver.k8s.io.
import {
  defaultFlowSchema,
  defaultPriorityLevel,
  validateFlowSchema,
  validateFlowStatusUpdate,
  validatePriorityLevel,
} from '../../apis/flowcontrol/v1/flowcontrol.js';
import { FLOW_SCHEMAS, PRIORITY_LEVEL_CONFIGURATIONS } from '../../apis/resource-types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { NONE } from '../cells.js';
import { defineResource } from '../define.js';
import { STATUS_ALONE } from '../strategy.js';
import { validateMandatory } from './default-flows.js';

export const flowSchemas = defineResource({
  type: FLOW_SCHEMAS,
  defaults: defaultFlowSchema,
  cells: (schema) => [
    schema.spec.priorityLevelConfiguration.name,
    String(schema.spec.matchingPrecedence ?? 0),
    schema.spec.distinguisherMethod?.type ?? NONE,
    findCondition(schema.status?.conditions, 'Dangling')?.status ?? '?',
  ],
  freshStatus: () => ({}),
  validate: (object) => [...validateFlowSchema(object), ...validateMandatory(object)],
  generation: true,
  status: { ...STATUS_ALONE, validateUpdate: validateFlowStatusUpdate },
});

const orNone = (value: number | undefined): string => (value === undefined ? NONE : String(value));

export const priorityLevelConfigurations = defineResource({
  type: PRIORITY_LEVEL_CONFIGURATIONS,
  defaults: defaultPriorityLevel,
  cells: (level) => {
    const queuing = level.spec.limited?.limitResponse?.queuing;
    return [
      level.spec.type,
      orNone(level.spec.limited?.nominalConcurrencyShares),
      orNone(queuing?.queues),
      orNone(queuing?.handSize),
      orNone(queuing?.queueLengthLimit),
    ];
  },
  freshStatus: () => ({}),
  validate: (object) => [...validatePriorityLevel(object), ...validateMandatory(object)],
  generation: true,
  status: { ...STATUS_ALONE, validateUpdate: validateFlowStatusUpdate },
});
