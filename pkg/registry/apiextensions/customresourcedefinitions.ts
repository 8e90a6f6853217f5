import { loadEngine } from '../../apiextensions/rules/engine.js';
import { schemasOf } from '../../apiextensions/schema/walk.js';
import {
  validateDefinition,
  validateDefinitionStatus,
  validateDefinitionUpdate,
} from '../../apiextensions/validation/definition.js';
import {
  defaultCustomResourceDefinition,
  emptyDefinitionStatus,
  recordStorageVersion,
} from '../../apis/apiextensions/v1/customresourcedefinition.js';
import { CUSTOM_RESOURCE_DEFINITIONS } from '../../apis/resource-types.js';
import { markForCleanup } from '../../apiserver/customresources/status.js';
import { defineResource } from '../define.js';
import { keepStatus, STATUS_ALONE } from '../strategy.js';

export const customResourceDefinitions = defineResource({
  type: CUSTOM_RESOURCE_DEFINITIONS,
  storage: 'apiextensions.k8s.io/customresourcedefinitions',
  defaults: defaultCustomResourceDefinition,
  load: ({ spec }) => loadEngine(schemasOf(spec)),
  prepareCreate(crd) {
    crd.status = emptyDefinitionStatus();
    recordStorageVersion(crd);
  },
  prepareUpdate(next, old) {
    keepStatus(next, old);
    recordStorageVersion(next);
  },
  validateCreate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  generation: true,
  prepareDelete: markForCleanup,
  status: { resets: STATUS_ALONE.resets, validateUpdate: validateDefinitionStatus },
  allowUnconditionalUpdate: false,
});
