// hack/doctor on machines that lack something: the programs that it asks are replaced.
import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { tryExec } from '../../../pkg/system/exec.js';
import { ROOT } from '../../support/root.js';
import { needRoot } from '../../support/skip.js';

/** [the program to replace, its new script, the cause, the cure] */
const ILLS: readonly [program: string, script: string, cause: RegExp, cure: RegExp][] = [
  ['uname', 'echo Darwin', /system .*: this is Darwin, nodes need Linux/, /virtual machine/],
  [
    'uname',
    'case $1 in -s) echo Linux ;; *) echo 4.19.0 ;; esac',
    /Linux 4\.19\.0 is older than 5\.4/,
    /Debian/,
  ],
  [
    'node',
    'case $1 in -e) exit 1 ;; *) echo v18.1.0 ;; esac',
    /Node\.js >= 20\.19 is needed, this is v18\.1\.0/,
    /nodejs\.org/,
  ],
  [
    'dpkg-query',
    'echo runc install ok installed',
    /missing: etcd-server etcd-client containerd containernetworking/,
    /hack\/ensure/,
  ],
  [
    'df',
    'printf "h\\nd 9 9 102400 9%% /\\n"',
    /disk: 100 MB are free for .*, 2000 are needed/,
    /hack\/down/,
  ],
  [
    'df',
    'case $1 in -Pk) printf "h\\nd 9 9 9999999 9%% /\\n" ;; *) printf "h\\nd 9 9 12 9%% /\\n" ;; esac',
    /12 inodes are free/,
    /remove/,
  ],
  ['free', 'printf "h\\nMem: 1 1 1 1 1 300\\n"', /memory: 300 MB are available/, /--nodes 1/],
  [
    'kubectl',
    `echo '{"clientVersion": {"minor": "20"}}'`,
    /kubectl: version 1\.20, tried are 1\.27 to 1\.33/,
    /package kubectl of https/,
  ],
  ['kubectl', `echo '{"clientVersion": {"minor": "41+"}}'`, /kubectl: version 1\.41/, /v1\.32/],
  [
    'date',
    'echo 1000000000',
    /the clock is behind: package\.json was written in its future/,
    /timedatectl/,
  ],
  [
    'sysctl',
    'echo 8',
    /fs\.inotify\.max_user_instances is 8/,
    /sysctl -w fs\.inotify\.max_user_instances=512/,
  ],
  [
    'unshare',
    'echo not permitted >&2; exit 1',
    /namespaces: not permitted/,
    /privileged container/,
  ],
  [
    'unshare',
    'case "$*" in *vxlan*|*tun*) exit 1 ;; esac',
    /kernel features: missing: vxlan tun/,
    /modprobe/,
  ],
  [
    'ip',
    'echo "7: whl7: <UP>"',
    /left over: bridge whl7 of a cluster without a record/,
    /ip link delete whl7/,
  ],
  [
    'nft',
    'echo "table ip wheelhouse-ghost"',
    /left over: table wheelhouse-ghost/,
    /nft delete table ip wheelhouse-ghost/,
  ],
  [
    'findmnt',
    'printf "/run/wheelhouse/ghost\\n/run/wheelhouse/ghost/node-1.net\\n"',
    /left over: mount \/run\/wheelhouse\/ghost/,
    /umount -R -l \/run\/wheelhouse\/ghost/,
  ],
  [
    'ss',
    'echo "LISTEN 0 4096 0.0.0.0:16443 0.0.0.0:*"',
    /port 16443 of the stopped cluster "halted" is taken/,
    /hack\/down --name halted/,
  ],
];

describe('hack/doctor', function () {
  this.timeout(60_000);
  let dir: string;
  const diagnose = async (env: Record<string, string> = {}) => {
    const path = [join(dir, 'bin'), process.env['PATH']].join(delimiter);
    const { code, stdout, stderr } = await tryExec([join(ROOT, 'hack/doctor')], {
      env: { PATH: path, WHEELHOUSE_STATE: join(dir, 'state'), ...env },
    });
    assert.equal(stderr, '');
    return { code, stdout };
  };

  let healthy: string;
  const prepare = () => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-doctor-'));
    mkdirSync(join(dir, 'bin'));
    mkdirSync(join(dir, 'state/halted'), { recursive: true });
    const record = { name: 'halted', bridge: 'whl9', ports: { api: 16443, etcd: 12379 } };
    writeFileSync(join(dir, 'state/halted/cluster.json'), JSON.stringify(record, undefined, 2));
  };
  const clean = () => rmSync(dir, { recursive: true });

  before(async function () {
    needRoot(this);
    prepare();
    // As this machine is, but for the two that depend on who set it up.
    writeFileSync(join(dir, 'bin/sysctl'), '#!/bin/sh\necho 999999\n', { mode: 0o755 });
    writeFileSync(join(dir, 'bin/kubectl'), `#!/bin/sh\necho '{"minor": "32"}'\n`, { mode: 0o755 });
    healthy = (await diagnose()).stdout;
    clean();
  });
  beforeEach(prepare);
  afterEach(clean);

  for (const [program, script, cause, cure] of ILLS) {
    it(`names cause and cure when ${program} says: ${String(cause)}`, async () => {
      const file = join(dir, 'bin', program);
      writeFileSync(file, `#!/bin/sh\n${script}\n`);
      chmodSync(file, 0o755);
      const { code, stdout } = await diagnose();
      const lines = stdout.split('\n');
      const at = lines.findIndex((line) => cause.test(line));
      assert.ok(at >= 0, stdout);
      assert.match(lines[at + 1]!, /^ {6}cure: /);
      assert.match(lines[at + 1]!, cure);
      assert.match(lines[at]!, /^(FAIL|warn) /);
      if (lines[at]!.startsWith('FAIL')) assert.equal(code, 1);
      assert.doesNotMatch(healthy, cause);
    });
  }

  it('takes the bridge of a cluster that has a record for no leftover', async () => {
    writeFileSync(join(dir, 'bin/ip'), '#!/bin/sh\necho "9: whl9: <UP>"\n', { mode: 0o755 });
    assert.doesNotMatch((await diagnose()).stdout, /whl9/);
  });
});
