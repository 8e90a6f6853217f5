// Open connections by the address of the client. A server refuses more than its bound, so that one
// client cannot take all descriptors of a process.
import type { Socket } from 'node:net';
import { formatIp, parseIp, unmapped } from '../util/netaddr/ip.js';
import { count } from '../util/map/count.js';

/** Clients choose the lower half of an IPv6 address freely: a /64 counts as one client. */
function clientOf(address: string): string {
  const ip = parseIp(address.split('%')[0]!);
  if (ip?.family !== 6) return address;
  const plain = unmapped(ip);
  return plain.family === 4 ? formatIp(plain) : String(plain.value >> 64n);
}

/**
 * Counts the connections of each client. The answer is false, with the socket destroyed, when its
 * client has `limit` open connections already.
 */
export function countPeers(limit: number): (socket: Socket) => boolean {
  const open = new Map<string, number>();
  return (socket) => {
    const client = clientOf(socket.remoteAddress ?? '');
    if ((open.get(client) ?? 0) >= limit) {
      socket.destroy();
      return false;
    }
    count(open, client, 1);
    socket.once('close', () => count(open, client, -1));
    return true;
  };
}
