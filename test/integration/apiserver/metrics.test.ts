// The series of requests in /metrics: upstream's labels, and a number bounded by the served
// resources.
import assert from 'node:assert/strict';
import { Api, configMap, type Json } from './harness.js';
import { serve } from './serve.js';

type Series = Record<string, string> & { value: string };

describe('metrics of requests', function () {
  this.timeout(60_000);
  let api: Api;

  serve((_server, made) => (api = made));

  async function series(name: string): Promise<Series[]> {
    const text = (await api.get('/metrics')).bytes.toString();
    return text.split('\n').flatMap((line) => {
      const match = /^(\w+)\{(.*)\} (\S+)$/.exec(line);
      if (match?.[1] !== name) return [];
      return [
        {
          ...Object.fromEntries(
            [...match[2]!.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label!, value!]),
          ),
          value: match[3]!,
        } as Series,
      ];
    });
  }

  it('carry the labels of upstream', async () => {
    await api.ok(api.post('/api/v1/namespaces/default/configmaps?dryRun=All', configMap('a')), 201);
    await api.ok(api.post('/api/v1/namespaces/default/configmaps', configMap('a')), 201);
    await api.get('/api/v1/namespaces/default/configmaps/none');
    await api.get('/api/v1/configmaps');
    await api.get('/api/v1/namespaces/default/configmaps');
    await api.patch(
      '/api/v1/namespaces/default/configmaps/a?fieldManager=m',
      'application/apply-patch+yaml',
      { apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } },
    );
    const lines = (await series('apiserver_request_total')).filter(
      ({ resource }) => resource === 'configmaps',
    );
    const shown = lines.map(
      ({ verb, scope, dry_run, code, value }) => `${verb} ${scope} ${dry_run}${code} ${value}`,
    );
    assert.deepEqual(shown.sort(), [
      'APPLY resource 200 1',
      'GET resource 404 1',
      'LIST cluster 200 1',
      'LIST namespace 200 1',
      'POST resource 201 1',
      'POST resource All201 1',
    ]);
    assert.deepEqual(Object.keys(lines[0]!).sort(), [
      'code',
      'component',
      'dry_run',
      'group',
      'resource',
      'scope',
      'subresource',
      'value',
      'verb',
      'version',
    ]);
    assert.deepEqual(
      [lines[0]!['group'], lines[0]!['version'], lines[0]!['component']],
      ['', 'v1', 'apiserver'],
    );
  });

  it('count open long-running requests by their labels until they end', async () => {
    const open = async (resource: string) =>
      (await series('apiserver_longrunning_requests')).find((one) => one['resource'] === resource)
        ?.value;
    const watches = ['configmaps', 'pods', 'pods'].map((name) =>
      api.watch(`/api/v1/${name}?watch=1`),
    );
    const until = async (pods: string, maps: string) => {
      const deadline = Date.now() + 40_000;
      while ((await open('pods')) !== pods || (await open('configmaps')) !== maps)
        assert.ok(Date.now() < deadline, `${await open('pods')} ${await open('configmaps')}`);
    };
    await until('2', '1');
    watches[1]!.close();
    await until('1', '1');
    for (const watch of watches) watch.close();
    await until('0', '0');
  });

  it('grow with the served resources, not with unknown names in requests', async () => {
    const { resources } = (await api.ok(api.get('/apis/apps/v1'))) as { resources: Json[] };
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'BREW']) {
      for (const { name } of resources as { name: string }[]) {
        const [resource, subresource] = name.split('/') as [string, string | undefined];
        const calls: Promise<unknown>[] = [];
        for (const scope of ['', '/namespaces/default', '/namespaces/none']) {
          for (const object of ['', '/x', '/y']) {
            for (const part of [subresource, 'made-up', undefined]) {
              if (method === 'DELETE' && !object) continue;
              const path = `/apis/apps/v1${scope}/${resource}${object}${object && part ? `/${part}` : ''}`;
              calls.push(
                api.call(
                  method,
                  path,
                  method === 'GET' || method === 'DELETE' || method === 'BREW' ? undefined : {},
                ),
              );
            }
          }
        }
        await Promise.all(calls);
      }
    }
    const seen = (await series('apiserver_request_duration_seconds_count')).filter(
      ({ group }) => group === 'apps',
    );
    for (const { verb, resource, subresource, scope } of seen) {
      const facts = resources.find(
        ({ name }) => name === (subresource ? `${resource}/${subresource}` : resource),
      ) as { verbs: string[] } | undefined;
      const wanted = {
        GET: 'get',
        LIST: 'list',
        POST: 'create',
        PUT: 'update',
        PATCH: 'patch',
        DELETE: 'delete',
      }[verb!];
      assert.ok(facts?.verbs.includes(wanted!), `${verb} ${resource}/${subresource}`);
      assert.ok(
        scope === 'resource' || (verb === 'LIST' && (scope === 'cluster' || scope === 'namespace')),
        `${verb} ${scope}`,
      );
    }
    const kinds = resources.filter(({ name }) => !(name as string).includes('/')).length;
    const parts = resources.length - kinds;
    assert.equal(seen.length, kinds * 7 + parts * 3);
    await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        api.call(n % 2 ? 'GET' : `M${n}`, `/${n % 3 ? 'apis/g' : 'x'}${n}/v${n}/r${n}/n${n}`),
      ),
    );
    const others = (await series('apiserver_request_total')).filter(({ resource }) => !resource);
    assert.ok(others.length < 30, String(others.length));
  });
});
