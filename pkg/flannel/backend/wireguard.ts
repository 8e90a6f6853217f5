// The wireguard backend: a kernel wireguard device for each address family (flannel's mode
// "separate"), one peer for each lease, and one route for the whole network. The tool `wg` sets the
// peers.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exec } from '../../system/exec.js';
import { atomicWrite } from '../../system/files/atomic-write.js';
import { checkConfig } from '../config-check.js';
import { BACKEND_SCHEMAS } from '../config-schema.generated.js';
import { ConfigError, type NetworkConfig } from '../config.js';
import { NOTHING_DESIRED, type Desired } from '../network/desired.js';
import { addressIn, formatNet } from '../../util/netaddr/net.js';
import type { Lease } from '../subnet/lease.js';
import type { Backend, BackendType } from './backend.js';
import { ownsOverlayRoute } from './overlay-route.js';
import { ensureTunnel, makeOrRefuse } from './device.js';
import {
  isKey,
  newPrivateKey,
  parseWireguardData,
  publicKeyOf,
  renderWireguard,
  type WireguardPeer,
} from './wireguard-config.js';

const DEVICE = 'flannel-wg';
const DEVICE6 = 'flannel-wg-v6';
/** Outer IPv6, UDP and WireGuard headers. */
const WIREGUARD_OVERHEAD = 80;
const WG_MS = 10_000;

interface WireguardFile {
  PSK: string;
  ListenPort: number;
  ListenPortV6: number;
  MTU: number;
  Mode: string;
  PersistentKeepaliveInterval: number;
}

/** The peers of the device of one family. */
export function wireguardPeers(peers: readonly Lease[], family: 4 | 6): WireguardPeer[] {
  return peers.flatMap(({ subnet, subnet6, attrs }) => {
    const [net, host, shared] =
      family === 4
        ? [subnet, attrs.publicIP, attrs.backendData]
        : [subnet6, attrs.publicIPv6 && `[${attrs.publicIPv6}]`, attrs.backendV6Data];
    const data = parseWireguardData(shared);
    if (!data || !net || !host) return [];
    const { publicKey, port } = data;
    return [{ publicKey, endpoint: `${host}:${port}`, allowedIPs: formatNet(net) }];
  });
}

export function desiredWireguard(config: NetworkConfig, external: string): Desired {
  const devices = config.ipv6 ? [DEVICE, DEVICE6] : [DEVICE];
  return {
    ...NOTHING_DESIRED,
    routes: [
      { to: formatNet(config.network), device: DEVICE },
      ...(config.ipv6 ? [{ to: formatNet(config.ipv6.network), device: DEVICE6 }] : []),
    ],
    ownsRoute: (route) => ownsOverlayRoute(route, config, devices, external),
  };
}

/**
 * The private key of both devices, kept in a file across restarts because peers hold the public
 * key.
 */
async function keepKey(path: string): Promise<string> {
  const kept = (await readFile(path, 'utf8').catch(() => '')).trim();
  if (isKey(kept)) return kept;
  const key = newPrivateKey();
  await atomicWrite(path, `${key}\n`, 0o600);
  return key;
}

export const wireguard: BackendType = {
  type: 'wireguard',
  async open(context): Promise<Backend> {
    const { config, external, netlink } = context;
    const { options } = config.backend;
    const file = checkConfig<WireguardFile>('Backend', BACKEND_SCHEMAS.wireguard, options);
    if (file.Mode !== 'separate')
      throw new ConfigError(
        `wireguard Mode "${file.Mode}" is not supported by this flanneld; use "separate", the default`,
      );
    await makeOrRefuse(netlink, { kind: 'wireguard', name: DEVICE }, 'CONFIG_WIREGUARD');
    await exec(['wg', '--version'], { timeoutMs: WG_MS }).catch(() => {
      throw new ConfigError('the wireguard backend needs the program wg (package wireguard-tools)');
    });
    const privateKey = await keepKey(join(context.runDir, 'wgkey'));
    const PublicKey = publicKeyOf(privateKey);
    const mtu = (file.MTU || external.mtu) - WIREGUARD_OVERHEAD;
    const own = { privateKey, psk: file.PSK, keepaliveSeconds: file.PersistentKeepaliveInterval };
    const sync = async (device: string, listenPort: number, peers: readonly WireguardPeer[]) => {
      const input = renderWireguard({ ...own, listenPort }, peers);
      await exec(['wg', 'syncconf', device, '/dev/stdin'], { input, timeoutMs: WG_MS });
    };
    return {
      devices: config.ipv6 ? [DEVICE, DEVICE6] : [DEVICE],
      mtu,
      port: file.ListenPort,
      port6: file.ListenPortV6,
      attrs: {
        backendType: 'wireguard',
        backendData: { PublicKey, Port: file.ListenPort },
        ...(config.ipv6 && { backendV6Data: { PublicKey, Port: file.ListenPortV6 } }),
      },
      async ensureDevice({ subnet, subnet6 }, links) {
        const ensure = (name: string, address: string) =>
          ensureTunnel(netlink, { kind: 'wireguard', name }, { address, mtu }, links);
        const made = await ensure(DEVICE, `${addressIn(subnet)}/32`);
        if (!config.ipv6 || !subnet6) return made;
        return (await ensure(DEVICE6, `${addressIn(subnet6)}/128`)) || made;
      },
      accepts: (lease) =>
        lease.attrs.backendType === 'wireguard' &&
        parseWireguardData(lease.attrs.backendData) !== undefined,
      desired: () => desiredWireguard(config, external.name),
      async setPeers(_own, peers) {
        await sync(DEVICE, file.ListenPort, wireguardPeers(peers, 4));
        if (config.ipv6) await sync(DEVICE6, file.ListenPortV6, wireguardPeers(peers, 6));
      },
    };
  },
};
