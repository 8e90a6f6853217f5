// The layer table: which folder of pkg may import which. test/repo/layers.test.ts holds the code to it.

export interface Layer {
  level: 0 | 1 | 2 | 3;
  /** Folders of pkg it may import, besides itself. */
  imports: readonly string[];
  /** Uses no Node API, so that it also runs in the simulation and in a browser. */
  pure?: boolean;
  why: string;
}

const base = ['util', 'apimachinery', 'apis'] as const;
const meaning = [...base, 'component-helpers'] as const;

export const LAYERS: Record<string, Layer> = {
  util: { level: 0, imports: [], pure: true, why: 'nouns without opinions' },
  apimachinery: { level: 1, imports: ['util'], pure: true, why: 'what all API objects share' },
  apis: {
    level: 1,
    imports: ['util', 'apimachinery'],
    pure: true,
    why: 'the kinds: types, defaults, validation',
  },
  system: {
    level: 1,
    imports: ['util'],
    why: 'the host: processes, namespaces, netlink, certificates',
  },
  storage: { level: 2, imports: ['util'], why: 'revisioned keys; knows nothing of objects' },
  'component-helpers': {
    level: 2,
    imports: [...base],
    pure: true,
    why: 'what objects mean: each question about an object has one function, and everyone calls it',
  },
  client: { level: 2, imports: [...base], why: 'how components talk to the API' },
  apiserver: {
    level: 3,
    imports: [...meaning, 'storage', 'system', 'client'],
    why: 'the only component that stores objects; the client is for the kubelet-side types only',
  },
  registry: {
    level: 3,
    imports: [...meaning, 'apiserver'],
    pure: true,
    why: 'resource definitions; the contract lives in apiserver',
  },
  admission: {
    level: 3,
    imports: [...meaning, 'apiserver'],
    pure: true,
    why: 'admission plugins; the contract lives in apiserver',
  },
  controller: {
    level: 3,
    imports: [...meaning, 'client', 'system'],
    why: 'controllers meet others through the API only',
  },
  scheduler: {
    level: 3,
    imports: [...meaning, 'client'],
    pure: true,
    why: 'a pure decision over cached state',
  },
  kubelet: { level: 3, imports: [...meaning, 'client', 'system'], why: 'the node' },
  proxy: { level: 3, imports: [...meaning, 'client', 'system'], why: 'services in nftables' },
  flannel: {
    level: 3,
    imports: [...base, 'client', 'system', 'storage'],
    why: 'keeps its leases in etcd, as flannel does',
  },
  dns: {
    level: 3,
    imports: [...base, 'client', 'system', 'storage'],
    why: 'reads SkyDNS records from etcd',
  },
  ui: { level: 3, imports: [...meaning, 'client'], why: 'a page over the API' },
};
