// Two servers and one etcd, all real processes, are killed and paused while clients write, read and
// watch. Then the history of every client is checked. RELIABILITY_SECONDS sets the duration;
// RELIABILITY_SEED repeats the order of operations and faults (not their interleaving).
import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import { realEnv } from '../../../pkg/system/env.js';
import { openEtcdStorage } from '../../../pkg/storage/etcd/etcd-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { runFaults, seeded } from './faults.js';
import { checkHistory, type Change, type WatchStep } from './history.js';
import { HttpClient } from './http-client.js';
import { startCluster, TOKEN, until, type Cluster } from './server-process.js';
import { changeOf, createRecorder, runClient, runWatcher } from './workload.js';

const SECONDS = Number(process.env['RELIABILITY_SECONDS'] ?? 16);
const SEED = Number(process.env['RELIABILITY_SEED'] ?? Date.now() % 1_000_000);
const CLIENTS = 6;
// Enough watchers that the servers send events in batches.
const WATCHERS = 40;
const PREFIX = '/registry/configmaps/default/';
const KEYS = ['a', 'b', 'c', 'd', 'e'];

/** Watches the store directly, without a server. */
function follow(storage: Storage, fromRevision: number, signal: AbortSignal) {
  const log: Change[] = [];
  const uids = new Map<string, string>();
  const state = { revision: fromRevision };
  const done = (async () => {
    for await (const { revision, events } of storage.watch('', {
      fromRevision: fromRevision + 1,
      signal,
    })) {
      for (const { kv } of events) {
        if (!kv.key.startsWith(PREFIX) || !KEYS.includes(kv.key.slice(PREFIX.length))) continue;
        const key = kv.key.slice(PREFIX.length);
        const change = changeOf(key, kv.value, kv.modRevision, uids.get(key) ?? '');
        uids.set(key, change.uid);
        log.push(change);
      }
      state.revision = revision;
    }
  })().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { log, state, done };
}

describe('apiservers under faults', function () {
  this.timeout((SECONDS + 60) * 1000);
  let cluster: Cluster;
  let storage: Storage;
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);

  before(async () => {
    cluster = await startCluster(2);
    storage = openEtcdStorage({
      endpoints: [cluster.etcd.endpoint],
      env: realEnv('observer', 'error'),
    });
  });
  after(async () => {
    stop.abort(new Error('test over'));
    await storage?.close();
    await cluster?.stop();
  });

  it(`lose nothing acknowledged and read nothing stale (seed ${SEED})`, async () => {
    const random = seeded(SEED);
    const observer = follow(storage, await storage.currentRevision(), stop.signal);
    const recorder = createRecorder();
    const clientStop = new AbortController();
    const connections: HttpClient[] = [];
    const optionsOf = (name: string) => {
      const servers = cluster.servers.map(
        ({ url }) => new HttpClient(url, cluster.pki.ca.certPem, TOKEN),
      );
      connections.push(...servers);
      return {
        name,
        servers,
        keys: KEYS,
        recorder,
        random: seeded(Math.floor(random() * 2 ** 32)),
      };
    };
    const clients = Array.from({ length: CLIENTS }, (_, at) =>
      runClient(optionsOf(`c${at}`), clientStop.signal),
    );
    const watches = Array.from({ length: WATCHERS }, (_, at) => ({
      client: `w${at}`,
      steps: [] as WatchStep[],
    }));
    const watchers = watches.map((record) =>
      runWatcher(optionsOf(record.client), record, stop.signal),
    );
    const faults: string[] = [];
    await runFaults({
      cluster,
      random,
      milliseconds: SECONDS * 1000,
      compact: () => storage.compact(observer.state.revision),
      note: (text) => faults.push(text),
    });
    clientStop.abort();
    await Promise.all(clients);
    await Promise.all(cluster.servers.map((server) => server.ready()));
    const last = await storage.currentRevision();
    await until('the observer follows', () => observer.state.revision >= last);
    const lastChange = observer.log.at(-1)!.revision;
    const told = (steps: readonly WatchStep[]) =>
      steps.findLast((step) => step.type !== 'BOOKMARK');
    const revisionOf = (step: WatchStep | undefined) =>
      !step ? 0 : 'revision' in step ? step.revision : step.seen.revision;
    await until('watchers catch up', () =>
      watches.every(({ steps }) => revisionOf(told(steps)) >= lastChange),
    ).catch(() => {});
    stop.abort(new Error('watched enough'));
    await Promise.all([...watchers, observer.done]);
    for (const connection of connections) connection.close();
    const problems = checkHistory({ log: observer.log, operations: recorder.operations, watches });
    const unknown = recorder.operations.filter(
      (operation) => 'outcome' in operation && operation.outcome.type === 'unknown',
    ).length;
    const events = watches.reduce((sum, { steps }) => sum + steps.length, 0);
    console.log(
      `      ${recorder.operations.length} operations (${unknown} without outcome), ${observer.log.length} changes, ${events} watch steps, ${faults.length} faults; answers ${JSON.stringify([...recorder.statuses])}`,
    );
    if (problems.length) console.log(faults.join('\n'));
    assert.deepEqual(problems.slice(0, 10), []);
    assert.ok(
      recorder.operations.length > 40 && observer.log.length > 10,
      'too few operations to prove anything',
    );
    // An outage has specific codes; any other code is a bug.
    const odd = [...recorder.statuses.keys()].filter(
      (status) => ![0, 200, 201, 404, 409, 410, 429, 503, 504].includes(status),
    );
    assert.deepEqual(odd, []);
  });
});
