// Probes every peer periodically by ICMP echo to its public IPs: reachability, round trip and path
// MTU. Observes the underlay and changes nothing.
//
// Invariants: no socket is open between rounds. On a host that cannot send echoes, the prober logs
// it once and ends.
import type { EchoSocket, OpenEcho } from '../../system/icmp/echo.js';
import type { Env } from '../../util/env/env.js';
import { DONE, every } from '../../util/wait/every.js';
import {
  PROBE_FIRST_MS,
  PROBE_INTERVAL_MS,
  PROBE_JITTER,
  PROBE_TIMEOUT_MS,
  PROBES_AT_ONCE,
} from '../limits.js';

export interface PathHealth {
  reachable: boolean;
  /** Round trip in seconds. */
  rttSeconds?: number;
  /** Largest probed IP packet that passed unfragmented, at most the MTU of the interface. */
  mtu?: number;
}

/** A size that every link carries. */
const PROBE_BYTES = 64;
/** MTUs of common links: jumbo frames, Ethernet, PPPoE, tunnels, clouds, the minimum of IPv6. */
const LADDER = [9001, 8896, 1500, 1492, 1476, 1460, 1450, 1420, 1400, 1280, 576];
/** Minimum MTU of an IPv6 link (RFC 8200, section 5). */
const IPV6_LEAST_MTU = 1280;

export class PathProber {
  private peers: readonly string[] = [];
  private readonly paths = new Map<string, PathHealth>();

  constructor(
    private readonly env: Env,
    private readonly open: OpenEcho,
    /** MTU of the interface that reaches the peers. */
    private readonly interfaceMtu: number,
  ) {}

  /** Health by public IP; peers that were not probed yet are absent. */
  get health(): ReadonlyMap<string, PathHealth> {
    return this.paths;
  }

  setPeers(publicIPs: readonly string[]): void {
    this.peers = publicIPs;
    const known = new Set(publicIPs);
    for (const ip of this.paths.keys()) if (!known.has(ip)) this.forget(ip);
  }

  /** Runs until abort, or until it finds that the host cannot send echoes. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const centred = 1 - PROBE_JITTER / 2;
    const options = {
      firstMs: PROBE_FIRST_MS * centred,
      periodMs: PROBE_INTERVAL_MS * centred,
      jitter: PROBE_JITTER / centred,
      failed: 'paths to peers not probed',
    };
    await every({ env: this.env, signal, ...options }, async () => {
      if (!this.peers.length) return;
      let socket: EchoSocket;
      try {
        socket = await this.open(this.interfaceMtu);
      } catch (error) {
        this.env.log.info('paths to peers are not probed: raw-socket is not usable here', {
          reason: (error as Error).message.split('\n')[0],
        });
        return DONE;
      }
      try {
        await this.round(socket, signal);
      } finally {
        socket.close();
      }
    });
  }

  private async round(socket: EchoSocket, signal: AbortSignal): Promise<void> {
    const peers = [...this.peers];
    for (let at = 0; at < peers.length && !signal.aborted; at += PROBES_AT_ONCE) {
      await Promise.all(peers.slice(at, at + PROBES_AT_ONCE).map((ip) => this.probe(socket, ip)));
    }
  }

  private async probe(socket: EchoSocket, ip: string): Promise<void> {
    const ms = await socket.echo(ip, PROBE_BYTES, PROBE_TIMEOUT_MS);
    const before = this.paths.get(ip);
    let health: PathHealth = { reachable: false };
    if (ms !== undefined) {
      const mtu = await this.pathMtu(socket, ip);
      health = { reachable: true, rttSeconds: ms / 1000, ...(mtu && { mtu }) };
    }
    if (!this.peers.includes(ip)) return;
    if (before?.reachable !== health.reachable && (before || !health.reachable)) {
      this.env.log[health.reachable ? 'info' : 'warn'](
        health.reachable ? 'the path to a peer is back' : 'a peer does not answer ICMP echo',
        { publicIP: ip },
      );
    }
    if (health.mtu && health.mtu < this.interfaceMtu && before?.mtu !== health.mtu) {
      this.env.log.warn('the path to a peer takes smaller packets than our interface', {
        publicIP: ip,
        pathMtu: health.mtu,
        interfaceMtu: this.interfaceMtu,
      });
    }
    this.paths.set(ip, health);
    this.show(ip, health);
  }

  /**
   * The MTU of the interface when a packet of that size passes, which needs one echo; else the
   * largest step of the ladder that passes.
   */
  private async pathMtu(socket: EchoSocket, ip: string): Promise<number | undefined> {
    const least = ip.includes(':') ? IPV6_LEAST_MTU : 0;
    const steps = LADDER.filter((size) => size < this.interfaceMtu && size >= least);
    for (const bytes of [this.interfaceMtu, ...steps])
      if ((await socket.echo(ip, bytes, PROBE_TIMEOUT_MS)) !== undefined) return bytes;
    return undefined;
  }

  private show(ip: string, { reachable, rttSeconds, mtu }: PathHealth): void {
    const shown: [name: string, help: string, value: number][] = [
      ['reachable', 'Whether the peer answers ICMP echo (1) or not (0).', reachable ? 1 : 0],
      ['rtt_seconds', 'Round trip of the last answered ICMP echo.', rttSeconds ?? 0],
      ['path_mtu_bytes', 'Largest tried packet that passed to the peer unfragmented.', mtu ?? 0],
    ];
    for (const [name, help, value] of shown)
      this.env.metrics.gauge(`flannel_peer_${name}`, help, ['peer']).set(value, { peer: ip });
  }

  private forget(ip: string): void {
    if (this.paths.delete(ip)) this.show(ip, { reachable: false });
  }
}
