// The Netlink contract over AF_NETLINK sockets: one for requests, one per watch.
//
// Invariant: requests are answered before the call returns to the event loop, so names and indexes
// that a call resolves are valid for its messages. Watches skip our own changes of routes,
// neighbours and forwarding entries: with a thousand peers, a repair costs many times as much as
// the change.
import { onAbort } from '../../../util/wait/abortable.js';
import {
  NetlinkError,
  describeChange,
  type Address,
  type Change,
  type FdbEntry,
  type Link,
  type Neighbour,
  type Netlink,
  type NetlinkCode,
  type NetlinkGroup,
  type Route,
} from '../netlink.js';
import type { NetlinkAddon, NetlinkSocket } from './addon.js';
import { GROUPS, RTM } from './numbers.generated.js';
import * as codec from './rtnetlink.js';
import {
  acknowledgementOf,
  messagesOf,
  NLMSG_DONE,
  NLMSG_ERROR,
  type Message,
  type MessageWriter,
} from './wire.js';
import { getOrInsert } from '../../../util/map/get-or-insert.js';
import { count } from '../../../util/map/count.js';

const NETLINK_ROUTE = 0;
/** Changes per send; their acknowledgements must fit into the receive buffer of the socket. */
const BATCH = 300;
/**
 * Own changes of neighbours and forwarding entries whose notifications are pending; beyond this
 * number they are reported like foreign changes.
 */
const ECHOES = 10_000;
/** Attempts of a dump that the kernel marks as interrupted by a change. */
const DUMP_ATTEMPTS = 5;
const INTERRUPTED = 0x10;

class SocketNetlink implements Netlink {
  private readonly socket: NetlinkSocket;
  private sequence = 0;
  /**
   * Port of our socket, which the notifications of our routes and neighbours carry; 0 before the
   * first answer.
   */
  private port = 0;
  /**
   * Our own changes of forwarding entries and deletions of neighbours until their notification,
   * because the kernel does not name their author.
   */
  private readonly echoes = new Map<string, number>();
  private watches = 0;

  constructor(
    private readonly addon: NetlinkAddon,
    private readonly netns: string | undefined,
  ) {
    this.socket = addon.open(NETLINK_ROUTE, 0, netns);
  }

  private ask(request: MessageWriter): Message[] {
    const bytes = request.finish(++this.sequence);
    return [...messagesOf(this.addon.transact(this.socket, bytes, 1))];
  }

  private dump(request: () => MessageWriter): Message[] {
    for (let attempt = 1; ; attempt++) {
      const messages = this.ask(request());
      const interrupted = messages.some((message) => message.flags & INTERRUPTED);
      if (interrupted && attempt < DUMP_ATTEMPTS) continue;
      const last = messages.at(-1);
      const errno =
        last?.type === NLMSG_ERROR
          ? acknowledgementOf(last).errno
          : last?.type === NLMSG_DONE && last.body.length >= 4
            ? -last.body.readInt32LE(0)
            : 0;
      if (errno > 0)
        throw new NetlinkError(codec.codeOfErrno(errno), `netlink dump failed with errno ${errno}`);
      return messages.filter(({ type }) => type !== NLMSG_DONE && type !== NLMSG_ERROR);
    }
  }

  /** All links, and the names of devices by index. */
  private names(): { messages: Message[]; byIndex: Map<number, string>; nameOf: codec.NameOf } {
    const messages = this.dump(codec.requests.links);
    const byIndex = new Map(
      messages.map((link) => [codec.linkIndexOf(link), codec.linkNameOf(link) ?? '']),
    );
    return { messages, byIndex, nameOf: (index) => byIndex.get(index) };
  }

  links(): Promise<Link[]> {
    const { messages, nameOf } = this.names();
    return Promise.resolve(messages.map((message) => codec.decodeLink(message, nameOf)));
  }

  addresses(device?: string): Promise<Address[]> {
    const { nameOf } = this.names();
    const all = this.dump(codec.requests.addresses)
      .map((message) => codec.decodeAddress(message, nameOf))
      .filter((address) => address !== undefined);
    return Promise.resolve(all.filter(({ device: on }) => device === undefined || on === device));
  }

  routes(family?: 4 | 6): Promise<Route[]> {
    const { nameOf } = this.names();
    const families = family ? [family] : ([4, 6] as const);
    const messages = families.flatMap((f) => this.dump(() => codec.requests.routes(f)));
    const all = messages.map((message) => codec.decodeRoute(message, nameOf));
    return Promise.resolve(all.filter((route) => route !== undefined));
  }

  neighbours(device: string): Promise<Neighbour[]> {
    return this.entries(device, codec.requests.neighbours, codec.decodeNeighbour);
  }

  fdb(device: string): Promise<FdbEntry[]> {
    return this.entries(device, codec.requests.fdb, codec.decodeFdb);
  }

  private entries<T extends object>(
    device: string,
    request: () => MessageWriter,
    decode: (message: Message, index: number, device: string) => T | undefined,
  ): Promise<T[]> {
    const index = this.indexOf(device);
    return Promise.resolve(
      this.dump(request).flatMap((message) => decode(message, index, device) ?? []),
    );
  }

  routeTo(address: string): Promise<Route | undefined> {
    const found = this.ask(codec.requests.routeTo(address)).find(
      (message) => message.type === RTM.newRoute,
    );
    return Promise.resolve(found && codec.decodeRoute(found, this.names().nameOf, true));
  }

  /** Throws NetlinkError ENODEV. */
  private indexOf(device: string): number {
    const found = this.ask(codec.requests.linkNamed(device)).find(
      (message) => message.type === RTM.newLink,
    );
    if (!found) throw new NetlinkError('ENODEV', `Cannot find device "${device}"`);
    return codec.linkIndexOf(found);
  }

  apply(changes: readonly Change[]): Promise<NetlinkError[]> {
    const failed = new Map<Change, NetlinkError>();
    let known = new Map<string, number>();
    let pending: { change: Change; bytes: Buffer; sequence: number }[] = [];
    const indexOf = (device: string): number =>
      getOrInsert(known, device, () => this.indexOf(device));
    const flush = () => {
      if (pending.length) this.send(pending, failed);
      pending = [];
    };
    for (const change of changes) {
      const changesLinks = change.type.startsWith('link-');
      if (changesLinks) flush();
      try {
        const message = codec.encodeChange(change, indexOf);
        const sequence = ++this.sequence;
        pending.push({ change, bytes: message.finish(sequence), sequence });
      } catch (error) {
        if (!(error instanceof NetlinkError)) throw error;
        failed.set(change, failure(change, error.code, error.message));
      }
      if (pending.length === BATCH || changesLinks) flush();
      if (changesLinks) known = new Map();
    }
    flush();
    return Promise.resolve(changes.flatMap((change) => failed.get(change) ?? []));
  }

  private send(
    pending: readonly { change: Change; bytes: Buffer; sequence: number }[],
    failed: Map<Change, NetlinkError>,
  ): void {
    const bytes = Buffer.concat(pending.map((entry) => entry.bytes));
    const answer = this.addon.transact(this.socket, bytes, pending.length);
    const bySequence = new Map(pending.map((entry) => [entry.sequence, entry.change]));
    for (const message of messagesOf(answer)) {
      if (message.type !== NLMSG_ERROR) continue;
      this.port = message.port;
      const { errno, sequence, message: words } = acknowledgementOf(message);
      const change = bySequence.get(sequence);
      if (errno === 0 && change && this.watches) this.expectEcho(change);
      if (errno === 0 || !change) continue;
      const code = codec.codeOfErrno(errno);
      failed.set(change, failure(change, code, words ?? `errno ${errno}`));
    }
  }

  private expectEcho(change: Change): void {
    const isUnsigned = change.type.startsWith('fdb-') || change.type === 'neigh-delete';
    if (!isUnsigned || !('device' in change)) return;
    if (this.echoes.size === ECHOES) this.echoes.clear();
    const echo = echoOf(change.type !== 'fdb-replace', change);
    count(this.echoes, echo, 1);
  }

  /**
   * Whether the message reports a change that this object made to a route, a neighbour or a
   * forwarding entry.
   */
  private isEcho(message: Message, names: ReadonlyMap<number, string>): boolean {
    const { type, port, body } = message;
    const isRoute = type === RTM.newRoute || type === RTM.delRoute;
    if (!isRoute && type !== RTM.newNeighbour && type !== RTM.delNeighbour) return false;
    if (port !== 0) return port === this.port;
    if (isRoute || !this.echoes.size) return false;
    const index = body.readInt32LE(4);
    const device = names.get(index) ?? '';
    const entry =
      codec.decodeFdb(message, index, device) ?? codec.decodeNeighbour(message, index, device);
    const echo = entry ? echoOf(type === RTM.delNeighbour, entry) : '';
    if (!this.echoes.has(echo)) return false;
    count(this.echoes, echo, -1);
    return true;
  }

  watch(
    groups: readonly NetlinkGroup[],
    onChange: (group: NetlinkGroup, device: string | undefined) => void,
    signal: AbortSignal,
  ): Promise<void> {
    // Messages may carry only an index, so the link group is needed for device names.
    const mask = groups.reduce<number>((all, group) => all | GROUPS[group], GROUPS.link);
    const socket = this.addon.open(NETLINK_ROUTE, mask, this.netns);
    const names = this.names().byIndex;
    this.addon.watch(socket, (data) => {
      if (!data) {
        for (const group of groups) onChange(group, undefined);
        return;
      }
      for (const message of messagesOf(data)) {
        if (this.isEcho(message, names)) continue;
        const event = eventOf(message, names);
        if (event && groups.includes(event.group)) onChange(event.group, event.device);
      }
    });
    this.watches++;
    onAbort(signal, () => {
      this.watches--;
      this.addon.close(socket);
    });
    return Promise.resolve();
  }

  close(): void {
    this.addon.close(this.socket);
  }
}

const failure = (change: Change, code: NetlinkCode, why: string): NetlinkError =>
  new NetlinkError(code, `${describeChange(change)}: ${why}`, change);

/** The key of an own change: a neighbour by its address, a forwarding entry by its MAC. */
function echoOf(
  gone: boolean,
  entry: { device: string; address?: string; mac?: string; to?: string },
): string {
  return `${gone ? '-' : '+'} ${entry.device} ${entry.address ?? `${entry.mac?.toLowerCase() ?? ''} ${entry.to ?? ''}`}`;
}

/** The event of a message; also keeps `names` up to date. */
function eventOf(
  message: Message,
  names: Map<number, string>,
): { group: NetlinkGroup; device: string | undefined } | undefined {
  switch (message.type) {
    case RTM.newLink:
    case RTM.delLink: {
      const index = codec.linkIndexOf(message);
      const device = codec.linkNameOf(message) ?? names.get(index);
      if (message.type === RTM.newLink && device) names.set(index, device);
      else names.delete(index);
      return { group: 'link', device };
    }
    case RTM.newAddress:
    case RTM.delAddress:
      return { group: 'address', device: names.get(message.body.readUInt32LE(4)) };
    case RTM.newRoute:
    case RTM.delRoute:
      return {
        group: 'route',
        device: codec.decodeRoute(message, (index) => names.get(index), true)?.device,
      };
    case RTM.newNeighbour:
    case RTM.delNeighbour:
      return { group: 'neigh', device: names.get(message.body.readInt32LE(4)) };
    default:
      return undefined;
  }
}

/**
 * Netlink over the addon, in the network namespace of a path or of the caller. Throws when a socket
 * cannot be opened.
 */
export const openSocketNetlink = (addon: NetlinkAddon, netns?: string): Netlink =>
  new SocketNetlink(addon, netns);
