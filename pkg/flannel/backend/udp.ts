// The udp backend: a TUN device, with flannel-tun carrying its packets in UDP datagrams in
// flannel's wire format. Packets never enter Node. flannel-tun outlives flanneld, and the next
// flanneld adopts it.
import { spawn } from 'node:child_process';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../../util/wait/retry.js';
import { exec } from '../../system/exec.js';
import { applyAll, type Link } from '../../system/netlink/netlink.js';
import { ensureSysctl } from '../../system/sysctl/sysctl.js';
import { refuseIpv6 } from '../config.js';
import { checkConfig, ConfigError } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { TUN_CALL_MS, TUN_POLL_MS } from '../limits.js';
import { NOTHING_DESIRED, type Desired } from '../network/desired.js';
import { addressIn, formatNet, type Net } from '../../util/netaddr/net.js';
import type { Lease, Subnets } from '../subnet/lease.js';
import type { Backend, BackendContext, BackendType } from './backend.js';
import { addressChanges } from './device.js';
import { parsePairs, TunControl } from './tun-control.js';
import { ownsOverlayRoute } from './overlay-route.js';

/** Outer IPv4 and UDP headers. */
const UDP_OVERHEAD = 28;
const DEVICE = 'flannel0';

/** The largest GSO packet of the TUN device: one UDP_SEGMENT send must hold all its segments. */
export function gsoMaxSize(mtu: number): number {
  const headers = 52;
  return Math.floor(65507 / mtu) * (mtu - headers) + headers;
}

class Udp implements Backend {
  readonly devices = [DEVICE];
  readonly attrs = { backendType: '' };
  private control: TunControl | undefined;
  private broken: () => void = () => {};
  private own: Net | undefined;
  private closed = false;

  constructor(
    private readonly context: BackendContext,
    readonly port: number,
    readonly mtu: number,
    private readonly mode: string,
  ) {}

  accepts(): boolean {
    return true; // flannel's udp leases have no BackendType
  }

  onBroken(callback: () => void): void {
    this.broken = callback;
  }

  async ensureDevice({ subnet: own }: Subnets, links: readonly Link[]): Promise<boolean> {
    const moved = this.own !== undefined && addressIn(this.own) !== addressIn(own);
    this.own = own;
    const isGone = !links.some((link) => link.name === DEVICE);
    const started = await this.ensureHelper(own, moved || isGone);
    const { netlink } = this.context;
    const link = (await netlink.links()).find((candidate) => candidate.name === DEVICE);
    if (!link) throw new Error(`flannel-tun runs but ${DEVICE} is not there`);
    const changes = await addressChanges(netlink, DEVICE, `${addressIn(own)}/32`);
    if (!link.up || link.mtu !== this.mtu)
      changes.push({ type: 'link-set', name: DEVICE, mtu: this.mtu, up: true });
    await applyAll(netlink, changes);
    if (started) {
      await ensureSysctl(`net/ipv4/conf/${DEVICE}/rp_filter`, 2);
      // Received ICMP errors carry the TUN's own address as source; without accept_local the kernel
      // drops them as martians.
      await ensureSysctl(`net/ipv4/conf/${DEVICE}/accept_local`, 1);
      // Older kernels cannot set gso_max_size; a larger packet then takes two sends.
      await netlink.apply([{ type: 'link-set', name: DEVICE, gsoMaxSize: gsoMaxSize(this.mtu) }]);
    }
    return started;
  }

  desired(): Desired {
    const { config, external } = this.context;
    return {
      ...NOTHING_DESIRED,
      routes: [{ to: formatNet(config.network), device: DEVICE }],
      ownsRoute: (route) => ownsOverlayRoute(route, config, [DEVICE], external.name),
    };
  }

  async setPeers(_own: Subnets, peers: readonly Lease[]): Promise<void> {
    if (!this.control) throw new Error('flannel-tun is not running');
    const routes = peers.map((peer) => `set ${formatNet(peer.subnet)} ${peer.attrs.publicIP}`);
    await this.control.call('begin', ...routes, 'commit');
  }

  async stats(): Promise<Record<string, number>> {
    if (!this.control) return {};
    const [line] = await this.control.call('stats');
    const counts = Object.entries(parsePairs(line!)).map(([key, value]) => [key, Number(value)]);
    return Object.fromEntries(counts) as Record<string, number>;
  }

  close(): void {
    this.closed = true;
    this.control?.close();
  }

  private get socketPath(): string {
    return join(this.context.runDir, 'flannel-tun.sock');
  }

  /**
   * Adopts a running flannel-tun with matching parameters, or starts one. Returns whether it
   * started one.
   */
  private async ensureHelper(own: Net, renew: boolean): Promise<boolean> {
    if (this.control && !renew) return false;
    const adopted = this.control ?? (await this.connect().catch(() => undefined));
    if (adopted) {
      const [hello] = await adopted.call('hello');
      if (!renew && this.matches(parsePairs(hello!), own)) {
        if (!this.control) this.context.env.log.info('adopted the running flannel-tun', { hello });
        this.control = adopted;
        const { build } = parsePairs(hello!);
        if (build) await this.upgrade(own, build); // without one, too old to be upgraded in place
        return false;
      }
      this.control = undefined;
      await adopted.call('stop').catch(() => []);
      adopted.close();
    }
    await this.start(own);
    return true;
  }

  private parameters(own: Net): Record<string, string> {
    const { config, external } = this.context;
    return {
      dev: DEVICE,
      mtu: String(this.mtu),
      local: external.ip,
      port: String(this.port),
      network: formatNet(config.network),
      subnet: formatNet(own),
      mode: this.mode,
    };
  }

  private matches(hello: Record<string, string>, own: Net): boolean {
    return Object.entries(this.parameters(own)).every(([key, value]) => hello[key] === value);
  }

  private connect(): Promise<TunControl> {
    let mine: TunControl | undefined;
    return TunControl.open(this.socketPath, () => {
      if (this.closed || !mine || this.control !== mine) return;
      this.control = undefined;
      this.context.env.log.error('flannel-tun went away');
      this.broken();
    }).then((control) => (mine = control));
  }

  private get helperFile(): string {
    return join(this.context.nativeDir, 'flannel-tun');
  }

  /**
   * Starts the helper in a session of its own, so that it keeps carrying packets after flanneld
   * ends.
   */
  private spawnHelper(own: Net, more: Record<string, string> = {}): { failure?: Error } {
    const args = Object.entries({ ...this.parameters(own), socket: this.socketPath, ...more }).map(
      ([key, value]) => `--${key}=${value}`,
    );
    this.context.env.log.info('starting flannel-tun', { file: this.helperFile, args });
    const child = spawn(this.helperFile, args, {
      detached: true,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const state: { failure?: Error } = {};
    child.once('error', (error) => (state.failure = error));
    child.once(
      'exit',
      (code, by) => (state.failure = new Error(`flannel-tun ended: ${by ?? `exit code ${code}`}`)),
    );
    child.unref();
    return state;
  }

  private async start(own: Net): Promise<void> {
    await access(this.helperFile).catch(() => {
      throw new ConfigError(`the udp backend needs ${this.helperFile}; run hack/build-native`);
    });
    const child = this.spawnHelper(own);
    this.control = await this.untilAnswer(child, () => true);
  }

  /**
   * Connects to a helper once its hello satisfies `isRight`. Rejects when the child ends or the
   * time runs out.
   */
  private async untilAnswer(
    child: { failure?: Error },
    isRight: (hello: Record<string, string>) => boolean,
  ): Promise<TunControl> {
    const { env, signal } = this.context;
    const bounds = { clock: env.clock, signal, periodMs: TUN_POLL_MS, limitMs: TUN_CALL_MS };
    const found = await until(bounds, async () => {
      if (child.failure) throw child.failure;
      const control = await this.connect().catch(() => undefined);
      const [hello] = (await control?.call('hello').catch(() => undefined)) ?? [];
      if (control && hello && isRight(parsePairs(hello))) return control;
      control?.close();
      return undefined;
    });
    signal.throwIfAborted();
    if (!found) throw new Error('flannel-tun does not answer');
    return found;
  }

  /**
   * Replaces a running helper of another build without losing packets. When that fails, the running
   * helper stays.
   */
  private async upgrade(own: Net, running: string): Promise<void> {
    const { env } = this.context;
    const asked = exec([this.helperFile, '--version'], { timeoutMs: TUN_CALL_MS });
    const build = parsePairs((await asked.catch(() => '')).trim())['build'];
    const old = this.control;
    if (!build || build === running || !old) return;
    this.control = undefined; // the old helper is expected to end
    try {
      const successor = this.spawnHelper(own, { 'take-over': '1' });
      this.control = await this.untilAnswer(successor, (hello) => hello['build'] === build);
      old.close();
      env.log.info('upgraded flannel-tun', { from: running, to: build });
    } catch (error) {
      // rejects when the old helper is gone; the caller then starts a new one
      await old.call('hello');
      this.control = old;
      env.log.warn('cannot upgrade flannel-tun; the running one stays', { error });
    }
  }
}

export const udp: BackendType = {
  type: 'udp',
  open(context) {
    refuseIpv6(context.config);
    const { options } = context.config.backend;
    type UdpFile = { Port: number; MTU: number; Mode: string };
    const { Port, MTU, Mode } = checkConfig<UdpFile>('Backend', BACKEND_SCHEMAS.udp, options);
    const mtu = (MTU || context.external.mtu) - UDP_OVERHEAD;
    return Promise.resolve(new Udp(context, Port, mtu, Mode));
  },
};
