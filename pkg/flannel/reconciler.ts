// Keeps the kernel in the backend's desired state: reacts to lease changes at once, to changes by
// other programs after a debounce, and repairs periodically.
//
// Invariant: one pass at a time. A lease change is planned against the result of the last pass; a
// repair reads the kernel first. A failed pass is repeated as a repair.
import { isGone, type Link, type Netlink, type Route } from '../system/netlink/netlink.js';
import { Backoff } from '../util/backoff/backoff.js';
import type { Env, Timer } from '../util/env/env.js';
import type { Backend, ExternalInterface } from './backend/backend.js';
import { RECONCILE_MS, REPAIR_DEBOUNCE_MS, RETRY } from './limits.js';
import { planChanges, planUpdate, type Actual, type Desired } from './network/desired.js';
import { formatNet } from '../util/netaddr/net.js';
import { describeSubnets, type Lease, type Subnets } from './subnet/lease.js';

export class Reconciler {
  private peers: readonly Lease[] = [];
  private applied: Desired | undefined;
  private running: Promise<void> | undefined;
  private again = false;
  private needsRepair = true;
  private timer: Timer | undefined;
  private readonly backoff: Backoff;
  private readonly ignored = new Set<string>();
  /** Called after each successful pass. */
  onReady: () => void = () => {};
  /** Called when the interface that reaches the peers has another MTU or lost its address. */
  onExternalChange: () => void = () => {};

  constructor(
    private readonly env: Env,
    private readonly netlink: Netlink,
    private readonly backend: Backend,
    private readonly own: Subnets,
    /** The interface that reaches the peers. */
    private readonly external: ExternalInterface,
    private readonly signal: AbortSignal,
  ) {
    this.backoff = new Backoff(RETRY, env.random);
    backend.onBroken?.(() => this.repairSoon());
    signal.addEventListener('abort', () => this.timer?.cancel(), { once: true });
  }

  /** Watches kernel events until abort. */
  async watchKernel(): Promise<void> {
    const overlays = new Set(this.backend.devices);
    await this.netlink.watch(
      ['link', 'address', 'route', 'neigh'],
      (group, device) => {
        // Ignored: devices of pods, and neighbours of the node's interface, which the kernel
        // manages.
        const isOurs = device === undefined || overlays.has(device);
        if (isOurs || (group !== 'neigh' && device === this.external.name)) this.repairSoon();
      },
      this.signal,
    );
  }

  /** Takes the complete set of leases, including the own lease. */
  setLeases(leases: readonly Lease[]): void {
    const own = formatNet(this.own.subnet);
    this.peers = leases.filter((lease) => formatNet(lease.subnet) !== own && this.isPeer(lease));
    this.env.metrics
      .gauge('flannel_peers', 'Nodes whose subnets are reached through this backend.')
      .set(this.peers.length);
    this.start();
  }

  private isPeer(lease: Lease): boolean {
    if (this.backend.accepts(lease)) return true;
    const ignoredKey = `${lease.key} ${lease.attrs.backendType}`;
    if (!this.ignored.has(ignoredKey))
      this.env.log.warn('ignoring a peer of another backend', {
        subnet: describeSubnets(lease),
        backendType: lease.attrs.backendType,
      });
    this.ignored.add(ignoredKey);
    return false;
  }

  /** Schedules a repair pass after the debounce; calls in between are merged. */
  repairSoon(): void {
    if (this.signal.aborted || this.needsRepair) return;
    this.needsRepair = true;
    this.arm(REPAIR_DEBOUNCE_MS);
  }

  private arm(ms: number): void {
    this.timer?.cancel();
    if (this.signal.aborted) return;
    this.timer = this.env.clock.after(ms, () => {
      this.needsRepair = true;
      this.start();
    });
  }

  private start(): void {
    if (this.signal.aborted) return;
    this.again = true;
    this.running ??= this.loop().finally(() => (this.running = undefined));
  }

  private async loop(): Promise<void> {
    while (this.again && !this.signal.aborted) {
      this.again = false;
      const repair = this.needsRepair || this.applied === undefined;
      this.needsRepair = false;
      try {
        await this.pass(repair);
        this.backoff.reset();
        // Events during the pass get a pass of their own.
        this.arm(this.needsRepair ? REPAIR_DEBOUNCE_MS : RECONCILE_MS);
        this.onReady();
      } catch (error) {
        if (this.signal.aborted) return;
        this.env.log.error('cannot reconcile the network, retrying', { error });
        this.env.metrics
          .counter('flannel_reconcile_errors_total', 'Failed passes over the kernel state.')
          .inc();
        this.applied = undefined;
        this.arm(this.backoff.next());
      }
    }
  }

  private async pass(repair: boolean): Promise<void> {
    const links = repair ? await this.netlink.links() : [];
    if (repair && !(await this.externalIsSame(links))) {
      this.onExternalChange();
      return;
    }
    if (repair) await this.backend.ensureDevice(this.own, links);
    const actual = repair ? await this.read() : undefined;
    const routes = actual?.routes ?? (this.backend.needsRoutes ? await this.routes() : []);
    const desired = this.backend.desired(this.own, this.peers, { routes });
    const changes = actual ? planChanges(desired, actual) : planUpdate(this.applied!, desired);
    const failures = (await this.netlink.apply(changes)).filter(
      (error) => !(error.change?.type.endsWith('-delete') && isGone(error)),
    );
    if (failures.length) throw failures[0]!;
    await this.backend.setPeers?.(this.own, this.peers);
    this.applied = desired;
    if (changes.length)
      this.env.log.info('network changed', {
        changes: changes.length,
        repair,
        peers: this.peers.length,
      });
  }

  private async externalIsSame(links: readonly Link[]): Promise<boolean> {
    const { name, ip, ip6, mtu } = this.external;
    if (links.find((link) => link.name === name)?.mtu !== mtu) return false;
    const addresses = await this.netlink.addresses(name);
    return [ip, ...(ip6 ? [ip6] : [])].every((wanted) =>
      addresses.some((address) => address.address.startsWith(`${wanted}/`)),
    );
  }

  /** Routes of the address families in use. */
  private routes(): Promise<Route[]> {
    return this.netlink.routes(this.own.subnet6 ? undefined : 4);
  }

  private async read(): Promise<Actual> {
    const { devices } = this.backend;
    const tunnels = devices.filter((device) => /^flannel(-v6)?\.\d/.test(device));
    const [routes, neighbours, fdb] = await Promise.all([
      this.routes(),
      Promise.all(devices.map((device) => this.netlink.neighbours(device))),
      Promise.all(tunnels.map((device) => this.netlink.fdb(device))),
    ]);
    return { routes, neighbours: neighbours.flat(), fdb: fdb.flat() };
  }
}
