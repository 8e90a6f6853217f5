// The processes that a supervisor runs, independent of the supervisor.

export interface Service {
  /** 'etcd', 'node-1.kubelet'. The name of folder, unit and log. */
  name: string;
  /** Undefined for the control plane. */
  node?: string;
  command: string[];
  env?: Record<string, string>;
  /** Path below each hierarchy, e.g. /wheelhouse/local/node-1/system. */
  cgroup: string;
  /** Services that start first; an order, not a dependency. */
  after?: string[];
}

export type ServiceState = 'run' | 'down' | 'finish' | 'missing';

export interface ServiceStatus {
  state: ServiceState;
  pid?: number;
}

/** The interface of hack/up, hack/down and hack/status to runit and systemd. */
export interface Supervisor {
  readonly kind: 'runit' | 'systemd';
  /** Writes the definitions and prepares their start; starts nothing. */
  install(services: readonly Service[]): Promise<void>;
  start(names: readonly string[]): Promise<void>;
  status(names: readonly string[]): Promise<Map<string, ServiceStatus>>;
  /**
   * Stops all services, waits at most `patienceMs`, and removes the definitions. The services of
   * `last` stop after all others, in this order, because the others need them during shutdown.
   */
  uninstall(patienceMs: number, last?: readonly string[]): Promise<void>;
  /** Stops these services, waits at most `patienceMs`, and removes their definitions. */
  remove(names: readonly string[], patienceMs: number): Promise<void>;
  /** The file or command that shows a service's log. */
  logHint(name: string): string;
  /** The last lines of a service's log. */
  tail(name: string, lines: number): Promise<string>;
}

/** The groups in which services stop: those that are not `last`, then each of `last`. */
export const stopGroups = (names: readonly string[], last: readonly string[]): string[][] =>
  [
    names.filter((name) => !last.includes(name)),
    ...last.map((name) => names.filter((other) => other === name)),
  ].filter((group) => group.length);
