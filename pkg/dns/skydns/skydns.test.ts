import assert from 'node:assert/strict';
import { realEnv } from '../../system/env.js';
import { createMemoryStorage } from '../../storage/memory/memory-storage.js';
import type { Reply } from '../wire/record.js';
import { skydns } from './skydns.js';

const env = realEnv('skydns-test', 'error');
const question = (name: string, type: string) => ({ name, type, query: undefined as never });

// Example data from the README of SkyDNS: services of regions east and west.
const RECORDS: Record<string, unknown> = {
  '/skydns/local/skydns/east/production/rails/1': { host: 'service1.example.com', port: 8080 },
  '/skydns/local/skydns/east/production/rails/2': {
    host: '10.0.1.2',
    port: 80,
    priority: 20,
    ttl: 60,
  },
  '/skydns/local/skydns/west/production/rails/1': { host: '10.0.1.3', port: 81 },
  '/skydns/local/skydns/east/text': { text: 'x'.repeat(300) },
  '/skydns/local/skydns/east/mail/1': { host: '10.0.1.9', mail: true, priority: 5 },
  '/skydns/local/skydns/loop/a': { host: 'b.loop.skydns.local' },
  '/skydns/local/skydns/loop/b': { host: 'a.loop.skydns.local' },
  '/skydns/local/skydns/group/x/1': { host: '10.1.0.1', group: 'g1' },
  '/skydns/local/skydns/group/x/sub/1': { host: '10.1.0.2', group: 'g2' },
  '/skydns/local/skydns/group/x/sub/2': { host: '10.1.0.3' },
  '/skydns/arpa/in-addr/10/0/1/2': { host: 'two.skydns.local' },
  '/skydns/local/skydns/mixed/good': { host: '10.2.0.1', port: null, text: 'x', mail: true },
  '/skydns/local/skydns/mixed/number': { host: 7, text: 'x', mail: true },
  '/skydns/local/skydns/mixed/text': { host: '10.2.0.2', text: ['x'] },
  '/skydns/local/skydns/mixed/port': { host: '10.2.0.3', port: 70_000 },
  '/skydns/local/skydns/mixed/weight': { host: '10.2.0.4', weight: -1 },
  '/skydns/local/skydns/mixed/name': { host: 'a..b' },
  [`/skydns/local/skydns/mixed/${'k'.repeat(64)}`]: { host: '10.2.0.5' },
  '/skydns/local/skydns/bad': 'not an object',
};

describe('skydns records', () => {
  const storage = createMemoryStorage(env);
  const stop = new AbortController();
  const dns = skydns({ storage, prefix: '/skydns/', domains: ['skydns.local'], env });
  const answer = (name: string, type: string) =>
    dns.plugin.answer(question(name, type), stop.signal) as Reply | undefined;
  const data = (name: string, type: string) =>
    (answer(name, type)?.answers ?? []).map((a) => ('data' in a ? a.data : undefined));
  const names = (name: string, type: string) => data(name, type).map(String).sort();

  before(async () => {
    for (const [key, value] of Object.entries(RECORDS))
      await storage.put(key, new TextEncoder().encode(JSON.stringify(value)));
    assert.equal(answer('skydns.local', 'A')!.rcode, 'REFUSED', 'not synced yet');
    void dns.run(stop.signal);
    for (let i = 0; i < 1000 && !dns.plugin.ready!(); i++)
      await new Promise((resolve) => setImmediate(resolve));
  });
  after(async () => {
    stop.abort();
    await storage.close();
  });

  it('finds all records below a name, with wildcards', () => {
    assert.deepEqual(data('west.skydns.local', 'A'), ['10.0.1.3']);
    assert.deepEqual(names('rails.production.*.skydns.local', 'A'), [
      '10.0.1.2',
      '10.0.1.3',
      'service1.example.com',
    ]);
    assert.deepEqual(names('rails.production.any.skydns.local', 'A'), [
      '10.0.1.2',
      '10.0.1.3',
      'service1.example.com',
    ]);
  });

  it('answers SRV with the key as target of addresses, weights per priority, and one TTL', () => {
    const reply = answer('rails.production.east.skydns.local', 'SRV')!;
    const srv = reply.answers.map((a) =>
      a.type === 'SRV' ? [a.data.priority, a.data.weight, a.data.port, a.data.target, a.ttl] : [],
    );
    assert.deepEqual(
      srv.sort((a, b) => Number(a[0]) - Number(b[0])),
      [
        [10, 100, 8080, 'service1.example.com', 60],
        [20, 100, 80, '2.rails.production.east.skydns.local', 60],
      ],
    );
    assert.deepEqual(
      reply.additionals!.map((a) => ('data' in a ? a.data : '')),
      ['10.0.1.2'],
    );
  });

  it('splits text, answers MX, drops loops, filters groups', () => {
    assert.deepEqual(
      (data('text.east.skydns.local', 'TXT')[0] as string[]).map((s) => s.length),
      [255, 45],
    );
    assert.deepEqual(data('mail.east.skydns.local', 'MX'), [
      { preference: 5, exchange: '1.mail.east.skydns.local' },
    ]);
    assert.ok(data('a.loop.skydns.local', 'A').length <= 9);
    assert.deepEqual(names('x.group.skydns.local', 'A'), ['10.1.0.1', '10.1.0.3']);
  });

  it('leaves out records that cannot be served, and answers with the others', () => {
    assert.deepEqual(names('mixed.skydns.local', 'A'), ['10.2.0.1']);
    for (const type of ['SRV', 'TXT', 'MX'])
      assert.ok((answer('mixed.skydns.local', type)?.answers ?? []).length <= 1, type);
  });

  it('adds an SOA to negative answers, refuses ANY, answers only known reverse names', () => {
    assert.equal(answer('none.skydns.local', 'A')!.rcode, 'NXDOMAIN');
    assert.equal(answer('text.east.skydns.local', 'A')!.authorities![0]!.type, 'SOA');
    assert.equal(answer('east.skydns.local', 'ANY')!.rcode, 'REFUSED');
    assert.deepEqual(data('2.1.0.10.in-addr.arpa', 'PTR'), ['two.skydns.local']);
    assert.equal(answer('9.9.9.9.in-addr.arpa', 'PTR'), undefined);
    assert.equal(answer('example.org', 'A'), undefined);
  });

  it('follows etcd', async () => {
    const has = async (name: string, expected: unknown[]) => {
      for (let i = 0; i < 1000; i++) {
        if (JSON.stringify(data(name, 'A')) === JSON.stringify(expected)) return;
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.deepEqual(data(name, 'A'), expected);
    };
    await storage.put('/skydns/local/skydns/new', new TextEncoder().encode('{"host":"10.9.9.9"}'));
    await has('new.skydns.local', ['10.9.9.9']);
    await storage.delete('/skydns/local/skydns/new');
    await has('new.skydns.local', []);
  });
});
