// Custom resources, admission policies and webhooks against the recorded answers of kube-apiserver
// 1.32. The file extension-differences.txt names the scenarios with another answer, below the
// reason. The file may only get shorter: a scenario that became equal has to leave it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import { startHooks, type HookServer } from './hooks.js';
import { differenceOf, nameHooks, readScenarios, runScenario, type Scenario } from './scenario.js';
import { openSession, type Session } from './session.js';

const FOLDER = 'test/parity';
const KNOWN = `${FOLDER}/extension-differences.txt`;
const PARALLEL = 8;
/** Webhooks are told who asks: the user of the recording. */
const AS_RECORDED = {
  'impersonate-user': 'admin',
  'impersonate-uid': 'admin',
  'impersonate-group': 'system:masters',
};

/** Ids of the file; lines that begin with '#' are reasons. */
const known = new Set(
  readFileSync(KNOWN, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#')),
);
const scenarios = readScenarios(`${FOLDER}/extension.jsonl.gz`);
const topics = [...new Set(scenarios.map(({ topic }) => topic))];

async function differing(
  session: Session,
  hooks: HookServer,
  scenario: Scenario,
): Promise<string | undefined> {
  const answers = await runScenario(session, hooks, scenario);
  for (const [i, want] of scenario.answers.entries()) {
    const found = want && differenceOf(want, answers[i]!);
    if (found) return `step ${i + 1}: ${found}`;
  }
  return undefined;
}

describe('extensions as kube-apiserver 1.32', function () {
  this.timeout(120_000);
  let server: RunningApiServer | undefined;
  let session: Session | undefined;
  let hooks: HookServer | undefined;
  const found = new Map<string, string>();

  before(async () => {
    server = await startApiServer({ serviceClusterIPRange: '10.96.0.0/16' });
    await server.ready();
    session = openSession(server, AS_RECORDED);
    hooks = await startHooks();
    nameHooks(hooks);
    let next = 0;
    const work = async (): Promise<void> => {
      for (let one = scenarios[next++]; one; one = scenarios[next++]) {
        const difference = await differing(session!, hooks!, one);
        if (difference !== undefined) found.set(one.id, difference);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    if (process.env['PARITY_SHRINK']) shrink(found);
  });
  after(async () => {
    session?.close();
    await hooks?.stop();
    await server?.stop();
  });

  for (const topic of topics) {
    it(`answers scenarios of ${topic} alike`, () => {
      const bad = scenarios
        .filter((one) => one.topic === topic && found.has(one.id) && !known.has(one.id))
        .map(({ id }) => `${id}: ${found.get(id)}`);
      assert.deepEqual(bad, []);
    });
  }

  it('names no scenario among the known differences that is answered alike', () => {
    assert.deepEqual(
      [...known].filter((id) => !found.has(id)),
      [],
    );
  });
});

/** Takes scenarios that became equal out of the file. */
function shrink(found: ReadonlyMap<string, string>): void {
  const lines = readFileSync(KNOWN, 'utf8').split('\n');
  const kept = lines.filter((line) => !line || line.startsWith('#') || found.has(line));
  writeFileSync(KNOWN, kept.join('\n'));
}
