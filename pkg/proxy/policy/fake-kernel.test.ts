// A model of nft and the kernel: holds the table, refuses the commands that nft would refuse, and
// judges packets by the text of the rules. test/privileged/networkpolicy.test.ts asks the real
// kernel.
import assert from 'node:assert/strict';
import { parseIp } from '../../util/netaddr/ip.js';

export interface Packet {
  saddr: string;
  daddr: string;
  protocol: 'tcp' | 'udp' | 'sctp' | 'icmp';
  sport: number;
  dport: number;
  /** Conntrack's direction. */
  reply: boolean;
}

/** The reply to a packet. */
export const replyTo = ({ saddr, daddr, sport, dport, protocol }: Packet): Packet => ({
  saddr: daddr,
  daddr: saddr,
  sport: dport,
  dport: sport,
  protocol,
  reply: true,
});

type Verdict = 'accept' | 'drop' | 'return' | 'continue';

/** The numeric value of an address or a port. */
const number = (text: string): bigint => (/[.:]/.test(text) ? parseIp(text)!.value : BigInt(text));

export class FakeKernel {
  readonly elements = new Map<string, Map<string, string>>();
  readonly chains = new Map<string, string[]>();

  apply(script: string): void {
    let chain = '';
    for (const raw of script.split('\n')) {
      const line = raw.trim();
      let match: RegExpExecArray | null;
      if (line.startsWith('delete table')) {
        this.elements.clear();
        this.chains.clear();
      } else if ((match = /^(?:add )?(?:map|set) (?:ip6? \S+ )?(\S+) \{ type/.exec(line))) {
        assert.ok(!this.elements.has(match[1]!), `${match[1]} exists`);
        this.elements.set(match[1]!, new Map());
      } else if ((match = /^chain (\S+) \{( \})?$/.exec(line))) {
        this.chains.set(match[1]!, this.chains.get(match[1]!) ?? []);
        chain = match[2] ? '' : match[1]!;
      } else if (line === '}') chain = '';
      else if (chain) this.addRule(chain, line);
      else this.command(line);
    }
    for (const map of this.elements.values())
      for (const value of map.values())
        if (value)
          assert.ok(this.chains.has(value.replace('goto ', '')), `${value}: no such chain`);
    for (const rules of this.chains.values())
      for (const rule of rules)
        for (const [, target] of rule.matchAll(/(?:goto|jump) (\S+)/g))
          assert.ok(this.chains.has(target!), `${target}: no such chain`);
  }

  private addRule(chain: string, rule: string): void {
    for (const [, set] of rule.matchAll(/@(\S+)/g))
      assert.ok(this.elements.has(set!), `no set ${set} for: ${rule}`);
    this.chains.get(chain)!.push(rule);
  }

  private command(line: string): void {
    if (!line || line.startsWith('table ')) return;
    const [verb, what, , , name, ...rest] = line.split(' ') as [
      string,
      string,
      string,
      string,
      string,
    ];
    const text = rest.join(' ');
    switch (`${verb} ${what}`) {
      case 'add element':
      case 'delete element':
        return this.change(verb, name, text.slice(2, -2));
      case 'add chain':
        return void this.chains.set(name, this.chains.get(name) ?? []);
      case 'flush chain':
        assert.ok(this.chains.has(name), `flush of missing chain ${name}`);
        return void this.chains.set(
          name,
          this.chains.get(name)!.filter((rule) => rule.startsWith('type filter')),
        );
      case 'add rule':
        return this.addRule(name, text);
      case 'flush set':
        return this.elements.get(name)!.clear();
      case 'delete chain':
        assert.ok(!this.names(new RegExp(`(goto|jump) ${name}( |$)`)), `${name} is still named`);
        return assert.ok(this.chains.delete(name), `delete of missing chain ${name}`);
      case 'delete set':
        assert.ok(!this.names(new RegExp(`@${name}( |$)`)), `${name} is still named`);
        return assert.ok(this.elements.delete(name), `delete of missing set ${name}`);
      default:
        assert.fail(`not understood: ${line}`);
    }
  }

  private change(verb: string, set: string, list: string): void {
    const held = this.elements.get(set);
    assert.ok(held, `set ${set} does not exist`);
    for (const element of list.split(', ')) {
      const [key, value = ''] = element.split(' : ') as [string, string?];
      if (verb === 'delete') assert.ok(held.delete(key), `delete of missing ${set} ${key}`);
      else {
        assert.ok(!held.has(key), `${set} ${key} exists`);
        held.set(key, value);
      }
    }
  }

  private names(pattern: RegExp): boolean {
    return (
      [...this.chains.values()].some((rules) => rules.some((rule) => pattern.test(rule))) ||
      [...this.elements.values()].some((map) =>
        [...map.values()].some((value) => pattern.test(value)),
      )
    );
  }

  /** Whether the forward hook accepts the packet. */
  passes(packet: Packet): boolean {
    return ['egress', 'ingress'].every((base) => this.run(base, packet) !== 'drop');
  }

  private run(chain: string, packet: Packet): Verdict {
    for (const rule of this.chains.get(chain)!) {
      if (rule.startsWith('type filter')) continue;
      const verdict = this.rule(rule, packet);
      if (verdict !== 'continue') return verdict;
    }
    return 'return';
  }

  private rule(text: string, packet: Packet): Verdict {
    let match: RegExpExecArray | null;
    for (let rest = text; rest; rest = rest.slice(match[0].length).trim()) {
      if ((match = /^(accept|drop)/.exec(rest))) return match[1] as Verdict;
      if ((match = /^counter/.exec(rest))) continue;
      if ((match = /^(goto|jump) (\S+)/.exec(rest)))
        return this.enter(match[1]!, match[2]!, packet);
      if ((match = /^ip6? (saddr|daddr) vmap @(\S+)/.exec(rest))) {
        const value = this.elements.get(match[2]!)!.get(this.field(`ip ${match[1]}`, packet));
        return value ? this.enter('goto', value.replace('goto ', ''), packet) : 'continue';
      }
      // No packet of these tests matches either.
      if ((match = /^(icmpv6 type \{[^}]*\}|ip6 [sd]addr fe80::\/10)/.exec(rest)))
        return 'continue';
      if ((match = /^ct direction reply/.exec(rest))) {
        if (!packet.reply) return 'continue';
      } else if ((match = /^ct state related/.exec(rest))) return 'continue';
      else if ((match = /^(tcp|udp|sctp) (sport|dport) (\d+)(?:-(\d+))?/.exec(rest))) {
        const port = packet[match[2] as 'sport' | 'dport'];
        if (
          packet.protocol !== match[1] ||
          port < Number(match[3]) ||
          port > Number(match[4] ?? match[3])
        )
          return 'continue';
      } else if (
        (match = /^((?:(?:ip6? [sd]addr|meta l4proto|th [sd]port)(?: \. )?)+) @(\S+)/.exec(rest))
      ) {
        if (
          !this.contains(
            match[2]!,
            match[1]!.split(' . ').map((name) => this.field(name, packet)),
          )
        )
          return 'continue';
      } else if ((match = /^meta l4proto ([\w-]+)/.exec(rest))) {
        if (packet.protocol !== match[1]!.replace('ipv6-icmp', 'icmp')) return 'continue';
      } else assert.fail(`not understood: ${rest}`);
    }
    return 'continue';
  }

  private enter(how: string, chain: string, packet: Packet): Verdict {
    const verdict = this.run(chain, packet);
    return verdict === 'return' && how === 'jump' ? 'continue' : verdict;
  }

  private field(name: string, packet: Packet): string {
    switch (name.replace('ip6', 'ip')) {
      case 'ip saddr':
        return packet.saddr;
      case 'ip daddr':
        return packet.daddr;
      case 'meta l4proto':
        return packet.protocol;
      case 'th sport':
        return String(packet.sport);
      default:
        return String(packet.dport);
    }
  }

  private contains(set: string, key: readonly string[]): boolean {
    const within = (value: string, range: string): boolean => {
      const [from, to = from] = range.split('-') as [string, string?];
      if (/^(tcp|udp|sctp|icmp)$/.test(value)) return value === from;
      return number(value) >= number(from) && number(value) <= number(to);
    };
    const elements = this.elements.get(set)!;
    if (elements.has(key.join(' . '))) return true;
    return [...elements.keys()].some(
      (element) =>
        element.includes('-') && element.split(' . ').every((part, at) => within(key[at]!, part)),
    );
  }

  /** The whole table in canonical order. */
  snapshot(): unknown {
    const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
      [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      chains: sorted(this.chains),
      elements: sorted(this.elements).map(([name, map]) => [name, sorted(map)]),
    };
  }
}

describe('fake kernel', () => {
  it('judges by rules, sets and verdict maps', () => {
    const kernel = new FakeKernel();
    kernel.apply(`table ip x
delete table ip x
table ip x {
  map m { type ipv4_addr : verdict; }
  set s { type inet_proto . inet_service; flags interval; }
  chain c { }
  chain c {
    meta l4proto . th dport @s accept
    counter drop
  }
  chain egress {
    type filter hook forward priority filter - 5; policy accept;
    ip saddr vmap @m
  }
  chain ingress {
    type filter hook forward priority filter - 4; policy accept;
  }
}
add element ip x m { 10.0.0.1 : goto c }
add element ip x s { tcp . 80-90, udp . 53 }
`);
    const packet: Packet = {
      saddr: '10.0.0.1',
      daddr: '10.0.0.2',
      protocol: 'tcp',
      sport: 4000,
      dport: 85,
      reply: false,
    };
    assert.equal(kernel.passes(packet), true);
    assert.equal(kernel.passes({ ...packet, dport: 91 }), false);
    assert.equal(kernel.passes({ ...packet, protocol: 'udp' }), false);
    assert.equal(kernel.passes({ ...packet, saddr: '10.0.0.9', dport: 91 }), true);
    assert.throws(() => kernel.apply('delete set ip x s'), /still named/);
  });
});
