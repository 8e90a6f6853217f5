import { defaultSecret } from '../../apis/core/v1/defaults.js';
import {
  secretWarnings,
  validateSecret,
  validateSecretUpdate,
} from '../../apis/core/v1/validation/data.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { SECRETS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const secrets = defineResource({
  type: SECRETS,
  storage: 'secrets',
  name: subdomainName,
  defaults: defaultSecret,
  row: (secret, now) => [
    secret.metadata.name,
    secret.type ?? '',
    Object.keys(secret.data ?? {}).length,
    age(secret, now),
  ],
  validate: validateSecret,
  validateUpdate: validateSecretUpdate,
  warnings: secretWarnings,
  selectableFields: { type: (secret) => secret.type ?? '' },
});
