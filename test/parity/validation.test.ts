// Validation of all kinds against the recorded answers of kube-apiserver 1.32. The file
// known-differences.txt names the requests that are answered otherwise, below the reason. The file
// may only get shorter: a request that became equal has to leave it.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { startApiServer, type RunningApiServer } from '../../cmd/kube-apiserver/start.js';
import {
  difference,
  type Json,
  normalize,
  readRecording,
  type Recorded,
  type RecordedAnswer,
  requestOf,
} from '../support/recording.js';
import { openSession, type Answer, type Session } from './session.js';

const FOLDER = 'test/parity';
const KNOWN = `${FOLDER}/known-differences.txt`;
const PARALLEL = 8;
const WORD = /^(\S+)/;

/** Ids of the file; lines that begin with '#' are reasons. */
const known = new Set(
  readFileSync(KNOWN, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#')),
);
const { requests, prepared } = readRecording(`${FOLDER}/validation.jsonl.gz`);
const kindOf = ({ id }: Recorded): string => WORD.exec(id)![1]!;
const kinds = [...new Set(requests.map(kindOf))];

function answerOf({ status, warning, text }: Answer): RecordedAnswer {
  const noted = warning ? { warnings: String(normalize(warning)) } : {};
  const body = normalize(JSON.parse(text)) as Json;
  if (status < 400) return { status, object: body, ...noted };
  return { status, message: body.message, causes: body.details?.causes, ...noted };
}

describe('validation as kube-apiserver 1.32', function () {
  this.timeout(120_000);
  let server: RunningApiServer | undefined;
  let session: Session | undefined;
  const differing = new Map<string, string>();

  const send = (line: Recorded): Promise<Answer> => {
    const { method, path, body } = requestOf(line);
    return session!.send(method, path, body);
  };

  before(async () => {
    server = await startApiServer({ serviceClusterIPRange: '10.96.0.0/16' });
    await server.ready();
    session = openSession(server);
    const namespaces = '/api/v1/namespaces';
    for (const name of ['answers', 'answers-q'])
      await session.send('POST', namespaces, { metadata: { name } });
    const account = { metadata: { name: 'default' } };
    await session.send('POST', `${namespaces}/answers/serviceaccounts`, account);
    for (const line of prepared) {
      const { status, text } = await send(line);
      assert.ok(status < 300 || status === 409, `${line.id}: ${text}`);
    }
    let next = 0;
    const work = async (): Promise<void> => {
      for (let line = requests[next++]; line; line = requests[next++]) {
        const found = difference(line.answer, answerOf(await send(line)));
        if (found !== undefined) differing.set(line.id, found);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, work));
    if (process.env['PARITY_SHRINK']) shrink(differing);
  });
  after(async () => {
    session?.close();
    await server?.stop();
  });

  for (const kind of kinds) {
    it(`answers requests of ${kind} alike`, () => {
      const bad = requests
        .filter((line) => kindOf(line) === kind && differing.has(line.id) && !known.has(line.id))
        .map(({ id }) => `${id}: ${differing.get(id)}`);
      assert.deepEqual(bad, []);
    });
  }

  it('names no request among the known differences that is answered alike', () => {
    assert.deepEqual(
      [...known].filter((id) => !differing.has(id)),
      [],
    );
  });
});

/** Takes requests that became equal out of the file. */
function shrink(differing: ReadonlyMap<string, string>): void {
  const lines = readFileSync(KNOWN, 'utf8').split('\n');
  const kept = lines.filter((line) => !line || line.startsWith('#') || differing.has(line));
  writeFileSync(KNOWN, kept.join('\n'));
}
