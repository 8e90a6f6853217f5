// The Netlink contract over iproute2, an independent witness of what the sockets read and write:
// one `ip -batch` and one `bridge -batch` process for each list of changes (more when links are
// created in between), JSON dumps for reading, `ip monitor` for events.
//
// Invariant: no word in a batch contains a line break or a space, because every word is a parsed
// address or a device name that `word` has checked.
import { spawn } from 'node:child_process';
import { tryExec } from '../../pkg/system/exec.js';
import {
  NetlinkError,
  describeChange,
  type Address,
  type Change,
  type FdbEntry,
  type Link,
  type LinkSpec,
  type Neighbour,
  type Netlink,
  type NetlinkCode,
  type NetlinkGroup,
  type Route,
  type RouteSpec,
  type VxlanInfo,
} from '../../pkg/system/netlink/netlink.js';

const CODES: readonly [RegExp, NetlinkCode][] = [
  [/File exists|already (exists|assigned)/, 'EEXIST'],
  [/No such file or directory/, 'ENOENT'],
  [/No such process/, 'ESRCH'],
  [/No such device|Cannot find device|does not exist/, 'ENODEV'],
  [/Cannot assign requested address|address not found/i, 'EADDRNOTAVAIL'],
  [/Invalid argument|invalid gateway|inval/i, 'EINVAL'],
  [/not permitted/, 'EPERM'],
  [/not supported|Unknown device type/, 'EOPNOTSUPP'],
  [/unreachable|No route to host/, 'ENETUNREACH'],
];

function codeOf(message: string): NetlinkCode {
  return CODES.find(([pattern]) => pattern.test(message))?.[1] ?? 'EOTHER';
}

function word(text: string): string {
  if (!/^[0-9A-Za-z_.:/@+-]+$/.test(text))
    throw new NetlinkError('EINVAL', `"${text}" is not a name or address`);
  return text;
}

function routeWords(route: RouteSpec): string {
  const words = [...(route.type && route.type !== 'unicast' ? [route.type] : []), word(route.to)];
  if (route.via) words.push('via', word(route.via));
  if (route.device) words.push('dev', word(route.device));
  if (route.source) words.push('src', word(route.source));
  if (route.metric) words.push('metric', String(route.metric));
  if (route.onlink) words.push('onlink');
  return words.join(' ');
}

function vxlanWords(vxlan: VxlanInfo): string {
  const words = ['type', 'vxlan', 'id', String(vxlan.vni)];
  if (vxlan.device) words.push('dev', word(vxlan.device));
  if (vxlan.local) words.push('local', word(vxlan.local));
  words.push('dstport', String(vxlan.port), vxlan.learning ? 'learning' : 'nolearning');
  if (vxlan.gbp) words.push('gbp');
  return words.join(' ');
}

function kindWords(link: LinkSpec): string {
  switch (link.kind) {
    case 'vxlan':
      return vxlanWords(link.vxlan);
    case 'veth':
      return `type veth peer name ${word(link.peer)}`;
    case 'ipip':
      return `type ipip local ${word(link.local)} remote any`;
    case 'bridge':
    case 'wireguard':
      return `type ${link.kind}`;
  }
}

/** The tool and the batch line for one change. */
export function lineOf(change: Change): { tool: 'ip' | 'bridge'; line: string } {
  switch (change.type) {
    case 'link-add': {
      const { link } = change;
      const mtu = link.mtu ? ` mtu ${link.mtu}` : '';
      const mac = link.kind === 'vxlan' && link.mac ? ` address ${word(link.mac)}` : '';
      return { tool: 'ip', line: `link add ${word(link.name)}${mac}${mtu} ${kindWords(link)}` };
    }
    case 'link-delete':
      return { tool: 'ip', line: `link del ${word(change.name)}` };
    case 'link-set': {
      const words = ['link', 'set', 'dev', word(change.name)];
      if (change.mtu !== undefined) words.push('mtu', String(change.mtu));
      if (change.mac !== undefined) words.push('address', word(change.mac));
      if (change.gsoMaxSize !== undefined) words.push('gso_max_size', String(change.gsoMaxSize));
      if (change.master === null) words.push('nomaster');
      else if (change.master !== undefined) words.push('master', word(change.master));
      if (change.up !== undefined) words.push(change.up ? 'up' : 'down');
      return { tool: 'ip', line: words.join(' ') };
    }
    case 'address-replace':
      return {
        tool: 'ip',
        line: `addr replace ${word(change.address)} dev ${word(change.device)}`,
      };
    case 'address-delete':
      return { tool: 'ip', line: `addr del ${word(change.address)} dev ${word(change.device)}` };
    case 'route-replace':
      return { tool: 'ip', line: `route replace ${routeWords(change.route)}` };
    case 'route-delete':
      return { tool: 'ip', line: `route del ${routeWords(change.route)}` };
    case 'neigh-replace':
      return {
        tool: 'ip',
        line: `neigh replace ${word(change.address)} lladdr ${word(change.mac)} dev ${word(change.device)} nud permanent`,
      };
    case 'neigh-delete':
      return { tool: 'ip', line: `neigh del ${word(change.address)} dev ${word(change.device)}` };
    case 'fdb-replace':
      return {
        tool: 'bridge',
        line: `fdb replace ${word(change.mac)} dev ${word(change.device)} dst ${word(change.to)} self permanent`,
      };
    case 'fdb-delete':
      return {
        tool: 'bridge',
        line: `fdb del ${word(change.mac)} dev ${word(change.device)}${change.to ? ` dst ${word(change.to)}` : ''} self`,
      };
  }
}

/** Failures of a batch: line number (from 1) -> the messages before the failure. */
export function failedLines(stderr: string): Map<number, string> {
  const failed = new Map<number, string>();
  let message: string[] = [];
  for (const line of stderr.split('\n')) {
    const match = /^Command failed .*:(\d+)$/.exec(line);
    if (match) {
      failed.set(Number(match[1]), message.join('; ') || 'command failed');
      message = [];
    } else if (line.trim()) message.push(line.trim());
  }
  return failed;
}

type Json = Record<string, unknown>;

const text = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;
const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

function linkOf(json: Json): Link {
  const flags = strings(json['flags']);
  const info = json['linkinfo'] as
    | { info_kind?: string; info_slave_kind?: string; info_data?: Json }
    | undefined;
  const link: Link = {
    index: Number(json['ifindex']),
    name: String(json['ifname']),
    mtu: Number(json['mtu']),
    up: flags.includes('UP'),
    running: flags.includes('LOWER_UP'),
    mac: text(json['address']) ?? '',
    ...(info?.info_kind ? { kind: info.info_kind } : {}),
    ...(text(json['master']) ? { master: text(json['master'])! } : {}),
  };
  if (info?.info_kind === 'vxlan' && info.info_data) {
    const data = info.info_data;
    link.vxlan = {
      vni: Number(data['id']),
      ...((text(data['local']) ?? text(data['local6']))
        ? { local: text(data['local']) ?? text(data['local6'])! }
        : {}),
      ...(text(data['link']) ? { device: text(data['link'])! } : {}),
      port: Number(data['port']),
      learning: data['learning'] !== false,
      gbp: data['gbp'] === true,
    };
  }
  return link;
}

function addressesOf(json: Json): Address[] {
  return ((json['addr_info'] as Json[] | undefined) ?? []).map((info) => ({
    device: String(json['ifname']),
    address: `${String(info['local'])}/${Number(info['prefixlen'])}`,
    scope: (text(info['scope']) ?? 'global') as Address['scope'],
    flags: (['tentative', 'deprecated', 'temporary', 'dynamic'] as const).filter(
      (flag) => info[flag] === true,
    ),
  }));
}

const ROUTE_TYPES = new Set(['unicast', 'blackhole', 'unreachable', 'local', 'broadcast']);

function routeOf(json: Json, isV6: boolean): Route {
  const to = String(json['dst']);
  const type = text(json['type']) ?? 'unicast';
  return {
    to:
      to === 'default'
        ? isV6
          ? '::/0'
          : '0.0.0.0/0'
        : to.includes('/')
          ? to
          : `${to}/${isV6 ? 128 : 32}`,
    ...(text(json['gateway']) ? { via: text(json['gateway'])! } : {}),
    ...(text(json['dev']) ? { device: text(json['dev'])! } : {}),
    type: (ROUTE_TYPES.has(type) ? type : 'other') as Route['type'],
    onlink: strings(json['flags']).includes('onlink'),
    protocol: text(json['protocol']) ?? 'boot',
    scope: (text(json['scope']) ?? 'global') as Route['scope'],
    ...(text(json['prefsrc']) ? { source: text(json['prefsrc'])! } : {}),
    metric: Number(json['metric'] ?? 0),
  };
}

/** Maximum length of an incomplete line that is kept. */
const MONITOR_LINE = 4096;
const GROUPS: Record<string, NetlinkGroup> = {
  LINK: 'link',
  ADDR: 'address',
  ROUTE: 'route',
  NEIGH: 'neigh',
};

/** Parses a line of `ip monitor label` into 'group' or 'group device'; '' for other lines. */
export function eventOf(line: string): string {
  const [, label, rest] = /^\[([A-Z]+)\](.*)$/.exec(line) ?? [];
  const group = GROUPS[label ?? ''];
  if (!group) return '';
  const device = (/^(?:Deleted )?\d+: ([^\s:@]+)/.exec(rest!) ?? / dev (\S+)/.exec(rest!))?.[1];
  return device ? `${group} ${device}` : group;
}

export interface IpBatchOptions {
  /** Path of a network namespace ('/run/netns/x'); default: that of the caller. */
  netns?: string;
}

class IpBatch implements Netlink {
  private readonly prefix: readonly string[];

  constructor(options: IpBatchOptions) {
    this.prefix = options.netns ? ['nsenter', `--net=${options.netns}`] : [];
  }

  private async read(command: readonly string[]): Promise<Json[]> {
    const result = await tryExec([...this.prefix, ...command]);
    if (result.code !== 0)
      throw new NetlinkError(
        codeOf(result.stderr),
        `${command.join(' ')}: ${result.stderr.trim()}`,
      );
    const out = result.stdout.trim();
    return out ? (JSON.parse(out) as Json[]) : [];
  }

  async links(): Promise<Link[]> {
    return (await this.read(['ip', '-j', '-d', 'link', 'show']))
      .filter((json) => json['ifname'])
      .map(linkOf);
  }

  async addresses(device?: string): Promise<Address[]> {
    return (await this.read(['ip', '-j', 'addr', 'show', ...(device ? ['dev', device] : [])]))
      .filter((json) => json['ifname'])
      .flatMap(addressesOf);
  }

  async routes(only?: 4 | 6): Promise<Route[]> {
    const [v4, v6] = await Promise.all([
      only === 6 ? [] : this.read(['ip', '-j', '-d', '-4', 'route', 'show', 'table', 'main']),
      only === 4 ? [] : this.read(['ip', '-j', '-d', '-6', 'route', 'show', 'table', 'main']),
    ]);
    return [...v4.map((json) => routeOf(json, false)), ...v6.map((json) => routeOf(json, true))];
  }

  async neighbours(device: string): Promise<Neighbour[]> {
    const entries = await this.read(['ip', '-j', 'neigh', 'show', 'dev', device]);
    return entries.map((json) => ({
      device,
      address: String(json['dst']),
      ...(text(json['lladdr']) ? { mac: text(json['lladdr'])! } : {}),
      permanent: strings(json['state']).includes('PERMANENT'),
    }));
  }

  async fdb(device: string): Promise<FdbEntry[]> {
    const entries = await this.read(['bridge', '-j', 'fdb', 'show', 'dev', device]);
    return entries
      .filter((json) => text(json['mac']))
      .map((json) => ({
        device,
        mac: text(json['mac'])!,
        ...(text(json['dst']) ? { to: text(json['dst'])! } : {}),
        permanent: json['state'] === 'permanent',
      }));
  }

  async routeTo(address: string): Promise<Route | undefined> {
    try {
      const [json] = await this.read(['ip', '-j', 'route', 'get', address]);
      return json && routeOf(json, address.includes(':'));
    } catch (error) {
      if (error instanceof NetlinkError && (error.code === 'ENETUNREACH' || error.code === 'ESRCH'))
        return undefined;
      throw error;
    }
  }

  async apply(changes: readonly Change[]): Promise<NetlinkError[]> {
    const failed = new Map<Change, NetlinkError>();
    // Both groups depend only on links, not on each other.
    for (let from = 0; from < changes.length;) {
      let to = from;
      while (to < changes.length && changes[to]!.type.startsWith('link-')) to++;
      while (to < changes.length && !changes[to]!.type.startsWith('link-')) to++;
      const part = changes.slice(from, to);
      for (const tool of ['ip', 'bridge'] as const) {
        const lines = part.filter((change) => lineOf(change).tool === tool);
        if (lines.length)
          for (const error of await this.batch(tool, lines)) failed.set(error.change!, error);
      }
      from = to;
    }
    return changes.flatMap((change) => failed.get(change) ?? []);
  }

  private async batch(tool: 'ip' | 'bridge', changes: readonly Change[]): Promise<NetlinkError[]> {
    const lines = changes.map((change) => lineOf(change).line);
    const command = [...this.prefix, tool, '-force', '-batch', '-'];
    const result = await tryExec(command, { input: `${lines.join('\n')}\n` });
    return [...failedLines(result.stderr)].map(([line, message]) => {
      const change = changes[line - 1]!;
      return new NetlinkError(codeOf(message), `${describeChange(change)}: ${message}`, change);
    });
  }

  watch(
    groups: readonly NetlinkGroup[],
    onChange: (group: NetlinkGroup, device: string | undefined) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const [file, ...args] = [...this.prefix, 'ip', '-o', 'monitor', 'label', ...groups];
    return new Promise((resolve, reject) => {
      const child = spawn(file!, args, { stdio: ['ignore', 'pipe', 'ignore'], signal });
      let rest = '';
      child.stdout.setEncoding('utf8');
      child.stdout.on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!.slice(-MONITOR_LINE);
        for (const event of new Set(lines.map(eventOf)))
          if (event) onChange(...(event.split(' ') as [NetlinkGroup, string | undefined]));
      });
      child.once('spawn', () => resolve());
      child.on('error', (error) => {
        if (!signal.aborted) reject(error);
      });
    });
  }

  close(): void {}
}

/** Netlink over iproute2, which must be on PATH. */
export function openIpBatch(options: IpBatchOptions = {}): Netlink {
  return new IpBatch(options);
}
