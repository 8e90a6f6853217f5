// The answer of /version. Clients compare major and minor.
import { RELEASE } from '../../apimachinery/meta/release.js';

export const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: RELEASE,
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: `node ${process.version}`,
  compiler: 'v8',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
} as const;
