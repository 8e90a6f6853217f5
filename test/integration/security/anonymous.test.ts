// Requests without credentials, on servers that run with as few flags as possible, and signals
// that would open a debugger.
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseOptions } from '../../../cmd/kube-apiserver/options.js';
import { runKubeApiserver } from '../../../cmd/kube-apiserver/run.js';
import { realEnv } from '../../../pkg/system/env.js';
import { freePort } from '../../support/etcd-process.js';
import { ROOT } from '../../support/root.js';

const run = promisify(execFile);
const SECRETS = '/api/v1/namespaces/default/secrets';

describe('requests without credentials', function () {
  this.timeout(60_000);

  /** The status codes of GETs without and with the token of a user of system:masters. */
  async function statusCodes(flags: string[], tokens: (string | undefined)[]): Promise<number[]> {
    const folder = await mkdtemp(join(tmpdir(), 'wheelhouse-anonymous-'));
    await writeFile(join(folder, 'tokens'), 'good,root,1,"system:masters"\nplain,alice,2\n');
    const port = await freePort();
    const stop = new AbortController();
    const config = parseOptions([
      '--etcd-servers=memory',
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--cert-dir=${folder}`,
      `--token-auth-file=${join(folder, 'tokens')}`,
      ...flags,
    ]);
    const running = runKubeApiserver(config, realEnv('test', 'error'), stop.signal);
    const ask = (path: string, token?: string): Promise<number> =>
      new Promise((resolve) => {
        const headers = token ? { authorization: `Bearer ${token}` } : {};
        request(
          { host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, agent: false },
          (response) => response.resume().on('close', () => resolve(response.statusCode!)),
        )
          .on('error', () => resolve(0))
          .end();
      });
    try {
      const deadline = Date.now() + 40_000;
      while ((await ask('/readyz', 'good')) !== 200)
        assert.ok(Date.now() < deadline, 'the server is not ready in time');
      return await Promise.all(tokens.map((token) => ask(SECRETS, token)));
    } finally {
      stop.abort(new Error('over'));
      await running;
      await rm(folder, { recursive: true, force: true });
    }
  }

  it('have no rights on a server without --authorization-mode, nor have users without roles', async () => {
    assert.deepEqual(await statusCodes([], [undefined, 'plain', 'good']), [403, 403, 200]);
  });

  it('are refused wherever AlwaysAllow is among the authorizers', async () => {
    for (const modes of ['AlwaysAllow', 'RBAC,AlwaysAllow', 'AlwaysAllow,Node'])
      assert.deepEqual(
        await statusCodes(
          [`--authorization-mode=${modes}`, '--anonymous-auth=true'],
          [undefined, 'wrong', 'plain'],
        ),
        [401, 401, 200],
        modes,
      );
  });
});

describe('SIGUSR1', function () {
  this.timeout(60_000);

  it('opens no debugger in any program', async () => {
    const port = await freePort();
    const frame = new URL('../../../cmd/run.js', import.meta.url).href;
    const script = `
      import { url } from 'node:inspector';
      const { runMain } = await import(${JSON.stringify(frame)});
      void runMain('x', async () => {
        const held = process.listenerCount('SIGUSR1') > 0;
        const arrived = new Promise((resolve) => process.once('SIGUSR1', resolve));
        process.kill(process.pid, 'SIGUSR1');
        const alive = setInterval(() => {}, 1_000);
        await arrived;
        clearInterval(alive);
        console.log(held ? (url() ?? 'closed') : 'Node has the signal');
      });`;
    const { stdout } = await run(process.execPath, [
      `--inspect-port=${port}`,
      '--input-type=module',
      '--eval',
      script,
    ]);
    assert.equal(stdout.trim(), 'closed');
  });

  it('is held by the frame of every program', async () => {
    const commands = join(ROOT, 'cmd');
    const read = (...path: string[]) => readFile(join(commands, ...path), 'utf8');
    for (const entry of await readdir(commands, { withFileTypes: true })) {
      if (!entry.isDirectory()) continue;
      const text = await read(entry.name, 'main.ts');
      assert.match(text, /\brun(Main|Daemon|Watched|Plugin)\(/, entry.name);
    }
    for (const frame of ['daemon.ts', 'kubectl-plugin.ts'])
      assert.match(await read(frame), /\brunMain\(/, frame);
  });
});
