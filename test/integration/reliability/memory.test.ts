// Watchers that come and go leak no memory. The server runs in this process, so that its heap can
// be measured after a full collection.
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace } from '../apiserver/harness.js';
import { until } from './server-process.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes in use after a full garbage collection. */
async function used(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe('apiserver memory', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;
  let ns = '';

  before(async () => {
    server = await startApiServer();
    await server.ready();
    api = new Api(server);
    ns = await namespace(api, 'memory');
    for (let at = 0; at < 50; at++)
      await api.ok(
        api.post(`${ns}/configmaps`, configMap(`c${at}`, { text: 'x'.repeat(1000) })),
        201,
      );
  });
  after(async () => {
    api?.close();
    await server?.stop();
  });

  const watchers = async () => {
    const text = (await api.get('/metrics')).bytes.toString();
    return Number(
      /apiserver_registered_watchers\{group="",resource="configmaps"\} (\d+)/.exec(text)?.[1],
    );
  };

  it('does not grow over cycles of watchers that connect and vanish', async () => {
    const kinds = [
      '',
      '&labelSelector=a%3Db',
      '&fieldSelector=metadata.name%3Dc1',
      '&allowWatchBookmarks=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan',
    ];
    const cycle = async () => {
      const clients = Array.from({ length: 4 }, () => new Api(server));
      const watches = clients.flatMap((client) =>
        Array.from({ length: 25 }, (_, at) =>
          client.watch(`${ns}/configmaps?watch=1${kinds[at % kinds.length]!}`),
        ),
      );
      // The second kind of watch selects no object.
      const told = watches.filter((_, at) => (at % 25) % kinds.length !== 1);
      await Promise.all(told.map((watch) => watch.until((events) => events.length > 0)));
      for (const client of clients) client.close();
      await until('the watchers are gone', async () => (await watchers()) === 0);
    };
    for (let warmUp = 0; warmUp < 4; warmUp++) await cycle();
    const before = await used();
    for (let count = 0; count < 20; count++) await cycle();
    const grown = (await used()) - before;
    // A leak of one object for each of the 2,000 watchers would show.
    assert.ok(grown < 1_000_000, `grown by ${grown} bytes`);
  });

  it('holds a bounded backlog for a watcher that does not read', async () => {
    const text = 'y'.repeat(500_000);
    const grow = async () => {
      const before = await used();
      for (let at = 0; at < 60; at++)
        await api.ok(
          api.put(`${ns}/configmaps/c1`, configMap('c1', { text, at: String(before + at) })),
        );
      return (await used()) - before;
    };
    // The event ring and the memory store keep versions regardless of watchers.
    const kept = await grow();
    const slow = new Api(server);
    const watch = slow.watch(`${ns}/configmaps?watch=1&fieldSelector=metadata.name%3Dc1`);
    await watch.until((events) => events.length === 1);
    watch.pause();
    const backlog = (await grow()) - kept;
    assert.equal(await watchers(), 1);
    assert.ok(backlog < 8_000_000, `${backlog} of 30,000,000 bytes are held for it`);
    slow.close();
  });
});
