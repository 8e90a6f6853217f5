// A list shows exactly the state of its revision, however many writes happen meanwhile.
import assert from 'node:assert/strict';
import type { RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import { Api, configMap, namespace, type Json } from '../apiserver/harness.js';
import { serve } from '../apiserver/serve.js';
import { until } from './server-process.js';

describe('listings among writes', function () {
  this.timeout(60_000);
  let server: RunningApiServer;
  let api: Api;

  serve((...made) => ([server, api] = made));

  it('contain all changes up to their revision and none after', async () => {
    const ns = await namespace(api, 'snapshots');
    const revisions: number[] = [];
    const writer = async (name: string) => {
      for (let at = 0; at < 60; at++) {
        const made: Json = await api.ok(
          api.post(`${ns}/configmaps`, configMap(`${name}-${at}`)),
          201,
        );
        revisions.push(Number(made.metadata.resourceVersion));
      }
    };
    const lists: { revision: number; items: number[] }[] = [];
    let writing = true;
    const reader = async (query: string) => {
      while (writing) {
        const list: Json = await api.ok(api.get(`${ns}/configmaps${query}`));
        lists.push({
          revision: Number(list.metadata.resourceVersion),
          items: list.items.map(({ metadata }: Json) => Number(metadata.resourceVersion)),
        });
      }
    };
    const readers = ['', '', '?labelSelector=none!%3Da', '?resourceVersion=0', '?limit=500'].map(
      reader,
    );
    await Promise.all(Array.from({ length: 8 }, (_, at) => writer(`w${at}`)));
    writing = false;
    await Promise.all(readers);
    assert.ok(lists.length > 20);
    for (const { revision, items } of lists) {
      assert.deepEqual(
        items.filter((one) => one > revision),
        [],
        `list of ${revision}`,
      );
      assert.equal(
        items.length,
        revisions.filter((one) => one <= revision).length,
        `list of ${revision} is incomplete`,
      );
    }
  });

  it('name the revision that they show when changes are simultaneous', async () => {
    const ns = await namespace(api, 'together');
    const { storage } = server;
    const stored = (at: number) =>
      Buffer.from(
        JSON.stringify({
          kind: 'ConfigMap',
          apiVersion: 'v1',
          metadata: { name: `c${at}`, namespace: 'together', uid: `u${at}` },
        }),
      );
    const from = await storage.currentRevision();
    // Each list waits for another of the coming revisions.
    const lists = Array.from({ length: 20 }, (_, at) =>
      api.get(`${ns}/configmaps?resourceVersion=${from + 1 + at}`),
    );
    await until(
      'the lists wait',
      async () =>
        Number(
          /inflight_requests\{request_kind="readOnly"\} (\d+)/.exec(
            (await api.get('/metrics')).bytes.toString(),
          )?.[1],
        ) >= 20,
    );
    await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        storage.put(`/registry/configmaps/together/c${at}`, stored(at)),
      ),
    );
    for (const answer of lists) {
      const list: Json = await api.ok(answer);
      assert.equal(
        list.items.length,
        Number(list.metadata.resourceVersion) - from,
        `list of ${String(list.metadata.resourceVersion)} from ${from}`,
      );
    }
  });
});
