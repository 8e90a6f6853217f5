import assert from 'node:assert/strict';
import { draftOf, objectsOf } from './drafts.js';

const SERVED = `kind: Thing
apiVersion: example.com/v1
metadata:
  resourceVersion: "7"
  name: "n"
  managedFields:
  - manager: me
  uid: u
  creationTimestamp: "2026-01-01T00:00:00Z"
  generation: 2
spec:
  z: 9007199254740993
  a: "yes"
  half: 1.50
status:
  ok: true
`;
const SPEC = 'spec:\n  a: "yes"\n  half: 1.50\n  z: 9007199254740993\n';

describe('drafts', () => {
  it('have what a visitor writes, in the order of kubectl, as the server wrote it', () => {
    const head = 'apiVersion: example.com/v1\nkind: Thing\nmetadata:\n  name: "n"\n';
    assert.deepEqual(draftOf(SERVED, true), { text: head + SPEC, uid: 'u', version: '7' });
    assert.equal(draftOf(SERVED, false).text, `${head}${SPEC}status:\n  ok: true\n`);
  });

  it('are sent for the object that they began with', () => {
    const draft = draftOf(SERVED, true);
    const [object, ...rest] = objectsOf(draft.text, draft);
    assert.equal(rest.length, 0);
    assert.match(object!.text, /^metadata:\n {2}name: "n"\n {2}uid: u\n {2}resourceVersion: "7"$/m);
    assert.ok(object!.text.endsWith(SPEC));
  });

  it('may hold several objects, with comments and merge keys, and empty documents', () => {
    const one = 'a: &x\n  b: 1\nc:\n  <<: *x # stays\n';
    const objects = objectsOf(
      `---\n# nothing\n---\n${one}---\nkind: K\nmetadata: {name: m, namespace: space}\n`,
    );
    assert.equal(objects[0]!.text, `---\n${one}`);
    assert.deepEqual(
      objects.map(({ kind, name, namespace }) => [kind, name, namespace]),
      [
        ['', '', ''],
        ['K', 'm', 'space'],
      ],
    );
  });

  it('say where a text is no YAML', () => {
    assert.throws(() => objectsOf('a: 1\nb: [\n'), /at line 3/);
  });
});
