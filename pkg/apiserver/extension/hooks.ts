// Contract of hooks: work that the server does once after it listens (upstream
// apiserver/pkg/server/hooks.go).
import type { ServerServices } from './services.js';

/** Runs once after the server listens; readyz waits for it. Retried with back-off until it resolves. Must be idempotent: several servers may run it. */
export interface PostStartHook {
  /** 'rbac/bootstrap-roles': also the name of the readyz check, with 'poststarthook/' before it. */
  readonly name: string;
  run(services: ServerServices, signal: AbortSignal): Promise<void>;
  /** Runs when the server begins to stop, if `run` has resolved; it has SHUTDOWN_GRACE_MS. */
  stop?(services: ServerServices): Promise<void>;
}
