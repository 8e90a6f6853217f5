import { defaultApiService, validateApiService } from '../../apis/apiregistration/v1/apiservice.js';
import { APISERVICES } from '../../apis/resource-types.js';
import { findCondition } from '../../component-helpers/conditions.js';
import { defineResource } from '../define.js';
import { STATUS_ALONE } from '../strategy.js';

/** 'True', or 'False (Reason)'. */
function availability(conditions: readonly { type: string; status: string; reason?: string }[]) {
  const found = findCondition(conditions, 'Available');
  if (!found) return 'Unknown';
  return found.status === 'True' ? found.status : `${found.status} (${found.reason ?? ''})`;
}

export const apiServices = defineResource({
  type: APISERVICES,
  storage: 'apiregistration.k8s.io/apiservices',
  // The name of the core group's service ends with a dot.
  name: () => [],
  defaults: defaultApiService,
  cells: ({ spec, status }) => [
    spec.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local',
    availability(status?.conditions ?? []),
  ],
  freshStatus: () => ({}),
  validate: validateApiService,
  status: STATUS_ALONE,
});
