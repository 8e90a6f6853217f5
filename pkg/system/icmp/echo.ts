// ICMP echo over the package raw-socket, which is loaded with the first use. A socket is meant to be
// open for one round of questions: a raw socket gets a copy of every ICMP message of the host.
// Packets carry DF and ignore what the kernel learned of the path, so a size that is answered passes.
import { randomBytes } from 'node:crypto';

export interface EchoSocket {
  /** Milliseconds until the answer; undefined when none came in time or the packet did not leave. `packetBytes` counts the IP header. */
  echo(address: string, packetBytes: number, timeoutMs: number): Promise<number | undefined>;
  close(): void;
}

/** Throws when raw-socket cannot be loaded or raw sockets are not allowed (CAP_NET_RAW). */
export type OpenEcho = (maxPacketBytes: number) => Promise<EchoSocket>;

const IP_HEADER = 20;
const ICMP_HEADER = 8;
/** The smallest question: headers only. */
export const SMALLEST_ECHO = IP_HEADER + ICMP_HEADER;
const ICMP = 1;
const ECHO_REPLY = 0;
const ECHO_REQUEST = 8;
/** <linux/in.h>, <linux/icmp.h>. */
const IPPROTO_IP = 0;
const IP_MTU_DISCOVER = 10;
const IP_PMTUDISC_PROBE = 3;
const SOL_RAW = 255;
const ICMP_FILTER = 1;

interface Question {
  address: string;
  sentAt: number;
  done(ms: number | undefined): void;
}

export const openEcho: OpenEcho = async (maxPacketBytes) => {
  const { default: raw } = await import('raw-socket');
  const socket = raw.createSocket({ protocol: ICMP, bufferSize: maxPacketBytes + 64 });
  const filter = Buffer.alloc(4);
  filter.writeUInt32LE(~(1 << ECHO_REPLY) >>> 0);
  socket.setOption(SOL_RAW, ICMP_FILTER, filter, filter.length);
  socket.setOption(IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
  const id = randomBytes(2).readUInt16BE();
  const questions = new Map<number, Question>();
  let next = 0;
  let closed = false;
  socket.on('error', () => (closed = true));
  socket.on('message', (packet, source) => {
    const at = (packet[0]! & 15) * 4;
    if (packet.length < at + ICMP_HEADER || packet[at] !== ECHO_REPLY || packet.readUInt16BE(at + 4) !== id) return;
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
      const message = Buffer.alloc(Math.max(packetBytes, SMALLEST_ECHO) - IP_HEADER);
      message[0] = ECHO_REQUEST;
      message.writeUInt16BE(id, 4);
      message.writeUInt16BE(sequence, 6);
      raw.writeChecksum(message, 2, raw.createChecksum(message));
      const sent = (error: Error | null) => {
        if (error) done(undefined); // larger than the interface takes, or no route
      };
      socket.send(message, 0, message.length, address, () => (question.sentAt = performance.now()), sent);
    });
  const close = () => {
    for (const question of questions.values()) question.done(undefined);
    if (!closed) socket.close();
    closed = true;
  };
  return { echo, close };
};
