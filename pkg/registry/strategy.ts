// Update strategies that most kinds share (upstream pkg/registry/*/strategy.go): the main endpoint
// does not change the status, and the status endpoint changes status and metadata only.
import { cloneJson } from '../apimachinery/meta/clone.js';
import type { ApiObject } from '../apimachinery/meta/object.js';

interface WithStatus extends ApiObject {
  status?: unknown;
}

interface WithSpec extends ApiObject {
  spec?: unknown;
}

/** Makes an update of the main endpoint keep the stored status. */
export function keepStatus(next: WithStatus, old: WithStatus): void {
  if (old.status === undefined) delete next.status;
  else next.status = cloneJson(old.status);
}

/** Makes an update of the status endpoint keep the stored spec. */
export function keepSpec(next: WithSpec, old: WithSpec): void {
  if (old.spec === undefined) delete next.spec;
  else next.spec = cloneJson(old.spec);
}

/** A status endpoint that changes status, labels and annotations only. */
export const STATUS_ONLY = { prepareUpdate: keepSpec } as const;
