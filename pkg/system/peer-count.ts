// Open connections by the address of the client. A server refuses more than its bound, so that one
// client cannot take all descriptors of a process.
import type { Socket } from 'node:net';
import { formatIp, parseIp, unmapped } from '../util/netaddr/ip.js';

/** Clients choose the lower half of an IPv6 address freely: a /64 counts as one client. */
function clientOf(address: string): string {
  const ip = parseIp(address.split('%')[0]!);
  if (ip?.family !== 6) return address;
  const plain = unmapped(ip);
  return plain.family === 4 ? formatIp(plain) : String(plain.value >> 64n);
}

export interface PeerCount {
  /** False, with the socket destroyed, when its client has `limit` open connections already. */
  admit(socket: Socket): boolean;
}

export function countPeers(limit: number): PeerCount {
  const open = new Map<string, number>();
  return {
    admit(socket) {
      const client = clientOf(socket.remoteAddress ?? '');
      const count = open.get(client) ?? 0;
      if (count >= limit) {
        socket.destroy();
        return false;
      }
      open.set(client, count + 1);
      socket.once('close', () => {
        const left = open.get(client)! - 1;
        if (left) open.set(client, left);
        else open.delete(client);
      });
      return true;
    },
  };
}
