// Contract of discovery with servers behind this one: the versions that they serve.
import type { APIResource } from '../../apimachinery/meta/types.js';
import type { Priorities } from './priorities.js';

export interface RemoteVersion {
  readonly group: string;
  readonly version: string;
  readonly priorities: Priorities;
  /** Resources in the aggregated form (apidiscovery v2). */
  readonly resources: readonly unknown[];
  /** The older list; absent before the first answer. */
  readonly legacy: readonly APIResource[] | undefined;
  /** The server does not answer now; the resources are those of its last answer. */
  readonly isStale: boolean;
}

export interface RemoteVersions {
  /** Grows with every change. */
  readonly generation: number;
  all(): readonly RemoteVersion[];
}
