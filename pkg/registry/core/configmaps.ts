import { validateConfigMap, validateConfigMapUpdate } from '../../apis/core/v1/validation/data.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { CONFIG_MAPS } from '../../apis/resource-types.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const configMaps = defineResource({
  type: CONFIG_MAPS,
  storage: 'configmaps',
  name: subdomainName,
  validate: validateConfigMap,
  validateUpdate: validateConfigMapUpdate,
  row: (map, now) => [
    map.metadata.name,
    Object.keys(map.data ?? {}).length + Object.keys(map.binaryData ?? {}).length,
    age(map, now),
  ],
});
