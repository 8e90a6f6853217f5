// One question to one upstream server: by UDP, and again by TCP when the answer is truncated.
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { familyOf } from '../../util/netaddr/ip.js';
import { FORWARD_TIMEOUT_MS, UPSTREAM_UDP_BYTES } from '../limits.js';
import { FLAGS } from '../wire/codes.js';
import { answersQuestion } from '../wire/message.js';
import { upstreamQuery, type Query } from '../wire/query.js';

export interface Address {
  host: string;
  port: number;
}

/** Parses '8.8.8.8', '8.8.8.8:53' or '[::1]:53'. */
export function parseUpstream(text: string): Address {
  const bracketed = /^\[([0-9a-fA-F:]+)\](?::(\d+))?$/.exec(text);
  if (bracketed) return { host: bracketed[1]!, port: Number(bracketed[2] ?? 53) };
  if (familyOf(text) === 6) return { host: text, port: 53 };
  const [host = '', port = '53'] = text.split(':');
  return { host, port: Number(port) };
}

/** The name servers of a resolv.conf text. */
export const upstreamsOf = (resolvConf: string): Address[] =>
  [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((m) => parseUpstream(m[1]!));

/**
 * The server's answer. A fresh socket and id for each query keep forged answers out. Rejects after
 * FORWARD_TIMEOUT_MS, and for servers that do not answer.
 */
export async function exchange(query: Query, upstream: Address): Promise<Buffer> {
  const bytes = upstreamQuery(query, randomInt(65_536), UPSTREAM_UDP_BYTES);
  const isAnswer = (answer: Buffer): boolean =>
    answersQuestion(answer, query.question) &&
    answer.readUInt16BE(0) === bytes.readUInt16BE(0) &&
    (answer.readUInt16BE(2) & FLAGS.response) !== 0;
  const answer = await overUdp(bytes, upstream, isAnswer);
  if (!(answer.readUInt16BE(2) & FLAGS.truncated)) return answer;
  const whole = await overTcp(bytes, upstream);
  if (!isAnswer(whole)) throw new Error('answer to another query');
  return whole;
}

function overUdp(
  query: Buffer,
  { host, port }: Address,
  isAnswer: (answer: Buffer) => boolean,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(familyOf(host) === 6 ? 'udp6' : 'udp4');
    const timer = setTimeout(() => done(() => reject(new Error('timed out'))), FORWARD_TIMEOUT_MS);
    const done = (then: () => void) => {
      clearTimeout(timer);
      socket.close();
      then();
    };
    socket.once('error', (error) => done(() => reject(error)));
    socket.on('message', (message) => {
      if (isAnswer(message)) done(() => resolve(message));
    });
    // The socket is connected, so that the kernel drops datagrams of other hosts and reports a
    // closed port at once.
    socket.connect(port, host, () => socket.send(query));
  });
}

function overTcp(query: Buffer, { host, port }: Address): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: FORWARD_TIMEOUT_MS });
    let received = Buffer.alloc(0);
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.once('timeout', () => fail(new Error('timed out')));
    socket.once('error', fail);
    socket.once('end', () => fail(new Error('closed early')));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
      socket.destroy();
      resolve(received.subarray(2, 2 + received.readUInt16BE(0)));
    });
    socket.once('connect', () => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(query.length);
      socket.write(Buffer.concat([length, query]));
    });
  });
}
