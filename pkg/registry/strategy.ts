// Update strategies that most kinds share (upstream pkg/registry/*/strategy.go): the main endpoint
// does not change the status, and the status endpoint changes status and metadata only.
import { cloneJson } from '../apimachinery/meta/clone.js';
import { copyFields } from '../apimachinery/meta/copy-fields.js';
import type { ApiObject } from '../apimachinery/meta/object.js';
import type { ObjectMeta } from '../apimachinery/meta/types.js';

interface WithStatus extends ApiObject {
  status?: unknown;
}

interface WithSpec extends ApiObject {
  spec?: unknown;
}

export function keepStatus(next: WithStatus, old: WithStatus): void {
  if (old.status === undefined) delete next.status;
  else next.status = cloneJson(old.status);
}

export function keepSpec(next: WithSpec, old: WithSpec): void {
  if (old.spec === undefined) delete next.spec;
  else next.spec = cloneJson(old.spec);
}

const META_OF_USERS = [
  'annotations',
  'finalizers',
  'labels',
  'ownerReferences',
] as const satisfies readonly (keyof ObjectMeta)[];

/** A status endpoint that keeps the named metadata too. */
const statusKeeping = (...fields: (typeof META_OF_USERS)[number][]) => ({
  resets: [['spec'], ...fields.map((field) => ['metadata', field])],
  prepareUpdate(next: WithSpec, old: WithSpec): void {
    keepSpec(next, old);
    copyFields(next.metadata, old.metadata, ...fields);
  },
});

/** A status endpoint that changes nothing but the status (metav1.ResetObjectMetaForStatus). */
export const STATUS_ALONE = {
  ...statusKeeping(...META_OF_USERS),
  resets: [['spec'], ['metadata']],
};

export const STATUS_WITHOUT_LABELS = statusKeeping('labels');
