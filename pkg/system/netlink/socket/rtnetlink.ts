// The rtnetlink codec: requests from Change objects, objects from kernel messages. Pure.
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
import {
  AF,
  ERRNO,
  IFA,
  IFF,
  IFLA,
  INFO,
  IPTUN_LOCAL,
  NDA,
  NTF_SELF,
  NUD,
  ONLINK,
  PROTOCOLS,
  ROUTE_TYPES,
  RTA,
  RTM,
  SCOPES,
  TABLE_MAIN,
  VETH_PEER,
  VXLAN,
} from './numbers.generated.js';
import { attributesOf, FLAG, MessageWriter, textOf, u32Of, type Message } from './wire.js';

const nameIn = <T>(names: Readonly<Record<string, T>>, number: number): T | undefined =>
  names[number];

export const codeOfErrno = (errno: number): NetlinkCode => nameIn(ERRNO, errno) ?? 'EOTHER';

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

const macBytes = (text: string): Uint8Array =>
  Uint8Array.from(text.split(':').map((part) => parseInt(part, 16)));

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

/** Bytes of a header; the rest of its `size` is zero. */
function header(size: number, ...bytes: readonly number[]): Buffer {
  const out = Buffer.alloc(size);
  out.set(bytes);
  return out;
}

function linkHeader(index: number, flags = 0, change = 0): Uint8Array {
  const out = header(16);
  out.writeInt32LE(index, 4);
  out.writeUInt32LE(flags, 8);
  out.writeUInt32LE(change, 12);
  return out;
}

function neighbourHeader(family: number, index = 0, state = 0, flags = 0): Uint8Array {
  const out = header(12, family);
  out.writeInt32LE(index, 4);
  out.writeUInt16LE(state, 8);
  out.writeUInt8(flags, 10);
  return out;
}

/** Resolves a device name to its index. */
export type IndexOf = (device: string) => number;

const familyOf = (address: string): number => (address.includes(':') ? AF.inet6 : AF.inet);
const REPLACE = FLAG.create | FLAG.replace;

/** A request that the kernel acknowledges. */
const request = (type: number, fixed: Uint8Array, flags = 0): MessageWriter =>
  new MessageWriter(type, FLAG.request | FLAG.ack | flags, fixed);

/** The attributes in IFLA_INFO_DATA by kind; other kinds have none. */
const INFO_DATA: {
  [K in LinkSpec['kind']]?: (
    data: MessageWriter,
    link: Extract<LinkSpec, { kind: K }>,
    indexOf: IndexOf,
  ) => MessageWriter;
} = {
  veth: (data, { peer }) =>
    data.nested(VETH_PEER, (inner) => inner.text(IFLA.name, peer), linkHeader(0)),
  ipip: (data, { local }) => data.bytes(IPTUN_LOCAL, addressBytes(local)),
  vxlan(data, { vxlan: { device, gbp, learning, local, port, vni } }, indexOf) {
    const localType = local?.includes(':') ? VXLAN.local6 : VXLAN.local;
    data
      .u32(VXLAN.id, vni)
      .u32(VXLAN.link, device ? indexOf(device) : undefined)
      .bytes(localType, local ? addressBytes(local) : undefined)
      .u8(VXLAN.learning, learning ? 1 : 0)
      .u16be(VXLAN.port, port);
    return gbp ? data.flag(VXLAN.gbp) : data;
  },
};

function addLink(link: LinkSpec, indexOf: IndexOf): MessageWriter {
  const fill = INFO_DATA[link.kind] as
    | ((data: MessageWriter, link: LinkSpec, indexOf: IndexOf) => MessageWriter)
    | undefined;
  const mac = link.kind === 'vxlan' && link.mac ? macBytes(link.mac) : undefined;
  return request(RTM.newLink, linkHeader(0), FLAG.create | FLAG.exclusive)
    .text(IFLA.name, link.name)
    .u32(IFLA.mtu, link.mtu || undefined)
    .bytes(IFLA.address, mac)
    .nested(IFLA.info, (info) => {
      info.text(INFO.kind, link.kind);
      if (fill) info.nested(INFO.data, (data) => fill(data, link, indexOf));
    });
}

function routeMessage(spec: RouteSpec, isDelete: boolean, indexOf: IndexOf): MessageWriter {
  const { bytes, length, family } = split(spec.to);
  const kind = spec.type === 'blackhole' ? 6 : spec.type === 'unreachable' ? 7 : 1;
  const [protocol, scope, type] = isDelete
    ? [0, 255, kind === 1 ? 0 : kind]
    : [3, kind === 1 && !spec.via && family === AF.inet ? 253 : 0, kind];
  const onlink = spec.onlink ? ONLINK : 0;
  return request(
    isDelete ? RTM.delRoute : RTM.newRoute,
    header(12, family, length, 0, 0, TABLE_MAIN, protocol, scope, type, onlink),
    isDelete ? 0 : REPLACE,
  )
    .bytes(RTA.destination, length > 0 ? bytes : undefined)
    .bytes(RTA.gateway, spec.via ? addressBytes(spec.via) : undefined)
    .u32(RTA.device, spec.device ? indexOf(spec.device) : undefined)
    .bytes(RTA.source, spec.source ? addressBytes(spec.source) : undefined)
    .u32(RTA.priority, spec.metric || undefined);
}

function addressMessage(
  type: number,
  flags: number,
  change: { device: string; address: string },
  indexOf: IndexOf,
): MessageWriter {
  const { bytes, length, family } = split(change.address);
  const isLoopback = bytes.length === 4 && bytes[0] === 127;
  const fixed = header(8, family, length, 0, isLoopback ? 254 : 0);
  fixed.writeUInt32LE(indexOf(change.device), 4);
  return request(type, fixed, flags).bytes(IFA.local, bytes).bytes(IFA.address, bytes);
}

function fdbMessage(
  type: number,
  flags: number,
  { device, mac, to }: { device: string; mac: string; to?: string },
  indexOf: IndexOf,
): MessageWriter {
  const fixed = neighbourHeader(AF.bridge, indexOf(device), NUD.permanent, NTF_SELF);
  return request(type, fixed, flags)
    .bytes(NDA.mac, macBytes(mac))
    .bytes(NDA.destination, to ? addressBytes(to) : undefined);
}

type Encoders = {
  [T in Change['type']]: (change: Extract<Change, { type: T }>, at: IndexOf) => MessageWriter;
};
const ENCODERS: Encoders = {
  'link-add': ({ link }, at) => addLink(link, at),
  'link-delete': ({ name }, at) => request(RTM.delLink, linkHeader(at(name))),
  'link-set'({ gsoMaxSize, mac, master, mtu, name, up }, at) {
    const flags = up === undefined ? [] : [up ? IFF.up : 0, IFF.up];
    return request(RTM.newLink, linkHeader(at(name), ...flags))
      .u32(IFLA.mtu, mtu)
      .bytes(IFLA.address, mac === undefined ? undefined : macBytes(mac))
      .u32(IFLA.master, master ? at(master) : master === null ? 0 : undefined)
      .u32(IFLA.gsoMaxSize, gsoMaxSize);
  },
  'address-replace': (change, at) => addressMessage(RTM.newAddress, REPLACE, change, at),
  'address-delete': (change, at) => addressMessage(RTM.delAddress, 0, change, at),
  'route-replace': ({ route }, at) => routeMessage(route, false, at),
  'route-delete': ({ route }, at) => routeMessage(route, true, at),
  'neigh-replace'({ address, device, mac }, at) {
    const fixed = neighbourHeader(familyOf(address), at(device), NUD.permanent);
    return request(RTM.newNeighbour, fixed, REPLACE)
      .bytes(NDA.destination, addressBytes(address))
      .bytes(NDA.mac, macBytes(mac));
  },
  'neigh-delete': ({ address, device }, at) =>
    request(RTM.delNeighbour, neighbourHeader(familyOf(address), at(device))).bytes(
      NDA.destination,
      addressBytes(address),
    ),
  'fdb-replace': (change, at) => fdbMessage(RTM.newNeighbour, REPLACE, change, at),
  'fdb-delete': (change, at) => fdbMessage(RTM.delNeighbour, 0, change, at),
};

/** The request for one change. */
export function encodeChange(change: Change, indexOf: IndexOf): MessageWriter {
  const encode = ENCODERS[change.type] as (change: Change, indexOf: IndexOf) => MessageWriter;
  return encode(change, indexOf);
}

const dump = (type: number, fixed: Uint8Array): MessageWriter =>
  new MessageWriter(type, FLAG.request | FLAG.dump, fixed);

export const requests = {
  links: () => dump(RTM.getLink, linkHeader(0)),
  linkNamed: (name: string) => request(RTM.getLink, linkHeader(0)).text(IFLA.name, name),
  addresses: () => dump(RTM.getAddress, header(8)),
  routes: (family: 4 | 6) => dump(RTM.getRoute, header(12, family === 4 ? AF.inet : AF.inet6)),
  neighbours: () => dump(RTM.getNeighbour, neighbourHeader(AF.unspec)),
  fdb: () => dump(RTM.getNeighbour, neighbourHeader(AF.bridge)),
  routeTo(address: string) {
    const { bytes, family, length } = split(address);
    return request(RTM.getRoute, header(12, family, length)).bytes(RTA.destination, bytes);
  },
};

/** Resolves an index to a device name; undefined when the device is gone. */
export type NameOf = (index: number) => string | undefined;

export const linkIndexOf = (message: Message): number => message.body.readInt32LE(4);

export const linkNameOf = (message: Message): string | undefined =>
  textOf(attributesOf(message.body.subarray(16)).get(IFLA.name));

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
    ...(kind && { kind }),
    ...(masterName && { master: masterName }),
  };
  if (kind === 'vxlan') {
    const data = attributesOf(info.get(INFO.data) ?? Buffer.alloc(0));
    const local = addressText(data.get(VXLAN.local) ?? data.get(VXLAN.local6));
    const device = nameAt(data.get(VXLAN.link));
    const port = data.get(VXLAN.port);
    link.vxlan = {
      vni: u32Of(data.get(VXLAN.id)) ?? 0,
      ...(local && { local }),
      ...(device && { device }),
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
    scope: nameIn(SCOPES, body.readUInt8(3)) as Address['scope'],
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
    ...(gateway && { via: gateway }),
    ...(device && { device }),
    type: nameIn(ROUTE_TYPES, body.readUInt8(7)) ?? 'other',
    onlink: (flags & ONLINK) !== 0,
    protocol: nameIn(PROTOCOLS, protocol) ?? String(protocol),
    scope: nameIn(SCOPES, body.readUInt8(6)) ?? 'global',
    ...(source && { source }),
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
  const permanent = (state & NUD.permanent) !== 0;
  return { device, address, ...(mac && { mac: macText(mac) }), permanent };
}

export function decodeFdb(message: Message, index: number, device: string): FdbEntry | undefined {
  const { body } = message;
  const attributes = attributesOf(body.subarray(12));
  const mac = attributes.get(NDA.mac);
  if (body.readUInt8(0) !== AF.bridge || body.readInt32LE(4) !== index || !mac) return undefined;
  const to = addressText(attributes.get(NDA.destination));
  const permanent = (body.readUInt16LE(8) & NUD.permanent) !== 0;
  return { device, mac: macText(mac), ...(to && { to }), permanent };
}
