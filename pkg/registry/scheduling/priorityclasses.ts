import { PRIORITY_CLASSES } from '../../apis/resource-types.js';
import {
  defaultPriorityClass,
  validatePriorityClass,
  validatePriorityClassUpdate,
} from '../../apis/scheduling/v1/priorityclass.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const priorityClasses = defineResource({
  type: PRIORITY_CLASSES,
  defaults: defaultPriorityClass,
  row: (priority, now) => [
    priority.metadata.name,
    priority.value,
    priority.globalDefault ?? false,
    age(priority, now),
    priority.preemptionPolicy ?? '',
  ],
  validateCreate: validatePriorityClass,
  validateUpdate: validatePriorityClassUpdate,
  generation: 'fixed',
});
