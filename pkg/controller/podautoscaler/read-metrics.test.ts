import assert from 'node:assert/strict';
import type { Pod } from '../../apis/core/v1/types.js';
import type { Client } from '../../client/client.js';
import { virtualEnv } from '../../../test/support/virtual-env.js';
import { createUsageReader } from './read-metrics.js';

describe('the usage of pods', () => {
  const pods = (...names: string[]) => names.map((name) => ({ metadata: { name } }) as Pod);
  const bench = (status = 200, names = ['a', 'b', 'c']) => {
    const { clock } = virtualEnv();
    const paths: string[] = [];
    const client = {
      raw: async (_method: string, path: string) => {
        paths.push(path);
        const body = new TextEncoder().encode(JSON.stringify({ items: pods(...names) }));
        return { status, body, headers: {} };
      },
    } as unknown as Client;
    const read = createUsageReader(client, clock, 3_000);
    const namesOf = async (...call: Parameters<typeof read>) =>
      (await read(...call)).map(({ metadata }) => metadata.name);
    return { clock, namesOf, paths };
  };
  const path = '/apis/metrics.k8s.io/v1beta1/namespaces/ns/pods';

  it('is read for each selector', async () => {
    const { namesOf, paths } = bench();
    assert.deepEqual(await namesOf('ns', 'app=web'), ['a', 'b', 'c']);
    assert.deepEqual(await namesOf('ns', 'app=web'), ['a', 'b', 'c']);
    assert.deepEqual(paths, Array(2).fill(`${path}?labelSelector=app%3Dweb`));
  });

  it('is read once for all that share a namespace, until it is old', async () => {
    const { clock, namesOf, paths } = bench();
    const both = [
      namesOf('ns', 'app=web', pods('a', 'x')),
      namesOf('ns', 'app=db', pods('b', 'c')),
    ];
    assert.deepEqual(await Promise.all(both), [['a'], ['b', 'c']]);
    await clock.advance(2_999);
    await namesOf('ns', 'app=web', pods('a'));
    assert.deepEqual(paths, [path]);
    await namesOf('other', 'app=web', pods('a'));
    await clock.advance(1);
    await namesOf('ns', 'app=web', pods('a'));
    assert.deepEqual(paths, [path, path.replace('/ns/', '/other/'), path]);
  });

  it('is refused to all that share it, in words of upstream', async () => {
    const { namesOf, paths } = bench(503);
    const message =
      'unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)';
    const both = ['app=web', 'app=db'].map((selector) => namesOf('ns', selector, pods('a')));
    for (const one of both) await assert.rejects(one, { message });
    assert.equal(paths.length, 1);
  });

  it('is missing when no pod of an autoscaler is among it', async () => {
    const message = 'no metrics returned from resource metrics API';
    await assert.rejects(bench().namesOf('ns', 'app=web', pods('x')), { message });
    await assert.rejects(bench(200, []).namesOf('ns', 'app=web'), { message });
  });
});
