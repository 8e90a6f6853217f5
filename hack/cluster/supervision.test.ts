import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { quote } from '../../pkg/system/exec.js';
import { renderHeartbeatWatch } from './heartbeats.js';
import { renderFinish, renderRun } from './runit.js';
import type { Service } from './service.js';
import { renderUnit } from './systemd.js';
import { until } from './wait.js';

const service: Service = {
  name: 'node-1.kubelet',
  node: 'node-1',
  command: ['/usr/bin/printf', '%s|', "it's", '$HOME', 'a b', '100%'],
  env: { COLOR: 'dark red' },
  cgroup: '/wheelhouse/local/node-1/system',
  after: ['node-1.containerd'],
};

describe('supervision', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-supervision-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('quotes words for a shell', () => {
    assert.equal(quote("it's"), `'it'\\''s'`);
    assert.equal(quote('--a=b'), '--a=b');
  });

  it('has runit enter the cgroup and pass words through untouched', () => {
    const run = join(dir, 'run');
    const procs = join(dir, 'cgroup.procs');
    writeFileSync(run, renderRun(service, [procs]));
    chmodSync(run, 0o755);
    const { stdout, pid } = spawnSync(run, { cwd: dir, encoding: 'utf8' });
    assert.equal(stdout, "it's|$HOME|a b|100%|");
    assert.equal(readFileSync(procs, 'utf8').trim(), String(pid));
  });

  it('waits longer after each crash in a row, and not at all when the cluster stops', () => {
    const home = join(dir, 'service');
    mkdirSync(home);
    const finish = join(home, 'finish');
    // The script's `sleep` is replaced by a counter.
    writeFileSync(finish, renderFinish().replaceAll('sleep 1', 'echo nap >> naps'));
    chmodSync(finish, 0o755);
    const naps = () => {
      rmSync(join(home, 'naps'), { force: true });
      writeFileSync(join(home, 'started'), String(Math.floor(Date.now() / 1000)));
      assert.equal(spawnSync(finish, ['1', '0'], { cwd: home }).status, 0);
      try {
        return readFileSync(join(home, 'naps'), 'utf8').split('\n').length - 1;
      } catch {
        return 0;
      }
    };
    assert.deepEqual(
      [naps(), naps(), naps(), naps(), naps(), naps(), naps(), naps()],
      [0, 1, 2, 4, 8, 16, 30, 30],
    );
    writeFileSync(join(dir, '.stopping'), '');
    assert.equal(naps(), 0);
    rmSync(join(dir, '.stopping'));
    // A long run resets the back-off.
    writeFileSync(join(home, 'started'), '1');
    spawnSync(finish, ['0', '0'], { cwd: home });
    assert.equal(readFileSync(join(home, 'crashes'), 'utf8').trim(), '0');
  });

  it('ends processes without a heartbeat, and no others', async () => {
    const spare: ChildProcess[] = [];
    const run = (script: string, env: Record<string, string> = {}) => {
      const child = spawn('/bin/sh', ['-c', script], { env: { ...process.env, ...env } });
      spare.push(child);
      return child;
    };
    try {
      const folder = join(dir, 'heart beats');
      mkdirSync(folder);
      const sleeper = (name: string, file = join(folder, name)) => {
        const child = run('exec sleep 60', { WHEELHOUSE_HEARTBEAT: file });
        writeFileSync(join(folder, name), `${child.pid}\n`);
        return child;
      };
      const [silent, stopped, alive] = [
        sleeper('silent'),
        sleeper('stopped'),
        sleeper('n-1.kubelet'),
      ];
      const reused = sleeper('reused', '/another/file');
      stopped.kill('SIGSTOP');
      for (const name of ['silent', 'stopped', 'reused']) utimesSync(join(folder, name), 1, 1);
      writeFileSync(join(folder, 'gone'), '999999999\n');
      utimesSync(join(folder, 'gone'), 1, 1);
      const ended = Promise.all(
        [silent, stopped].map((child) => new Promise((resolve) => child.once('exit', resolve))),
      );
      const watch = run(renderHeartbeatWatch(folder, { period: 1, stale: 20 }));
      let said = '';
      watch.stdout!.setEncoding('utf8').on('data', (text: string) => (said += text));
      await ended;
      await until(
        () => said.split('\n').length > 2,
        5_000,
        () => said,
      );
      assert.match(said, /^silent: process \d+ has shown no sign of life for 20 s; ending it$/m);
      assert.match(said, /^stopped: /m);
      assert.deepEqual([alive.exitCode ?? alive.signalCode, reused.signalCode], [null, null]);
      assert.doesNotMatch(said, /kubelet|reused|gone/);
    } finally {
      for (const child of spare) child.kill('SIGKILL');
    }
  }).timeout(60_000);

  it('renders a systemd unit that restarts with back-off and leaves containers alone', () => {
    const unit = renderUnit('local', service, ['/sys/fs/cgroup/pids/x/cgroup.procs']);
    assert.match(unit, /^After=wheelhouse-local\.node-1\.containerd\.service$/m);
    assert.match(unit, /^Restart=always$/m);
    assert.match(unit, /^RestartMaxDelaySec=30$/m);
    assert.match(unit, /^KillMode=process$/m);
    assert.match(unit, /^Environment="COLOR=dark red"$/m);
    assert.match(
      unit,
      /^ExecStart=\/bin\/sh -c "echo \$\$\$\$ > \/sys\/fs\/cgroup\/pids\/x\/cgroup\.procs; exec \\"\$\$0\\" \\"\$\$@\\"" "\/usr\/bin\/printf" "%%s\|" "it's" "\$\$HOME" "a b" "100%%"$/m,
    );
  });
});
