// The layers of tests in order. test/repo/tidy.test.ts checks that every test belongs to a layer.

export interface Layer {
  name: string;
  /** Every *.test.js below these folders of build/. */
  folders: string[];
  minutes: number;
  /** Needs root on Linux. */
  root?: boolean;
  /** Runs under this release line of Node instead of the current one. */
  node?: string;
}

const LTS = '24';
const UNIT = ['pkg', 'cmd', 'packages', 'hack'];
const INTEGRATION = ['test/integration'];

export const LAYERS: readonly Layer[] = [
  { name: 'unit', folders: UNIT, minutes: 5 },
  { name: 'repo', folders: ['test/repo', 'test/run', 'test/cis'], minutes: 3 },
  { name: 'contract', folders: ['test/contract'], minutes: 5 },
  { name: 'integration', folders: INTEGRATION, minutes: 14 },
  { name: 'fuzz', folders: ['test/fuzz'], minutes: 3 },
  { name: 'sim', folders: ['test/sim'], minutes: 6 },
  { name: 'interop', folders: ['test/interop'], minutes: 6 },
  { name: 'parity', folders: ['test/parity'], minutes: 4 },
  { name: 'lts', folders: [...UNIT, ...INTEGRATION], minutes: 16, node: LTS },
  { name: 'privileged', folders: ['test/privileged'], minutes: 14, root: true },
  { name: 'e2e', folders: ['test/e2e'], minutes: 28, root: true },
];
