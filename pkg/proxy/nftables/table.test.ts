// Golden texts of the table for one service, and a property: in any order of changes, the
// transactions lead to the table that a full load creates.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { PortModel, ServiceModel, Target } from '../model.js';
import type { LayoutSettings } from './layout.js';
import { renderService } from './render.js';
import { TableState } from './table.js';

const settings: LayoutSettings = {
  family: 4,
  clusterCidr: '10.244.0.0/16',
  masqueradeAll: false,
  nodePorts: { type: 'set' },
};
const settings6: LayoutSettings = { ...settings, family: 6, clusterCidr: 'fd00:244::/48' };
const targets = (count: number, local = true): Target[] =>
  Array.from({ length: count }, (_, at) => ({
    ip: `10.244.1.${at + 1}`,
    port: 8080,
    local: local && at % 2 === 0,
  }));
const port = (more: Partial<PortModel> = {}): PortModel => {
  const cluster = more.cluster ?? targets(2);
  return {
    name: '',
    protocol: 'tcp',
    port: 80,
    cluster,
    local: cluster.filter((target) => target.local),
    any: cluster.length > 0,
    ...more,
  };
};
const model = (more: Partial<ServiceModel> = {}): ServiceModel => ({
  key: 'default/web',
  clusterIP: '10.100.0.5',
  externalIPs: [],
  loadBalancerIPs: [],
  sourceRanges: [],
  internalLocal: false,
  externalLocal: false,
  ports: [port()],
  ...more,
});
const elements = (service: ServiceModel) =>
  renderService(service, settings).elements.map(
    ([map, key, value]) => `${map} ${key}${value ? ` : ${value}` : ''}`,
  );

/**
 * A model of the kernel: elements by map, rules by chain. It refuses the commands that nft would
 * refuse.
 */
class FakeKernel {
  elements = new Map<string, Map<string, string>>();
  chains = new Map<string, string[]>();
  sets = new Set<string>();

  apply(script: string): void {
    let chain = '';
    for (const raw of script.split('\n')) {
      const line = raw.trim();
      const [verb, what, , , name] = line.split(' ');
      let match: RegExpExecArray | null;
      if (line.startsWith('flush table'))
        for (const [name, rules] of this.chains)
          this.chains.set(
            name,
            rules.filter((rule) => rule.startsWith('type ')),
          );
      else if (verb === 'flush' && what === 'set') this.elements.get(name!)!.clear();
      else if (line.startsWith('delete table')) {
        this.elements.clear();
        this.chains.clear();
        this.sets.clear();
      } else if (
        (match = /^(?:add )?(?:map|set) (?:ip6? kube-proxy )?(\S+) \{ (?:type|typeof)/.exec(line))
      ) {
        this.sets.add(match[1]!);
        this.elements.set(match[1]!, this.elements.get(match[1]!) ?? new Map());
      } else if ((match = /^chain (\S+) \{( \})?$/.exec(line))) {
        this.chains.set(match[1]!, this.chains.get(match[1]!) ?? []);
        chain = match[2] ? '' : match[1]!;
      } else if (line === '}') chain = '';
      else if (chain) this.addRule(chain, line);
      else if ((match = /^(add|delete) element ip6? kube-proxy (\S+) \{ (.*) \}$/.exec(line)))
        this.change(match[1]!, match[2]!, match[3]!);
      else if (verb === 'add' && what === 'chain')
        this.chains.set(name!, this.chains.get(name!) ?? []);
      else if (verb === 'flush' && what === 'chain') this.chains.set(name!, []);
      else if (verb === 'add' && what === 'rule')
        this.chains.get(name!)!.push(line.split(' ').slice(5).join(' '));
      else if (verb === 'delete' && what === 'chain') {
        assert.ok(this.chains.has(name!), `delete of missing chain ${name!}`);
        assert.equal(this.mentions(name!), false, `${name!} is still named`);
        this.chains.delete(name!);
      } else if (verb === 'delete' && (what === 'set' || what === 'map')) {
        assert.ok(this.sets.delete(name!), `delete of missing set ${name!}`);
        this.elements.delete(name!);
      }
    }
    for (const [, target] of JSON.stringify([
      ...this.chains.values(),
      ...[...this.elements.values()].map((map) => [...map.values()]),
    ]).matchAll(/goto ([A-Za-z0-9-]+)/g))
      assert.ok(this.chains.has(target!), `${target!} does not exist`);
  }

  /** Declaring a hook again is idempotent. */
  private addRule(chain: string, rule: string): void {
    const rules = this.chains.get(chain)!;
    if (!rule.startsWith('type ') || !rules.includes(rule)) rules.push(rule);
  }

  /** Chains, sets and maps. */
  get listing(): Record<string, unknown>[] {
    const fixed = (name: string) => /^(svc|np|noep-.*|(ep|epl|np|npl)-(tcp|udp|sctp))$/.test(name);
    return [
      ...[...this.sets].map((name) => ({ [fixed(name) ? 'map' : 'set']: { name } })),
      ...[...this.chains.keys()].map((name) => ({ chain: { name } })),
    ];
  }

  private change(verb: string, map: string, list: string): void {
    const held = this.elements.get(map);
    assert.ok(held, `map ${map} does not exist`);
    for (const element of list.split(', ')) {
      const [key, value = ''] = element.split(' : ') as [string, string?];
      if (verb === 'delete') assert.ok(held.delete(key), `delete of missing ${map} ${key}`);
      else {
        assert.ok(!held.has(key), `${map} ${key} exists`);
        held.set(key, value);
      }
    }
  }

  private mentions(chain: string): boolean {
    const pattern = new RegExp(`goto ${chain}\\b`);
    return (
      [...this.chains.values()].flat().some((rule) => pattern.test(rule)) ||
      [...this.elements.values()].some((map) =>
        [...map.values()].some((value) => pattern.test(value)),
      )
    );
  }

  /** The table without unused shared balancing chains. */
  snapshot(): unknown {
    const used = [...this.chains].filter(
      ([name, rules]) =>
        rules.length && (!/^(cip|ext|nod|xl|nl)-/.test(name) || this.mentions(name)),
    );
    return {
      chains: Object.fromEntries(used.sort(([a], [b]) => (a < b ? -1 : 1))),
      elements: Object.fromEntries(
        [...this.elements]
          .filter(([, map]) => map.size)
          .map(([name, map]): [string, unknown] => [
            name,
            Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1))),
          ])
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    };
  }
}

/**
 * A restarted program with other services arrives at the table of a fresh load, with the remembered
 * clients.
 */
function compareTakenOver(state: TableState, kernel: FakeKernel): void {
  const owners = [...state.owners].sort();
  const remembered = [...kernel.elements.keys()].filter((name) => name.startsWith('af-'));
  for (const name of remembered) kernel.elements.get(name)!.set('10.9.9.9', '');
  const next = new TableState(settings);
  const fresh = new FakeKernel();
  for (const key of owners.slice(1))
    next.setPart(
      key,
      renderService(model({ key, clusterIP: '10.100.7.7', affinitySeconds: 60 }), settings),
    );
  const kept = remembered.filter((name) =>
    owners
      .slice(1)
      .some((key) =>
        renderService(
          model({ key, clusterIP: '10.100.7.7', affinitySeconds: 60 }),
          settings,
        ).sets.some(([set]) => set === name),
      ),
  );
  kernel.apply(next.full(kernel.listing));
  while (next.hasRetired) kernel.apply(next.flush());
  fresh.apply(next.full());
  for (const name of kept)
    assert.ok(kernel.elements.get(name)!.delete('10.9.9.9'), `${name} forgot`);
  assert.deepEqual(kernel.snapshot(), fresh.snapshot());
  assert.deepEqual([...kernel.sets].sort(), [...fresh.sets].sort());
}

describe('proxy nftables table', () => {
  it('renders a service as elements only', () => {
    assert.deepEqual(elements(model({ ports: [port({ nodePort: 30080 })] })), [
      'cluster-ips 10.100.0.5',
      'svc 10.100.0.5 . tcp . 80 : goto cip-tcp-2',
      'ep-tcp 10.100.0.5 . 80 . 0 : 10.244.1.1 . 8080',
      'ep-tcp 10.100.0.5 . 80 . 1 : 10.244.1.2 . 8080',
      'np-tcp 30080 . 0 : 10.244.1.1 . 8080',
      'np-tcp 30080 . 1 : 10.244.1.2 . 8080',
      'np tcp . 30080 : goto nod-tcp-2',
      'hairpin 10.244.1.1 . 10.244.1.1',
    ]);
    assert.deepEqual(renderService(model(), settings).chains, []);
  });

  it('renders at a load balancer only the ports that it serves', () => {
    const ports = [
      port({ loadBalancerIPs: [] }),
      port({ port: 81, loadBalancerIPs: ['203.0.113.8'] }),
    ];
    const service = model({ loadBalancerIPs: ['203.0.113.8'], ports });
    assert.deepEqual(
      elements(service).filter((element) => element.startsWith('svc 203.')),
      ['svc 203.0.113.8 . tcp . 81 : goto ext-tcp-2'],
    );
  });

  it('renders the same in IPv6, with the keywords of that family', () => {
    const targets6 = ['fd00:244:1::1', 'fd00:244:1::2'].map((ip, at) => ({
      ip,
      port: 8080,
      local: at === 0,
    }));
    const service = model({
      clusterIP: 'fd00:100::5',
      externalLocal: true,
      externalIPs: ['2001:db8::7'],
      sourceRanges: ['2001:db8:1::/48'],
      loadBalancerIPs: ['2001:db8::8'],
      ports: [port({ cluster: targets6, nodePort: 30080 })],
    });
    const part = renderService(service, settings6);
    assert.deepEqual(
      part.elements.slice(0, 4).map((element) => element.join(' ').trim()),
      [
        'cluster-ips fd00:100::5',
        'svc fd00:100::5 . tcp . 80 goto cip-tcp-2',
        'ep-tcp fd00:100::5 . 80 . 0 fd00:244:1::1 . 8080',
        'ep-tcp fd00:100::5 . 80 . 1 fd00:244:1::2 . 8080',
      ],
    );
    assert.deepEqual(part.chains[0]![1], ['ip6 saddr { 2001:db8:1::/48 } goto xl-tcp-2-1', 'drop']);
    const state = new TableState(settings6);
    state.setPart('default/web', part);
    const script = state.full();
    assert.doesNotMatch(script, /\bip |ipv4_addr/, 'no IPv4 keyword');
    for (const line of [
      'table ip6 kube-proxy {',
      'map svc { type ipv6_addr . inet_proto . inet_service : verdict; }',
      'map ep-sctp { typeof ip6 daddr . sctp dport . numgen random mod 2 : ip6 daddr . sctp dport; }',
      'ip6 daddr . meta l4proto . th dport vmap @svc',
      'ip6 saddr != fd00:244::/48 meta mark set meta mark or 0x4000',
      'dnat ip6 to ip6 daddr . tcp dport . numgen random mod 2 map @ep-tcp',
      'ct status dnat ip6 saddr . ip6 daddr @hairpin masquerade fully-random',
    ])
      assert.ok(
        script.split('\n').some((each) => each.trim() === line),
        line,
      );
  });

  it('remembers clients of IPv6 with affinity', () => {
    const service = model({
      clusterIP: 'fd00:100::5',
      affinitySeconds: 60,
      ports: [port({ cluster: [{ ip: 'fd00:244:1::1', port: 8080, local: true }] })],
    });
    const { chains, sets } = renderService(service, settings6);
    assert.match(sets[0]![1], /type ipv6_addr; flags dynamic,timeout; timeout 60s;/);
    assert.deepEqual(
      chains[0]![1].map((rule) => rule.replace(/af-\w+/, 'af')),
      ['update @af { ip6 saddr }', 'meta l4proto tcp dnat ip6 to [fd00:244:1::1]:8080'],
    );
  });

  it('has separate maps for SCTP, as for TCP and UDP', () => {
    const state = new TableState(settings);
    state.setPart(
      'default/sig',
      renderService(
        model({
          key: 'default/sig',
          ports: [port({ protocol: 'sctp', port: 38412, nodePort: 30412 })],
        }),
        settings,
      ),
    );
    const kernel = new FakeKernel();
    kernel.apply(state.full());
    assert.equal(kernel.elements.get('svc')!.get('10.100.0.5 . sctp . 38412'), 'goto cip-sctp-2');
    assert.equal(
      kernel.elements.get('ep-sctp')!.get('10.100.0.5 . 38412 . 1'),
      '10.244.1.2 . 8080',
    );
    assert.equal(kernel.elements.get('np-sctp')!.get('30412 . 0'), '10.244.1.1 . 8080');
    assert.deepEqual(kernel.chains.get('nod-sctp-2'), [
      'meta mark set meta mark or 0x4000',
      'dnat ip to sctp dport . numgen random mod 2 map @np-sctp',
    ]);
    assert.equal(kernel.elements.get('ep-tcp')!.size, 0);
  });

  it('takes thousands of ports of one service with a few elements each', () => {
    const ports = Array.from({ length: 5000 }, (_, at) =>
      port({ name: `p${at}`, protocol: at % 2 ? 'udp' : 'tcp', port: 20_000 + at }),
    );
    const state = new TableState(settings);
    state.setPart('default/many', renderService(model({ ports }), settings));
    const kernel = new FakeKernel();
    kernel.apply(state.full());
    assert.deepEqual(
      ['svc', 'ep-tcp', 'ep-udp', 'hairpin'].map((map) => kernel.elements.get(map)!.size),
      [5000, 5000, 5000, 1],
    );
    state.setPart(
      'default/many',
      renderService(
        model({
          ports: ports.map((each, at) => (at === 7 ? { ...each, cluster: targets(1) } : each)),
        }),
        settings,
      ),
    );
    const script = state.flush();
    assert.ok(script.split('\n').length < 10, script);
    kernel.apply(script);
    assert.equal(kernel.elements.get('svc')!.get('10.100.0.5 . udp . 20007'), 'goto cip-udp-1');
  });

  it('rejects without endpoints, drops under the Local policy when only other nodes have endpoints', () => {
    assert.deepEqual(elements(model({ ports: [port({ cluster: [], nodePort: 30080 })] })), [
      'cluster-ips 10.100.0.5',
      'noep-svc 10.100.0.5 . tcp . 80 : goto reject-chain',
      'noep-np tcp . 30080 : goto reject-chain',
    ]);
    assert.ok(
      elements(model({ internalLocal: true, ports: [port({ local: [] })] })).includes(
        'noep-svc 10.100.0.5 . tcp . 80 : drop',
      ),
    );
  });

  it('creates the shared chains that its services name', () => {
    const state = new TableState(settings);
    state.setPart(
      'default/web',
      renderService(
        model({
          externalLocal: true,
          externalIPs: ['203.0.113.7'],
          ports: [port({ nodePort: 30080 })],
        }),
        settings,
      ),
    );
    const kernel = new FakeKernel();
    kernel.apply(state.full());
    assert.deepEqual(kernel.chains.get('cip-tcp-2'), [
      'ip saddr != 10.244.0.0/16 meta mark set meta mark or 0x4000',
      'dnat ip to ip daddr . tcp dport . numgen random mod 2 map @ep-tcp',
    ]);
    assert.deepEqual(kernel.chains.get('nl-tcp-2-1'), [
      'ip saddr 10.244.0.0/16 dnat ip to tcp dport . numgen random mod 2 map @np-tcp',
      'fib saddr type local meta mark set meta mark or 0x4000 dnat ip to tcp dport . numgen random mod 2 map @np-tcp',
      'dnat ip to tcp dport . numgen random mod 1 map @npl-tcp',
    ]);
    assert.equal(
      kernel.chains.get('xl-tcp-2-1')!.at(-1),
      'dnat ip to ip daddr . tcp dport . numgen random mod 1 map @epl-tcp',
    );
  });

  it('changes one endpoint with a few elements', () => {
    const state = new TableState(settings);
    for (let n = 0; n < 100; n++)
      state.setPart(
        `default/s${n}`,
        renderService(model({ key: `default/s${n}`, clusterIP: `10.100.1.${n}` }), settings),
      );
    state.full();
    state.setPart(
      'default/s7',
      renderService(
        model({
          key: 'default/s7',
          clusterIP: '10.100.1.7',
          ports: [port({ cluster: targets(3) })],
        }),
        settings,
      ),
    );
    assert.deepEqual(
      state
        .flush()
        .trim()
        .split('\n')
        .map((line) => line.replace('ip kube-proxy ', '')),
      [
        'add chain cip-tcp-3',
        'flush chain cip-tcp-3',
        'add rule cip-tcp-3 ip saddr != 10.244.0.0/16 meta mark set meta mark or 0x4000',
        'add rule cip-tcp-3 dnat ip to ip daddr . tcp dport . numgen random mod 3 map @ep-tcp',
        'delete element svc { 10.100.1.7 . tcp . 80 }',
        'add element svc { 10.100.1.7 . tcp . 80 : goto cip-tcp-3 }',
        'add element ep-tcp { 10.100.1.7 . 80 . 2 : 10.244.1.3 . 8080 }',
        'add element hairpin { 10.244.1.3 . 10.244.1.3 }',
      ],
    );
    assert.equal(state.flush(), '');
  });

  it('keeps remembered clients through a full load, and adopts only a table of this layout', () => {
    const sticky = (endpoints: number) =>
      renderService(
        model({ affinitySeconds: 60, ports: [port({ cluster: targets(endpoints) })] }),
        settings,
      );
    const kernel = new FakeKernel();
    const before = new TableState(settings);
    before.setPart('default/web', sticky(3));
    kernel.apply(before.full());
    const sets = [...kernel.sets].filter((name) => name.startsWith('af-'));
    for (const name of sets) kernel.elements.get(name)!.set('10.244.9.9', '');
    const load = (listing: Record<string, unknown>[]) => {
      const after = new TableState(settings);
      after.setPart('default/web', sticky(2));
      const script = after.full(listing);
      return { after, script };
    };
    const { after, script } = load(kernel.listing);
    assert.doesNotMatch(script, /delete table/);
    kernel.apply(script);
    while (after.hasRetired) kernel.apply(after.flush());
    assert.deepEqual(
      sets.map((name) => kernel.elements.get(name)?.size),
      [1, 1, undefined],
      'nothing of the removed endpoint remains',
    );
    const without = kernel.listing.filter(
      (object) => !(object['chain'] as { name: string } | undefined)?.name.startsWith('layout-'),
    );
    assert.match(load(without).script, /delete table/, 'an unknown layout');
    assert.match(load([...kernel.listing, { map: { name: 'foreign' } }]).script, /delete table/);
    assert.match(load([]).script, /delete table/);
  });

  it('keeps an element of two services until neither needs it', () => {
    const state = new TableState(settings);
    const kernel = new FakeKernel();
    const put = (key: string, ip: string) =>
      state.setPart(
        key,
        renderService(model({ key, clusterIP: ip, externalIPs: ['203.0.113.7'] }), settings),
      );
    put('default/a', '10.100.0.1');
    put('default/b', '10.100.0.2');
    kernel.apply(state.full());
    state.setPart('default/a', undefined);
    kernel.apply(state.flush());
    assert.ok(kernel.elements.get('svc')!.has('203.0.113.7 . tcp . 80'));
    assert.ok(kernel.elements.get('hairpin')!.has('10.244.1.1 . 10.244.1.1'));
    state.setPart('default/b', undefined);
    kernel.apply(state.flush());
    assert.equal(kernel.elements.get('svc')!.size + kernel.elements.get('hairpin')!.size, 0);
  });

  it('arrives at the same table by transactions as by a full load', function () {
    this.timeout(60_000);
    const arbitraryModel = fc
      .record({
        at: fc.integer({ min: 0, max: 3 }),
        endpoints: fc.integer({ min: 0, max: 4 }),
        protocol: fc.constantFrom('tcp' as const, 'udp' as const, 'sctp' as const),
        nodePort: fc.boolean(),
        affinity: fc.option(fc.constantFrom(10, 60)),
        externalLocal: fc.boolean(),
        internalLocal: fc.boolean(),
        external: fc.subarray(['203.0.113.7', '203.0.113.8']),
        balancer: fc.subarray(['203.0.113.8', '203.0.113.9']),
        ranges: fc.subarray(['10.0.0.0/8', '192.0.2.0/24']),
        gone: fc.boolean(),
      })
      .map((r) => ({
        gone: r.gone,
        service: model({
          key: `default/s${r.at}`,
          clusterIP: `10.100.0.${r.at + 1}`,
          externalIPs: r.external,
          loadBalancerIPs: r.balancer,
          sourceRanges: r.ranges,
          internalLocal: r.internalLocal,
          externalLocal: r.externalLocal,
          ...(r.affinity ? { affinitySeconds: r.affinity } : {}),
          ports: [
            port({
              protocol: r.protocol,
              cluster: targets(r.endpoints),
              ...(r.nodePort ? { nodePort: 30000 + r.at } : {}),
            }),
          ],
        }),
      }));
    fc.assert(
      fc.property(
        fc.array(fc.array(arbitraryModel, { maxLength: 4 }), { maxLength: 12 }),
        (rounds) => {
          const state = new TableState(settings);
          const kernel = new FakeKernel();
          kernel.apply(state.full());
          for (const round of rounds) {
            for (const { service, gone } of round)
              state.setPart(service.key, gone ? undefined : renderService(service, settings));
            kernel.apply(state.flush());
          }
          while (state.hasRetired) kernel.apply(state.flush());
          assert.equal(state.flush(), '');
          const fresh = new FakeKernel();
          fresh.apply(state.full());
          assert.deepEqual(kernel.snapshot(), fresh.snapshot());
          assert.deepEqual([...kernel.sets].sort(), [...fresh.sets].sort());
          compareTakenOver(state, kernel);
        },
      ),
      { numRuns: 60 },
    );
  });
});
