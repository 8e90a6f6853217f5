// WireGuard keys, and the configuration that `wg syncconf` reads. Pure.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { field } from '../config.js';

/** The PKCS #8 header before a raw X25519 private key (RFC 8410), as node:crypto reads it. */
const PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;

/** Base64 of 32 bytes, as `wg genkey` writes it. */
export function newPrivateKey(): string {
  return generateKeyPairSync('x25519')
    .privateKey.export({ format: 'der', type: 'pkcs8' })
    .subarray(-KEY_BYTES)
    .toString('base64');
}

export const isKey = (text: string): boolean => /^[A-Za-z0-9+/]{43}=$/.test(text);

export function publicKeyOf(privateKey: string): string {
  const der = Buffer.concat([PKCS8, Buffer.from(privateKey, 'base64')]);
  return createPublicKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
    .export({ format: 'der', type: 'spki' })
    .subarray(-KEY_BYTES)
    .toString('base64');
}

export interface WireguardPeer {
  publicKey: string;
  /** Address and port; an IPv6 address in brackets. */
  endpoint: string;
  allowedIPs: string;
}

export interface WireguardDevice {
  privateKey: string;
  listenPort: number;
  /** '' for none. */
  psk: string;
  keepaliveSeconds: number;
}

export function renderWireguard(device: WireguardDevice, peers: readonly WireguardPeer[]): string {
  const lines = [
    '[Interface]',
    `PrivateKey = ${device.privateKey}`,
    `ListenPort = ${device.listenPort}`,
  ];
  for (const peer of peers) {
    lines.push('', '[Peer]', `PublicKey = ${peer.publicKey}`);
    if (device.psk) lines.push(`PresharedKey = ${device.psk}`);
    lines.push(`Endpoint = ${peer.endpoint}`, `AllowedIPs = ${peer.allowedIPs}`);
    if (device.keepaliveSeconds) lines.push(`PersistentKeepalive = ${device.keepaliveSeconds}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Parses BackendData or BackendV6Data of a peer; undefined when the data is not WireGuard's. */
export function parseWireguardData(data: unknown): { publicKey: string; port: number } | undefined {
  const [publicKey, port] = [field(data, 'PublicKey'), field(data, 'Port')];
  if (typeof publicKey !== 'string' || !isKey(publicKey) || typeof port !== 'number')
    return undefined;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? { publicKey, port } : undefined;
}
