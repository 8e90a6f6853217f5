// The checker must detect each kind of invalid history; otherwise its success would prove nothing.
import assert from 'node:assert/strict';
import {
  checkHistory,
  type Change,
  type Get,
  type History,
  type List,
  type Outcome,
  type Seen,
  type WatchStep,
  type Write,
} from './history.js';

const LOG: Change[] = [
  { revision: 10, key: 'k', uid: 'u1', data: { id: 'w1' } },
  { revision: 12, key: 'k', uid: 'u1', data: { id: 'w2' } },
  { revision: 13, key: 'other', uid: 'o1', data: { id: 'w3' } },
  { revision: 15, key: 'k', uid: 'u1' },
];

const seen = (change: Change): Seen => ({
  revision: change.revision,
  uid: change.uid,
  data: change.data ?? {},
});
const [first, second, third, gone] = LOG as [Change, Change, Change, Change];
const write = (
  kind: Write['kind'],
  id: string,
  [start, end]: [number, number],
  outcome: Outcome,
  more: Partial<Write> = {},
): Write => ({ client: 'a', kind, key: 'k', id, start, end, outcome, ...more });
const get = (
  client: string,
  [start, end]: [number, number],
  what: Change | undefined,
  key = 'k',
): Get => ({ client, kind: 'get', key, start, end, seen: what && seen(what) });
const list = (
  [start, end]: [number, number],
  revision: number,
  items: Change[],
  fresh = true,
): List => ({
  client: 'b',
  kind: 'list',
  start,
  end,
  fresh,
  revision,
  items: new Map(items.map((change) => [change.key, seen(change)])),
});

const CREATE = write('create', 'w1', [1, 2], { type: 'ok', revision: 10 });
const UPDATE = write('update', 'w2', [3, 6], { type: 'ok', revision: 12 }, { base: 10 });
const OTHER = write('create', 'w3', [7, 8], { type: 'ok', revision: 13 }, { key: 'other' });
const DELETE = write('delete', 'w4', [11, 14], { type: 'ok', uid: 'u1' });
const WRITES = [CREATE, UPDATE, OTHER, DELETE];

const history = (more: Partial<History> = {}): History => ({
  log: LOG,
  operations: WRITES,
  watches: [],
  ...more,
});
const withReads = (...reads: (Get | List | Write)[]): History =>
  history({ operations: [...WRITES, ...reads] });
const wrong = (what: History, expected: RegExp) => {
  const problems = checkHistory(what);
  assert.ok(
    problems.some((problem) => expected.test(problem)),
    `expected ${String(expected)}, got: ${problems.join('; ') || 'nothing'}`,
  );
};
const right = (what: History) => assert.deepEqual(checkHistory(what), []);

describe('history checker: operations', () => {
  it('accepts valid histories', () => {
    right(history());
    right(
      withReads(
        get('b', [4, 5], first),
        get('c', [4.1, 5.1], second),
        get('b', [12, 13], undefined),
        get('c', [15, 16], undefined),
      ),
    );
    right(withReads(list([9, 10], 13, [second, third]), list([15, 16], 11, [first], false)));
    right(
      withReads(
        write('create', 'w5', [4, 5], { type: 'exists' }),
        write('patch', 'w6', [15, 16], { type: 'missing' }),
      ),
    );
    right(
      history({
        operations: [
          CREATE,
          { ...UPDATE, outcome: { type: 'unknown' } },
          OTHER,
          { ...DELETE, outcome: { type: 'unknown' } },
        ],
      }),
    );
    right(withReads(write('patch', 'never', [4, 5], { type: 'unknown' })));
  });
  it('detects a lost acknowledged write', () =>
    wrong(
      withReads(write('create', 'w9', [20, 21], { type: 'ok', revision: 30 })),
      /acknowledged and is not in the log/,
    ));
  it('detects a lost acknowledged deletion', () =>
    wrong(
      withReads(write('delete', 'w9', [20, 21], { type: 'ok', uid: 'u9' })),
      /acknowledged and is not in the log/,
    ));
  it('detects a stale read after the write', () =>
    wrong(withReads(get('b', [7, 8], first)), /saw 10, which is not so at or after 12/));
  it('detects a stale read after a fresh read, before the write is acknowledged', () =>
    wrong(withReads(get('b', [4, 4.5], second), get('c', [5, 5.5], first)), /saw 10/));
  it('detects a read of a deleted object, and a read that misses an object', () => {
    wrong(withReads(get('b', [15, 16], second)), /saw 12/);
    wrong(withReads(get('b', [7, 8], undefined)), /requested later/);
  });
  it('detects a read of a write that was not requested yet', () =>
    wrong(withReads(get('b', [2.1, 2.9], second)), /requested later/));
  it('detects a read of a state that never existed', () =>
    wrong(withReads(get('b', [7, 8], { ...second, data: { id: 'w2', half: 'x' } })), /saw 12/));
  it('detects a write based on an outdated state', () =>
    wrong(
      history({ operations: [CREATE, { ...UPDATE, base: 9 }, OTHER, DELETE] }),
      /made from 9 but replaced 10/,
    ));
  it('detects a patch that lost a field', () => {
    const lost = { ...second, data: { id: 'w2', b: '1' } };
    const log = [{ ...first, data: { id: 'w1', a: '1' } }, lost, third, gone];
    const patch = write(
      'patch',
      'w2',
      [3, 6],
      { type: 'ok', revision: 12 },
      { fields: { id: 'w2', b: '1' } },
    );
    wrong({ log, operations: [CREATE, patch, OTHER, DELETE], watches: [] }, /lost or added fields/);
    right({
      log: [log[0]!, { ...lost, data: { id: 'w2', a: '1', b: '1' } }, third, gone],
      operations: [CREATE, patch, OTHER, DELETE],
      watches: [],
    });
  });
  it('detects a refused write that took effect', () =>
    wrong(
      history({
        operations: [CREATE, { ...UPDATE, outcome: { type: 'conflict' } }, OTHER, DELETE],
      }),
      /refused and happened at 12/,
    ));
  it('detects a refusal without cause', () => {
    wrong(
      withReads(write('create', 'w9', [15, 16], { type: 'exists' })),
      /'exists', which is not so/,
    );
    wrong(
      withReads(write('delete', 'w9', [7, 8], { type: 'missing' })),
      /'missing'|requested later/,
    );
    wrong(
      withReads(write('update', 'w9', [7, 8], { type: 'conflict' }, { base: 12 })),
      /'conflict', which is not so/,
    );
  });
  it('detects a change without a request, and a write that took effect twice', () => {
    wrong(
      history({ operations: [CREATE, UPDATE, OTHER] }),
      /no write requested the change of k at 15/,
    );
    wrong(
      history({ log: [...LOG, { revision: 20, key: 'k', uid: 'u2', data: { id: 'w1' } }] }),
      /happened at 10 and again at 20/,
    );
  });
  it('detects one deletion acknowledged twice', () =>
    wrong(
      withReads(write('delete', 'w9', [15, 16], { type: 'ok', uid: 'u1' })),
      /both acknowledged|before the known/,
    ));
  it('detects revisions that contradict the order of operations', () => {
    const late = write('create', 'w1', [9, 10], { type: 'ok', revision: 10 });
    wrong(
      history({ operations: [late, UPDATE, OTHER, DELETE] }),
      /before the known|requested later/,
    );
  });
});

describe('history checker: lists and watches', () => {
  const event = (
    type: 'ADDED' | 'MODIFIED' | 'DELETED',
    change: Change,
    content = change.data ?? {},
  ): WatchStep => ({
    type,
    key: change.key,
    seen: { revision: change.revision, uid: change.uid, data: content },
  });
  const empty: WatchStep = { type: 'list', revision: 5, items: new Map() };
  const all = [
    event('ADDED', first),
    event('MODIFIED', second),
    event('ADDED', third),
    event('DELETED', gone, second.data),
  ];
  const watched = (...steps: WatchStep[]): History =>
    history({ watches: [{ client: 'w', steps: [empty, ...steps] }] });

  it('accepts each change once, across bookmarks and further lists', () => {
    right(watched(...all));
    right(
      watched(
        all[0]!,
        { type: 'BOOKMARK', revision: 11 },
        all[1]!,
        {
          type: 'list',
          revision: 14,
          items: new Map([
            ['k', seen(second)],
            ['other', seen(third)],
          ]),
        },
        all[3]!,
      ),
    );
  });
  it('detects a list that mixes revisions', () => {
    wrong(
      withReads(list([9, 10], 12, [second, third])),
      /shows other at 13 where the log has none/,
    );
    wrong(withReads(list([15, 16], 13, [second, third])), /older than the known 15/);
  });
  it('detects a gap, a repetition, a wrong order', () => {
    wrong(watched(all[0]!, all[2]!, all[3]!), /told ADDED other 13 where MODIFIED k 12 was due/);
    wrong(watched(all[0]!, all[0]!), /where MODIFIED k 12 was due/);
    wrong(watched(all[1]!, all[0]!), /where ADDED k 10 was due/);
  });
  it('detects a watch that ends before the log', () =>
    wrong(watched(all[0]!, all[1]!, all[2]!), /ends at 13, before 15/));
  it('detects a wrong type and wrong content', () => {
    wrong(watched(event('MODIFIED', first)), /where ADDED k 10 was due/);
    wrong(watched(all[0]!, event('MODIFIED', second, { id: 'w1' })), /another content/);
  });
  it('detects a bookmark ahead of its events and a list that goes back', () => {
    wrong(watched(all[0]!, { type: 'BOOKMARK', revision: 12 }), /bookmark 12 before 12/);
    wrong(
      watched(...all, {
        type: 'list',
        revision: 13,
        items: new Map([
          ['k', seen(second)],
          ['other', seen(third)],
        ]),
      }),
      /list of 13 after 15/,
    );
  });
});
