// Faults beyond single requests: processes crash and stop, nodes lose power, networks partition,
// watches break. At most one server and one node are down for long, the failures that operators
// plan for. heal() ends all faults.
import { NODES } from '../../pkg/apis/resource-types.js';
import type { Cluster } from './cluster.js';
import { MANY_FAULTS, NO_FAULTS, SOME_FAULTS } from './faults.js';

const OUTAGE_MIN_MS = 500;
const OUTAGE_MAX_MS = 90_000;

export class Chaos {
  /** Functions that end the current faults. */
  private readonly repairs = new Set<() => Promise<void> | void>();

  constructor(private readonly cluster: Cluster) {}

  /** Starts a random fault, and ends it some time later. */
  step(): void {
    const { faults } = this.cluster;
    const actions = [
      () => this.weather(),
      () => this.crashProcess(this.cluster.managers),
      () => this.crashProcess(this.cluster.schedulers),
      () => this.stopProcess(),
      () => this.crashServer(),
      () => this.crashKubelet(),
      () => this.powerCut(),
      () => this.partition(),
      () => this.breakWatches(),
      () => this.stopHooks(),
      () => this.stopMetrics(),
    ];
    faults.pick(actions)();
  }

  private say(what: string): void {
    this.cluster.trace.add(`chaos: ${what}`);
  }

  private later(repair: () => Promise<void> | void, most = OUTAGE_MAX_MS): void {
    const { clock, faults } = this.cluster;
    this.repairs.add(repair);
    clock.after(faults.between(OUTAGE_MIN_MS, faults.between(OUTAGE_MIN_MS, most)), () => {
      if (this.repairs.delete(repair)) void repair();
    });
  }

  private weather(): void {
    const { faults } = this.cluster;
    faults.rates = faults.pick([NO_FAULTS, SOME_FAULTS, SOME_FAULTS, MANY_FAULTS]);
    this.say(`faults ${JSON.stringify(faults.rates)}`);
  }

  private crashProcess(list: Cluster['managers']): void {
    const process = this.cluster.faults.pick(list);
    if (!process.up) return;
    this.say(`crash ${process.options.name}`);
    process.crash();
    this.later(() => {
      this.say(`start ${process.options.name}`);
      process.start();
    }, 30_000);
  }

  private stopProcess(): void {
    const { faults, managers, schedulers } = this.cluster;
    const process = faults.pick([...managers, ...schedulers]);
    if (!process.up) return;
    this.say(`stop ${process.options.name}`);
    void process.stop();
    this.later(() => {
      this.say(`start ${process.options.name}`);
      process.crash(); // the process may not have stopped yet
      process.start();
    }, 30_000);
  }

  private crashServer(): void {
    const { servers, faults } = this.cluster;
    const server = faults.pick(servers);
    if (!server.up) return;
    this.say(`crash ${server.name}`);
    server.crash();
    this.later(async () => {
      this.say(`start ${server.name}`);
      await server.start();
    }, 20_000);
  }

  private crashKubelet(): void {
    const { process, name } = this.cluster.faults.pick(this.cluster.nodes);
    if (!process.up) return;
    this.say(`crash kubelet of ${name}`);
    process.crash();
    this.later(() => process.start(), 30_000);
  }

  private powerCut(): void {
    const node = this.cluster.faults.pick(this.cluster.nodes);
    if (!node.process.up) return;
    this.say(`power cut on ${node.name}`);
    node.powerCut();
    if (this.cluster.faults.between(0, 3) === 0) this.forget(node.name);
    this.later(() => {
      this.say(`power is back on ${node.name}`);
      node.process.start();
    }, 240_000);
  }

  /** Deletes a node, as an operator does for a machine that is lost. */
  private forget(name: string): void {
    const { client } = this.cluster;
    this.say(`delete node ${name}`);
    client
      .delete(NODES, { name })
      .catch((error: unknown) => this.say(`delete node ${name}: ${(error as Error).message}`));
  }

  private partition(): void {
    const { options, link } = this.cluster.faults.pick(this.cluster.processes());
    if (!link || link.partitioned) return;
    this.say(`part ${options.name} from the servers`);
    link.partitioned = true;
    this.later(() => {
      this.say(`rejoin ${options.name}`);
      link.partitioned = false;
      link.cutAll();
    });
  }

  private stopHooks(): void {
    const { hooks } = this.cluster;
    if (!hooks.up) return;
    this.say('webhooks stop');
    hooks.up = false;
    this.later(() => {
      this.say('webhooks start');
      hooks.up = true;
    });
  }

  private stopMetrics(): void {
    const { metrics } = this.cluster;
    if (!metrics.up) return;
    this.say('metrics stop');
    metrics.up = false;
    this.later(() => {
      this.say('metrics start');
      metrics.up = true;
    }, 400_000);
  }

  private breakWatches(): void {
    const { options, link } = this.cluster.faults.pick(this.cluster.processes());
    this.say(`cut all connections of ${options.name}`);
    link?.cutAll();
  }

  /** Ends all faults and starts all processes. */
  async heal(): Promise<void> {
    this.cluster.faults.rates = NO_FAULTS;
    const repairs = [...this.repairs];
    this.repairs.clear();
    for (const repair of repairs) await this.cluster.during(Promise.resolve(repair()));
    this.say('all is well again');
  }
}
