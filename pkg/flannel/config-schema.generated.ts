// Written by hack/generate-tables.mjs from config-schema.yaml; do not edit.

export const CONFIG_SCHEMA = {
"type": "object",
"properties": {"EnableIPv4":{"type":"boolean","default":true},"EnableIPv6":{"type":"boolean","default":false},"EnableNFTables":{"type":"boolean","default":false},"Network":{"type":"string"},"SubnetLen":{"type":"integer","minimum":0,"maximum":32,"default":0},"SubnetMin":{"type":"string"},"SubnetMax":{"type":"string"},"IPv6Network":{"type":"string"},"IPv6SubnetLen":{"type":"integer","minimum":0,"maximum":128,"default":0},"IPv6SubnetMin":{"type":"string"},"IPv6SubnetMax":{"type":"string"},"Backend":{"type":"object","properties":{"Type":{"type":"string","minLength":1}},"required":["Type"],"default":{"Type":"udp"}}}
} as const;

export const BACKEND_SCHEMAS = {
"vxlan": {"type":"object","properties":{"VNI":{"type":"integer","minimum":1,"maximum":16777215,"default":1},"Port":{"type":"integer","minimum":0,"maximum":65535,"default":0},"GBP":{"type":"boolean","default":false},"Learning":{"type":"boolean","default":false},"DirectRouting":{"type":"boolean","default":false},"MTU":{"type":"integer","minimum":0,"maximum":65535,"default":0},"TxChecksumOffload":{"type":"boolean","default":true}}},
"udp": {"type":"object","properties":{"Port":{"type":"integer","minimum":1,"maximum":65535,"default":8285},"MTU":{"type":"integer","minimum":0,"maximum":65535,"default":0},"Mode":{"enum":["auto","simple"],"default":"auto"}}},
"ipip": {"type":"object","properties":{"DirectRouting":{"type":"boolean","default":false}}},
"wireguard": {"type":"object","properties":{"PSK":{"type":"string","default":""},"ListenPort":{"type":"integer","minimum":1,"maximum":65535,"default":51820},"ListenPortV6":{"type":"integer","minimum":1,"maximum":65535,"default":51821},"MTU":{"type":"integer","minimum":0,"maximum":65535,"default":0},"Mode":{"enum":["separate","auto","ipv4","ipv6"],"default":"separate"},"PersistentKeepaliveInterval":{"type":"integer","minimum":0,"maximum":65535,"default":0}}},
"extension": {"type":"object","properties":{"PreStartupCommand":{"type":"string"},"PostStartupCommand":{"type":"string"},"SubnetAddCommand":{"type":"string"},"SubnetRemoveCommand":{"type":"string"},"ShutdownCommand":{"type":"string"}}}
} as const;
