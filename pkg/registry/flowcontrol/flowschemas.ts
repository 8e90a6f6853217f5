import {
  defaultFlowSchema,
  validateFlowSchema,
  validateFlowStatusUpdate,
} from '../../apis/flowcontrol/v1/flowcontrol.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { FLOW_SCHEMAS } from '../../apis/resource-types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { age, NONE } from '../cells.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ALONE } from '../strategy.js';
import { validateMandatory } from './default-flows.js';

export const flowSchemas = defineResource({
  type: FLOW_SCHEMAS,
  storage: 'flowschemas',
  name: subdomainName,
  defaults: defaultFlowSchema,
  row: (schema, now) => [
    schema.metadata.name,
    schema.spec.priorityLevelConfiguration.name,
    String(schema.spec.matchingPrecedence ?? 0),
    schema.spec.distinguisherMethod?.type ?? NONE,
    age(schema, now),
    findCondition(schema.status?.conditions, 'Dangling')?.status ?? '?',
  ],
  prepareCreate(schema) {
    schema.status = {};
  },
  prepareUpdate: keepStatus,
  validate: (object) => [...validateFlowSchema(object), ...validateMandatory(object)],
  generation: true,
  status: { ...STATUS_ALONE, validateUpdate: validateFlowStatusUpdate },
});
