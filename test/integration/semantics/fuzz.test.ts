// A bounded run of the fuzzer: no 5xx, no crash, no growth. fuzz.ts explains longer runs.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api } from '../apiserver/harness.js';
import { fuzz, sendRaw } from './fuzz.js';

const REQUESTS = 8_000;
const SEED = 20_250_101;
/**
 * Allows for objects, their history in the memory store and event rings; a leak of 4 KB a request
 * would be 32.
 */
const MAX_GROWTH_BYTES = 24_000_000;

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

describe('malformed requests', function () {
  this.timeout(120_000);
  let server: RunningApiServer;
  before(async () => {
    server = await startApiServer();
    await server.ready();
  });
  after(() => server.stop());

  it(`${REQUESTS} of them get answers below 500, and leak no memory`, async () => {
    await fuzz(server, 1_000, SEED + 1);
    const before = heapAfterCollection();
    const { statuses, bad } = await fuzz(server, REQUESTS, SEED);
    assert.deepEqual(bad, []);
    for (const status of [200, 201, 400, 404, 405, 406, 409, 415, 422])
      assert.ok((statuses[status] ?? 0) > 20, `the fuzzer is blunt: ${JSON.stringify(statuses)}`);
    const growth = heapAfterCollection() - before;
    assert.ok(growth < MAX_GROWTH_BYTES, `grew by ${growth} bytes`);
  });

  it('bytes that are not HTTP end only their own connection', async () => {
    const answers = await sendRaw(server);
    for (const answer of answers)
      assert.doesNotMatch(answer, /^HTTP\/1\.1 (2|50)/, answers.join(', '));
    const api = new Api(server);
    await api.ok(api.get('/readyz'));
    api.close();
  });
});
