import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDefinitions } from './crds.js';
import { checkOptions } from './options.js';

describe('options of wheelhouse-test', () => {
  const right: object[] = [
    {},
    { port: undefined },
    { port: 0, storage: 'memory', logLevel: 'debug', disableAdmission: ['PodSecurity'] },
    { storage: { etcd: ['http://127.0.0.1:2379'] }, crds: ['a.yaml', { kind: 'x' }] },
    { nodes: 0, controllers: false },
    { nodes: [{ name: 'node-1.a' }, { name: undefined }, { name: 'node-2', labels: {} }] },
    {
      nodes: [
        {},
        { name: 'a', labels: { zone: 'b', 'x.y/z': '' }, cpus: 1, memoryBytes: 1, maxPods: 0 },
      ],
    },
    { controllers: ['*', '-job'] },
  ];
  const wrong: [unknown, RegExp][] = [
    [null, /the options must be an object/],
    [[], /the options must be an object/],
    ['memory', /the options must be an object/],
    [{ Nodes: 1 }, /unknown option "Nodes"; there are port, .*, controllers/],
    [{ toString: 1 }, /unknown option "toString"/],
    [{ port: 65_536 }, /port must be a whole number from 0 to 65535, not 65536/],
    [{ port: '1' }, /port must be .*, not "1"/],
    [{ port: Number.NaN }, /port must be/],
    [{ storage: 'etcd' }, /storage must be 'memory' or \{ etcd/],
    [{ storage: { etcd: [] } }, /storage must be/],
    [{ storage: { etcd: ['a'], prefix: 'b' } }, /storage must be/],
    [{ crds: 'a.yaml' }, /crds must be a list/],
    [{ crds: [''] }, /crds must be a list/],
    [{ logLevel: 'trace' }, /logLevel must be one of debug, info, warn, error, not "trace"/],
    [{ nodes: -1 }, /nodes must be a whole number from 0 to 1000, or/],
    [{ nodes: 1.5 }, /nodes must be/],
    [{ nodes: 1001 }, /nodes must be/],
    [{ nodes: [{ cpus: 0 }] }, /nodes\[0\]: cpus must be/],
    [{ nodes: [{}, { labels: { a: 1 } }] }, /nodes\[1\]: labels must be an object of labels/],
    [{ nodes: [{ labels: { 'a b': 'c' } }] }, /nodes\[0\]: labels must be/],
    [{ nodes: [{ labels: { a: '-' } }] }, /nodes\[0\]: labels must be/],
    [{ nodes: [{ name: 'Node_1' }] }, /nodes\[0\]: name must be a DNS name .*, not "Node_1"/],
    [{ nodes: [{ name: 'a' }, {}, { name: 'a' }] }, /two nodes have the name "a"/],
    [{ nodes: [{ name: 'node-1' }, {}] }, /two nodes have the name "node-1"/],
    [{ controllers: 'all' }, /controllers must be true, false, or a list/],
    [{ disableAdmission: [() => {}] }, /disableAdmission must be a list of names/],
  ];

  it('are taken when they are right', () => {
    for (const options of right) checkOptions('startCluster', options);
  });

  it('are refused with the place and the remedy', () => {
    for (const [options, message] of wrong)
      assert.throws(() => checkOptions('startCluster', options), { name: 'TypeError', message });
    assert.throws(() => checkOptions('startApiServer', { nodes: 1 }), /unknown option "nodes"/);
  });
});

describe('definitions of wheelhouse-test', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'crds-'))));
  after(() => rmSync(folder, { recursive: true }));

  const crd = (name?: string) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
  });
  const file = (text: string): string => {
    const path = join(folder, 'crds.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('come from objects and from all documents of files, in order', async () => {
    const path = file(
      `---\n# none\n---\n${JSON.stringify(crd('b'))}\n---\n${JSON.stringify(crd('c'))}`,
    );
    const found = await readDefinitions([crd('a'), path]);
    assert.deepEqual(
      found.map(({ metadata }) => metadata.name),
      ['a', 'b', 'c'],
    );
  });

  it('are refused with the place of the mistake', async () => {
    const cases: [string | object, RegExp][] = [
      [join(folder, 'none'), /crds: cannot read .*none: ENOENT/],
      [folder, /crds: cannot read .*: EISDIR/],
      [{}, /crds\[0\]: want .* CustomResourceDefinition, found undefined undefined/],
      [{ ...crd('a'), apiVersion: 'apiextensions.k8s.io/v1beta1' }, /found .*v1beta1 Custom/],
      [crd(), /crds\[0\]: metadata\.name is missing/],
    ];
    for (const [one, message] of cases) await assert.rejects(readDefinitions([one]), { message });
    for (const [text, message] of [
      ['a: b: c', /document 1: .*line 1/s],
      [`${JSON.stringify(crd('a'))}\n---\nkind: Pod\n`, /document 2: want .*, found undefined Pod/],
      ['just text', /document 1: want/],
    ] as const)
      await assert.rejects(readDefinitions([file(text)]), { message });
  });
});
