import { defaultLimitRange } from '../../apis/core/v1/defaults.js';
import { validateLimitRange } from '../../apis/core/v1/validation/quotas.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { LIMIT_RANGES } from '../../apis/resource-types.js';
import { defineResource } from '../define.js';

export const limitRanges = defineResource({
  type: LIMIT_RANGES,
  storage: 'limitranges',
  name: subdomainName,
  defaults: defaultLimitRange,
  prepareCreate(range, { random }) {
    range.metadata.name ||= random.uuid();
  },
  validate: validateLimitRange,
  allowCreateOnUpdate: true,
});
