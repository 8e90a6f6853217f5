import { PRIORITY_CLASSES } from '../../apis/resource-types.js';
import {
  defaultPriorityClass,
  validatePriorityClass,
  validatePriorityClassUpdate,
} from '../../apis/scheduling/v1/priorityclass.js';
import { defineResource } from '../define.js';

export const priorityClasses = defineResource({
  type: PRIORITY_CLASSES,
  defaults: defaultPriorityClass,
  cells: (priority) => [
    priority.value,
    priority.globalDefault ?? false,
    priority.preemptionPolicy ?? '',
  ],
  validateCreate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  generation: 'fixed',
});
