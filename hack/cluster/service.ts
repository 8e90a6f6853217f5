// What a supervisor has to run: one entry per process, independent of which supervisor does it.

export interface Service {
  /** 'etcd', 'node-1.kubelet'. Folder, unit and log carry this name. */
  name: string;
  /** Absent for the control plane. */
  node?: string;
  command: string[];
  env?: Record<string, string>;
  /** Below each hierarchy, e.g. /wheelhouse/local/node-1/system. */
  cgroup: string;
  /** Services that should run first; an order of starting, not a dependency. */
  after?: string[];
}

export type ServiceState = 'run' | 'down' | 'finish' | 'missing';

export interface ServiceStatus {
  state: ServiceState;
  pid?: number;
}

/** The one way hack/up, hack/down and hack/status talk to runit and systemd. */
export interface Supervisor {
  readonly kind: 'runit' | 'systemd';
  /** Writes the definitions and gets ready to start them; starts nothing. */
  install(services: readonly Service[]): Promise<void>;
  start(names: readonly string[]): Promise<void>;
  status(names: readonly string[]): Promise<Map<string, ServiceStatus>>;
  /**
   * Asks everything to stop, waits at most `patienceMs`, and removes the definitions. The services of `last` are stopped
   * after all others, in this order: those need them to say good-bye.
   */
  uninstall(patienceMs: number, last?: readonly string[]): Promise<void>;
  /** How a person reads a service's log. */
  logHint(name: string): string;
  /** The newest lines of a service's log. */
  tail(name: string, lines: number): Promise<string>;
}

/** One word for a POSIX shell. */
export const quote = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
