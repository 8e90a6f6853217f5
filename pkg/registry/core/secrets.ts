import { defaultSecret } from '../../apis/core/v1/defaults.js';
import { SECRETS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const secrets = defineResource({
  type: SECRETS,
  storage: 'secrets',
  defaults: defaultSecret,
  row: (secret, now) => [
    secret.metadata.name,
    secret.type ?? '',
    Object.keys(secret.data ?? {}).length,
    age(secret, now),
  ],
  selectableFields: { type: (secret) => secret.type ?? '' },
});
