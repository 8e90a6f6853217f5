// Custom resource definitions when several API servers share one store: names that two definitions
// want at once, changes that another server has to obey, and servers that come and go meanwhile.
import assert from 'node:assert/strict';
import { startApiServer, type RunningApiServer } from '../../../cmd/kube-apiserver/start.js';
import type { CustomResourceDefinition } from '../../../pkg/apis/apiextensions/v1/types.js';
import { createMemoryStorage } from '../../../pkg/storage/memory/memory-storage.js';
import type { Storage } from '../../../pkg/storage/storage.js';
import { realEnv } from '../../../pkg/system/env.js';
import { Api, type Json } from '../apiserver/harness.js';
import { widget, widgets, WIDGET_SCHEMA, WIDGET_V1 } from './crds.js';

const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const WAIT_MS = 40_000;

/** Asks again until the answer holds. */
async function eventually<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    assert.ok(Date.now() < end, JSON.stringify(answer).slice(0, 500));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const conditionOf = (definition: Json, type: string): string | undefined =>
  definition.status?.conditions?.find((one: Json) => one.type === type)?.status;

describe('definitions of custom resources on several servers', function () {
  this.timeout(120_000);
  let storage: Storage;
  let servers: RunningApiServer[];
  let apis: Api[];

  before(async () => {
    storage = createMemoryStorage(realEnv('memory', 'error'));
    servers = await Promise.all([1, 2, 3].map(() => startApiServer({ storage })));
    await Promise.all(servers.map((server) => server.ready()));
    apis = servers.map((server) => new Api(server));
  });
  after(async () => {
    for (const api of apis) api.close();
    await Promise.all(servers.map((server) => server.stop()));
    await storage.close();
  });

  /** A definition that wants the names of the others, besides its plural. */
  const rival = (group: string, plural: string): CustomResourceDefinition => {
    const names = { plural, singular: `one-${plural}`, kind: `K${plural}`, shortNames: ['wd'] };
    const { spec, ...rest } = widgets(group);
    return { ...rest, metadata: { name: `${plural}.${group}` }, spec: { ...spec, names } };
  };

  it('give a name that is wanted everywhere at once to one of them, and then to the next', async () => {
    for (let round = 0; round < 8; round++) {
      const group = `race${round}.example.com`;
      const names = ['apples', 'bananas', 'cherries'].map((plural) => `${plural}.${group}`);
      await Promise.all(
        names.map((name, at) => {
          const api = apis[(at + round) % 3]!;
          return api.ok(api.post(CRDS, rival(group, name.slice(0, name.indexOf('.')))), 201);
        }),
      );
      for (let left = names; left.length > 0;) {
        const all = await eventually(
          async () => {
            const api = apis[left.length % 3]!;
            return Promise.all(left.map((name) => api.ok(api.get(`${CRDS}/${name}`))));
          },
          (some) =>
            some.every((one) => conditionOf(one, 'NamesAccepted') !== undefined) &&
            some.some((one) => conditionOf(one, 'NamesAccepted') === 'True'),
        );
        const winners = all.filter((one) => one.status.acceptedNames.shortNames?.includes('wd'));
        assert.equal(winners.length, 1, JSON.stringify(all.map(({ status }) => status)));
        const [winner] = winners;
        assert.equal(conditionOf(winner, 'Established'), 'True');
        for (const one of all)
          assert.equal(conditionOf(one, 'NamesAccepted'), one === winner ? 'True' : 'False');
        const { name } = winner.metadata;
        await apis[0]!.ok(apis[0]!.delete(`${CRDS}/${name}`));
        left = left.filter((other) => other !== name);
      }
    }
  });

  it('give a name to one of those that ask for it later', async () => {
    const [api] = apis as [Api, ...Api[]];
    for (let round = 0; round < 5; round++) {
      const group = `later${round}.example.com`;
      const plurals = ['apples', 'bananas', 'cherries'];
      for (const plural of plurals) {
        const one = rival(group, plural);
        delete one.spec.names.shortNames;
        await api.ok(api.post(CRDS, one), 201);
      }
      const paths = plurals.map((plural) => `${CRDS}/${plural}.${group}`);
      const all = (holds: (some: Json[]) => boolean) =>
        eventually(() => Promise.all(paths.map((path) => api.ok(api.get(path)))), holds);
      await all((some) => some.every((one) => conditionOf(one, 'Established') === 'True'));
      const body = { spec: { names: { shortNames: ['wd'] } } };
      await Promise.all(
        paths.map((path) => api.ok(api.patch(path, 'application/merge-patch+json', body))),
      );
      const refused = (one: Json) => conditionOf(one, 'NamesAccepted') === 'False';
      const decided = await all((some) => some.filter(refused).length >= plurals.length - 1);
      assert.deepEqual(decided.filter(({ status }) => status.acceptedNames.shortNames).length, 1);
    }
  });

  it('keep the names that they hold when another server starts', async () => {
    const [api] = apis as [Api, ...Api[]];
    const group = 'start.example.com';
    const decided = (name: string, status: string, by: Api = api) =>
      eventually(
        () => by.ok(by.get(`${CRDS}/${name}.${group}`)),
        (one) => conditionOf(one, 'NamesAccepted') === status,
      );
    // The server that starts learns of the waiting definition first.
    await api.ok(api.post(CRDS, rival(group, 'zebras')), 201);
    await decided('zebras', 'True');
    await api.ok(api.post(CRDS, rival(group, 'apples')), 201);
    await decided('apples', 'False');
    const late = await startApiServer({ storage });
    await late.ready();
    const other = new Api(late);
    const marker = rival(group, 'markers');
    delete marker.spec.names.shortNames;
    await other.ok(other.post(CRDS, marker), 201);
    await decided('markers', 'True', other);
    const waiting = await other.ok(other.get(`${CRDS}/apples.${group}`));
    other.close();
    await late.stop();
    assert.equal(conditionOf(waiting, 'NamesAccepted'), 'False');
    assert.equal(waiting.status.acceptedNames.shortNames, undefined);
  });

  it('obey a change that another server took, in its schema, rules, columns and versions', async () => {
    const group = 'change.example.com';
    const [first, ...others] = apis as [Api, ...Api[]];
    const path = `/apis/${group}/v1/namespaces/default/widgets`;
    await first.ok(first.post(CRDS, widgets(group)), 201);
    for (const api of others)
      await api.ok(api.post(path, widget(group, `w${others.indexOf(api)}`, { colour: 'c' })), 201);
    const rule = { rule: "self.colour != 'forbidden'", message: 'no such colour' };
    const schema = structuredClone(WIDGET_SCHEMA);
    schema.properties!['spec']!['x-kubernetes-validations'] = [rule];
    schema.properties!['spec']!.properties!['extra'] = { type: 'string', default: 'more' };
    const columns = [{ name: 'More', type: 'string', jsonPath: '.spec.extra' }];
    const v1 = {
      ...WIDGET_V1,
      schema: { openAPIV3Schema: schema },
      additionalPrinterColumns: columns,
    };
    const body = { spec: { versions: [v1, { ...v1, name: 'v2', storage: false }] } };
    await first.ok(first.patch(`${CRDS}/widgets.${group}`, 'application/merge-patch+json', body));
    for (const api of others) {
      const made = widget(group, 'w', { colour: 'forbidden' });
      const refused = await eventually(
        () => api.post(`${path}?dryRun=All`, made),
        ({ status }) => status === 422,
      );
      assert.match(refused.json.message, /no such colour/);
      const read = await api.ok(api.get(`${path}/w0`));
      assert.equal(read.spec.extra, 'more');
      const table = { accept: 'application/json;as=Table;g=meta.k8s.io;v=v1' };
      const { columnDefinitions } = await api.ok(api.get(path, table));
      assert.deepEqual(
        columnDefinitions.map(({ name }: Json) => name),
        ['Name', 'More'],
      );
      await api.ok(api.get(path.replace('/v1/', '/v2/')));
    }
  });

  it('are followed by a server that starts while they come and go', async () => {
    const api = apis[0]!;
    let isOver = false;
    const churn = (async () => {
      for (let n = 0; !isOver; n++) {
        const group = `churn${n % 4}.example.com`;
        await api.ok(api.post(CRDS, widgets(group)), 201);
        const path = `/apis/${group}/v1/namespaces/default/widgets`;
        await api.ok(api.post(path, widget(group, 'w', { colour: 'c' })), 201);
        await api.ok(api.delete(`${CRDS}/widgets.${group}`));
        await eventually(
          () => api.get(`${CRDS}/widgets.${group}`),
          ({ status }) => status === 404,
        );
        assert.equal((await storage.list(`/registry/${group}/`)).kvs.length, 0);
      }
    })();
    const kept = 'kept.example.com';
    await api.ok(api.post(CRDS, widgets(kept)), 201);
    for (let n = 0; n < 4; n++) {
      const late = await startApiServer({ storage });
      await late.ready();
      const other = new Api(late);
      const path = `/apis/${kept}/v1/namespaces/default/widgets`;
      await other.ok(other.post(path, widget(kept, `w${n}`, { colour: 'c' })), 201);
      other.close();
      await late.stop();
    }
    isOver = true;
    await churn;
  });
});
