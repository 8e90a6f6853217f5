import { strict as assert } from 'node:assert';
import { appendFile, mkdtemp, readdir, rename, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realClock, realEnv } from '../../system/env.js';
import { HollowRuntime } from '../runtime/hollow/hollow-runtime.js';
import { logTail, readLog, type LogOptions } from './read-log.js';
import { rotateIfLarge } from './rotate-logs.js';

const line = (second: number, text: string, stream = 'stdout', tag = 'F') =>
  `2026-01-01T00:00:${String(second).padStart(2, '0')}.000000001Z ${stream} ${tag} ${text}\n`;

describe('container logs', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'logs-'));
    file = path.join(folder, '0.log');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function read(options: LogOptions = {}): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of readLog(file, options, () => false, new AbortController().signal))
      chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('are read in full, by tail, limit, start time and stream, and with timestamps', async () => {
    await writeFile(
      file,
      line(1, 'one') + line(2, 'two', 'stderr') + line(3, 'thr', 'stdout', 'P') + line(3, 'ee'),
    );
    assert.equal(await read(), 'one\ntwo\nthree\n');
    assert.equal(await read({ tailLines: 3 }), 'two\nthree\n');
    assert.equal(await read({ tailLines: 0 }), '');
    assert.equal(await read({ limitBytes: 5 }), 'one\nt');
    assert.equal(await read({ stream: 'stderr' }), 'two\n');
    assert.equal(await read({ since: Date.parse('2026-01-01T00:00:02Z') }), 'two\nthree\n');
    assert.equal(
      await read({ timestamps: true, tailLines: 2 }),
      '2026-01-01T00:00:03.000000001Z three\n',
    );
    assert.equal(await logTail(file, 80, 6), 'three\n');
  });

  it('are tailed across chunks', async () => {
    const all = Array.from({ length: 5000 }, (_, i) =>
      line(i % 60, `line ${i} ${'x'.repeat(50)}`),
    ).join('');
    await writeFile(file, all);
    const text = await read({ tailLines: 2500 });
    assert.equal(text.split('\n').length - 1, 2500);
    assert.match(text, /^line 2500 /);
  });

  it('are followed across rotation until the container exits', async () => {
    await writeFile(file, line(1, 'one'));
    let running = true;
    const seen: string[] = [];
    const reader = (async () => {
      for await (const chunk of readLog(
        file,
        { follow: realClock },
        () => running,
        new AbortController().signal,
      )) {
        seen.push(chunk.toString().trim());
        if (seen.length === 1) await appendFile(file, line(2, 'two'));
        if (seen.length === 2) {
          await rename(file, `${file}.old`);
          await writeFile(file, line(3, 'three'));
        }
        if (seen.length === 3) running = false;
      }
    })();
    await reader;
    assert.deepEqual(seen, ['one', 'two', 'three']);
  }).timeout(60_000);

  it('are rotated and compressed, up to a bounded number of files', async () => {
    const env = realEnv('test', 'error');
    const runtime = new HollowRuntime(env, { sandboxDelay: 0, startDelay: 0 });
    const config = {
      metadata: { name: 'p', uid: 'u', namespace: 'd', attempt: 0 },
      hostname: '',
      logDirectory: folder,
      labels: {},
      annotations: {},
    };
    const sandbox = await runtime.runSandbox(config);
    const id = await runtime.createContainer(
      sandbox,
      {
        metadata: { name: 'c', attempt: 0 },
        image: { image: 'i' },
        command: [],
        args: [],
        workingDir: '',
        envs: [],
        mounts: [],
        labels: {},
        annotations: {},
        logPath: '0.log',
        stdin: false,
        stdinOnce: false,
        tty: false,
      },
      config,
    );
    assert.equal(
      await rotateIfLarge(runtime, id, file, { maxBytes: 10, maxFiles: 3 }, 0),
      false,
      'no file, nothing to do',
    );
    for (let round = 0; round < 6; round++) {
      await writeFile(file, line(1, `round ${round}`));
      assert.equal(
        await rotateIfLarge(
          runtime,
          id,
          file,
          { maxBytes: 10, maxFiles: 3 },
          Date.UTC(2026, 0, 1, 0, 0, round),
        ),
        true,
      );
    }
    const names = (await readdir(folder)).sort();
    assert.deepEqual(names, ['0.log.20260101-000004.gz', '0.log.20260101-000005']);
    assert.match(await readFile(path.join(folder, names[1]!), 'utf8'), /round 5/);
    await writeFile(file, line(1, 'kept'));
    await runtime.removeContainer(id);
    await assert.rejects(
      rotateIfLarge(runtime, id, file, { maxBytes: 10, maxFiles: 3 }, Date.UTC(2026, 0, 1, 0, 1)),
    );
    assert.match(
      await readFile(file, 'utf8'),
      /kept/,
      'a runtime that cannot reopen keeps its file',
    );
  });
});
