// The kubelet opens nothing by name that a container can change: subPaths, termination messages and
// logs, with real links, mounts and races (the kinds of CVE-2017-1002101 and CVE-2021-25741).
import assert from 'node:assert/strict';
import { constants } from 'node:fs';
import {
  open,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { terminationMessage } from '../../pkg/kubelet/host/termination-message.js';
import { containerDirectory, subPathsDirectory, type Layout } from '../../pkg/kubelet/layout.js';
import { logTail } from '../../pkg/kubelet/logs/read-log.js';
import type { RuntimeContainerStatus } from '../../pkg/kubelet/runtime/runtime.js';
import { mountPoints } from '../../pkg/kubelet/volumes/mount-points.js';
import { bindSubPath } from '../../pkg/kubelet/volumes/sub-path.js';
import { tearDownVolumes } from '../../pkg/kubelet/volumes/volumes.js';
import { exec, tryExec } from '../../pkg/system/exec.js';
import { realEnv } from '../../pkg/system/env.js';
import { needRoot } from '../support/skip.js';

describe('files that containers can change', function () {
  this.timeout(60_000);
  let base: string;
  let layout: Layout;
  let volume: string;
  let host: string;
  const { log } = realEnv('test', 'error');

  before(function () {
    needRoot(this);
  });
  beforeEach(async () => {
    base = await mkdtemp(path.join(tmpdir(), 'container-files-'));
    layout = { root: path.join(base, 'kubelet'), podLogs: path.join(base, 'logs') };
    volume = path.join(layout.root, 'pods/u/volumes/kubernetes.io~empty-dir/v');
    host = path.join(base, 'host');
    await mkdir(volume, { recursive: true, mode: 0o755 });
    await mkdir(host);
    await writeFile(path.join(host, 'key'), 'the key of the host');
    await writeFile(path.join(volume, 'key'), 'mine');
  });
  afterEach(async () => {
    await tearDownVolumes(layout, 'u');
    await rm(base, { recursive: true, force: true });
  });

  const bind = (relative: string, index = 0) =>
    bindSubPath(
      { layout, log },
      volume,
      { uid: 'u', volume: 'v', container: 'c', index },
      relative,
    );

  describe('subPath', () => {
    it('binds files, folders and links that stay in the volume', async () => {
      await symlink('key', path.join(volume, 'link'));
      await mkdir(path.join(volume, 'folder'));
      await writeFile(path.join(volume, 'folder/x'), 'x');
      assert.equal(await readFile(await bind('link', 0), 'utf8'), 'mine');
      const folder = await bind('folder', 1);
      assert.equal(folder, path.join(subPathsDirectory(layout, 'u'), 'v/c/1'));
      assert.deepEqual(await readdir(folder), ['x']);
      await writeFile(path.join(folder, 'y'), '');
      assert.ok(await stat(path.join(volume, 'folder/y')));
    });

    it('makes missing folders with the mode of the volume, once for each start', async () => {
      for (let start = 0; start < 3; start++) await bind('a/b');
      assert.equal((await stat(path.join(volume, 'a'))).mode & 0o777, 0o755);
      const places = (await mountPoints()).filter((m) => m.startsWith(`${layout.root}/`));
      assert.equal(places.length, 1, 'a start replaces the mount of the one before');
    });

    it('reads, lists and makes nothing of the host through links', async () => {
      await symlink(host, path.join(volume, 'out'));
      await symlink(path.join(host, 'key'), path.join(volume, 'file'));
      await symlink('../../../../../../host', path.join(volume, 'up'));
      await symlink(path.join(host, 'made'), path.join(volume, 'dangling'));
      await symlink('/proc/self/root', path.join(volume, 'magic'));
      for (const relative of [
        'out',
        'out/key',
        'file',
        'up',
        'up/new',
        'dangling/new',
        'magic/etc',
      ])
        await assert.rejects(
          bind(relative),
          {
            reason: 'CreateContainerConfigError',
            message: /^failed to prepare subPath for volumeMount "v" of container "c"$/,
          },
          relative,
        );
      for (const relative of ['../host', 'a/../../x', '/etc'])
        await assert.rejects(bind(relative), /SubPath/, relative);
      assert.deepEqual(await readdir(host), ['key']);
    });

    it('binds the file that was checked, though a container swaps the name all the time', async () => {
      const name = path.join(volume, 'swapped');
      await mkdir(name);
      await writeFile(path.join(name, 'key'), 'mine');
      const script = `while :; do mv -T ${name} ${name}.d; ln -s ${host} ${name}; rm ${name}; mv -T ${name}.d ${name}; done`;
      const swapper = new AbortController();
      const swapping = tryExec(['sh', '-c', script], { signal: swapper.signal }).catch(() => {});
      let bound = 0;
      try {
        for (let at = 0; at < 60; at++) {
          const place = await bind('swapped').catch(() => undefined);
          if (!place) continue;
          bound++;
          const text = await readFile(path.join(place, 'key'), 'utf8').catch(() => 'mine');
          assert.equal(text, 'mine');
        }
      } finally {
        swapper.abort();
        await swapping;
      }
      assert.ok(bound > 0, 'the race was never run');
      assert.deepEqual(await readdir(host), ['key']);
    });

    it('leaves no mount, and no file of the volume is lost with the place', async () => {
      const place = await bind('key');
      const kept = path.join(base, 'kept');
      await exec(['cp', '-a', volume, kept]);
      await bindSubPath(
        { layout, log },
        kept,
        { uid: 'u', volume: 'w', container: 'c', index: 0 },
        '.',
      );
      await tearDownVolumes(layout, 'u');
      assert.deepEqual(
        (await mountPoints()).filter((m) => m.startsWith(base)),
        [],
      );
      await assert.rejects(stat(place));
      assert.equal(await readFile(path.join(kept, 'key'), 'utf8'), 'mine');
    });
  });

  describe('termination message', () => {
    const status = (...mounts: { containerPath: string; hostPath: string }[]) =>
      ({
        exitCode: 1,
        logPath: path.join(layout.podLogs, 'n_p_u/c/0.log'),
        mounts,
        annotations: { 'io.kubernetes.container.terminationMessagePath': '/msg' },
      }) as unknown as RuntimeContainerStatus;

    it("is read from the container's own file, at most its end", async () => {
      const file = path.join(containerDirectory(layout, 'u', 'c'), '0-abc');
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, `${'x'.repeat(5000)}end`);
      const message = await terminationMessage(
        layout,
        status(
          { containerPath: '/msg', hostPath: path.join(volume, 'key') },
          { containerPath: '/msg', hostPath: file },
        ),
      );
      assert.equal(message.length, 4096);
      assert.ok(message.endsWith('end'));
    });

    it('is empty for a file of a volume, a link, a pipe and any other path', async () => {
      const folder = containerDirectory(layout, 'u', 'c');
      await mkdir(folder, { recursive: true });
      await symlink(path.join(host, 'key'), path.join(volume, 'msg'));
      await symlink(path.join(host, 'key'), path.join(folder, 'link'));
      await exec(['mkfifo', path.join(folder, 'pipe')]);
      for (const hostPath of [
        path.join(volume, 'msg'),
        path.join(volume, 'key'),
        path.join(folder, 'link'),
        path.join(folder, 'pipe'),
        path.join(host, 'key'),
        `${folder}/../../../../../host/key`,
      ])
        assert.equal(
          await terminationMessage(layout, status({ containerPath: '/msg', hostPath })),
          '',
          hostPath,
        );
    });
  });

  it('shows no file of the host as a log, whichever part of its path is a link', async () => {
    const folder = path.join(layout.podLogs, 'n_p_u/c');
    await mkdir(folder, { recursive: true });
    const line = '2026-01-01T00:00:01.000000001Z stdout F secret\n';
    await writeFile(path.join(host, '0.log'), line);
    await symlink(path.join(host, '0.log'), path.join(folder, '0.log'));
    await symlink(host, path.join(layout.podLogs, 'n_p_u/d'));
    await mkdir(path.join(host, 'c'));
    await writeFile(path.join(host, 'c/0.log'), line);
    await symlink(host, path.join(layout.podLogs, 'n_q_u'));
    for (const name of ['n_p_u/c/0.log', 'n_p_u/d/0.log', 'n_q_u/c/0.log'])
      await assert.rejects(
        logTail(path.join(layout.podLogs, name), 10, 1000),
        /symbolic link/,
        name,
      );
  });

  it('removes trees deeper than any path, with links and mounts in them, and nothing else', async () => {
    const name = 'd'.repeat(200);
    let at = await open(volume, constants.O_DIRECTORY);
    for (let depth = 0; depth < 100; depth++) {
      const below = `/proc/self/fd/${at.fd}/${name}`;
      await mkdir(below);
      await symlink(host, `${below}/link`);
      const next = await open(below, constants.O_DIRECTORY);
      await at.close();
      at = next;
    }
    await at.close();
    await tearDownVolumes(layout, 'u');
    await assert.rejects(stat(volume));
    assert.deepEqual(await readdir(host), ['key']);
  });
});
