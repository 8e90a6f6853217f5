// The layers of tests in order. test/repo/tidy.test.ts checks that every test belongs to a layer.

export interface Layer {
  name: string;
  /** Each is a folder of build/ with all *.test.js below it, or one test without its suffix. */
  places: string[];
  minutes: number;
  /** Needs root on Linux. */
  root?: boolean;
  /** Runs under this release line of Node instead of the current one. */
  node?: string;
  /** Runs while the layer of this name does, when both are wanted. */
  beside?: string;
}

const LTS = '24';
const UNIT = ['pkg', 'cmd', 'packages', 'hack'];
/**
 * A release of Node.js can change HTTP/1, HTTP/2, TLS and WebSocket at both ends, streams and their
 * backpressure, child processes and signals, worker threads, datagrams, timers, cryptography, and
 * the module systems. The unit tests hold the rules of objects and controllers.
 */
const NODE_MATTERS = [
  'test/integration/apiserver',
  'test/integration/audit',
  'test/integration/auth/oidc',
  'test/integration/client',
  'test/integration/dns',
  'test/integration/extension/aggregation',
  'test/integration/extension/examples',
  'test/integration/extension/webhook-attacks',
  'test/integration/extension/webhooks',
  'test/integration/guestbook',
  'test/integration/reliability/memory',
  'test/integration/reliability/stuck-loop',
  'test/integration/security/anonymous',
  'test/integration/security/requests',
  'test/integration/security/silence',
  'test/integration/security/tls',
  'test/integration/semantics/wire',
  'test/integration/ui/ui',
  'test/interop/client-node',
];

/** The programs of `e2e` wait for containers and for one another most of the time. */
export const LAYERS: readonly Layer[] = [
  { name: 'unit', places: UNIT, minutes: 5 },
  { name: 'repo', places: ['test/repo', 'test/run', 'test/cis'], minutes: 3 },
  { name: 'contract', places: ['test/contract'], minutes: 5 },
  { name: 'integration', places: ['test/integration'], minutes: 20 },
  { name: 'fuzz', places: ['test/fuzz'], minutes: 3 },
  { name: 'sim', places: ['test/sim'], minutes: 9, beside: 'e2e' },
  { name: 'interop', places: ['test/interop'], minutes: 12, beside: 'e2e' },
  { name: 'parity', places: ['test/parity'], minutes: 6, beside: 'e2e' },
  { name: 'lts', places: [...UNIT, ...NODE_MATTERS], minutes: 12, node: LTS, beside: 'e2e' },
  { name: 'privileged', places: ['test/privileged'], minutes: 14, root: true },
  { name: 'e2e', places: ['test/e2e'], minutes: 35, root: true },
];
