// Contract of hooks: work that the server does once after it listens (upstream
// apiserver/pkg/server/hooks.go).
import type { ServerServices } from './services.js';

/**
 * Runs once after the server listens, with retries and back-off until `run` resolves; readyz waits
 * for it. A hook must be idempotent: several servers may run it.
 */
export interface PostStartHook {
  /** 'rbac/bootstrap-roles'. The readyz check is named 'poststarthook/' and this name. */
  readonly name: string;
  run(services: ServerServices, signal: AbortSignal): Promise<void>;
  /** Runs when the server begins to stop, if `run` has resolved, for at most SHUTDOWN_GRACE_MS. */
  stop?(services: ServerServices): Promise<void>;
}
