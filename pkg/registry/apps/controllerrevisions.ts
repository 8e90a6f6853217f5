import { defaultControllerRevision } from '../../apis/apps/v1/defaults.js';
import type { ControllerRevision } from '../../apis/apps/v1/types.js';
import {
  validateControllerRevision,
  validateControllerRevisionCreate,
  validateControllerRevisionUpdate,
} from '../../apis/apps/v1/validation.js';
import { subdomainName } from '../../apis/meta/v1/object-meta.js';
import { CONTROLLER_REVISIONS } from '../../apis/resource-types.js';
import { controllerOf } from '../../component-helpers/owner-references.js';
import { age, NONE } from '../cells.js';
import { defineResource } from '../define.js';

/** 'daemonset.apps/name' of the controller. */
function controllerText({ metadata }: ControllerRevision): string {
  const owner = controllerOf({ metadata });
  if (!owner) return NONE;
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

export const controllerRevisions = defineResource({
  type: CONTROLLER_REVISIONS,
  storage: 'controllerrevisions',
  name: subdomainName,
  defaults: defaultControllerRevision,
  row: (revision, now) => [
    revision.metadata.name,
    controllerText(revision),
    String(revision.revision),
    age(revision, now),
  ],
  validate: validateControllerRevision,
  validateCreate: validateControllerRevisionCreate,
  validateUpdate: validateControllerRevisionUpdate,
});
