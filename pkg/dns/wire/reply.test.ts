// dns-packet reads what this folder writes, as an independent witness.
import assert from 'node:assert/strict';
import packet from 'dns-packet';
import fc from 'fast-check';
import type { Record, Reply } from './record.js';
import { TYPES } from './codes.js';
import { addressRecords, aged, recordsOf, withoutOpt } from './message.js';
import { labelsOf, readName } from './names.js';
import { parseQuery, questionOf } from './query.js';
import { encodeReply } from './reply.js';

const NAME = 'n01.nbugs.svc.cluster.local';
const OPTIONS = { limit: 512, recursionAvailable: true, udpSize: 4096 };

function query(name: string, type = 'A', edns?: number) {
  const opt = { type: 'OPT', name: '.', udpPayloadSize: edns, flags: 0, options: [] };
  return parseQuery(
    packet.encode({
      type: 'query',
      id: 7,
      flags: packet.RECURSION_DESIRED,
      questions: [{ name, type: type as 'A' }],
      ...(edns === undefined ? {} : { additionals: [opt as never] }),
    }),
  );
}
const reply = (answers: Record[], more: Partial<Reply> = {}): Reply => ({
  rcode: 'NOERROR',
  authoritative: true,
  answers,
  ...more,
});
const addresses = (count: number, name = NAME): Record[] =>
  Array.from({ length: count }, (_, at) => ({
    type: 'A',
    name,
    ttl: 30,
    data: `10.77.0.${at + 1}`,
  }));
const isTruncated = (bytes: Buffer) => (bytes.readUInt16BE(2) & packet.TRUNCATED_RESPONSE) !== 0;

describe('dns replies', () => {
  it('hold twelve addresses in 240 bytes, and 29 of forty in 512', () => {
    const twelve = encodeReply(query(NAME), reply(addresses(12)), OPTIONS);
    assert.equal(twelve.length, 12 + NAME.length + 2 + 4 + 12 * 16);
    assert.equal(isTruncated(twelve), false);
    const forty = encodeReply(query(NAME), reply(addresses(40)), OPTIONS);
    assert.equal(packet.decode(forty).answers!.length, Math.floor((512 - 45) / 16));
    assert.ok(isTruncated(forty) && forty.length <= 512);
  });

  it('keep room for EDNS, and drop additional records without saying so', () => {
    const extra = { additionals: addresses(60, 'other.example') };
    const bytes = encodeReply(query(NAME, 'A', 600), reply(addresses(4), extra), {
      ...OPTIONS,
      limit: 600,
    });
    const decoded = packet.decode(bytes);
    assert.equal(decoded.answers!.length, 4);
    assert.equal(decoded.additionals!.at(-1)!.type, 'OPT');
    assert.ok(decoded.additionals!.length > 10 && bytes.length <= 600);
    assert.equal(isTruncated(bytes), false);
  });

  it('truncate SRV answers between records', () => {
    const name = `_http._tcp.${NAME}`;
    const answers = addresses(40).map((_, at): Record => ({
      type: 'SRV',
      name,
      ttl: 30,
      data: { priority: 10, weight: 2, port: 80, target: `10-77-0-${at}.${NAME}` },
    }));
    const bytes = encodeReply(query(name, 'SRV'), reply(answers), OPTIONS);
    const decoded = packet.decode(bytes);
    assert.ok(decoded.answers!.length >= 4 && isTruncated(bytes));
    assert.deepEqual(decoded.answers![3], {
      ...decoded.answers![3],
      data: (answers[3] as { data: object }).data,
    });
  });

  it('write every type that the server makes', () => {
    const base = { name: 'Web.example', ttl: 9 };
    const soa = {
      mname: 'ns.dns.example',
      rname: 'hostmaster.example',
      serial: 4_000_000_000,
      refresh: 1,
      retry: 2,
      expire: 3,
      minimum: 4,
    };
    const records: Record[] = [
      { ...base, type: 'A', data: '192.0.2.255' },
      { ...base, type: 'AAAA', data: '2001:db8::7' },
      { ...base, type: 'CNAME', data: 'a.web.example' },
      { ...base, type: 'NS', data: 'ns.dns.example' },
      { ...base, type: 'PTR', data: 'b.a.web.example' },
      { ...base, type: 'MX', data: { preference: 5, exchange: 'mail.example' } },
      { ...base, type: 'SRV', data: { priority: 1, weight: 2, port: 3, target: 'a.web.example' } },
      { ...base, type: 'SOA', data: soa },
    ];
    const bytes = encodeReply(query('example'), reply(records), { ...OPTIONS, limit: 4096 });
    for (const [at, got] of packet.decode(bytes).answers!.entries()) {
      const { type, name, data } = records[at]!;
      assert.deepEqual([got.type, got.name, (got as { data: unknown }).data], [type, name, data]);
    }
    const texts = ['x'.repeat(300), 'é', ''];
    const text = encodeReply(
      query('example', 'TXT'),
      reply([{ ...base, type: 'TXT', data: texts }]),
      OPTIONS,
    );
    const [got] = packet.decode(text).answers as unknown as [{ data: Buffer[] }];
    assert.deepEqual(got.data.map(String), ['x'.repeat(255), 'x'.repeat(45), 'é', '']);
  });

  it('refuse records that have no form on the wire', () => {
    const bad = (data: string, type: 'A' | 'AAAA' | 'CNAME' = 'CNAME') =>
      assert.throws(() =>
        encodeReply(query(NAME), reply([{ type, name: NAME, ttl: 1, data }]), OPTIONS),
      );
    bad('a..b');
    bad('x'.repeat(64));
    bad('x'.repeat(9000));
    bad(Array(130).fill('a').join('.'));
    bad('1.2.3', 'A');
    bad('fd00::g', 'AAAA');
  });

  it('never exceed the limit, and decode to a prefix of the records', () => {
    const label = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('.'));
    const record = fc.oneof(
      name.map((data) => ({ type: 'CNAME' as const, data })),
      fc.ipV4().map((data) => ({ type: 'A' as const, data })),
    );
    fc.assert(
      fc.property(name, fc.array(fc.tuple(name, record), { maxLength: 60 }), (asked, list) => {
        const records = list.map(([owner, data]): Record => ({ name: owner, ttl: 1, ...data }));
        const bytes = encodeReply(query(asked), reply(records), OPTIONS);
        assert.ok(bytes.length <= 512);
        const decoded = packet.decode(bytes).answers!;
        assert.deepEqual(
          decoded.map((each) => [each.name, (each as { data: unknown }).data]),
          records.slice(0, decoded.length).map((each) => [each.name, each.data]),
        );
        assert.equal(isTruncated(bytes), decoded.length < records.length);
      }),
    );
  });
});

describe('dns messages of upstream servers', () => {
  const upstream = () =>
    packet.encode({
      type: 'response',
      id: 9,
      questions: [{ name: 'WEB.example', type: 'A' }],
      answers: [
        { type: 'CNAME', name: 'web.example', ttl: 20, data: 'x.example' },
        { type: 'A', name: 'x.example', ttl: 30, data: '192.0.2.1' },
        { type: 'UNKNOWN_65' as 'NULL', name: 'x.example', ttl: 40, data: Buffer.from([1, 2, 3]) },
      ],
      additionals: [
        { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] } as never,
      ],
    });

  it('stay whole when an OPT record stands among the answers', () => {
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [] } as never;
    const questions = [{ name: 'web.example', type: 'A' as const }];
    for (const section of ['answers', 'authorities', 'additionals'] as const) {
      const got = packet.encode({ type: 'response', id: 9, questions, [section]: [opt, opt] });
      const kept = withoutOpt(got, recordsOf(got));
      assert.equal(recordsOf(kept).length, section === 'additionals' ? 0 : 2, section);
    }
  });

  it('pass with records of any type, younger TTLs and the letters of the client', () => {
    const got = upstream();
    const kept = withoutOpt(got, recordsOf(got));
    const wire = aged(kept, recordsOf(kept), 25);
    const bytes = encodeReply(query('web.EXAMPLE'), reply([], { wire }), OPTIONS);
    const decoded = packet.decode(bytes);
    assert.equal(decoded.questions![0]!.name, 'web.EXAMPLE');
    assert.deepEqual(
      decoded.answers!.map((each) => [each.type, (each as { ttl: number }).ttl]),
      [
        ['CNAME', 0],
        ['A', 5],
        ['UNKNOWN_65', 15],
      ],
    );
    assert.deepEqual(decoded.additionals, []);
    assert.equal(addressRecords(wire, recordsOf(wire)).length, 2);
  });

  it('that end early are errors', () => {
    const whole = upstream();
    for (let length = 0; length < whole.length; length++)
      assert.throws(() => recordsOf(whole.subarray(0, length)));
  });
});

describe('dns queries', () => {
  it('that are no queries are errors, never more', () => {
    const head = Buffer.from('000101000001000000000000', 'hex');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (tail, whole) => {
        try {
          parseQuery(whole ? Buffer.concat([head, tail]) : Buffer.from(tail));
        } catch (error) {
          assert.equal((error as Error).name, 'WireError');
        }
      }),
    );
  });

  it('keep dots, backslashes and other bytes of their labels', () => {
    const labels = [
      Buffer.from('a.b'),
      Buffer.from('c\\'),
      Buffer.from([0, 255]),
      Buffer.from('d'),
    ];
    const { text } = readName(questionOf(labels, TYPES.A), 0);
    assert.equal(text, String.raw`a\.b.c\\.\000\255.d`);
    assert.deepEqual(labelsOf(text), labels);
  });

  it('may not point into themselves', () => {
    const loop = Buffer.from('0001010000010000000000000161c00c00010001', 'hex');
    assert.throws(() => parseQuery(loop));
    assert.throws(() => readName(loop, 12));
  });
});
