import {
  defaultPriorityLevel,
  validateFlowStatusUpdate,
  validatePriorityLevel,
} from '../../apis/flowcontrol/v1/flowcontrol.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { PRIORITY_LEVEL_CONFIGURATIONS } from '../../apis/resource-types.js';
import { age, NONE } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ALONE } from '../strategy.js';
import { validateMandatory } from './default-flows.js';

const orNone = (value: number | undefined): string => (value === undefined ? NONE : String(value));

export const priorityLevelConfigurations = defineResource({
  type: PRIORITY_LEVEL_CONFIGURATIONS,
  storage: 'prioritylevelconfigurations',
  name: subdomainName,
  defaults: defaultPriorityLevel,
  row: (level, now) => {
    const queuing = level.spec.limited?.limitResponse?.queuing;
    return [
      level.metadata.name,
      level.spec.type,
      orNone(level.spec.limited?.nominalConcurrencyShares),
      orNone(queuing?.queues),
      orNone(queuing?.handSize),
      orNone(queuing?.queueLengthLimit),
      age(level, now),
    ];
  },
  prepareCreate(level) {
    level.status = {};
  },
  prepareUpdate: keepStatus,
  validate: (object) => [...validatePriorityLevel(object), ...validateMandatory(object)],
  generation: true,
  status: { ...STATUS_ALONE, validateUpdate: validateFlowStatusUpdate },
});
