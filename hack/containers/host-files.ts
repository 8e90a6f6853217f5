// The files that images take from this machine: binaries of Debian packages with the libraries that
// they load.
import { realpathSync } from 'node:fs';
import { exec } from '../../pkg/system/exec.js';
import type { Entry } from './layer.js';

/** Host names and users inside a container come from files, then DNS. */
const NSSWITCH = 'passwd: files\ngroup: files\nhosts: files dns\n';

/** Debian's busybox crashes on `wget -T SECONDS`; the applet `timeout` bounds the time instead. */
const WGET = `#!/bin/sh
limit= left=$#
while [ $left -gt 0 ]; do
  word=$1
  shift
  left=$((left - 1))
  case $word in
    -T) limit=$1 && shift && left=$((left - 1)) ;;
    -T*) limit=\${word#-T} ;;
    *) set -- "$@" "$word" ;;
  esac
done
[ -n "$limit" ] && exec timeout "$limit" busybox wget "$@"
exec busybox wget "$@"
`;

/** The libraries that `file` loads, at the paths where the loader looks for them. */
export async function librariesOf(file: string): Promise<Entry[]> {
  const listed = await exec(['ldd', file]);
  const paths = [...listed.matchAll(/(?:=>\s*)?(\/\S+)\s+\(0x/g)].map(([, path]) => path!);
  return paths.map((path) => ({ path: path.slice(1), source: realpathSync(path), mode: 0o755 }));
}

/** A binary at `path` in the image, with its libraries. */
export async function program(path: string, source: string): Promise<Entry[]> {
  return [{ path, source: realpathSync(source), mode: 0o755 }, ...(await librariesOf(source))];
}

/** busybox with a link per applet, getent, users, and the folders that programs expect. */
export async function baseEntries(busybox = '/bin/busybox'): Promise<Entry[]> {
  const applets = (await exec([busybox, '--list']))
    .split('\n')
    .filter((name) => !['', 'busybox', 'wget'].includes(name));
  return [
    { path: 'bin/busybox', source: busybox, mode: 0o755 },
    ...applets.map((name): Entry => ({ path: `bin/${name}`, link: 'busybox' })),
    { path: 'bin/wget', text: WGET, mode: 0o755 },
    { path: 'usr/bin/env', link: '../../bin/busybox' },
    ...(await program('usr/bin/getent', '/usr/bin/getent')),
    {
      path: 'etc/passwd',
      text: 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    },
    { path: 'etc/group', text: 'root:x:0:\nnogroup:x:65534:\n' },
    { path: 'etc/nsswitch.conf', text: NSSWITCH },
    { path: 'root', folder: true, mode: 0o700 },
    { path: 'tmp', folder: true, mode: 0o1777 },
    { path: 'var/tmp', folder: true, mode: 0o1777 },
    { path: 'run', folder: true },
    { path: 'proc', folder: true },
    { path: 'sys', folder: true },
    { path: 'dev', folder: true },
  ];
}
