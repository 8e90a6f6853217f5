// JSON Schemas of the network config and of each backend's options. The names are flannel's;
// config-check.ts matches them without regard to case. 0 and absent mean flannel's default.
const PORT = { type: 'integer', minimum: 0, maximum: 65535 } as const;
const LISTEN_PORT = { type: 'integer', minimum: 1, maximum: 65535 } as const;
const MTU = { type: 'integer', minimum: 0, maximum: 65535 } as const;
const COMMAND = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;

export const CONFIG_SCHEMA = {
  type: 'object',
  properties: {
    EnableIPv4: { type: 'boolean', default: true },
    EnableIPv6: { type: 'boolean', default: false },
    EnableNFTables: { type: 'boolean', default: false },
    Network: { type: 'string' },
    SubnetLen: { type: 'integer', minimum: 0, maximum: 32, default: 0 },
    SubnetMin: { type: 'string' },
    SubnetMax: { type: 'string' },
    IPv6Network: { type: 'string' },
    IPv6SubnetLen: { type: 'integer', minimum: 0, maximum: 128, default: 0 },
    IPv6SubnetMin: { type: 'string' },
    IPv6SubnetMax: { type: 'string' },
    Backend: {
      type: 'object',
      properties: { Type: { type: 'string', minLength: 1 } },
      required: ['Type'],
      default: { Type: 'udp' },
    },
  },
} as const;

/** Schemas by backend type; types without a schema take no options. */
export const BACKEND_SCHEMAS = {
  vxlan: {
    type: 'object',
    properties: {
      VNI: { type: 'integer', minimum: 1, maximum: 0xffffff, default: 1 },
      Port: { ...PORT, default: 0 },
      GBP: FLAG,
      Learning: FLAG,
      DirectRouting: FLAG,
      MTU: { ...MTU, default: 0 },
      TxChecksumOffload: { type: 'boolean', default: true },
    },
  },
  udp: {
    type: 'object',
    properties: {
      Port: { ...LISTEN_PORT, default: 8285 },
      MTU: { ...MTU, default: 0 },
      Mode: { enum: ['auto', 'simple'], default: 'auto' },
    },
  },
  ipip: { type: 'object', properties: { DirectRouting: FLAG } },
  wireguard: {
    type: 'object',
    properties: {
      PSK: { type: 'string', default: '' },
      ListenPort: { ...LISTEN_PORT, default: 51820 },
      ListenPortV6: { ...LISTEN_PORT, default: 51821 },
      MTU: { ...MTU, default: 0 },
      Mode: { enum: ['separate', 'auto', 'ipv4', 'ipv6'], default: 'separate' },
      PersistentKeepaliveInterval: { type: 'integer', minimum: 0, maximum: 65535, default: 0 },
    },
  },
  extension: {
    type: 'object',
    properties: {
      PreStartupCommand: COMMAND,
      PostStartupCommand: COMMAND,
      SubnetAddCommand: COMMAND,
      SubnetRemoveCommand: COMMAND,
      ShutdownCommand: COMMAND,
    },
  },
} as const;
