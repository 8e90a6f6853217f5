// The wire format for every kubectl command, and the resources that are served in two versions.
// README.md has the table.
import { protobufBody } from '../../support/protobuf-body.js';
import assert from 'node:assert/strict';
import type { ResourceFacts } from '../../../pkg/apimachinery/schema/facts.js';
import { MESSAGES } from '../../../pkg/apis/facts/messages.js';
import { RESOURCES } from '../../../pkg/apis/facts/resources.js';
import { sampleOf } from '../../../pkg/registry/samples.test.js';
import { configMap, type Json } from '../apiserver/harness.js';
import { deployment, MERGE, withServer } from './serve.js';

const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const AGGREGATED_ACCEPT = `${AGGREGATED},application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json`;

function schemaOf({
  group,
  version,
  kind,
}: {
  group: string;
  version: string;
  kind: string;
}): string {
  return Object.keys(MESSAGES).find((name) =>
    MESSAGES[name]!.gvk?.some(
      (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
    ),
  )!;
}

withServer('the wire of kubectl', (suite) => {
  it('indents answers on request, and for curl', async () => {
    const { api, name } = suite;
    await api.post(
      `/api/v1/namespaces/${name}/configmaps`,
      configMap(`${name}-pretty`, { a: '{"b":[]}' }),
    );
    const path = `/api/v1/namespaces/${name}/configmaps`;
    for (const where of [
      `${path}/${name}-pretty`,
      path,
      `${path}/none`,
      '/api',
      '/apis/apps/v1',
      '/',
    ]) {
      const plain = await api.get(where);
      const indented = JSON.stringify(plain.json, null, 2);
      const asked = await api.get(`${where}?pretty=true`);
      assert.equal(asked.bytes.toString(), indented, where);
      assert.equal(
        (await api.get(where, { 'user-agent': 'curl/8.5.0' })).bytes.toString(),
        indented,
        where,
      );
      assert.equal(
        (await api.get(where, { 'user-agent': 'curl/8.5.0', accept: 'application/json;pretty=1' }))
          .status,
        asked.status,
      );
      if (where !== '/') assert.doesNotMatch(plain.bytes.toString(), /\n +"/, where);
    }
  });

  it('answers tables and bare metadata in the requested version', async () => {
    const { api, name } = suite;
    const path = `/api/v1/namespaces/${name}/configmaps`;
    await api.post(path, configMap(`${name}-beta`, {}));
    for (const version of ['v1', 'v1beta1']) {
      const accept = (as: string) => ({
        accept: `application/json;as=${as};v=${version};g=meta.k8s.io`,
      });
      const apiVersion = `meta.k8s.io/${version}`;
      for (const where of [path, `${path}/${name}-beta`]) {
        const { json } = await api.get(where, accept('Table'));
        assert.deepEqual(
          [json.kind, json.apiVersion, json.rows[0].object.kind, json.rows[0].object.apiVersion],
          ['Table', apiVersion, 'PartialObjectMetadata', apiVersion],
        );
      }
      const { json: list } = await api.get(path, accept('PartialObjectMetadataList'));
      assert.deepEqual(
        [list.kind, list.apiVersion, list.items[0].apiVersion],
        ['PartialObjectMetadataList', apiVersion, apiVersion],
      );
      const tables = api.watch(`${path}?watch=1`, accept('Table'));
      await tables.until((events) => events.length > 0);
      assert.deepEqual(
        [tables.events[0]!.object.apiVersion, tables.events[0]!.object.rows[0].object.apiVersion],
        [apiVersion, apiVersion],
      );
      tables.close();
    }
  });

  const sampled = RESOURCES.filter(
    (facts: ResourceFacts) =>
      facts.verbs.includes('create') &&
      sampleOf(facts) &&
      !(facts.resource === 'horizontalpodautoscalers' && facts.version === 'v1'),
  );

  it('reads every kind as protobuf, and answers in JSON', async () => {
    const { api, name } = suite;
    for (const facts of sampled) {
      const object = sampleOf(facts) as unknown as Json;
      delete object.metadata.uid;
      // The names of some kinds follow from their specs.
      if (object.metadata.name === 'sample') object.metadata.name = `${name}-proto`;
      if (facts.namespaced) object.metadata.namespace = name;
      for (const about of [object.involvedObject, object.regarding])
        if (about) about.namespace = name;
      const body = protobufBody(object, schemaOf(facts));
      assert.equal(body.subarray(0, 4).toString('latin1'), 'k8s\0');
      const path = `${facts.group ? `/apis/${facts.group}` : '/api'}/${facts.version}${facts.namespaced ? `/namespaces/${name}` : ''}/${facts.resource}`;
      const headers = { 'content-type': PROTOBUF, accept: `${PROTOBUF},application/json` };
      if (facts.resource === 'events') object.metadata.name += facts.group ? 'new' : '';
      const dry = await api.post(`${path}?dryRun=All`, body, headers);
      const json = await api.post(`${path}?dryRun=All`, object);
      assert.deepEqual(
        [dry.status, json.status, dry.headers['content-type']],
        [201, 201, 'application/json'],
        `${facts.resource}: ${dry.bytes.toString()}`,
      );
      const strip = (one: Json): Json => {
        for (const field of ['uid', 'creationTimestamp', 'managedFields'])
          delete one.metadata[field];
        for (const port of one.spec?.ports ?? []) delete port.nodePort;
        for (const field of ['clusterIP', 'clusterIPs']) if (one.spec) delete one.spec[field];
        return JSON.parse(
          JSON.stringify(one).replaceAll(
            /kube-api-access-\w{5}|[0-9a-f]{8}-[0-9a-f-]{27}/g,
            'random',
          ),
        ) as Json;
      };
      if (facts.resource !== 'events')
        assert.deepEqual(strip(dry.json), strip(json.json), facts.resource);
    }
  });

  it("deletes by protobuf options under the resource's own version", async () => {
    const { api } = suite;
    const path = `${suite.in('apps/v1')}/deployments`;
    await api.ok(api.post(path, deployment('d')), 201);
    const body = protobufBody(
      { apiVersion: 'apps/v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground' },
      'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
    );
    const answer = await api.call('DELETE', `${path}/d`, body, { 'content-type': PROTOBUF });
    assert.deepEqual(
      [answer.status, answer.json.metadata?.finalizers],
      [200, ['foregroundDeletion']],
      answer.bytes.toString(),
    );
  });

  it('refuses media types with 415 and 406, as Status', async () => {
    const { api, ns } = suite;
    const cbor = await api.post(`${ns}/configmaps`, Buffer.from([0xa0]), {
      'content-type': 'application/cbor',
    });
    assert.deepEqual([cbor.status, cbor.json.reason], [415, 'UnsupportedMediaType']);
    const broken = await api.post(`${ns}/configmaps`, Buffer.from('k8s\0garbage'), {
      'content-type': PROTOBUF,
    });
    assert.deepEqual([broken.status, broken.json.reason], [400, 'BadRequest']);
    const html = await api.get(`${ns}/configmaps`, { accept: 'text/html' });
    assert.deepEqual(
      [html.status, html.json.kind, html.json.reason],
      [406, 'Status', 'NotAcceptable'],
    );
    const patch = await api.patch(`${ns}/configmaps/a`, 'application/cbor', Buffer.from([0xa0]));
    assert.equal(patch.status, 415);
  });

  it('serves aggregated discovery with an ETag at both roots', async () => {
    const { api } = suite;
    for (const path of ['/api?timeout=32s', '/apis?timeout=32s']) {
      const answer = await api.get(path, { accept: AGGREGATED_ACCEPT });
      assert.equal(answer.headers['content-type'], AGGREGATED);
      assert.match(answer.headers['etag']!, /^"[^"]+"$/);
      assert.equal(
        (
          await api.get(path, {
            accept: AGGREGATED_ACCEPT,
            'if-none-match': answer.headers['etag']!,
          })
        ).status,
        304,
      );
      for (const group of answer.json.items) {
        for (const version of group.versions) {
          for (const {
            resource,
            responseKind,
            scope,
            verbs,
            singularResource,
          } of version.resources) {
            assert.ok(
              resource &&
                responseKind.kind &&
                /^(Namespaced|Cluster)$/.test(scope) &&
                Array.isArray(verbs) &&
                singularResource,
              `${version.version} ${resource}`,
            );
          }
        }
      }
    }
    const old: Json = await api.ok(api.get('/apis'));
    for (const { name, versions, preferredVersion } of old.groups) {
      assert.ok(
        versions.some(({ groupVersion }: Json) => groupVersion === preferredVersion.groupVersion),
        name,
      );
      for (const { groupVersion } of versions)
        assert.equal((await api.ok(api.get(`/apis/${groupVersion}`))).groupVersion, groupVersion);
      assert.equal((await api.ok(api.get(`/apis/${name}`))).kind, 'APIGroup');
    }
    assert.deepEqual((await api.ok(api.get('/api'))).versions, ['v1']);
  });

  it('lets clients cache schemas for a year under their hash', async () => {
    const { api } = suite;
    const index: Json = await api.ok(api.get('/openapi/v3'));
    const url = new URL(index.paths['api/v1'].serverRelativeURL as string, 'https://x');
    assert.deepEqual(
      [url.pathname, Boolean(url.searchParams.get('hash'))],
      ['/openapi/v3/api/v1', true],
    );
    const document = await api.get(`${url.pathname}${url.search}`, { accept: 'application/json' });
    assert.deepEqual(
      [document.status, document.headers['cache-control']],
      [200, 'public, immutable'],
    );
    const year = Date.parse(document.headers['expires']!) - Date.now();
    assert.ok(year > 360 * 86_400_000 && /Accept/.test(document.headers['vary']!));
    const stale = await api.get(`${url.pathname}?hash=OLD`);
    assert.deepEqual(
      [stale.status, stale.headers['location']],
      [301, `${url.pathname}${url.search}`],
    );
    const patch = document.json.paths['/api/v1/namespaces/{namespace}/pods/{name}'].patch;
    assert.deepEqual(patch['x-kubernetes-group-version-kind'], {
      group: '',
      version: 'v1',
      kind: 'Pod',
    });
    assert.ok(patch.parameters.some(({ name }: Json) => name === 'fieldValidation'));
    assert.ok('application/strategic-merge-patch+json' in patch.requestBody.content);
    assert.equal(
      document.json.components.schemas['io.k8s.api.core.v1.PodSpec'].properties.containers[
        'x-kubernetes-patch-merge-key'
      ],
      'name',
    );
    const v2 = await api.get('/openapi/v2', { accept: 'application/json' });
    assert.deepEqual([v2.status, v2.json.swagger], [200, '2.0']);
    const proto = await api.get('/openapi/v2', {
      accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    });
    assert.deepEqual(
      [proto.status, proto.headers['content-type']],
      [200, 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'],
    );
  });

  it('answers every refusal of a served API with a Status with code, reason and message', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    const refusals = [
      api.get('/apis/apps/v1/none'),
      api.get(`${ns}/configmaps/none`),
      api.post(`${ns}/configmaps`, configMap('a')),
      api.put(`${ns}/configmaps`, {}),
      api.post(`${ns}/configmaps`, '{'),
      api.post(`${ns}/pods`, {}),
      api.get(`${ns}/pods?limit=x`),
      api.post('/api/v1/namespaces/none/pods/x/exec', {}),
      api.get(`${ns}/pods/x/log`),
    ];
    for (const answer of await Promise.all(refusals)) {
      const { kind, apiVersion, status, reason, message, code, metadata } = answer.json;
      assert.deepEqual(
        [kind, apiVersion, status, code, metadata],
        ['Status', 'v1', 'Failure', answer.status, {}],
        answer.bytes.toString(),
      );
      assert.ok(
        reason && message && answer.status >= 400 && answer.status < 500,
        answer.bytes.toString(),
      );
    }
  });

  it('serves an autoscaler and an event in both versions', async () => {
    const { api, ns, name } = suite;
    const hpa = (version: string) =>
      `${suite.in(`autoscaling/${version}`)}/horizontalpodautoscalers`;
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' };
    await api.ok(
      api.post(hpa('v1'), {
        metadata: { name: 'h' },
        spec: {
          scaleTargetRef,
          minReplicas: 2,
          maxReplicas: 3,
          targetCPUUtilizationPercentage: 55,
        },
      }),
      201,
    );
    const v2: Json = await api.ok(api.get(`${hpa('v2')}/h`));
    assert.deepEqual(
      [v2.apiVersion, v2.spec.metrics],
      [
        'autoscaling/v2',
        [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 55 } },
          },
        ],
      ],
    );
    v2.spec.metrics.push({
      type: 'Resource',
      resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1Gi' } },
    });
    await api.ok(api.put(`${hpa('v2')}/h`, v2));
    const v1: Json = await api.ok(api.get(`${hpa('v1')}/h`));
    assert.deepEqual(
      [v1.apiVersion, v1.spec.targetCPUUtilizationPercentage],
      ['autoscaling/v1', 55],
    );
    const patched: Json = await api.ok(
      api.patch(`${hpa('v1')}/h`, MERGE, { spec: { maxReplicas: 9 } }),
    );
    assert.equal(patched.spec.maxReplicas, 9);
    const kept: Json = await api.ok(api.get(`${hpa('v2')}/h`));
    assert.deepEqual(
      [kept.spec.maxReplicas, kept.spec.metrics.length],
      [9, 2],
      'a round through v1 loses no metric',
    );
    const events = `${suite.in('events.k8s.io/v1')}/events`;
    await api.ok(
      api.post(events, {
        metadata: { name: 'e' },
        eventTime: '2025-01-01T00:00:00.000000Z',
        reportingController: 'x.io/c',
        reportingInstance: 'i',
        action: 'Act',
        reason: 'Why',
        type: 'Normal',
        note: 'said',
        regarding: { kind: 'Pod', name: 'p', namespace: name },
      }),
      201,
    );
    const core: Json = await api.ok(api.get(`${ns}/events/e`));
    assert.deepEqual(
      [core.apiVersion, core.message, core.involvedObject.name, core.reportingComponent],
      ['v1', 'said', 'p', 'x.io/c'],
    );
    const watch = api.watch(`${events}?watch=1`);
    await watch.until((seen) => seen.length === 1);
    assert.deepEqual(
      [watch.events[0]!.object.apiVersion, watch.events[0]!.object.note],
      ['events.k8s.io/v1', 'said'],
    );
    watch.close();
    const statuses: Json = await api.ok(api.get('/api/v1/componentstatuses'));
    assert.deepEqual(
      [statuses.kind, statuses.items.map(({ metadata }: Json) => metadata.name)],
      ['ComponentStatusList', ['controller-manager', 'scheduler', 'etcd-0']],
    );
    assert.equal(
      (await api.ok(api.get('/api/v1/componentstatuses/etcd-0'))).conditions[0].status,
      'True',
    );
    assert.equal(
      (await api.post('/api/v1/componentstatuses', { metadata: { name: 'x' } })).status,
      405,
    );
    assert.equal((await api.get('/api/v1/componentstatuses/none')).status, 404);
    assert.equal((await api.get('/api/v1/componentstatuses?watch=1')).status, 405);
  });
});
