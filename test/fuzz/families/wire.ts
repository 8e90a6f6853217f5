// Binary messages: DNS, SkyDNS's records, the answers of a container runtime, netlink, etcd, SPDY.
import { Duplex } from 'node:stream';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import {
  encodeStored,
  metadataRange,
  replaceRevision,
  spliceRevision,
  withoutRevision,
} from '../../../pkg/apiserver/codec/object-bytes.js';
import {
  FrameParser,
  HeaderBlockWriter,
  synStream,
  dataHead,
  ping,
  rstStream,
  goAway,
} from '../../../pkg/apiserver/streaming/spdy/frames.js';
import { SpdySession } from '../../../pkg/apiserver/streaming/spdy/session.js';
import { skydns } from '../../../pkg/dns/skydns/skydns.js';
import { parseRecord } from '../../../pkg/dns/skydns/tree.js';
import { TYPES } from '../../../pkg/dns/wire/codes.js';
import {
  addressRecords,
  aged,
  answersQuestion,
  lowestTtl,
  recordsOf,
  withoutOpt,
} from '../../../pkg/dns/wire/message.js';
import { WireError as DnsError } from '../../../pkg/dns/wire/names.js';
import { parseQuery, upstreamQuery } from '../../../pkg/dns/wire/query.js';
import type { Record as DnsRecord } from '../../../pkg/dns/wire/record.js';
import { encodeReply } from '../../../pkg/dns/wire/reply.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import { frameReader, GrpcError } from '../../../pkg/storage/etcd/grpc-connection.js';
import {
  readLeaseResponse,
  readRangeResponse,
  readTransactionResponse,
  readWatchResponse,
} from '../../../pkg/storage/etcd/messages.js';
import { WireReader, WireWriter } from '../../../pkg/storage/etcd/wire.js';
import { RTM } from '../../../pkg/system/netlink/socket/numbers.generated.js';
import {
  decodeAddress,
  decodeFdb,
  decodeLink,
  decodeNeighbour,
  decodeRoute,
  linkIndexOf,
  linkNameOf,
} from '../../../pkg/system/netlink/socket/rtnetlink.js';
import {
  acknowledgementOf,
  attributesOf,
  MessageWriter,
  messagesOf,
  textOf,
} from '../../../pkg/system/netlink/socket/wire.js';
import { WireError } from '../../../pkg/util/protobuf/wire-reader.js';
import { virtualEnv } from '../../support/virtual-env.js';
import { sampleOf } from '../../../pkg/registry/samples.test.js';
import { rule, tried, type Family } from '../family.js';
import { mutateBytes, mutateJson, type Json } from '../mutate.js';
import { Choice } from '../random.js';

const RECORDS: DnsRecord[] = [
  { type: 'A', name: 'a.b.c', ttl: 30, data: '10.0.0.1' },
  { type: 'AAAA', name: 'a.b.c', ttl: 30, data: '2001:db8::1' },
  { type: 'CNAME', name: 'x.b.c', ttl: 0, data: 'a.b.c' },
  { type: 'TXT', name: 'a.b.c', ttl: 2 ** 31, data: ['x'.repeat(255), ''] },
  { type: 'MX', name: 'b.c', ttl: 1, data: { preference: 10, exchange: 'mail.b.c' } },
  {
    type: 'SRV',
    name: '_http._tcp.a.b.c',
    ttl: 5,
    data: { priority: 1, weight: 2, port: 80, target: 'a.b.c' },
  },
  {
    type: 'SOA',
    name: 'c',
    ttl: 60,
    data: {
      mname: 'ns.c',
      rname: 'root.c',
      serial: 1,
      refresh: 2,
      retry: 3,
      expire: 4,
      minimum: 5,
    },
  },
];

const query = (name: string, type: number, edns: boolean): Buffer => {
  const labels = name.split('.').flatMap((label) => [Buffer.of(label.length), Buffer.from(label)]);
  const head = Buffer.from([0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, edns ? 1 : 0]);
  const opt = edns ? Buffer.from([0, 0, 41, 16, 0, 0, 0, 0x80, 0, 0, 0]) : Buffer.alloc(0);
  return Buffer.concat([head, ...labels, Buffer.from([0, 0, type, 0, 1]), opt]);
};

export const dns: Family = {
  name: 'dns',
  share: 14,
  prepare: () => {
    const queries = [
      'a.b.c',
      'kubernetes.default.svc.cluster.local',
      '1.0.0.10.in-addr.arpa',
      'x'.repeat(63),
    ].flatMap((name) =>
      [1, 28, 33, 255].flatMap((type) => [query(name, type, false), query(name, type, true)]),
    );
    const reply = (choice: Choice): Buffer => {
      const answers = RECORDS.filter(() => choice.chance(0.5));
      const asked = parseQuery(choice.pick(queries));
      return encodeReply(
        asked,
        { rcode: 'NOERROR', authoritative: true, answers, additionals: RECORDS.slice(0, 2) },
        { limit: choice.pick([512, 4096]), recursionAvailable: true, udpSize: 1232 },
      );
    };
    return {
      make: (choice) =>
        mutateBytes(
          choice,
          choice.chance(0.5) ? choice.pick(queries) : reply(choice),
          reply(choice),
        ),
      run(input) {
        const asked = tried(() => parseQuery(input), DnsError);
        if (asked) judgeQuery(asked);
        const records = tried(() => recordsOf(input), DnsError);
        if (!records) return;
        tried(() => addressRecords(input, records), DnsError);
        rule(
          recordsOf(aged(input, records, 7)).length === records.length,
          'an older message has other records',
        );
        lowestTtl(input, records);
        const without = withoutOpt(input, records);
        rule(
          !recordsOf(without).some(({ type, section }) => type === TYPES.OPT && section === 2),
          'OPT stays',
        );
      },
    };
  },
};

function judgeQuery(asked: ReturnType<typeof parseQuery>): void {
  const forwarded = upstreamQuery(asked, asked.id, 1232);
  const again = parseQuery(forwarded);
  rule(
    again.name === asked.name && again.type === asked.type && again.class === asked.class,
    'a query passed on differs',
  );
  rule(answersQuestion(forwarded, asked.question), 'a query does not repeat its question');
  const answers = RECORDS.map((record) => ({ ...record, name: asked.name }));
  for (const limit of [512, 65_535]) {
    const bytes = tried(
      () =>
        encodeReply(
          asked,
          { rcode: 'NOERROR', authoritative: true, answers },
          { limit, recursionAvailable: false, udpSize: 1232 },
        ),
      DnsError,
    );
    if (!bytes) continue;
    rule(
      bytes.length <= Math.max(limit, 12 + asked.question.length + 11),
      'a reply is longer than the limit',
      bytes.length,
    );
    const records = recordsOf(bytes);
    rule(records.length > 0 || (bytes.readUInt16BE(2) & 0x200) !== 0, 'a reply lost its records');
    const wire = tried(
      () =>
        encodeReply(
          asked,
          { rcode: 'NOERROR', authoritative: false, answers: [], wire: bytes },
          { limit: 512, recursionAvailable: true, udpSize: 1232 },
        ),
      DnsError,
    );
    if (wire) recordsOf(wire);
  }
}

const SKY: Json[] = [
  { host: '10.0.0.1', port: 80, priority: 10, weight: 20, ttl: 30 },
  { host: 'a.skydns.local', port: 8080, text: 'x', mail: true },
  { host: '2001:db8::1', targetstrip: 1, group: 'g' },
  { text: 'only text' },
];

/** An input is [records, names, types] in JSON. */
export const skydnsRecords: Family = {
  name: 'skydns',
  share: 3,
  prepare: () => ({
    make(choice) {
      const records = choice.times(choice.between(1, 4), () => [
        `/skydns/local/skydns/${choice.pick(['a', 'b/c', 'b', '*', 'any', 'x/y/z'])}`,
        mutateJson(
          choice,
          structuredClone(choice.pick(SKY)),
          choice.pick(SKY),
          choice.between(0, 2),
        ),
      ]);
      return Buffer.from(
        JSON.stringify([
          records,
          choice.pick([
            'a.skydns.local',
            '*.skydns.local',
            'c.b.skydns.local',
            'skydns.local',
            'any.b.skydns.local',
          ]),
        ]),
      );
    },
    async run(input) {
      const parsed = tried(() => JSON.parse(input.toString()) as Json, SyntaxError);
      if (!Array.isArray(parsed?.[0]) || typeof parsed[1] !== 'string') return;
      const env = virtualEnv();
      const storage = createMemoryStorage(env);
      const operations = parsed[0].filter(
        (one: Json) => Array.isArray(one) && typeof one[0] === 'string',
      );
      for (const [key, value] of operations)
        await storage.put(key, Buffer.from(JSON.stringify(value) ?? ''));
      const server = skydns({ storage, prefix: '/skydns/', domains: ['skydns.local'], env });
      const stop = new AbortController();
      const running = server.run(stop.signal);
      for (let turns = 0; turns < 50 && !server.plugin.ready?.(); turns++) await Promise.resolve();
      for (const [type, code] of Object.entries(TYPES)) {
        const asked = parseQuery(query(parsed[1], code & 0xff, true));
        const question = { name: asked.name, type, query: asked };
        const reply = await server.plugin.answer(question, stop.signal);
        if (reply)
          encodeReply(asked, reply, { limit: 512, recursionAvailable: true, udpSize: 1232 });
      }
      stop.abort();
      await running;
      await storage.close();
      parseRecord(input.toString());
    },
  }),
};

const IFINFO = 16;

function netlinkCorpus(): Buffer[] {
  const link = new MessageWriter(RTM.newLink, 0, Buffer.alloc(IFINFO, 1))
    .text(3, 'eth0')
    .u32(4, 1500)
    .bytes(1, Buffer.from([2, 0, 0, 0, 0, 1]))
    .nested(18, (info) =>
      info.text(1, 'vxlan').nested(2, (data) =>
        data
          .u32(1, 1)
          .u16be(15, 8472)
          .bytes(4, Buffer.of(10, 0, 0, 1)),
      ),
    );
  const address = new MessageWriter(RTM.newAddress, 0, Buffer.from([2, 24, 0, 0, 1, 0, 0, 0]))
    .bytes(1, Buffer.of(10, 0, 0, 1))
    .bytes(2, Buffer.of(10, 0, 0, 1))
    .u32(8, 128);
  const route = new MessageWriter(
    RTM.newRoute,
    0,
    Buffer.from([2, 24, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0]),
  )
    .bytes(1, Buffer.of(10, 1, 0, 0))
    .u32(4, 1)
    .bytes(5, Buffer.of(10, 0, 0, 2))
    .u32(6, 5);
  const route6 = new MessageWriter(
    RTM.newRoute,
    0,
    Buffer.from([10, 64, 0, 0, 254, 3, 0, 1, 0, 0, 0, 0]),
  )
    .bytes(1, Buffer.alloc(16, 9))
    .u32(4, 1);
  const neighbour = new MessageWriter(
    RTM.newNeighbour,
    0,
    Buffer.from([2, 0, 0, 0, 1, 0, 0, 0, 0x80, 0, 2, 0]),
  )
    .bytes(1, Buffer.of(10, 0, 0, 3))
    .bytes(2, Buffer.from([2, 0, 0, 0, 0, 3]));
  const error = new MessageWriter(
    2,
    0x200,
    Buffer.concat([Buffer.from([0xef, 0xff, 0xff, 0xff]), Buffer.alloc(16, 3)]),
  ).text(1, 'why');
  return [link, address, route, route6, neighbour, error].map((writer) =>
    Buffer.from(writer.finish(7)),
  );
}

export const netlink: Family = {
  name: 'netlink',
  share: 12,
  prepare: () => {
    const messages = netlinkCorpus();
    return {
      make(choice) {
        const all = Buffer.concat(choice.times(choice.between(1, 3), () => choice.pick(messages)));
        return mutateBytes(choice, all, choice.pick(messages));
      },
      run(input) {
        const name = (index: number): string | undefined => (index % 2 ? `eth${index}` : undefined);
        let bytes = 0;
        for (const message of messagesOf(input)) {
          bytes += 16;
          decodeLink(message, name);
          linkIndexOf(message);
          linkNameOf(message);
          decodeAddress(message, name);
          decodeRoute(message, name, true);
          decodeNeighbour(message, 1, 'eth1');
          decodeFdb(message, 1, 'eth1');
          for (const value of attributesOf(message.body).values()) textOf(value);
          if (message.type === 2) acknowledgementOf(message);
        }
        rule(bytes <= input.length, 'messages are longer than the buffer');
      },
    };
  },
};

const keyValue = (key: string, value: string): WireWriter =>
  new WireWriter()
    .text(1, key)
    .number(2, 5)
    .number(3, 6)
    .number(4, 1)
    .text(5, value)
    .id(6, '1234567890123456789');
const etcdHeader = (): WireWriter =>
  new WireWriter().number(1, 7).number(2, 8).number(3, 123_456).number(4, 2);
const frame = (writer: WireWriter): Buffer => writer.finishFrame();

function etcdCorpus(): Buffer[] {
  const range = new WireWriter()
    .message(1, etcdHeader())
    .message(2, keyValue('/registry/a', '{"a":1}'))
    .message(2, keyValue('/registry/b', 'k8s'))
    .number(3, 1)
    .number(4, 2);
  const transaction = new WireWriter()
    .message(1, etcdHeader())
    .number(2, 1)
    .message(3, new WireWriter().message(1, range))
    .message(
      3,
      new WireWriter().message(3, new WireWriter().message(1, etcdHeader()).number(2, 1)),
    );
  const event = new WireWriter()
    .number(1, 1)
    .message(2, keyValue('/registry/a', ''))
    .message(3, keyValue('/registry/a', 'x'));
  const watch = new WireWriter()
    .message(1, etcdHeader())
    .number(3, 1)
    .number(5, 3)
    .text(6, 'why')
    .message(11, event)
    .message(11, event);
  const lease = new WireWriter().message(1, etcdHeader()).id(2, '-1').number(3, 30);
  return [range, transaction, watch, lease].map(frame);
}

export const etcd: Family = {
  name: 'etcd',
  share: 12,
  prepare: () => {
    const frames = etcdCorpus();
    return {
      make: (choice) => mutateBytes(choice, choice.pick(frames), choice.pick(frames)),
      run(input) {
        const messages: Buffer[] = [];
        const push = frameReader((message) => messages.push(message));
        tried(() => {
          for (let at = 0; at < input.length; at += 64) push(input.subarray(at, at + 64));
        }, GrpcError);
        for (const message of messages) {
          for (const read of [
            readRangeResponse,
            readTransactionResponse,
            readWatchResponse,
            readLeaseResponse,
          ]) {
            const got = tried<unknown>(() => read(new WireReader(message)), WireError);
            judgeNumbers(got);
          }
        }
      },
    };
  },
};

function judgeNumbers(value: unknown): void {
  if (typeof value === 'number')
    rule(Number.isSafeInteger(value), 'a number that is not exact', value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  Object.values(value).forEach(judgeNumbers);
}

/** The values in the store: bytes of objects, with their revision put in when they are served. */
export const stored: Family = {
  name: 'stored-values',
  share: 6,
  prepare: () => {
    const bytes = RESOURCES.map((facts) => sampleOf(facts))
      .filter((one) => one !== undefined)
      .map((one) => encodeStored(one));
    return {
      make: (choice) => mutateBytes(choice, choice.pick(bytes), choice.pick(bytes)),
      run(input) {
        const served = tried(() => spliceRevision(input, 42), Error, SyntaxError);
        if (!served) return;
        metadataRange(served.bytes);
        const again = tried(() => replaceRevision(served, 43), Error);
        // Values that another program wrote are written anew, without the keys that they repeat.
        const isOurs = input.toString('latin1').startsWith('{"kind":');
        if (again && isOurs) rule(again.length >= input.length, 'bytes are lost');
        const plain = tried(() => withoutRevision(served), Error);
        rule(
          plain === undefined || !isOurs || plain.equals(input),
          'taking the revision out gives other bytes',
        );
      },
    };
  },
};

const spdyCorpus = (): Buffer[] => {
  const headers = new HeaderBlockWriter();
  const block = headers.encode({ streamtype: 'stdout', requestid: '0' });
  const reply = Buffer.concat([Buffer.from([0x80, 3, 0, 2, 0, 0, 0, 4, 0, 0, 0, 1])]);
  return [
    synStream(1, block),
    Buffer.concat([dataHead(1, 5, false), Buffer.from('hello')]),
    Buffer.concat([dataHead(3, 3, true), Buffer.from('end')]),
    ping(2),
    ping(1),
    rstStream(1, 5),
    goAway(3),
    reply,
    Buffer.from([0x80, 3, 0, 2, 1, 0, 0, 4, 0, 0, 0, 3]),
    Buffer.from([0x80, 3, 0, 4, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 100]),
  ];
};

class Wire extends Duplex {
  written = 0;
  override _read(): void {}
  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written += chunk.length;
    done();
  }
}

export const spdy: Family = {
  name: 'spdy',
  share: 6,
  prepare: () => {
    const frames = spdyCorpus();
    return {
      make(choice) {
        const all = Buffer.concat(choice.times(choice.between(1, 8), () => choice.pick(frames)));
        return choice.chance(0.2) ? all : mutateBytes(choice, all, choice.pick(frames));
      },
      async run(input) {
        const whole = tried(() => dataOf([input]), RangeError);
        const pieces = Array.from({ length: Math.ceil(input.length / 3) }, (_, at) =>
          input.subarray(3 * at, 3 * at + 3),
        );
        const parts = tried(() => dataOf(pieces), RangeError);
        rule(whole === parts, 'pieces of a stream are read differently', whole, parts);
        const socket = new Wire();
        const session = new SpdySession(socket, Buffer.alloc(0));
        const streams = [
          session.open({ streamtype: 'error' }),
          session.open({ streamtype: 'stdout' }),
        ];
        for (const stream of streams) stream.on('error', () => {}).resume();
        socket.push(input);
        await new Promise(setImmediate);
        rule(
          socket.written < 1_000 + 40 * input.length,
          'the answers are longer than the input',
          socket.written,
        );
        session.destroy();
        await session.closed;
        for (const stream of streams) stream.destroy();
      },
    };
  },
};

function dataOf(pieces: readonly Buffer[]): string {
  const parser = new FrameParser();
  const out: string[] = [];
  for (const piece of pieces)
    for (const one of parser.push(piece)) {
      if (one.type === 'control')
        out.push(`${one.control}/${one.flags}/${one.body.toString('hex')}`);
      else {
        const last = out.at(-1);
        const text = one.payload.toString('hex');
        if (last?.startsWith(`data ${one.id} `) && !last.endsWith('fin'))
          out[out.length - 1] = last + text + (one.fin ? 'fin' : '');
        else out.push(`data ${one.id} ${text}${one.fin ? 'fin' : ''}`);
      }
    }
  return out.join(',');
}
