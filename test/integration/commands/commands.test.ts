// The scripts of hack/ without a cluster: help, versions, and words that they do not know.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { tryExec, type ExecResult } from '../../../pkg/system/exec.js';
import { ROOT } from '../../support/root.js';
import { needRoot } from '../../support/skip.js';

const hack = join(ROOT, 'hack');
const scripts = readdirSync(hack).filter((name) => {
  const stat = statSync(join(hack, name));
  return stat.isFile() && stat.mode & 0o100;
});
const isOfCluster = (name: string) => readFileSync(join(hack, name), 'utf8').includes('/enter"');

describe('the scripts of hack/', function () {
  this.timeout(60_000);
  let dir: string;
  let path: string;
  const called = () =>
    existsSync(join(dir, 'called')) ? readFileSync(join(dir, 'called'), 'utf8') : '';
  const run = (words: readonly string[], env: Record<string, string> = {}): Promise<ExecResult> =>
    tryExec([join(hack, words[0]!), ...words.slice(1)], { env: { PATH: path, ...env } });

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'wheelhouse-commands-'));
    // Programs with which a script would do its work; they only say that they were called.
    for (const name of ['apt-get', 'npm', 'gcc', 'tsc', 'flock', 'containerd', 'ip', 'nft']) {
      writeFileSync(join(dir, name), `#!/bin/sh\necho ${name} >> ${join(dir, 'called')}\n`);
      chmodSync(join(dir, name), 0o755);
    }
    path = `${dir}${delimiter}${process.env['PATH'] ?? ''}`;
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('are more than ten', () => assert.ok(scripts.length > 15, scripts.join(' ')));

  for (const name of scripts) {
    it(`${name} prints its help and its version, and does nothing`, async () => {
      for (const flag of ['--help', '-h']) {
        const { code, stdout, stderr } = await run([name, flag]);
        assert.equal(code, 0, stderr);
        assert.match(stdout, new RegExp(`hack/${name}\\b`));
      }
      const { code, stdout } = await run([name, '--version']);
      assert.equal(code, 0);
      assert.match(stdout, /^Wheelhouse \d+\.\d+\.\d+\S*, Kubernetes v1\.\d+\.\d+\n$/);
      assert.equal(called(), '');
    });

    it(`${name} refuses a flag that it does not know with exit code 2`, async function () {
      if (isOfCluster(name) || name === 'bench') {
        needRoot(this);
        this.timeout(240_000); // it may build what has changed
        path = process.env['PATH']!; // it may look whether the packages are installed
      }
      const { code, stdout, stderr } = await run([name, '--no-such-flag']);
      assert.equal(code, 2, stdout + stderr);
      assert.match(stderr, /no-such-flag|Usage/);
      assert.equal(called(), '');
    });
  }

  const refused: [words: string, message: RegExp][] = [
    ['simulate foo', /SEEDS cannot be "foo"/],
    ['simulate -- 1', /unknown flag "--"/],
    ['simulate 1 2 3', /unexpected argument "3"/],
    ['simulate 1 two', /FIRST cannot be "two"/],
    ['simulate 1.5', /SEEDS cannot be "1\.5"/],
    ['fuzz 1 2 Family', /FAMILY cannot be "Family"/],
    ['reliability ten', /RUNS cannot be "ten"/],
    ['build all', /unexpected argument "all"/],
    ['check pkg', /unexpected argument "pkg"/],
    ['ensure --all', /unknown flag "--all"/],
    ['test unitt', /cannot be "unitt"; it is one of unit, repo, /],
    ['test unit --fast', /unknown flag "--fast"/],
    ['doctor cluster', /unexpected argument "cluster"/],
  ];
  for (const [words, message] of refused) {
    it(`refuse "${words}" before they build or install`, async () => {
      const { code, stderr } = await run(words.split(' '));
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert.match(stderr, /See 'hack\/\w+ --help'/);
      assert.equal(called(), '');
    });
  }

  it('refuse settings of hack/simulate that are no numbers', async () => {
    for (const name of ['SIM_SEED', 'SIM_ROUNDS', 'SIM_SECONDS']) {
      const { code, stderr } = await run(['simulate', '1'], { [name]: 'x1' });
      assert.equal(code, 2, stderr);
      assert.match(stderr, new RegExp(`${name} cannot be "x1"`));
    }
    assert.equal(called(), '');
  });
});

describe('commands for clusters, without one', function () {
  this.timeout(60_000);
  let state: string;
  const run = (...words: string[]): Promise<ExecResult> =>
    tryExec([join(hack, words[0]!), ...words.slice(1)], {
      env: { WHEELHOUSE_STATE: state, KUBECONFIG: join(state, 'user', 'config') },
    });

  before(function () {
    needRoot(this);
    state = mkdtempSync(join(tmpdir(), 'wheelhouse-state-'));
  });
  after(() => state && rmSync(state, { recursive: true }));

  const wrong: [words: string, code: number, message: RegExp][] = [
    ['up now', 2, /too many arguments/],
    ['up --nodes three', 2, /invalid value for --nodes: "three" is not a number/],
    ['up --backend ipip', 2, /vxlan, udp, host-gw/],
    ['down local', 2, /too many arguments/],
    ['status -o yaml', 2, /text, json/],
    ['clusters all', 2, /too many arguments/],
    ['logs local', 2, /too many arguments/],
    ['kubeconfig --merge --remove', 2, /not both/],
    ['image', 2, /missing required argument/],
    ['image pull redis', 2, /"pull" is none of import, build, list, remove/],
    ['image toString', 2, /"toString" is none of/],
    ['image list all', 2, /unexpected argument "all"/],
    ['image import', 2, /needs 1 word/],
    ['image remove', 2, /needs 1 word/],
    ['image import --no-build a.tar Bad', 1, /"Bad" does not name an image: .*must be lowercase/],
    ['image build --no-build a.ts a:b:c', 1, /"a:b:c" does not name an image/],
    ['image remove --no-build ok:1 -x', 2, /unknown option '-x'/],
    ['image remove --no-build ok:1 a..b', 1, /"a\.\.b" does not name an image/],
    ['bench nothing', 2, /no benchmark "nothing"; there are/],
    ['bench --output=xml', 2, /text, json/],
    ['status --name nobody', 1, /there is no cluster "nobody"/],
    ['logs --name nobody', 1, /there is no cluster "nobody"/],
    ['kubeconfig --name nobody', 1, /there is no cluster "nobody"/],
  ];
  for (const [words, code, message] of wrong) {
    it(`hack/${words} ends with ${code}`, async () => {
      const result = await run(...words.split(' '));
      assert.equal(result.code, code, result.stdout + result.stderr);
      assert.match(result.stderr, message);
    });
  }

  it('hack/clusters says that there are none, and -o json gives an empty list', async () => {
    // Clusters of other checkouts may run on this machine.
    const ours = JSON.parse((await run('clusters', '-ojson')).stdout) as { folder: string }[];
    assert.deepEqual(
      ours.filter(({ folder }) => folder.startsWith(state)),
      [],
    );
  });
});
