import assert from 'node:assert/strict';
import { MemoryLog, noMetrics } from '../../../test/support/virtual-env.js';
import { realClock, realRandom } from '../../system/env.js';
import type { Question } from '../answer.js';
import type { Reply } from '../wire/record.js';
import { Forwarder, type UpstreamGroup } from '../forward/forward.js';
import { parseConfig } from './config.js';
import { StaticNames } from './static.js';

const DATA = {
  stubDomains: '{"Corp.example.": ["10.0.0.5", "10.0.0.6:5353"], "a.corp.example": ["fd00::5"]}',
  upstreamNameservers: '["192.0.2.53"]',
  hosts: '# local\n10.1.1.1 DB.lan db # the database\nfd00:0::1 db.lan\n\n10.1.1.2 other.lan\n',
};

class Groups extends Forwarder {
  override ask(_question: Question, group: UpstreamGroup): Reply {
    return { rcode: 'NOERROR', authoritative: false, answers: [], wire: Buffer.from(group.id) };
  }
}

describe('dns names of a ConfigMap', () => {
  const setUp = (data: Record<string, string>) => {
    const log = new MemoryLog();
    const env = { clock: realClock, random: realRandom, log, metrics: noMetrics };
    const names = new StaticNames(env);
    names.apply(data);
    const forwarder = new Groups(env, new AbortController().signal);
    const question = (name: string, type = 'A'): Question => ({
      name,
      type,
      query: undefined as never,
    });
    const ask = (name: string, type = 'A') => {
      const found = names.hosts.answer(question(name, type), new AbortController().signal);
      if (found instanceof Promise) throw new Error('hosts are at hand');
      return found?.answers.map((record) => record.data);
    };
    const stub = (name: string, has: (zone: string) => boolean = () => true) => {
      const found = names.stub(forwarder, has).answer(question(name), new AbortController().signal);
      return (found as Reply | undefined)?.wire?.toString();
    };
    return { names, ask, stub, log };
  };

  it('answers hosts in both directions, and nothing for their other types', () => {
    const { ask } = setUp(DATA);
    assert.deepEqual(ask('db.lan'), ['10.1.1.1']);
    assert.deepEqual(ask('db.lan', 'AAAA'), ['fd00:0::1']);
    assert.deepEqual(ask('db'), ['10.1.1.1']);
    assert.deepEqual(ask('other.lan', 'AAAA'), []);
    assert.equal(ask('x.db.lan'), undefined);
    assert.deepEqual(ask('1.1.1.10.in-addr.arpa', 'PTR'), ['db.lan']);
    assert.deepEqual(ask(`1.${'0.'.repeat(27)}0.0.d.f.ip6.arpa`, 'PTR'), ['db.lan']);
  });

  it('asks the servers of the longest zone', () => {
    const { stub } = setUp(DATA);
    assert.equal(stub('corp.example'), '10.0.0.5#53,10.0.0.6#5353');
    assert.equal(stub('x.y.corp.example'), '10.0.0.5#53,10.0.0.6#5353');
    assert.equal(stub('x.a.corp.example'), 'fd00::5#53');
    assert.equal(
      stub('x.a.corp.example', (zone) => zone === 'corp.example'),
      '10.0.0.5#53,10.0.0.6#5353',
    );
    assert.equal(stub('notcorp.example'), undefined);
    assert.equal(stub('example'), undefined);
  });

  it('replaces the name servers of the node, and gives them back', () => {
    const { names } = setUp(DATA);
    const own = { id: 'own', upstreams: [] };
    assert.equal(names.upstreamsOr(own).id, '192.0.2.53#53');
    names.apply({});
    assert.equal(names.upstreamsOr(own).id, 'own');
  });

  it('keeps the last good ConfigMap, and says which key is wrong', () => {
    const bad: [key: string, value: string, message: RegExp][] = [
      ['stubDomains', '{', /stubDomains is not JSON/],
      ['stubDomains', '["10.0.0.1"]', /not a JSON object/],
      ['stubDomains', '{"a": "10.0.0.1"}', /stubDomains\[a\] is not a list/],
      ['stubDomains', '{"a": ["ns.example"]}', /ns.example is not an address/],
      ['stubDomains', '{"a": ["10.0.0.1:0"]}', /10.0.0.1:0 is not an address/],
      ['stubDomains', '{"a..b": ["10.0.0.1"]}', /a\.\.b is not a domain name/],
      ['upstreamNameservers', '[]', /upstreamNameservers is not a list/],
      ['hosts', 'db 10.0.0.1', /hosts: no address/],
      ['hosts', '10.0.0.1', /hosts: no address and name/],
      ['federations', '{}', /unknown key federations/],
    ];
    const { names, ask, log } = setUp(DATA);
    for (const [key, value, message] of bad) {
      assert.throws(() => parseConfig({ [key]: value }), message);
      names.apply({ [key]: value });
    }
    assert.deepEqual(ask('db.lan'), ['10.1.1.1']);
    assert.equal(log.lines.filter(({ level }) => level === 'error').length, bad.length);
  });
});
