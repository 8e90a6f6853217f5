// ICMP echo of both families over the package raw-socket, which is loaded on first use. A socket
// should be open for one probe round only, because a raw socket receives a copy of every ICMP
// message of the host. Packets are never fragmented and ignore the path MTU that the kernel
// learned, so an answered size passes the path.
import { randomBytes } from 'node:crypto';
import { formatIp, parseIp } from '../../util/netaddr/ip.js';

export interface EchoSocket {
  /**
   * Round trip in milliseconds; undefined when no answer came in time or the packet could not be
   * sent. `packetBytes` includes the IP header.
   */
  echo(address: string, packetBytes: number, timeoutMs: number): Promise<number | undefined>;
  close(): void;
}

/** Throws when raw-socket cannot be loaded or raw sockets are not allowed (CAP_NET_RAW). */
export type OpenEcho = (maxPacketBytes: number) => Promise<EchoSocket>;

const ICMP_HEADER = 8;

interface Family {
  /** AddressFamily of raw-socket, and the IP protocol. */
  addressFamily: 1 | 2;
  protocol: number;
  ipHeader: number;
  request: number;
  reply: number;
  /** Offset of the ICMP header in a received packet; raw IPv6 sockets deliver no IP header. */
  readonly icmpAt: (packet: Buffer) => number;
  /**
   * Whether we write the checksum; the kernel writes that of ICMPv6, which covers the addresses.
   */
  checksum: boolean;
  options: readonly (readonly [level: number, option: number, value: number | Buffer])[];
}

/** An ICMP filter that passes one type. A set bit blocks; words are in host byte order. */
function onlyType(type: number, words: number): Buffer {
  const filter = Buffer.alloc(words * 4, 0xff);
  filter.writeUInt32LE(~(1 << (type & 31)) >>> 0, (type >> 5) * 4);
  return filter;
}

/** Levels, options and values of <linux/in.h>, <linux/in6.h>, <linux/icmp.h>, <linux/icmpv6.h>. */
const V4: Family = {
  addressFamily: 1,
  protocol: 1,
  ipHeader: 20,
  request: 8,
  reply: 0,
  icmpAt: (packet) => (packet[0]! & 15) * 4,
  checksum: true,
  options: [
    [255, 1, onlyType(0, 1)], // SOL_RAW, ICMP_FILTER
    [0, 10, 3], // IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE
  ],
};
const V6: Family = {
  addressFamily: 2,
  protocol: 58,
  ipHeader: 40,
  request: 128,
  reply: 129,
  icmpAt: () => 0,
  checksum: false,
  options: [
    [58, 1, onlyType(129, 8)], // SOL_ICMPV6, ICMPV6_FILTER
    [41, 23, 3], // SOL_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE
    [41, 62, 1], // SOL_IPV6, IPV6_DONTFRAG
  ],
};

interface Question {
  address: string;
  sentAt: number;
  done(ms: number | undefined): void;
}

type Raw = (typeof import('raw-socket'))['default'];

function openFamily(raw: Raw, family: Family, maxPacketBytes: number): EchoSocket {
  const { addressFamily, protocol, ipHeader, request, reply, icmpAt } = family;
  const socket = raw.createSocket({ protocol, addressFamily, bufferSize: maxPacketBytes + 64 });
  for (const [level, option, value] of family.options) {
    if (typeof value === 'number') socket.setOption(level, option, value);
    else socket.setOption(level, option, value, value.length);
  }
  const id = randomBytes(2).readUInt16BE();
  const questions = new Map<number, Question>();
  let next = 0;
  let closed = false;
  socket.on('error', () => (closed = true));
  socket.on('message', (packet, source) => {
    const at = icmpAt(packet);
    if (
      packet.length < at + ICMP_HEADER ||
      packet[at] !== reply ||
      packet.readUInt16BE(at + 4) !== id
    )
      return;
    const question = questions.get(packet.readUInt16BE(at + 6));
    if (question?.address === source) question.done(performance.now() - question.sentAt);
  });
  const echo: EchoSocket['echo'] = (address, packetBytes, timeoutMs) =>
    new Promise((resolve) => {
      if (closed) return resolve(undefined);
      const sequence = next++ & 0xffff;
      const timer = setTimeout(() => done(undefined), timeoutMs);
      const done = (ms: number | undefined) => {
        clearTimeout(timer);
        questions.delete(sequence);
        resolve(ms);
      };
      const question = { address, sentAt: performance.now(), done };
      questions.set(sequence, question);
      const message = Buffer.alloc(Math.max(packetBytes, ipHeader + ICMP_HEADER) - ipHeader);
      message[0] = request;
      message.writeUInt16BE(id, 4);
      message.writeUInt16BE(sequence, 6);
      if (family.checksum) raw.writeChecksum(message, 2, raw.createChecksum(message));
      const sent = (error: Error | null) => {
        if (error) done(undefined); // packet larger than the interface MTU, or no route
      };
      const leaves = () => (question.sentAt = performance.now());
      socket.send(message, 0, message.length, address, leaves, sent);
    });
  const close = () => {
    for (const question of questions.values()) question.done(undefined);
    if (!closed) socket.close();
    closed = true;
  };
  return { echo, close };
}

export const openEcho: OpenEcho = async (maxPacketBytes) => {
  const { default: raw } = await import('raw-socket');
  const v4 = openFamily(raw, V4, maxPacketBytes);
  let v6: EchoSocket | undefined;
  return {
    echo(address, packetBytes, timeoutMs) {
      const ip = parseIp(address);
      if (!ip) return Promise.resolve(undefined);
      if (ip.family === 4) return v4.echo(address, packetBytes, timeoutMs);
      v6 ??= openFamily(raw, V6, maxPacketBytes);
      return v6.echo(formatIp(ip), packetBytes, timeoutMs);
    },
    close() {
      v4.close();
      v6?.close();
    },
  };
};
