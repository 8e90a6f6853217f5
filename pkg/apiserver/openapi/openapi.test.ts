import assert from 'node:assert/strict';
import { gunzipSync } from 'node:zlib';
import { MESSAGES } from '../../apis/facts/messages.js';
import { RESOURCES } from '../../apis/facts/resources.js';
import { StatusError } from '../../apimachinery/errors/status-error.js';
import type { HandlerRequest, Headers } from '../extension/handler.js';
import type { ServerServices } from '../extension/services.js';
import { openApiHandlers } from './handlers.js';
import { buildOpenApi } from './openapi.js';

interface Schema {
  $ref?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  [extension: string]: unknown;
}
interface Operation {
  parameters?: { name: string; in: string }[];
  requestBody?: { content: Record<string, unknown> };
  'x-kubernetes-action': string;
  'x-kubernetes-group-version-kind': unknown;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

const openApi = buildOpenApi({
  resources: RESOURCES,
  table: MESSAGES,
  descriptions: { 'io.k8s.api.core.v1.Pod': { '': 'A pod.', spec: 'What is wanted.' } },
});
const read = (path: string): Document =>
  JSON.parse(new TextDecoder().decode(openApi.document(path)!.bytes)) as Document;

describe('openapi documents', () => {
  const core = read('api/v1');

  it('define every schema that they refer to', () => {
    for (const path of Object.keys(openApi.index().paths)) {
      const document = read(path);
      const text = JSON.stringify(document);
      const names = new Set(
        Array.from(text.matchAll(/"#\/components\/schemas\/([^"]+)"/g), (m) => m[1]!),
      );
      assert.deepEqual(
        [...names].filter((name) => !(name in document.components.schemas)),
        [],
        path,
      );
    }
    const v2 = new TextDecoder().decode(openApi.v2().bytes);
    const { definitions } = JSON.parse(v2) as { definitions: Record<string, Schema> };
    for (const [, name] of v2.matchAll(/"#\/definitions\/([^"]+)"/g))
      assert.ok(definitions[name!], name);
  });

  it('announce the patch types and fieldValidation to kubectl', () => {
    const { patch } = core.paths['/api/v1/namespaces/{namespace}/pods/{name}']!;
    assert.deepEqual(patch!['x-kubernetes-group-version-kind'], {
      group: '',
      kind: 'Pod',
      version: 'v1',
    });
    assert.equal(patch!['x-kubernetes-action'], 'patch');
    assert.ok(
      patch!.parameters!.some(
        ({ name, in: place }) => name === 'fieldValidation' && place === 'query',
      ),
    );
    assert.ok('application/strategic-merge-patch+json' in patch!.requestBody!.content);
  });

  it('carry merge metadata, kinds and descriptions', () => {
    const spec = core.components.schemas['io.k8s.api.core.v1.PodSpec']!.properties!;
    assert.deepEqual(spec['containers'], {
      type: 'array',
      items: {
        default: {},
        allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.Container' }],
      },
      'x-kubernetes-list-map-keys': ['name'],
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-patch-merge-key': 'name',
      'x-kubernetes-patch-strategy': 'merge',
    });
    const pod = core.components.schemas['io.k8s.api.core.v1.Pod']!;
    assert.equal(pod['description'], 'A pod.');
    assert.deepEqual(pod['x-kubernetes-group-version-kind'], [
      { group: '', kind: 'Pod', version: 'v1' },
    ]);
    assert.deepEqual(pod.properties!['spec'], {
      description: 'What is wanted.',
      default: {},
      allOf: [{ $ref: '#/components/schemas/io.k8s.api.core.v1.PodSpec' }],
    });
  });

  it('have the zero of a Go value as default in v3 only', () => {
    const field = (kind: string, name: string) =>
      core.components.schemas[`io.k8s.api.core.v1.${kind}`]!.properties![name]!;
    assert.equal(field('Container', 'name')['default'], '');
    assert.equal(field('Container', 'image')['default'], undefined);
    assert.equal(field('ContainerPort', 'containerPort')['default'], 0);
    assert.equal(field('ContainerPort', 'protocol')['default'], 'TCP');
    assert.deepEqual(field('Container', 'resources')['default'], {});
    assert.equal(field('Container', 'securityContext')['default'], undefined);
    assert.equal(field('Container', 'command').items!['default'], '');
    const v2 = new TextDecoder().decode(openApi.v2().bytes);
    assert.ok(!v2.includes('"default":{}') && !v2.includes('"default":""'));
  });

  it('have unique operation ids', () => {
    const { paths } = JSON.parse(new TextDecoder().decode(openApi.v2().bytes)) as {
      paths: Record<string, Record<string, { operationId?: string }>>;
    };
    const ids = Object.values(paths).flatMap((item) =>
      Object.values(item).flatMap((operation) => operation.operationId ?? []),
    );
    assert.deepEqual(
      ids.filter((id, i) => ids.indexOf(id) !== i),
      [],
    );
    assert.ok(
      ids.includes('createCoreV1NamespacedPod') &&
        ids.includes('listAppsV1DeploymentForAllNamespaces') &&
        ids.includes('connectCoreV1GetNamespacedPodExec'),
    );
  });

  it('list discovery, the token issuer and the paths below /watch', () => {
    const { paths } = openApi.index();
    for (const path of [
      '.well-known/openid-configuration',
      'api',
      'apis',
      'apis/apps',
      'version',
    ]) {
      assert.equal(paths[path]!.serverRelativeURL.split('?')[0], `/openapi/v3/${path}`);
      assert.deepEqual(Object.keys(read(path).paths), [`/${path}/`]);
    }
    assert.equal(paths['apis/'], undefined);
    const actions = (document: Document, path: string) =>
      Object.values(document.paths[path]!).flatMap((one) => one['x-kubernetes-action'] ?? []);
    const apps = read('apis/apps/v1');
    assert.ok(apps.paths['/apis/apps/v1/']);
    const sets = '/apis/apps/v1/watch/namespaces/{namespace}/daemonsets';
    assert.deepEqual(actions(apps, sets), ['watchlist']);
    assert.deepEqual(actions(apps, `${sets}/{name}`), ['watch']);
    assert.deepEqual(actions(apps, '/apis/apps/v1/watch/daemonsets'), ['watchlist']);
    assert.deepEqual(actions(core, '/api/v1/watch/nodes/{name}'), ['watch']);
    assert.equal(core.paths['/api/v1/watch/bindings'], undefined);
  });

  it('are the same bytes each time', () => {
    const again = buildOpenApi({ resources: RESOURCES, table: MESSAGES });
    const once = buildOpenApi({ resources: RESOURCES, table: MESSAGES });
    assert.deepEqual(again.index(), once.index());
    assert.notEqual(again.document('api/v1')!.hash, openApi.document('api/v1')!.hash);
  });
});

describe('openapi handlers', () => {
  const [v3, v2] = openApiHandlers(
    () => openApi,
    () => Date.UTC(2024, 0, 1),
  );
  interface Answer {
    status: number;
    headers: Headers;
    body: Uint8Array | string | undefined;
  }
  async function get(url: string, headers: Headers = {}): Promise<Answer> {
    let answer: Answer | undefined;
    const query = new URLSearchParams(url.split('?')[1]);
    const request = {
      url,
      query,
      headers,
      respond: (status: number, h: Headers, body?: Uint8Array | string) =>
        void (answer = { status, headers: h, body }),
    };
    await (url.startsWith('/openapi/v2') ? v2! : v3!).handle(
      request as unknown as HandlerRequest,
      {} as ServerServices,
    );
    return answer!;
  }
  const { serverRelativeURL } = openApi.index().paths['apis/apps/v1']!;

  it('list the documents with their hashes', async () => {
    const { status, body } = await get('/openapi/v3?timeout=32s');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body as string), openApi.index());
  });

  it('allow caching for a year under the right hash', async () => {
    const { status, headers, body } = await get(serverRelativeURL);
    assert.equal(status, 200);
    assert.equal(headers['cache-control'], 'public, immutable');
    assert.equal(headers['expires'], 'Tue, 31 Dec 2024 00:00:00 GMT');
    assert.equal(body, openApi.document('apis/apps/v1')!.bytes);
    const zipped = await get(serverRelativeURL, { 'accept-encoding': 'gzip' });
    assert.equal(zipped.headers['content-encoding'], 'gzip');
    assert.deepEqual(
      new Uint8Array(gunzipSync(zipped.body as Uint8Array)),
      new Uint8Array(body as Uint8Array),
    );
  });

  it('redirect a stale hash, honour an ETag, and refuse other requests', async () => {
    const stale = await get('/openapi/v3/apis/apps/v1?hash=OLD');
    assert.deepEqual([stale.status, stale.headers['location']], [301, serverRelativeURL]);
    const fresh = await get('/openapi/v3/apis/apps/v1');
    assert.equal(fresh.headers['cache-control'], 'no-cache, private');
    assert.equal(
      (await get('/openapi/v3/apis/apps/v1', { 'if-none-match': fresh.headers['etag'] })).status,
      304,
    );
    const refused =
      (code: number) =>
      (e: unknown): boolean =>
        e instanceof StatusError && e.code === code;
    await assert.rejects(get('/openapi/v3/apis/nothing/v1'), refused(404));
    const proto = await get('/openapi/v2', {
      accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
    });
    assert.equal(
      Buffer.from(proto.body as Uint8Array)
        .subarray(0, 5)
        .toString('latin1'),
      '\x0a\x032.0',
    );
    assert.equal(
      (
        await get('/openapi/v2', {
          accept: 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
          'if-none-match': proto.headers['etag'],
        })
      ).status,
      304,
    );
    await assert.rejects(get('/openapi/v2', { accept: 'text/html' }), refused(406));
    assert.equal((await get('/openapi/v2', { accept: 'application/json' })).status, 200);
  });
});
