// The rtnetlink codec: requests from Change objects, objects from kernel messages. Pure. Numbers
// from linux/rtnetlink.h, if_link.h, if_addr.h and neighbour.h.
import { formatIp, ipBytes, ipOfBytes, parseIp } from '../../../util/netaddr/ip.js';
import { parseIpv4 } from '../../../util/netaddr/ipv4.js';
import type {
  Address,
  Change,
  FdbEntry,
  Link,
  LinkSpec,
  Neighbour,
  NetlinkCode,
  Route,
  RouteSpec,
} from '../netlink.js';
import { attributesOf, FLAG, MessageWriter, textOf, u32Of, type Message } from './wire.js';

export const RTM = {
  newLink: 16,
  delLink: 17,
  getLink: 18,
  newAddress: 20,
  delAddress: 21,
  getAddress: 22,
  newRoute: 24,
  delRoute: 25,
  getRoute: 26,
  newNeighbour: 28,
  delNeighbour: 29,
  getNeighbour: 30,
} as const;
export const GROUPS = {
  link: 0x1,
  neigh: 0x4,
  address: 0x10 | 0x100,
  route: 0x40 | 0x400,
} as const;

const AF = { unspec: 0, inet: 2, bridge: 7, inet6: 10 } as const;
const IFLA = { address: 1, name: 3, mtu: 4, master: 10, info: 18, gsoMaxSize: 41 } as const;
const INFO = { kind: 1, data: 2 } as const;
const VXLAN = { id: 1, link: 3, local: 4, learning: 7, port: 15, local6: 17, gbp: 23 } as const;
const VETH_PEER = 1;
const IPTUN_LOCAL = 2;
const IFA = { address: 1, local: 2, flags: 8 } as const;
const RTA = { destination: 1, device: 4, gateway: 5, priority: 6, source: 7, table: 15 } as const;
const NDA = { destination: 1, mac: 2 } as const;
const IFF = { up: 1, lowerUp: 0x10000 } as const;
const NUD = { noArp: 0x40, permanent: 0x80 } as const;
const NTF_SELF = 2;
const ONLINK = 4;
const TABLE_MAIN = 254;
const PROTOCOLS: Record<number, string> = {
  0: 'unspec',
  1: 'redirect',
  2: 'kernel',
  3: 'boot',
  4: 'static',
  9: 'ra',
  16: 'dhcp',
};
const SCOPES: Record<number, Address['scope'] | 'nowhere'> = {
  0: 'global',
  200: 'site',
  253: 'link',
  254: 'host',
  255: 'nowhere',
};
const ROUTE_TYPES: Record<number, Route['type']> = {
  1: 'unicast',
  2: 'local',
  3: 'broadcast',
  6: 'blackhole',
  7: 'unreachable',
};
const ERRNO: Record<number, NetlinkCode> = {
  1: 'EPERM',
  2: 'ENOENT',
  3: 'ESRCH',
  17: 'EEXIST',
  19: 'ENODEV',
  22: 'EINVAL',
  95: 'EOPNOTSUPP',
  99: 'EADDRNOTAVAIL',
  101: 'ENETUNREACH',
  113: 'ENETUNREACH',
};

export function codeOfErrno(errno: number): NetlinkCode {
  return ERRNO[errno] ?? 'EOTHER';
}

/** Throws for texts that are not IP addresses. */
export function addressBytes(text: string): Uint8Array {
  // Without BigInts: each peer has four addresses, and the first messages number thousands.
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return Uint8Array.of(v4 >>> 24, v4 >>> 16, v4 >>> 8, v4);
  const ip = parseIp(text);
  if (!ip) throw new Error(`not an IP address: ${text}`);
  return ipBytes(ip);
}

/** Undefined for bytes that are no address. */
function addressText(bytes: Uint8Array | undefined): string | undefined {
  if (bytes?.length === 4) return bytes.join('.');
  return bytes?.length === 16 ? formatIp(ipOfBytes(bytes)) : undefined;
}

function macBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(':').map((part) => parseInt(part, 16)));
}

const macText = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');

function split(prefix: string): { bytes: Uint8Array; length: number; family: number } {
  const [address, length] = prefix.split('/');
  const bytes = addressBytes(address!);
  return {
    bytes,
    length: length === undefined ? bytes.length * 8 : Number(length),
    family: bytes.length === 4 ? AF.inet : AF.inet6,
  };
}

function linkHeader(index: number, flags = 0, change = 0): Uint8Array {
  const out = Buffer.alloc(16);
  out.writeInt32LE(index, 4);
  out.writeUInt32LE(flags, 8);
  out.writeUInt32LE(change, 12);
  return out;
}

/** Resolves a device name to its index. */
export type IndexOf = (device: string) => number;

function addLink(link: LinkSpec, indexOf: IndexOf): MessageWriter {
  const message = new MessageWriter(
    RTM.newLink,
    FLAG.request | FLAG.ack | FLAG.create | FLAG.exclusive,
    linkHeader(0),
  ).text(IFLA.name, link.name);
  if (link.mtu) message.u32(IFLA.mtu, link.mtu);
  if (link.kind === 'vxlan' && link.mac) message.bytes(IFLA.address, macBytes(link.mac));
  return message.nested(IFLA.info, (info) => {
    info.text(INFO.kind, link.kind);
    if (link.kind === 'veth')
      info.nested(INFO.data, (data) =>
        data.nested(VETH_PEER, (peer) => peer.text(IFLA.name, link.peer), linkHeader(0)),
      );
    if (link.kind === 'ipip')
      info.nested(INFO.data, (data) => data.bytes(IPTUN_LOCAL, addressBytes(link.local)));
    if (link.kind !== 'vxlan') return;
    const { vxlan } = link;
    info.nested(INFO.data, (data) => {
      data.u32(VXLAN.id, vxlan.vni);
      if (vxlan.device) data.u32(VXLAN.link, indexOf(vxlan.device));
      if (vxlan.local)
        data.bytes(
          vxlan.local.includes(':') ? VXLAN.local6 : VXLAN.local,
          addressBytes(vxlan.local),
        );
      data.u8(VXLAN.learning, vxlan.learning ? 1 : 0).u16be(VXLAN.port, vxlan.port);
      if (vxlan.gbp) data.flag(VXLAN.gbp);
    });
  });
}

function routeMessage(spec: RouteSpec, isDelete: boolean, indexOf: IndexOf): MessageWriter {
  const { bytes, length, family } = split(spec.to);
  const type = spec.type === 'blackhole' ? 6 : spec.type === 'unreachable' ? 7 : 1;
  const linkScope = type === 1 && !spec.via && family === AF.inet;
  const header = Buffer.from([
    family,
    length,
    0,
    0,
    TABLE_MAIN,
    isDelete ? 0 : 3,
    isDelete ? 255 : linkScope ? 253 : 0,
    isDelete && type === 1 ? 0 : type,
    spec.onlink ? ONLINK : 0,
    0,
    0,
    0,
  ]);
  const flags = isDelete
    ? FLAG.request | FLAG.ack
    : FLAG.request | FLAG.ack | FLAG.create | FLAG.replace;
  const message = new MessageWriter(isDelete ? RTM.delRoute : RTM.newRoute, flags, header);
  if (length > 0) message.bytes(RTA.destination, bytes);
  if (spec.via) message.bytes(RTA.gateway, addressBytes(spec.via));
  if (spec.device) message.u32(RTA.device, indexOf(spec.device));
  if (spec.source) message.bytes(RTA.source, addressBytes(spec.source));
  if (spec.metric) message.u32(RTA.priority, spec.metric);
  return message;
}

function addressMessage(
  type: number,
  flags: number,
  device: string,
  address: string,
  indexOf: IndexOf,
): MessageWriter {
  const { bytes, length, family } = split(address);
  const header = Buffer.alloc(8);
  header.set([family, length, 0, bytes.length === 4 && bytes[0] === 127 ? 254 : 0]);
  header.writeUInt32LE(indexOf(device), 4);
  return new MessageWriter(type, FLAG.request | FLAG.ack | flags, header)
    .bytes(IFA.local, bytes)
    .bytes(IFA.address, bytes);
}

function neighbourHeader(family: number, index: number, state: number, flags: number): Uint8Array {
  const out = Buffer.alloc(12);
  out.writeUInt8(family, 0);
  out.writeInt32LE(index, 4);
  out.writeUInt16LE(state, 8);
  out.writeUInt8(flags, 10);
  return out;
}

function fdbMessage(
  type: number,
  flags: number,
  change: { device: string; mac: string; to?: string },
  indexOf: IndexOf,
): MessageWriter {
  const message = new MessageWriter(
    type,
    FLAG.request | FLAG.ack | flags,
    neighbourHeader(AF.bridge, indexOf(change.device), NUD.permanent, NTF_SELF),
  ).bytes(NDA.mac, macBytes(change.mac));
  return change.to ? message.bytes(NDA.destination, addressBytes(change.to)) : message;
}

/** The request for one change. */
export function encodeChange(change: Change, indexOf: IndexOf): MessageWriter {
  switch (change.type) {
    case 'link-add':
      return addLink(change.link, indexOf);
    case 'link-delete':
      return new MessageWriter(
        RTM.delLink,
        FLAG.request | FLAG.ack,
        linkHeader(indexOf(change.name)),
      );
    case 'link-set': {
      const up = change.up === undefined ? [0, 0] : [change.up ? IFF.up : 0, IFF.up];
      const message = new MessageWriter(
        RTM.newLink,
        FLAG.request | FLAG.ack,
        linkHeader(indexOf(change.name), up[0], up[1]),
      );
      if (change.mtu !== undefined) message.u32(IFLA.mtu, change.mtu);
      if (change.mac !== undefined) message.bytes(IFLA.address, macBytes(change.mac));
      if (change.master !== undefined)
        message.u32(IFLA.master, change.master === null ? 0 : indexOf(change.master));
      if (change.gsoMaxSize !== undefined) message.u32(IFLA.gsoMaxSize, change.gsoMaxSize);
      return message;
    }
    case 'address-replace':
      return addressMessage(
        RTM.newAddress,
        FLAG.create | FLAG.replace,
        change.device,
        change.address,
        indexOf,
      );
    case 'address-delete':
      return addressMessage(RTM.delAddress, 0, change.device, change.address, indexOf);
    case 'route-replace':
      return routeMessage(change.route, false, indexOf);
    case 'route-delete':
      return routeMessage(change.route, true, indexOf);
    case 'neigh-replace': {
      const address = addressBytes(change.address);
      const header = neighbourHeader(
        address.length === 4 ? AF.inet : AF.inet6,
        indexOf(change.device),
        NUD.permanent,
        0,
      );
      return new MessageWriter(
        RTM.newNeighbour,
        FLAG.request | FLAG.ack | FLAG.create | FLAG.replace,
        header,
      )
        .bytes(NDA.destination, address)
        .bytes(NDA.mac, macBytes(change.mac));
    }
    case 'neigh-delete': {
      const address = addressBytes(change.address);
      return new MessageWriter(
        RTM.delNeighbour,
        FLAG.request | FLAG.ack,
        neighbourHeader(address.length === 4 ? AF.inet : AF.inet6, indexOf(change.device), 0, 0),
      ).bytes(NDA.destination, address);
    }
    case 'fdb-replace':
      return fdbMessage(RTM.newNeighbour, FLAG.create | FLAG.replace, change, indexOf);
    case 'fdb-delete':
      return fdbMessage(RTM.delNeighbour, 0, change, indexOf);
  }
}

const dump = FLAG.request | FLAG.dump;

export const requests = {
  links: () => new MessageWriter(RTM.getLink, dump, linkHeader(0)),
  linkNamed: (name: string) =>
    new MessageWriter(RTM.getLink, FLAG.request | FLAG.ack, linkHeader(0)).text(IFLA.name, name),
  addresses: () => new MessageWriter(RTM.getAddress, dump, Buffer.alloc(8)),
  routes: (family: 4 | 6) =>
    new MessageWriter(
      RTM.getRoute,
      dump,
      Buffer.from([family === 4 ? AF.inet : AF.inet6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ),
  neighbours: () => new MessageWriter(RTM.getNeighbour, dump, neighbourHeader(AF.unspec, 0, 0, 0)),
  fdb: () => new MessageWriter(RTM.getNeighbour, dump, neighbourHeader(AF.bridge, 0, 0, 0)),
  routeTo(address: string) {
    const bytes = addressBytes(address);
    return new MessageWriter(
      RTM.getRoute,
      FLAG.request | FLAG.ack,
      Buffer.from([
        bytes.length === 4 ? AF.inet : AF.inet6,
        bytes.length * 8,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
      ]),
    ).bytes(RTA.destination, bytes);
  },
};

/** Resolves an index to a device name; undefined when the device is gone. */
export type NameOf = (index: number) => string | undefined;

export function linkIndexOf(message: Message): number {
  return message.body.readInt32LE(4);
}

export function linkNameOf(message: Message): string | undefined {
  return textOf(attributesOf(message.body.subarray(16)).get(IFLA.name));
}

export function decodeLink(message: Message, nameOf: NameOf): Link {
  const flags = message.body.readUInt32LE(8);
  const attributes = attributesOf(message.body.subarray(16));
  const info = attributesOf(attributes.get(IFLA.info) ?? Buffer.alloc(0));
  const kind = textOf(info.get(INFO.kind));
  const nameAt = (bytes: Buffer | undefined): string | undefined => {
    const index = u32Of(bytes);
    return index === undefined ? undefined : nameOf(index);
  };
  const masterName = nameAt(attributes.get(IFLA.master));
  const link: Link = {
    index: linkIndexOf(message),
    name: textOf(attributes.get(IFLA.name)) ?? '',
    mtu: u32Of(attributes.get(IFLA.mtu)) ?? 0,
    up: (flags & IFF.up) !== 0,
    running: (flags & IFF.lowerUp) !== 0,
    mac: macText(attributes.get(IFLA.address) ?? Buffer.alloc(0)),
    ...(kind ? { kind } : {}),
    ...(masterName ? { master: masterName } : {}),
  };
  if (kind === 'vxlan') {
    const data = attributesOf(info.get(INFO.data) ?? Buffer.alloc(0));
    const local = addressText(data.get(VXLAN.local) ?? data.get(VXLAN.local6));
    const device = nameAt(data.get(VXLAN.link));
    const port = data.get(VXLAN.port);
    link.vxlan = {
      vni: u32Of(data.get(VXLAN.id)) ?? 0,
      ...(local ? { local } : {}),
      ...(device ? { device } : {}),
      port: port && port.length >= 2 ? port.readUInt16BE() : 0,
      learning: data.get(VXLAN.learning)?.[0] === 1,
      gbp: data.has(VXLAN.gbp),
    };
  }
  return link;
}

export function decodeAddress(message: Message, nameOf: NameOf): Address | undefined {
  const { body } = message;
  const attributes = attributesOf(body.subarray(8));
  const bytes = attributes.get(IFA.local) ?? attributes.get(IFA.address);
  const address = addressText(bytes);
  const device = nameOf(body.readUInt32LE(4));
  if (address === undefined || device === undefined) return undefined;
  const flags = u32Of(attributes.get(IFA.flags)) ?? body.readUInt8(2);
  const isV6 = address.includes(':');
  return {
    device,
    address: `${address}/${body.readUInt8(1)}`,
    scope: SCOPES[body.readUInt8(3)] as Address['scope'],
    flags: [
      ...(flags & 0x40 ? (['tentative'] as const) : []),
      ...(flags & 0x20 ? (['deprecated'] as const) : []),
      ...(isV6 && flags & 0x1 ? (['temporary'] as const) : []),
      ...(flags & 0x80 ? [] : (['dynamic'] as const)),
    ],
  };
}

/** Undefined for cached routes, and for tables other than main unless `anyTable`. */
export function decodeRoute(message: Message, nameOf: NameOf, anyTable = false): Route | undefined {
  const { body } = message;
  const attributes = attributesOf(body.subarray(12));
  const isV6 = body.readUInt8(0) === AF.inet6;
  const table = u32Of(attributes.get(RTA.table)) ?? body.readUInt8(4);
  const flags = body.readUInt32LE(8);
  if (!anyTable && (table !== TABLE_MAIN || flags & 0x200)) return undefined;
  const length = body.readUInt8(1);
  const [destination, gateway, source] = [RTA.destination, RTA.gateway, RTA.source].map((type) =>
    addressText(attributes.get(type)),
  );
  const index = u32Of(attributes.get(RTA.device));
  const device = index === undefined ? undefined : nameOf(index);
  const protocol = body.readUInt8(5);
  return {
    to: destination ? `${destination}/${length}` : isV6 ? '::/0' : '0.0.0.0/0',
    ...(gateway ? { via: gateway } : {}),
    ...(device ? { device } : {}),
    type: ROUTE_TYPES[body.readUInt8(7)] ?? 'other',
    onlink: (flags & ONLINK) !== 0,
    protocol: PROTOCOLS[protocol] ?? String(protocol),
    scope: SCOPES[body.readUInt8(6)] ?? 'global',
    ...(source ? { source } : {}),
    metric: u32Of(attributes.get(RTA.priority)) ?? 0,
  };
}

/** Undefined for entries of other devices and for entries that need no resolution. */
export function decodeNeighbour(
  message: Message,
  index: number,
  device: string,
): Neighbour | undefined {
  const { body } = message;
  const attributes = attributesOf(body.subarray(12));
  const address = addressText(attributes.get(NDA.destination));
  const state = body.readUInt16LE(8);
  if (body.readInt32LE(4) !== index || !address || state === NUD.noArp || state === 0)
    return undefined;
  const mac = attributes.get(NDA.mac);
  return {
    device,
    address,
    ...(mac ? { mac: macText(mac) } : {}),
    permanent: (state & NUD.permanent) !== 0,
  };
}

export function decodeFdb(message: Message, index: number, device: string): FdbEntry | undefined {
  const { body } = message;
  const attributes = attributesOf(body.subarray(12));
  const mac = attributes.get(NDA.mac);
  if (body.readUInt8(0) !== AF.bridge || body.readInt32LE(4) !== index || !mac) return undefined;
  const to = addressText(attributes.get(NDA.destination));
  return {
    device,
    mac: macText(mac),
    ...(to ? { to } : {}),
    permanent: (body.readUInt16LE(8) & NUD.permanent) !== 0,
  };
}
