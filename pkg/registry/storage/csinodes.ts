import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { CSINODES } from '../../apis/resource-types.js';
import { validateCSINode, validateCSINodeUpdate } from '../../apis/storage/v1/storage.js';
import { age } from '../cells.js';
import { defineResource } from '../define.js';

export const csiNodes = defineResource({
  type: CSINODES,
  storage: 'csinodes',
  name: subdomainName,
  defaults(node) {
    node.spec ??= { drivers: null };
  },
  row: (node, now) => [node.metadata.name, node.spec.drivers?.length ?? 0, age(node, now)],
  validate: validateCSINode,
  validateUpdate: validateCSINodeUpdate,
  allowUnconditionalUpdate: false,
});
