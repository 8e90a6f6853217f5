// Written by hack/generate-tables.mjs from numbers.yaml; do not edit.

export const RTM = {
"newLink": 16,
"delLink": 17,
"getLink": 18,
"newAddress": 20,
"delAddress": 21,
"getAddress": 22,
"newRoute": 24,
"delRoute": 25,
"getRoute": 26,
"newNeighbour": 28,
"delNeighbour": 29,
"getNeighbour": 30
} as const;

export const GROUPS = {
"link": 1,
"neigh": 4,
"address": 272,
"route": 1088
} as const;

export const AF = {
"unspec": 0,
"inet": 2,
"bridge": 7,
"inet6": 10
} as const;

export const IFLA = {
"address": 1,
"name": 3,
"mtu": 4,
"master": 10,
"info": 18,
"gsoMaxSize": 41
} as const;

export const INFO = {
"kind": 1,
"data": 2
} as const;

export const VXLAN = {
"id": 1,
"link": 3,
"local": 4,
"learning": 7,
"port": 15,
"local6": 17,
"gbp": 23
} as const;

export const VETH_PEER = 1 as const;

export const IPTUN_LOCAL = 2 as const;

export const IFA = {
"address": 1,
"local": 2,
"flags": 8
} as const;

export const RTA = {
"destination": 1,
"device": 4,
"gateway": 5,
"priority": 6,
"source": 7,
"table": 15
} as const;

export const NDA = {
"destination": 1,
"mac": 2
} as const;

export const IFF = {
"up": 1,
"lowerUp": 65536
} as const;

export const NUD = {
"noArp": 64,
"permanent": 128
} as const;

export const NTF_SELF = 2 as const;

export const ONLINK = 4 as const;

export const TABLE_MAIN = 254 as const;

export const PROTOCOLS = {
"0": "unspec",
"1": "redirect",
"2": "kernel",
"3": "boot",
"4": "static",
"9": "ra",
"16": "dhcp"
} as const;

export const SCOPES = {
"0": "global",
"200": "site",
"253": "link",
"254": "host",
"255": "nowhere"
} as const;

export const ROUTE_TYPES = {
"1": "unicast",
"2": "local",
"3": "broadcast",
"6": "blackhole",
"7": "unreachable"
} as const;

export const ERRNO = {
"1": "EPERM",
"2": "ENOENT",
"3": "ESRCH",
"17": "EEXIST",
"19": "ENODEV",
"22": "EINVAL",
"95": "EOPNOTSUPP",
"99": "EADDRNOTAVAIL",
"101": "ENETUNREACH",
"113": "ENETUNREACH"
} as const;
