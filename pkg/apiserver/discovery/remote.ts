// Contract of discovery with servers behind this one: the versions that they serve.
import type { APIResource } from '../../apimachinery/meta/types.js';
import type { Priorities } from './priorities.js';

export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  readonly priorities: Priorities;
  /** Subresources as resources of their own; empty before the first answer. */
  readonly resources: readonly APIResource[];
  /** The server does not answer now; the resources are those of its last answer. */
  readonly isStale: boolean;
}

export interface RemoteVersions {
  /** Grows with every change. */
  readonly generation: number;
  all(): readonly RemoteVersion[];
}
