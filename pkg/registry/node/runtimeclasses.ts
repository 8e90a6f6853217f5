import { dnsLabel } from '../../apis/core/v1/validation/fields.js';
import {
  validateResourceAmount,
  validateResourceName,
} from '../../apis/core/v1/validation/resources.js';
import { validateTolerations } from '../../apis/core/v1/validation/scheduling.js';
import { movedLabelWarnings } from '../../apis/core/v1/warnings.js';
import { immutable, validateLabels } from '../../apis/meta/v1/object-meta.js';
import { RUNTIME_CLASSES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';

export const runtimeClasses = defineResource({
  type: RUNTIME_CLASSES,
  cells: (runtime) => [runtime.handler],
  validate: ({ handler, overhead, scheduling }) => [
    ...dnsLabel(handler ?? '', 'handler'),
    ...Object.entries(overhead?.podFixed ?? {}).flatMap(([name, amount]) => [
      ...validateResourceName(name, `overhead.podFixed[${name}]`),
      ...validateResourceAmount(name, amount, `overhead.podFixed[${name}]`),
    ]),
    ...validateLabels(scheduling?.nodeSelector, 'scheduling.nodeSelector'),
    ...validateTolerations(scheduling?.tolerations, 'scheduling.tolerations.tolerations'),
  ],
  warnings: ({ scheduling }) =>
    movedLabelWarnings(
      Object.keys(scheduling?.nodeSelector ?? {}).map((key) => [key, 'scheduling.nodeSelector']),
    ),
  validateUpdate: immutable('handler'),
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
});
