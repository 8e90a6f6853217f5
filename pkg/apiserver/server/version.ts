// The answer of /version. Clients compare major and minor; the suffix names this project.

export const VERSION = {
  major: '1',
  minor: '32',
  gitVersion: 'v1.32.0+wheelhouse',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: `node ${process.version}`,
  compiler: 'v8',
  platform: `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`,
} as const;
