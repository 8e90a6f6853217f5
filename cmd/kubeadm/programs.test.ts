import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skip } from '../../test/support/skip.js';
import { UNIT } from './programs.generated.js';
import { flagsOf, runScript } from './programs.js';

/** The words with which the script replaces itself by the program. */
function commandOf(script: string): string[] {
  const shown = script
    .replace('exec 2>&1', '')
    .replace(/^exec /m, "printf '%s\\n' ")
    .replace(/^.*\/etc\/default.*$/m, "KUBELET_EXTRA_ARGS='--v=4 --node-ip=192.0.2.7'");
  const { stdout, stderr, status } = spawnSync('sh', ['-c', shown], { encoding: 'utf8' });
  assert.equal(status, 0, stderr + shown);
  return stdout.trim().split('\n');
}

describe('programs of a node that joined', () => {
  it('get names and sockets untouched, and the flags of the machine last', () => {
    const [node, main] = ['$(reboot)', /^\/.*\/kubelet\/main\.js$/];
    const values = { node: `'${node}'`, socket: "'unix:///run/a b'", flannel: '' };
    const words = commandOf(runScript('kubelet', values));
    assert.equal(words[0], process.execPath);
    assert.match(words[2]!, main);
    assert.deepEqual(words.slice(3), [
      '--kubeconfig=/etc/kubernetes/kubelet.conf',
      '--config=/var/lib/kubelet/config.yaml',
      `--hostname-override=${node}`,
      '--container-runtime-endpoint=unix:///run/a b',
      '--v=4',
      '--node-ip=192.0.2.7',
    ]);
  });

  it('get what the cluster publishes as flags, and as nothing else', () => {
    const flannel = flagsOf({
      'etcd-endpoints': "https://192.0.2.1:2379' && reboot '",
      x: '{node}',
    });
    const words = commandOf(runScript('flanneld', { node: 'n', socket: 's', flannel }));
    assert.equal(words[0], 'setpriv');
    assert.deepEqual(words.slice(-2), [
      "--etcd-endpoints=https://192.0.2.1:2379' && reboot '",
      '--x={node}',
    ]);
    assert.equal(flagsOf(), '');
  });

  it('have a unit that systemd understands', function () {
    const dir = mkdtempSync(join(tmpdir(), 'wheelhouse-unit-'));
    const file = join(dir, 'wheelhouse-kubelet.service');
    const unit = UNIT.replaceAll('{name}', 'kubelet');
    writeFileSync(file, unit.replace('/var/lib/wheelhouse/kubelet/run', '/bin/true'));
    const { error, stderr, status } = spawnSync('systemd-analyze', ['verify', file], {
      encoding: 'utf8',
    });
    rmSync(dir, { recursive: true });
    if (error) skip(this, { setup: 'systemd-analyze' });
    assert.equal(status, 0, stderr);
    assert.equal(stderr, '');
  });
});
