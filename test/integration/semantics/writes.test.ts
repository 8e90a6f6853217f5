// Guarantees of writes that other suites do not test. README.md has the table.
import assert from 'node:assert/strict';
import { configMap, pod, type Json } from '../apiserver/harness.js';
import { createCa } from '../../../pkg/system/pki/certificates.js';
import { APPLY, deployment, JSON_PATCH, MERGE, STRATEGIC, withServer } from './serve.js';

withServer('semantics of writes', (suite) => {
  it('generates names of at most 58 characters of the base and five of 27 letters', async () => {
    const { api, ns } = suite;
    const make = (generateName: string) =>
      api.ok(api.post(`${ns}/configmaps`, { metadata: { generateName } }), 201);
    assert.match((await make('short-')).metadata.name, /^short-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    assert.match(
      (await make(`${'x'.repeat(80)}-`)).metadata.name,
      /^x{58}[bcdfghjklmnpqrstvwxz2456789]{5}$/,
    );
  });

  it('keeps identity fields on updates', async () => {
    const { api, ns } = suite;
    const made: Json = await api.ok(api.post(`${ns}/configmaps`, configMap('a')), 201);
    const moved = {
      ...made,
      metadata: {
        ...made.metadata,
        creationTimestamp: '2001-01-01T00:00:00Z',
        generation: 9,
        deletionTimestamp: '2001-01-01T00:00:00Z',
        selfLink: '/x',
      },
      data: { k: '1' },
    };
    const { metadata }: Json = await api.ok(api.put(`${ns}/configmaps/a`, moved));
    assert.deepEqual(
      [
        metadata.creationTimestamp,
        metadata.generation,
        metadata.deletionTimestamp,
        metadata.selfLink,
      ],
      [made.metadata.creationTimestamp, undefined, undefined, undefined],
    );
    const unnamed = await api.put(`${ns}/configmaps/a`, { metadata: {} });
    assert.deepEqual(
      [unnamed.status, unnamed.json.message],
      [400, 'the name of the object (a based on URL) was undeterminable: name must be provided'],
    );
    const renamed = await api.put(`${ns}/configmaps/a`, configMap('b'));
    assert.deepEqual(
      [renamed.status, renamed.json.message],
      [400, 'the name of the object (b) does not match the name on the URL (a)'],
    );
    const patched = await api.patch(`${ns}/configmaps/a`, MERGE, { metadata: { name: 'b' } });
    assert.equal(patched.status, 400);
    const elsewhere = await api.put(`${ns}/configmaps/a`, {
      ...configMap('a'),
      metadata: { name: 'a', namespace: 'other' },
    });
    assert.deepEqual(
      [elsewhere.status, elsewhere.json.message],
      [
        400,
        'the namespace of the provided object does not match the namespace sent on the request',
      ],
    );
  });

  it('gives a gated pod the condition of an unscheduled pod', async () => {
    const { api, ns } = suite;
    const made: Json = await api.ok(
      api.post(`${ns}/pods`, pod('a', { spec: { schedulingGates: [{ name: 'x.io/wait' }] } })),
      201,
    );
    assert.deepEqual(
      made.status.conditions.map(({ type, status, reason }: Json) => [type, status, reason]),
      [['PodScheduled', 'False', 'SchedulingGated']],
    );
    const bound = await api.post(`${ns}/pods/a/binding`, {
      metadata: { name: 'a' },
      target: { kind: 'Node', name: 'n' },
    });
    assert.equal(bound.status, 409);
    await api.ok(api.patch(`${ns}/pods/a`, MERGE, { spec: { schedulingGates: null } }));
    await api.ok(
      api.post(`${ns}/pods/a/binding`, {
        metadata: { name: 'a' },
        target: { kind: 'Node', name: 'n' },
      }),
      201,
    );
  });

  it('keeps integers beyond 2^53, also when only the last digit changes', async () => {
    const { api } = suite;
    const path = `${suite.in('apps/v1')}/controllerrevisions`;
    const text = async (
      method: string,
      to: string,
      body: string,
      type = 'application/json',
    ): Promise<string> =>
      (await api.call(method, to, body, { 'content-type': type })).bytes.toString();
    assert.match(
      await text(
        'POST',
        path,
        '{"metadata":{"name":"r"},"revision":9007199254740993,"data":{"n":9223372036854775807,"f":1.5}}',
      ),
      /"revision":9007199254740993/,
    );
    assert.match(
      await text('PATCH', `${path}/r`, '{"revision":9007199254740995}', MERGE),
      /"revision":9007199254740995/,
    );
    assert.match(
      await text(
        'PATCH',
        `${path}/r`,
        '[{"op":"replace","path":"/revision","value":9007199254740997}]',
        JSON_PATCH,
      ),
      /"revision":9007199254740997/,
    );
    assert.match(
      (await api.get(`${path}/r`)).bytes.toString(),
      /"data":\{"n":9223372036854775807,"f":1\.5\}.*"revision":9007199254740997|"revision":9007199254740997.*"n":9223372036854775807/,
    );
  });

  it('keeps the single address and the list of addresses equal', async () => {
    const { api, ns, name } = suite;
    await api.ok(api.post(`${ns}/pods`, pod('a')), 201);
    const first: Json = await api.ok(
      api.patch(`${ns}/pods/a/status`, MERGE, { status: { podIP: '10.0.0.1' } }),
    );
    assert.deepEqual(first.status.podIPs, [{ ip: '10.0.0.1' }]);
    const second: Json = await api.ok(
      api.patch(`${ns}/pods/a/status`, MERGE, { status: { podIP: '10.0.0.2' } }),
    );
    assert.deepEqual(second.status.podIPs, [{ ip: '10.0.0.2' }]);
    const node: Json = await api.ok(
      api.post('/api/v1/nodes', { metadata: { name }, spec: { podCIDR: '10.1.0.0/24' } }),
      201,
    );
    assert.deepEqual(node.spec.podCIDRs, ['10.1.0.0/24']);
    const moved = await api.patch(`/api/v1/nodes/${name}`, MERGE, {
      spec: { podCIDR: '10.2.0.0/24' },
    });
    assert.match(
      moved.json.message,
      /spec\.podCIDRs: Forbidden: node updates may not change podCIDR except from "" to valid/,
    );
  });

  it('creates no object with a revision, and removes duplicate owners', async () => {
    const { api, ns } = suite;
    const old = await api.post(`${ns}/configmaps`, {
      metadata: { name: 'a', resourceVersion: '5' },
    });
    assert.deepEqual(
      [old.status, old.json.message],
      [400, 'resourceVersion should not be set on objects to be created'],
    );
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u1' };
    const doubled = await api.post(`${ns}/configmaps`, {
      metadata: { name: 'b', ownerReferences: [owner, owner] },
    });
    assert.deepEqual([doubled.status, doubled.json.metadata.ownerReferences], [201, [owner]]);
    assert.match(
      String(doubled.headers['warning']),
      /metadata\.ownerReferences contains duplicate entries.*duplicate UID\(s\) observed: u1/,
    );
    const two = await api.post(`${ns}/configmaps`, {
      metadata: {
        name: 'c',
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, uid: 'u2', controller: true },
        ],
      },
    });
    assert.match(two.json.message, /Only one reference can have Controller set to true/);
  });

  it('counts generations for spec and for deletion', async () => {
    const { api } = suite;
    const path = `${suite.in('apps/v1')}/deployments`;
    await api.ok(api.post(path, deployment('d')), 201);
    const scaled: Json = await api.ok(api.patch(`${path}/d`, MERGE, { spec: { replicas: 2 } }));
    assert.equal(scaled.metadata.generation, 2);
    const foreground: Json = await api.ok(
      api.delete(`${path}/d`, { propagationPolicy: 'Foreground' }),
    );
    assert.deepEqual(
      [foreground.metadata.generation, foreground.metadata.finalizers],
      [3, ['foregroundDeletion']],
    );
  });

  it('counts generations of some kinds by special rules', async () => {
    const { api, name } = suite;
    const drivers = '/apis/storage.k8s.io/v1/csidrivers';
    const driver: Json = await api.ok(api.post(drivers, { metadata: { name }, spec: {} }), 201);
    const changed: Json = await api.ok(
      api.patch(`${drivers}/${name}`, MERGE, { spec: { requiresRepublish: true } }),
    );
    assert.deepEqual(
      [driver.metadata.generation, changed.metadata.generation],
      [undefined, 1],
      'a CSIDriver from its first change',
    );
    const classes = '/apis/scheduling.k8s.io/v1/priorityclasses';
    await api.ok(api.post(classes, { metadata: { name }, value: 5 }), 201);
    assert.equal(
      (await api.ok(api.patch(`${classes}/${name}`, MERGE, { description: 'x' }))).metadata
        .generation,
      1,
      'a PriorityClass never',
    );
    const slices = `${suite.in('discovery.k8s.io/v1')}/endpointslices`;
    await api.ok(api.post(slices, { metadata: { name }, addressType: 'IPv4', endpoints: [] }), 201);
    assert.equal(
      (await api.ok(api.patch(`${slices}/${name}`, MERGE, { metadata: { labels: { a: '1' } } })))
        .metadata.generation,
      2,
      'an EndpointSlice by its labels',
    );
    assert.equal(
      (
        await api.ok(
          api.patch(`${slices}/${name}`, MERGE, { metadata: { annotations: { a: '1' } } }),
        )
      ).metadata.generation,
      2,
    );
  });

  it('keeps metadata writable through status, and status out of the main endpoint', async () => {
    const { api } = suite;
    const path = `${suite.in('apps/v1')}/deployments`;
    const made: Json = await api.ok(
      api.post(path, { ...deployment('d'), status: { replicas: 3 } }),
      201,
    );
    assert.equal(made.status.replicas, undefined);
    const status: Json = await api.ok(
      api.put(`${path}/d/status`, {
        ...made,
        metadata: { ...made.metadata, labels: { s: '1' }, annotations: { a: '1' } },
        spec: { ...made.spec, replicas: 7 },
        status: { replicas: 2, observedGeneration: 1 },
      }),
    );
    assert.deepEqual(
      [status.spec.replicas, status.status.replicas, status.metadata.annotations],
      [1, 2, { a: '1' }],
    );
    const main: Json = await api.ok(api.patch(`${path}/d`, MERGE, { status: { replicas: 9 } }));
    assert.equal(main.status.replicas, 2);
    const got: Json = await api.ok(api.get(`${path}/d/status`));
    assert.equal(got.kind, 'Deployment');
  });

  it('admits and validates a dry run, and persists nothing', async () => {
    const { api, ns } = suite;
    await api.ok(api.post(`${ns}/configmaps`, configMap('a', { k: '1' })), 201);
    const before: Json = await api.ok(api.get(`${ns}/configmaps`));
    const bad = await api.post(`${ns}/pods?dryRun=All`, { ...pod('p'), spec: { containers: [] } });
    assert.equal(bad.status, 422);
    const made: Json = await api.ok(
      api.post(`${ns}/pods?dryRun=All`, pod('p', { spec: { automountServiceAccountToken: true } })),
      201,
    );
    assert.equal(made.spec.serviceAccountName, 'default');
    assert.equal((await api.post(`${ns}/configmaps?dryRun=All`, configMap('a'))).status, 409);
    await api.ok(api.patch(`${ns}/configmaps/a?dryRun=All`, MERGE, { data: { k: '2' } }));
    await api.ok(
      api.patch(`${ns}/configmaps/b?dryRun=All&fieldManager=m`, APPLY, configMap('b')),
      201,
    );
    await api.ok(api.delete(`${ns}/configmaps/a?dryRun=All`));
    await api.ok(api.delete(`${ns}/configmaps?dryRun=All`));
    await api.ok(api.delete(`${ns}/configmaps/a`, { dryRun: ['All'] }));
    const after: Json = await api.ok(api.get(`${ns}/configmaps`));
    assert.deepEqual(after.items, before.items);
  });

  it('warns of unknown and duplicate fields, and refuses them in strict mode', async () => {
    const { api, ns } = suite;
    const odd =
      '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","name":"a"},"spec":{"x":1,"automountServiceAccountToken":false,"containers":[{"name":"c","image":"i","imagePull":1}]}}';
    const warned = await api.post(`${ns}/pods`, odd);
    assert.equal(warned.status, 201);
    const warnings = String(warned.headers['warning']);
    for (const text of [
      '299 - "unknown field \\"spec.x\\""',
      '299 - "unknown field \\"spec.containers[0].imagePull\\""',
      '299 - "duplicate field \\"metadata.name\\""',
    ])
      assert.ok(warnings.includes(text), warnings);
    const strict = await api.post(`${ns}/pods?fieldValidation=Strict`, odd);
    assert.deepEqual([strict.status, strict.json.reason], [400, 'BadRequest']);
    assert.match(
      strict.json.message,
      /strict decoding error: duplicate field "metadata.name", unknown field "spec.containers\[0\].imagePull", unknown field "spec.x"|strict decoding error: (?=.*unknown field "spec.x")(?=.*duplicate field "metadata.name")/,
    );
    const ignored = await api.post(
      `${ns}/pods?fieldValidation=Ignore&dryRun=All`,
      odd.replaceAll('"a"', '"b"'),
    );
    assert.deepEqual([ignored.status, ignored.headers['warning']], [201, undefined]);
    const patched = await api.patch(`${ns}/pods/a?fieldValidation=Strict`, STRATEGIC, {
      spec: { y: 1 },
    });
    assert.deepEqual(
      [patched.status, patched.json.message],
      [
        422,
        ' "" is invalid: patch: Invalid value: "map[spec:map[y:1]]": strict decoding error: unknown field "spec.y"',
      ],
    );
    const merged = await api.patch(`${ns}/pods/a`, MERGE, { spec: { hostNetwork: 'x' } });
    assert.match(
      merged.json.message,
      /^ "" is invalid: patch: Invalid value: "\{.*json: cannot unmarshal string into Go struct field PodSpec\.spec\.hostNetwork of type bool$/,
    );
    const applied = await api.patch(
      `${ns}/configmaps/c?fieldManager=m&fieldValidation=Ignore`,
      APPLY,
      { ...configMap('c'), other: 1 },
    );
    assert.deepEqual(
      [applied.status >= 400, /field not declared in schema/.test(applied.json.message)],
      [true, true],
      applied.json.message,
    );
  });

  it('warns of a TLS secret that no server could use, and stores it', async () => {
    const { api, ns } = suite;
    const [own, other] = [createCa('a'), createCa('b')];
    const make = async (name: string, key: string) => {
      const stringData = { 'tls.crt': own.certPem, 'tls.key': key };
      const secret = { metadata: { name }, type: 'kubernetes.io/tls', stringData };
      const { status, headers } = await api.post(`${ns}/secrets`, secret);
      return [status, headers['warning']];
    };
    assert.deepEqual(await make('pair', own.keyPem), [201, undefined]);
    const warning = '299 - "tls: private key does not match public key"';
    assert.deepEqual(await make('mixed', other.keyPem), [201, warning]);
  });

  it('bounds warnings to 4096 runes', async () => {
    const { api, ns } = suite;
    const many = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [`${'f'.repeat(300)}${at}`, 1]),
    );
    const answer = await api.post(`${ns}/configmaps`, { ...configMap('a'), ...many });
    const all = ([] as string[]).concat(answer.headers['warning'] ?? []).join('');
    assert.ok(
      answer.status === 201 && all.length > 1_000 && all.length < 4_096 + 60 * 10,
      String(all.length),
    );
  });

  it('lists every cause of an invalid object', async () => {
    const { api, ns } = suite;
    const one = await api.post(`${ns}/pods`, { metadata: { name: 'a' }, spec: { containers: [] } });
    assert.deepEqual(
      [one.status, one.json.message],
      [422, 'Pod "a" is invalid: spec.containers: Required value'],
    );
    assert.deepEqual(one.json.details, {
      name: 'a',
      kind: 'Pod',
      causes: [
        { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.containers' },
      ],
    });
    const two = await api.post(
      `${suite.in('apps/v1')}/deployments`,
      deployment('Bad', { replicas: -1 }),
    );
    assert.match(
      two.json.message,
      /^Deployment\.apps "Bad" is invalid: \[metadata\.name: Invalid value: "Bad": a lowercase RFC 1123 subdomain .*, spec\.replicas: Invalid value: -1: must be greater than or equal to 0\]$/,
    );
    assert.deepEqual([two.json.details.group, two.json.details.kind], ['apps', 'Deployment']);
  });
});

withServer(
  'semantics of managed fields and patches',
  (suite) => {
    const managers = (object: Json): string[] =>
      (object.metadata.managedFields ?? []).map(({ manager, operation, subresource }: Json) =>
        [manager, operation, subresource].filter(Boolean).join(' '),
      );

    it('names managers by fieldManager or by User-Agent', async () => {
      const { api, ns } = suite;
      const agent = await api.ok(
        api.post(`${ns}/configmaps`, configMap('a', { k: '1' }), {
          'user-agent': 'my-tool/v1.2 (linux)',
        }),
        201,
      );
      assert.deepEqual(managers(agent), ['my-tool Update']);
      const entry = agent.metadata.managedFields[0];
      assert.deepEqual(
        [entry.apiVersion, entry.fieldsType, entry.fieldsV1],
        ['v1', 'FieldsV1', { 'f:data': { '.': {}, 'f:k': {} } }],
      );
      const named = await api.ok(
        api.patch(`${ns}/configmaps/a?fieldManager=other`, MERGE, { data: { l: '2' } }),
      );
      assert.deepEqual(managers(named).sort(), ['my-tool Update', 'other Update']);
      const tooLong = await api.patch(
        `${ns}/configmaps/a?fieldManager=${'m'.repeat(129)}`,
        MERGE,
        {},
      );
      assert.equal(tooLong.status, 422);
      const reset = await api.ok(
        api.patch(`${ns}/configmaps/a`, MERGE, { metadata: { managedFields: [{}] } }),
      );
      assert.equal(reset.metadata.managedFields, undefined);
      const path = `${suite.in('apps/v1')}/deployments`;
      await api.ok(api.post(path, deployment('d')), 201);
      const status = await api.ok(
        api.patch(`${path}/d/status?fieldManager=ctl`, MERGE, { status: { replicas: 1 } }),
      );
      assert.ok(managers(status).includes('ctl Update status'));
    });

    it('merges the oldest of more than ten update managers', async () => {
      const { api, ns } = suite;
      await api.ok(api.post(`${ns}/configmaps?fieldManager=m0`, configMap('a', { k0: '1' })), 201);
      let last: Json = {};
      for (let at = 1; at <= 12; at++)
        last = await api.ok(
          api.patch(`${ns}/configmaps/a?fieldManager=m${at}`, MERGE, { data: { [`k${at}`]: '1' } }),
        );
      assert.equal(managers(last).length, 10);
      assert.ok(managers(last).includes('ancient-changes Update'), managers(last).join());
    });

    it('applies: 201, conflict, force, removal, list identity by map keys with defaults', async () => {
      const { api } = suite;
      const path = `${suite.in('apps/v1')}/deployments/d`;
      const wanted = (ports: object[], extra: Json = {}) => ({
        ...deployment('d', {
          template: {
            metadata: { labels: { a: 'b' } },
            spec: { containers: [{ name: 'c', image: 'i', ports, ...extra }] },
          },
        }),
      });
      await api.ok(
        api.patch(
          `${path}?fieldManager=one`,
          APPLY,
          wanted([{ containerPort: 80 }], { env: [{ name: 'X', value: '1' }] }),
        ),
        201,
      );
      const missing = await api.patch(path, APPLY, wanted([]));
      assert.deepEqual(
        [missing.status, missing.json.details.causes[0].field],
        [422, 'fieldManager'],
      );
      const merged: Json = await api.ok(
        api.patch(
          `${path}?fieldManager=two`,
          APPLY,
          wanted([{ containerPort: 443 }, { containerPort: 80, protocol: 'TCP' }]),
        ),
      );
      const [container] = merged.spec.template.spec.containers;
      assert.deepEqual(
        [
          container.ports.map(({ containerPort }: Json) => containerPort).sort(),
          container.env.length,
        ],
        [[443, 80], 1],
      );
      const conflict = await api.patch(`${path}?fieldManager=kubectl-x`, APPLY, {
        ...wanted([]),
        spec: { ...wanted([]).spec, replicas: 5 },
      });
      assert.equal(conflict.status, 409);
      assert.match(
        conflict.json.message,
        /^Apply failed with 1 conflict: conflicts? with "one"(, "two")?.*: \.spec\.replicas|^Apply failed with \d conflicts:/,
      );
      assert.deepEqual(
        new Set(
          conflict.json.details.causes.map(({ reason, field }: Json) => `${reason} ${field}`),
        ),
        new Set(['FieldManagerConflict .spec.replicas']),
      );
      const forced: Json = await api.ok(
        api.patch(`${path}?fieldManager=kubectl-x&force=true`, APPLY, {
          ...wanted([]),
          spec: { ...wanted([]).spec, replicas: 5 },
        }),
      );
      assert.equal(forced.spec.replicas, 5);
      const dropped: Json = await api.ok(
        api.patch(`${path}?fieldManager=one&force=true`, APPLY, {
          ...wanted([{ containerPort: 80 }]),
          spec: { ...wanted([{ containerPort: 80 }]).spec, replicas: 5 },
        }),
      );
      assert.equal(
        dropped.spec.template.spec.containers[0].env,
        undefined,
        'dropped, and owned by nobody else',
      );
      const wrongForce = await api.patch(`${path}?force=true`, MERGE, {});
      assert.equal(wrongForce.status, 422);
    });

    it('names the operation and version of a conflicting updater', async () => {
      const { api } = suite;
      const path = `${suite.in('apps/v1')}/deployments`;
      await api.ok(api.post(`${path}?fieldManager=kubectl-x`, deployment('d')), 201);
      const conflict = await api.patch(`${path}/d?fieldManager=me`, APPLY, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: { replicas: 3 },
      });
      assert.deepEqual(
        [conflict.status, conflict.json.message],
        [
          409,
          'Apply failed with 1 conflict: conflict with "kubectl-x" using apps/v1: .spec.replicas',
        ],
      );
    });

    it('obeys strategic merge directives', async () => {
      const { api, ns } = suite;
      const path = `${suite.in('apps/v1')}/deployments`;
      await api.ok(
        api.post(
          path,
          deployment('d', { strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2 } } }),
        ),
        201,
      );
      const patch = (body: unknown) => api.ok(api.patch(`${path}/d`, STRATEGIC, body));
      const containers = async (list: unknown[], more: Json = {}): Promise<string[]> =>
        (
          await patch({ spec: { template: { spec: { containers: list, ...more } } } })
        ).spec.template.spec.containers.map(({ name }: Json) => name);
      assert.deepEqual(
        await containers([{ name: 'd', image: 'x' }], {
          '$setElementOrder/containers': [{ name: 'd' }, { name: 'c' }],
        }),
        ['d', 'c'],
      );
      assert.deepEqual(await containers([{ name: 'd', $patch: 'delete' }]), ['c']);
      assert.deepEqual(await containers([{ $patch: 'replace' }, { name: 'e', image: 'y' }]), ['e']);
      const retained = await patch({
        spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      });
      assert.deepEqual(retained.spec.strategy, { type: 'Recreate' });
      await api.ok(
        api.post(`${ns}/configmaps`, {
          ...configMap('f', { a: '1', b: '2' }),
          metadata: { name: 'f', finalizers: ['x.io/a', 'x.io/b'] },
        }),
        201,
      );
      const freed = await api.ok(
        api.patch(`${ns}/configmaps/f`, STRATEGIC, {
          metadata: { '$deleteFromPrimitiveList/finalizers': ['x.io/a'] },
          data: { a: null },
        }),
      );
      assert.deepEqual([freed.metadata.finalizers, freed.data], [['x.io/b'], { b: '2' }]);
      const replaced = await api.ok(
        api.patch(`${ns}/configmaps/f`, STRATEGIC, { data: { $patch: 'replace', z: '9' } }),
      );
      assert.deepEqual(replaced.data, { z: '9' });
      assert.equal(
        (await api.patch(`${ns}/configmaps/f`, STRATEGIC, { data: { $patch: 'nonsense' } })).status,
        422,
      );
    });

    it('applies to the parts of an object too', async () => {
      const { api } = suite;
      const path = `${suite.in('apps/v1')}/deployments`;
      await api.ok(api.post(path, deployment('d')), 201);
      const scale: Json = await api.ok(
        api.patch(
          `${path}/d/scale?fieldManager=hpa&force=true`,
          APPLY,
          'apiVersion: autoscaling/v1\nkind: Scale\nspec: {replicas: 4}\n',
        ),
      );
      assert.deepEqual([scale.kind, scale.spec.replicas], ['Scale', 4]);
      const status: Json = await api.ok(
        api.patch(`${path}/d/status?fieldManager=ctl`, APPLY, {
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: { name: 'd' },
          status: { replicas: 3 },
        }),
      );
      assert.deepEqual([status.status.replicas, status.spec.replicas], [3, 4]);
      assert.ok(
        managers(status).includes('ctl Apply status') &&
          managers(status).includes('hpa Apply scale'),
        managers(status).join(),
      );
      const versionless = await api.patch(`${path}/d?fieldManager=ctl`, APPLY, {
        kind: 'Deployment',
        metadata: { name: 'd' },
      });
      assert.deepEqual(
        [versionless.status, versionless.json.message],
        [
          400,
          'Incorrect version specified in apply patch. Specified patch version: , expected: apps/v1',
        ],
      );
    });

    it('applies scale against the owner of its replicas', async () => {
      const { api } = suite;
      const path = `${suite.in('apps/v1')}/deployments`;
      await api.ok(api.post(`${path}?fieldManager=creator`, deployment('d')), 201);
      const scale = (manager: string, replicas: number, more = '') =>
        api.patch(
          `${path}/d/scale?fieldManager=${manager}${more}`,
          APPLY,
          `apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: d}\nspec: {replicas: ${replicas}}\n`,
        );
      const refused = await scale('hpa', 5);
      assert.deepEqual(
        [refused.status, refused.json.message],
        [
          409,
          'Apply failed with 1 conflict: conflict with "creator" using apps/v1: .spec.replicas',
        ],
      );
      assert.deepEqual(
        refused.json.details.causes.map(({ reason, field }: Json) => [reason, field]),
        [['FieldManagerConflict', '.spec.replicas']],
      );
      assert.equal((await scale('hpa', 1)).status, 200, 'of one mind there is no conflict');
      await api.ok(scale('hpa', 5, '&force=true'));
      const owners = (await api.ok(api.get(`${path}/d`))).metadata.managedFields.filter(
        ({ fieldsV1 }: Json) => fieldsV1['f:spec']?.['f:replicas'],
      );
      assert.deepEqual(
        owners.map(({ manager, operation, subresource, apiVersion }: Json) => [
          manager,
          operation,
          subresource,
          apiVersion,
        ]),
        [['hpa', 'Apply', 'scale', 'apps/v1']],
      );
      const applied = await api.patch(`${path}/d?fieldManager=owner`, APPLY, {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: { replicas: 2 },
      });
      assert.deepEqual(
        [applied.status, applied.json.message],
        [
          409,
          'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale": .spec.replicas',
        ],
      );
      const noScale = await api.patch(
        `${path}/d/scale?fieldManager=hpa`,
        APPLY,
        'apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 2}\n',
      );
      assert.equal(noScale.status, 400);
      const stale = await api.patch(
        `${path}/d/scale?fieldManager=hpa`,
        APPLY,
        'apiVersion: autoscaling/v1\nkind: Scale\nmetadata: {name: d, resourceVersion: "1"}\nspec: {replicas: 6}\n',
      );
      assert.deepEqual([stale.status, stale.json.reason], [409, 'Conflict']);
      assert.equal(
        (await api.patch(`${path}/d/scale`, APPLY, 'apiVersion: autoscaling/v1\nkind: Scale\n'))
          .status,
        422,
        'nobody',
      );
    });

    it('accepts JSON patches of at most 10,000 operations, and answers 422 for missing paths', async () => {
      const { api, ns } = suite;
      await api.ok(api.post(`${ns}/configmaps`, configMap('a', { k: '1' })), 201);
      const moved = await api.ok(
        api.patch(`${ns}/configmaps/a`, JSON_PATCH, [
          { op: 'test', path: '/data/k', value: '1' },
          { op: 'copy', from: '/data/k', path: '/data/l' },
          { op: 'move', from: '/data/k', path: '/data/m' },
          { op: 'replace', path: '/data/l', value: '2' },
        ]),
      );
      assert.deepEqual(moved.data, { l: '2', m: '1' });
      const many = Array.from({ length: 10_001 }, () => ({
        op: 'add',
        path: '/data/x',
        value: 'y',
      }));
      const tooMany = await api.patch(`${ns}/configmaps/a`, JSON_PATCH, many);
      assert.deepEqual(
        [
          tooMany.status,
          /allowed maximum operations in a JSON patch is 10000, got 10001/.test(
            tooMany.json.message,
          ),
        ],
        [413, true],
        tooMany.json.message,
      );
      for (const body of [
        [{ op: 'remove', path: '/data/none' }],
        [{ op: 'test', path: '/data/l', value: '3' }],
        [{ op: 'replace', path: '/none/deep', value: 1 }],
      ]) {
        const answer = await api.patch(`${ns}/configmaps/a`, JSON_PATCH, body);
        assert.deepEqual(
          [answer.status, answer.json.reason],
          [422, 'Invalid'],
          JSON.stringify(body),
        );
      }
      assert.equal((await api.patch(`${ns}/configmaps/a`, JSON_PATCH, { op: 'x' })).status, 400);
      assert.equal(
        (await api.patch(`${ns}/configmaps/a`, MERGE, { metadata: { uid: 'other' } })).status,
        409,
      );
    });

    it('defaults stored objects on read, as older writers left them', async () => {
      const { api, ns, server, name } = suite;
      const bare = {
        kind: 'Service',
        apiVersion: 'v1',
        metadata: {
          name: 'old',
          namespace: name,
          uid: 'u',
          creationTimestamp: '2024-01-01T00:00:00Z',
        },
        spec: { clusterIP: 'None', ports: [{ port: 80 }] },
      };
      await server.storage.transact(
        [],
        [
          {
            type: 'put',
            key: `/registry/services/specs/${name}/old`,
            value: Buffer.from(JSON.stringify(bare)),
          },
        ],
        [],
      );
      const patched: Json = await api.ok(
        api.patch(`${ns}/services/old`, MERGE, { metadata: { labels: { a: 'b' } } }),
      );
      assert.deepEqual(
        [patched.spec.type, patched.spec.sessionAffinity, patched.spec.ports[0].protocol],
        ['ClusterIP', 'None', 'TCP'],
      );
    });
  },
  ['memory', 'etcd'],
);
