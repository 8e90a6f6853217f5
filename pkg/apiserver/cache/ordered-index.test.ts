import assert from 'node:assert/strict';
import fc from 'fast-check';
import { entryOf, type Entry } from './entry.js';
import { OrderedIndex } from './ordered-index.js';

const entry = (key: string, revision: number): Entry =>
  entryOf(
    key,
    true,
    Buffer.from(
      `{"kind":"X","apiVersion":"v1","metadata":{"name":${JSON.stringify(key)},"labels":{"era":"${eraOf(revision)}"}}}`,
    ),
    revision,
  );

/** Neighbours in key order have different eras, but whole chunks may lack an era. */
const eraOf = (revision: number): string => String(Math.floor(revision / 600));

/** The expected content of the index as a plain map. */
function sortedKeys(model: Map<string, number>, prefix = '', start = prefix): string[] {
  return [...model.keys()].filter((key) => key.startsWith(prefix) && key >= start).sort();
}

const changes = fc.array(
  fc.record({
    key: fc
      .tuple(fc.constantFrom('a', 'b', 'bb', 'c'), fc.integer({ min: 0, max: 400 }))
      .map(([ns, n]) => `${ns}/${n}`),
    remove: fc.boolean(),
  }),
  { maxLength: 1_500 },
);

describe('ordered index', () => {
  it('agrees with a sorted map after any changes, snapshots included', () => {
    fc.assert(
      fc.property(
        changes,
        fc.integer({ min: 0, max: 1_500 }),
        fc.constantFrom('0', '1', '9'),
        (list, cut, era) => {
          const index = new OrderedIndex();
          const model = new Map<string, number>();
          let frozen:
            | { keys: string[]; snapshot: ReturnType<OrderedIndex['snapshot']> }
            | undefined;
          list.forEach(({ key, remove }, at) => {
            if (at === cut) frozen = { keys: sortedKeys(model), snapshot: index.snapshot() };
            if (remove) {
              assert.equal(index.delete(key)?.revision, model.get(key));
              model.delete(key);
            } else {
              assert.equal(index.set(entry(key, at + 1))?.revision, model.get(key));
              model.set(key, at + 1);
            }
          });
          assert.deepEqual(
            index
              .view()
              .collect('')
              .map(({ key }) => key),
            sortedKeys(model),
          );
          assert.deepEqual(
            index
              .view()
              .collect('b/', 'b/2')
              .map(({ key }) => key),
            sortedKeys(model, 'b/', 'b/2'),
          );
          const view = index.view();
          const inEra = (item: Entry) => item.labels['era'] === era;
          const wanted = sortedKeys(model, 'b/', 'b/2').filter(
            (key) => eraOf(model.get(key)!) === era,
          );
          assert.deepEqual(
            view
              .filter('b/', 'b/2', inEra, { key: 'era', value: era })
              .entries.map(({ key }) => key),
            wanted,
          );
          const page = view.filter('b/', 'b/2', inEra, { key: 'era', value: era }, 3);
          assert.deepEqual(
            page.entries.map(({ key }) => key),
            wanted.slice(0, 3),
          );
          if (page.last)
            assert.deepEqual(
              view.filter('b/', `${page.last.key}\0`, inEra).entries.map(({ key }) => key),
              wanted.slice(3),
            );
          else assert.ok(wanted.length <= 3);
          const all = sortedKeys(model, 'b');
          const some = view.filter('b', 'b', undefined, undefined, 5);
          assert.deepEqual(
            [some.last?.key, some.last && view.countAfter('b', some.last.key)],
            all.length > 5 ? [all[4], all.length - 5] : [undefined, undefined],
          );
          for (const prefix of ['', 'b/', 'zz/']) {
            const { length, buffers } = index.view().joined(prefix);
            const bytes = Buffer.concat([...buffers]);
            assert.equal(bytes.length, length);
            const items = JSON.parse(`[${bytes.toString()}]`) as {
              metadata: { name: string; resourceVersion: string };
            }[];
            assert.deepEqual(
              items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
              sortedKeys(model, prefix).map((key) => [key, String(model.get(key))]),
            );
          }
          if (frozen)
            assert.deepEqual(
              frozen.snapshot.collect('').map(({ key }) => key),
              frozen.keys,
            );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('lists the state at the time of the call, also in pieces made later', () => {
    const index = new OrderedIndex();
    for (let i = 0; i < 1000; i++) index.set(entry(`a/${String(i).padStart(4, '0')}`, 1));
    for (const atOnce of [0, Infinity]) {
      const before = Buffer.concat([...index.view().joined('a/').buffers]).toString();
      const { length, buffers } = index.view().joined('a/', atOnce);
      for (let i = 0; i < 1000; i += 3) index.set(entry(`a/${String(i).padStart(4, '0')}`, 2 + i));
      for (let i = 1; i < 1000; i += 7) index.delete(`a/${String(i).padStart(4, '0')}`);
      const listed = Buffer.concat([...buffers]);
      assert.equal(listed.length, length);
      assert.equal(listed.toString(), before);
    }
  });
});
