// Builds and runs the projects of examples/ unchanged, with this checkout's package
// 'wheelhouse-test'.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { skip } from '../support/skip.js';

const run = promisify(execFile);
const ROOT = resolve('.');
const BUNDLE = 'dist/npm/wheelhouse-test';

const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);

interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies: Record<string, string>;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

describe('example projects', function () {
  this.timeout(120_000);
  let folder: string;

  before(async function () {
    if (!existsSync(BUNDLE)) skip(this, { setup: `${BUNDLE} (hack/build)` });
    folder = await mkdtemp(join(tmpdir(), 'wheelhouse-example-'));
  });
  after(() => folder && rm(folder, { recursive: true, force: true }));

  /** A copy of the project with its packages, which are this checkout's; tsc accepts it. */
  async function build(example: string, words: string[]): Promise<string> {
    const project = join(folder, example);
    await cp(`examples/${example}`, project, {
      recursive: true,
      filter: (path) => !/\/(build|node_modules)$/.test(path),
    });
    const [{ dependencies, devDependencies }, ours] = await Promise.all([
      readManifest(project),
      readManifest(ROOT),
    ]);
    const present = { ...ours.dependencies, ...ours.devDependencies };
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      const isOurs = name === 'wheelhouse-test';
      if (!isOurs)
        assert.equal(version, present[name], `${name} of the example is another than ours`);
      const link = join(project, 'node_modules', name);
      await mkdir(dirname(link), { recursive: true });
      await symlink(join(ROOT, isOurs ? BUNDLE : join('node_modules', name)), link);
    }
    await run(bin('tsc'), words, { cwd: project }).catch((error: { stdout: string }) =>
      assert.fail(error.stdout),
    );
    return project;
  }

  it('api-server-in-tests passes its own tests', async () => {
    const project = await build('api-server-in-tests', []);
    const { stdout } = await run(bin('mocha'), ['--timeout', '20000', 'build/test'], {
      cwd: project,
    }).catch((error: { stdout: string }) => assert.fail(error.stdout));
    assert.match(stdout, /7 passing|6 passing[^]*1 pending/);
  });

  // test/integration/extension/examples.test.ts and test/e2e/extension.test.ts run them.
  for (const example of ['operator', 'extension-server', 'admission-webhook'])
    it(`${example} has right types`, async () => {
      await build(example, ['--noEmit']);
    });
});
