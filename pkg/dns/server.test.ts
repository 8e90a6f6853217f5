import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once, setMaxListeners } from 'node:events';
import { connect, createServer } from 'node:net';
import packet, { type Packet, type RecordType } from 'dns-packet';
import { realEnv } from '../system/env.js';
import { parseUpstream, upstreamsOf } from './forward/exchange.js';
import { forward, Forwarder, groupOf } from './forward/forward.js';
import type { Plugin } from './answer.js';
import { chaos } from './chaos.js';
import { serveDns } from './server.js';

const env = realEnv('dns-test', 'error');

function udp(port: number, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const timer = setTimeout(() => reject(new Error('no answer in 3 s')), 3000);
    socket.once('message', (answer) => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    });
    socket.send(message, port, '127.0.0.1');
  });
}

function tcp(port: number, message: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let all = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      all = Buffer.concat([all, chunk]);
      if (all.length >= 2 && all.length >= 2 + all.readUInt16BE(0)) {
        socket.destroy();
        resolve(all.subarray(2));
      }
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(message.length);
    // Sent in two parts: the server must wait for the whole message.
    socket.write(Buffer.concat([length, message.subarray(0, 5)]));
    socket.write(message.subarray(5));
  });
}

const query = (name: string, type: RecordType = 'A', extra: Partial<Packet> = {}) =>
  packet.encode({
    type: 'query',
    id: 77,
    flags: packet.RECURSION_DESIRED,
    questions: [{ name, type }],
    ...extra,
  });

const many: Plugin = {
  name: 'many',
  answer({ name }) {
    if (name === 'alias.test')
      return {
        rcode: 'NOERROR',
        authoritative: true,
        answers: [{ type: 'CNAME', name, ttl: 9, data: 'web.test' }],
      };
    if (name === 'turn.test')
      return {
        rcode: 'NOERROR',
        authoritative: true,
        answers: [{ type: 'CNAME', name, ttl: 9, data: 'turn.test' }],
      };
    if (name === 'broken.test') throw new Error('deliberate');
    const count = name === 'big.test' ? 100 : 2;
    if (!name.endsWith('.test')) return undefined;
    const answers = Array.from({ length: count }, (_, i) => ({
      type: 'A' as const,
      name,
      ttl: 9,
      data: `10.0.0.${i + 1}`,
    }));
    return { rcode: 'NOERROR', authoritative: true, answers };
  },
};

describe('dns server', () => {
  const stop = new AbortController();
  let port: number;
  before(async () => {
    port = await serveDns(
      env,
      { address: '127.0.0.1', port: 0, plugins: [many], recursive: true },
      stop.signal,
    );
  });
  after(() => stop.abort());

  it('answers over UDP and TCP in the letter case of the question', async () => {
    for (const send of [udp, tcp]) {
      const answer = packet.decode(await send(port, query('WeB.test')));
      assert.equal(answer.id, 77);
      assert.deepEqual(
        answer.answers!.map((a) => a.name),
        ['WeB.test', 'WeB.test'],
      );
      assert.ok(answer.flags! & packet.AUTHORITATIVE_ANSWER);
    }
  });

  it('truncates answers that do not fit into UDP, and sends them whole over TCP or to clients with larger buffers', async () => {
    const cut = packet.decode(await udp(port, query('big.test')));
    assert.ok(cut.flags! & packet.TRUNCATED_RESPONSE);
    assert.equal(cut.answers!.length, Math.floor((512 - 12 - 14) / 16), 'what fits');
    assert.equal(packet.decode(await tcp(port, query('big.test'))).answers!.length, 100);
    const edns = {
      additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options: [] }],
    } as unknown as Partial<Packet>;
    assert.equal(packet.decode(await udp(port, query('big.test', 'A', edns))).answers!.length, 100);
  });

  it('follows aliases through the chain, but no loops', async () => {
    const answers = async (name: string) =>
      packet.decode(await udp(port, query(name))).answers!.map((a) => a.type);
    assert.deepEqual(await answers('alias.test'), ['CNAME', 'A', 'A']);
    assert.deepEqual(await answers('turn.test'), ['CNAME']);
  });

  it('refuses foreign names, answers SERVFAIL when a plugin fails, survives malformed packets', async () => {
    const rcode = async (message: Buffer) =>
      (packet.decode(await udp(port, message)) as unknown as { rcode: string }).rcode;
    assert.equal(await rcode(query('example.org')), 'REFUSED');
    assert.equal(await rcode(query('broken.test')), 'SERVFAIL');
    const garbage = Buffer.from('000101000001000000000000ffffffff', 'hex');
    assert.equal(await rcode(garbage), 'FORMERR');
    assert.equal(await rcode(query('web.test')), 'NOERROR');
  });
});

describe('dns server, unusual queries', () => {
  const stop = new AbortController();
  let port: number;
  before(async () => {
    const plugins = [chaos, many];
    const options = { address: '127.0.0.1', port: 0, plugins, recursive: true };
    port = await serveDns(env, options, stop.signal);
  });
  after(() => stop.abort());

  /** A query for web.test with other header words, type, class and additional records. */
  const raw = (flags: number, type: number, cls: number, ...additionals: string[]) => {
    const count = additionals.length.toString(16).padStart(4, '0');
    const words = [flags, type, cls].map((word) => word.toString(16).padStart(4, '0'));
    const name = cls === 3 ? '0776657273696f6e0462696e6400' : '03776562047465737400';
    return Buffer.from(
      `0007${words[0]}000100000000${count}${name}${words[1]}${words[2]}${additionals.join('')}`,
      'hex',
    );
  };
  const opt = (version: string) => `0000291000${'00'}${version}00000000`;
  const ask = async (message: Buffer) => {
    const answer = await udp(port, message);
    const { additionals = [] } = packet.decode(answer);
    const upper = (additionals[0] as { extendedRcode?: number } | undefined)?.extendedRcode ?? 0;
    return { code: (upper << 4) | (answer[3]! & 15), answer, additionals };
  };

  it('get NOTIMP for other opcodes, which the answer repeats', async () => {
    for (const opcode of [1, 2, 4, 5]) {
      const { code, answer } = await ask(raw(opcode << 11, 1, 1));
      assert.equal(code, 4);
      assert.equal((answer.readUInt16BE(2) & 0x7800) >> 11, opcode);
    }
    const empty = Buffer.from('000728000000000000000000', 'hex');
    assert.equal((await udp(port, empty))[3]! & 15, 4, 'an update without a zone');
  });

  it('get BADVERS for an unknown version of EDNS, FORMERR for two OPT records', async () => {
    const { code, additionals } = await ask(raw(0x100, 1, 1, opt('01')));
    assert.equal(code, 16);
    assert.equal(additionals.length, 1);
    assert.equal((await ask(raw(0x100, 1, 1, opt('00')))).code, 0);
    assert.equal((await ask(raw(0x100, 1, 1, opt('00'), opt('00')))).code, 1);
  });

  it('get REFUSED in other classes; chaos answers in its own only', async () => {
    assert.equal((await ask(raw(0x100, 1, 4))).code, 5);
    assert.equal((await ask(raw(0x100, 255, 255))).code, 5);
    assert.equal((await ask(raw(0x100, 1, 3))).code, 5);
    assert.equal((await ask(raw(0x100, 16, 3))).code, 0);
    const [record] = packet.decode((await ask(raw(0x100, 16, 3))).answer).answers!;
    assert.equal((record as { class: string }).class, 'CH');
  });
});

describe('dns forward', () => {
  it('reads name servers of resolv.conf', () => {
    assert.deepEqual(upstreamsOf('# x\nnameserver 10.0.0.1\nsearch a\nnameserver fd00::1\n'), [
      { host: '10.0.0.1', port: 53 },
      { host: 'fd00::1', port: 53 },
    ]);
    assert.deepEqual(parseUpstream('[::1]:5353'), { host: '::1', port: 5353 });
  });

  it('finds a port that is free for TCP too, and refuses a given port that is not', async () => {
    const stop = new AbortController();
    const open = (port: number) =>
      serveDns(env, { address: '127.0.0.1', port, plugins: [], recursive: false }, stop.signal);
    setMaxListeners(0, stop.signal);
    const taken = Array.from({ length: 1000 }, () => createServer().listen(0, '127.0.0.1'));
    await Promise.all(taken.map((server) => once(server, 'listening')));
    const ports: number[] = [];
    try {
      for (let n = 0; n < 200; n++) ports.push(await open(0));
      await assert.rejects(open(ports[0]!), { code: 'EADDRINUSE' });
    } finally {
      for (const server of taken) server.close();
      stop.abort();
    }
  });

  it('asks the next server when one is dead, fetches large answers over TCP, and caches them', async () => {
    const stop = new AbortController();
    let asked = 0;
    const counting: Plugin = {
      name: 'counting',
      answer: (q, signal) => (asked++, many.answer(q, signal)),
    };
    const upstream = await serveDns(
      env,
      { address: '127.0.0.1', port: 0, plugins: [counting], recursive: true },
      stop.signal,
    );
    const servers = groupOf([
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: upstream },
    ]);
    const plugin = forward(new Forwarder(env, stop.signal), () => servers);
    const port = await serveDns(
      env,
      { address: '127.0.0.1', port: 0, plugins: [plugin], recursive: true },
      stop.signal,
    );
    try {
      const big = packet.decode(await tcp(port, query('big.test')));
      assert.equal(big.answers!.length, 100);
      assert.equal(asked, 2, 'UDP, then TCP');
      await tcp(port, query('big.test'));
      assert.equal(asked, 2, 'the second time from the cache');
      assert.ok(!(big.flags! & packet.AUTHORITATIVE_ANSWER));
    } finally {
      stop.abort();
    }
  });

  it('asks equal questions once, and a server that was silent only after it answers a probe', async () => {
    const stop = new AbortController();
    const silent = createSocket('udp4');
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve));
    const unanswered: string[] = [];
    silent.on('message', (message) => unanswered.push(packet.decode(message).questions![0]!.name));
    let asked = 0;
    const counting: Plugin = {
      name: 'counting',
      answer: (q, signal) => (asked++, many.answer(q, signal)),
    };
    const listen = (plugins: Plugin[]) =>
      serveDns(env, { address: '127.0.0.1', port: 0, plugins, recursive: true }, stop.signal);
    const good = await listen([counting]);
    const servers = groupOf([
      { host: '127.0.0.1', port: silent.address().port },
      { host: '127.0.0.1', port: good },
    ]);
    const port = await listen([forward(new Forwarder(env, stop.signal), () => servers)]);
    try {
      const answers = await Promise.all([1, 2, 3].map(() => udp(port, query('web.test'))));
      assert.ok(answers.every((answer) => packet.decode(answer).answers!.length === 2));
      assert.equal(asked, 1);
      for (const name of ['a.test', 'b.test', 'c.test']) await udp(port, query(name));
      assert.deepEqual(
        unanswered.filter((name) => name.endsWith('.test')),
        ['web.test'],
      );
      silent.on('message', (message, from) => {
        const { id, questions } = packet.decode(message);
        silent.send(packet.encode({ type: 'response', id: id!, questions: questions! }), from.port);
      });
      for (let n = 0; servers.upstreams[0]!.down; n++) {
        assert.ok(n < 100, 'the server answers probes');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const before = asked;
      assert.equal(packet.decode(await udp(port, query('d.test'))).answers!.length, 0);
      assert.equal(asked, before, 'the first server is asked again');
    } finally {
      stop.abort();
      silent.close();
    }
  }).timeout(60_000);
});
